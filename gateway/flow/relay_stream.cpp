#include <fmt/format.h>

#include <functional>

#include "gateway/flow/frames.hpp"
#include "gateway/flow/one_call.hpp"

namespace naru::flow {
namespace {

/// Bytes for the client: what came in one piece and goes on unchanged is not copied.
class outgoing {
 public:
  /// What is relayed next: views into it stay good until it has been sent.
  void begin(std::string_view piece) noexcept { piece_ = piece; }
  /// A frame as it came. One that began in an earlier piece lies in the framer's own memory, which the next frame overwrites: copied.
  void pass(std::string_view raw) {
    if (in_piece(raw) && copied_.empty() && (run_.empty() || run_.data() + run_.size() == raw.data())) {
      run_ = run_.empty() ? raw : std::string_view(run_.data(), run_.size() + raw.size());
      return;
    }
    own() += raw;
  }
  /// Somewhere to write own bytes to, behind what was passed.
  [[nodiscard]] std::string& own() {
    copied_ += run_;
    run_ = {};
    return copied_;
  }
  [[nodiscard]] std::string_view bytes() const noexcept { return copied_.empty() ? run_ : std::string_view(copied_); }
  void clear() noexcept {
    run_ = {};
    copied_.clear();
  }

 private:
  [[nodiscard]] bool in_piece(std::string_view raw) const noexcept {
    const std::less_equal<const char*> at_most;
    return at_most(piece_.data(), raw.data()) && at_most(raw.data() + raw.size(), piece_.data() + piece_.size());
  }

  std::string_view piece_;
  std::string_view run_;
  std::string copied_;
};

/// Reads one vendor's stream frame by frame and says what the client gets of it.
class translation {
 public:
  translation(exchange& x, const dialects::upstream_dialect& from, bool raw, const std::string& id)
      : x_(x), raw_(raw), reader_(from.make_stream_reader()), writer_(x.dialect.make_stream_writer(x.chat, id, seconds(x.record.at))) {
    if (raw_) writer_->relaying();
  }

  void frame(const net::http::sse_frame& f, outgoing& out) {
    if (ended_) return;
    if (raw_ && f.data == "[DONE]") {
      reader_->read(f.event, f.data, events_);
      events_.clear();
      ended_ = true;  // the marker itself goes out with `finish`, once the stream is known to be whole
      return;
    }
    if (f.has_data) {
      reader_->read(f.event, f.data, events_);
      take_in(out);
      if (raw_ && !failed_ && !hidden()) out.pass(f.raw);
    }
  }

  /// The upstream has ended.
  void end(outgoing& out) {
    if (!ended_) {
      reader_->end(events_);
      take_in(out);
    }
    ended_ = true;
  }

  [[nodiscard]] bool ended() const noexcept { return ended_; }
  [[nodiscard]] bool whole() const noexcept { return reader_->complete() && !failed_; }
  [[nodiscard]] bool content() const noexcept { return content_; }
  [[nodiscard]] std::optional<failure>& failed() noexcept { return failed_; }
  [[nodiscard]] const std::optional<usage>& used() const noexcept { return used_; }
  [[nodiscard]] std::uint64_t text_bytes() const noexcept { return text_bytes_; }
  [[nodiscard]] std::optional<finish_reason> reason() const noexcept { return reason_; }
  [[nodiscard]] dialects::stream_writer& writer() noexcept { return *writer_; }

 private:
  static std::uint64_t seconds(wall_time t) {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count());
  }

  [[nodiscard]] bool hidden() const { return reader_->last_frame_is_usage_only() && !x_.chat.include_usage; }

  void take_in(outgoing& out) {
    for (const event& e : events_) {
      if (failed_) break;
      note(e);
      if (!raw_ && !failed_) writer_->write(e, out.own());
    }
    events_.clear();
  }

  void note(const event& e) {
    content_ = content_ || bears_content(e);
    if (const auto* text = std::get_if<text_delta>(&e))
      text_bytes_ += text->text.size();
    else if (const auto* thought = std::get_if<reasoning_delta>(&e))
      text_bytes_ += thought->text.size();
    else if (const auto* arguments = std::get_if<tool_arguments_delta>(&e))
      text_bytes_ += arguments->piece.size();
    else if (const auto* refusal = std::get_if<refusal_delta>(&e))
      text_bytes_ += refusal->text.size();
    else if (const auto* u = std::get_if<usage_report>(&e))
      used_ = u->usage;
    else if (const auto* f = std::get_if<finished>(&e))
      reason_ = reason_.value_or(f->reason);
    else if (const auto* failed = std::get_if<answer_failed>(&e))
      failed_ = failed->failure;
  }

  exchange& x_;
  bool raw_;
  std::unique_ptr<dialects::stream_reader> reader_;
  std::unique_ptr<dialects::stream_writer> writer_;
  std::vector<event> events_;
  std::optional<failure> failed_;
  std::optional<usage> used_;
  std::optional<finish_reason> reason_;
  std::uint64_t text_bytes_ = 0;
  bool content_ = false;
  bool ended_ = false;
};

/// What follows the vendor's end marker is the end of the body, often in a later packet: taken, so that the connection goes back to the
/// pool and the next call saves a handshake. A vendor that keeps it open has a second, then it is closed.
net::asio::awaitable<void, net::executor> take_end(net::shard& s, upstream::call& call) {
  constexpr auto patience = std::chrono::seconds{1};
  constexpr int most_pieces = 8;
  net::alarm enough(s.time(), [&call] { call.cancel(); });
  enough.arm(s.time().now() + patience);
  for (int i = 0; i < most_pieces; ++i) {
    const auto piece = co_await call.read();
    if (!piece || piece->empty()) co_return;
  }
}

failure cut() {
  failure f;
  f.cls = failure_class::transient;
  f.code = "reset";
  f.message = "the vendor's stream ended before its end marker";
  return f;
}

}  // namespace

net::asio::awaitable<std::optional<failure>, net::executor> one_call::relay_stream(upstream::call& call) {
  frames framer(form.frames());
  translation t(x, form, same_dialect(), fallback_id());
  outgoing out;
  std::optional<failure> failed;

  while (!t.ended() && !failed) {
    const auto piece = co_await call.read();
    if (!piece) {
      failed = as_failure(piece.error());
      break;
    }
    net::http::sse_frame frame;
    out.begin(*piece);
    if (piece->empty()) {
      if (framer.finish(frame)) t.frame(frame, out);
      t.end(out);
    } else if (const auto fed = framer.feed(*piece, [&](const net::http::sse_frame& f) { t.frame(f, out); }); !fed) {
      failed = as_failure(fed.error());
    }
    if (t.failed()) failed = std::move(t.failed());
    if (!t.content()) {
      (void)out.own();  // waits for the first content: the piece's bytes will be gone by then
      continue;
    }
    const bool broken = failed || (t.ended() && !t.whole());
    if (!content_sent && broken) break;  // nothing has been sent: another deployment may still answer
    if (!begin_answer()) {
      failed = cut();
      break;
    }
    if (broken) break;  // what was read is told below, with the error behind it
    if (const std::string_view bytes = out.bytes(); !bytes.empty()) {
      if (const auto sent = co_await x.reply->send_events(bytes); !sent) failed = as_failure(sent.error());
    }
    out.clear();
  }

  if (!failed && !t.whole()) failed = cut();
  if (t.used()) record.usage = *t.used();
  if ((t.content() || !failed) && (!t.used() || t.used()->estimated)) estimate_usage(record, x.chosen.demand, t.text_bytes());
  charge(record, deployment, x.record.at);
  if (t.reason() && !failed) x.record.finish = to_string(*t.reason());

  if (failed && !content_sent) co_return failed;
  if (!begin_answer()) co_return cut();  // an answer without content is one too
  std::string& tail = out.own();
  if (failed) {
    if (failed->cls == failure_class::canceled) co_return failed;
    error told{error_code::stream_broken,
               "the upstream broke while it was answering; what came before this is incomplete",
               {},
               "stream_broken",
               {}};
    t.writer().fail(told, x.record.request_id, tail);
    failed->cls = failure_class::broken_stream;
  } else {
    nano_usd total = record.charge.amount + beside;
    for (const auto& earlier : x.record.attempts) total += earlier.charge.amount;
    if (record.charge.known) t.writer().remark("x-naru-cost-usd: " + to_usd_string(total), tail);
    t.writer().finish(tail);
  }
  if (const auto done = co_await x.reply->finish(tail); !done && !failed) failed = as_failure(done.error());
  if (!failed) co_await take_end(x.shared.shard, call);
  co_return failed;
}

}  // namespace naru::flow
