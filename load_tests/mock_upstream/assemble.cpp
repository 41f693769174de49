#include "load_tests/mock_upstream/assemble.hpp"

#include <algorithm>
#include <optional>

#include "load_tests/mock_upstream/wire.hpp"

namespace naru::mock {
namespace {

using std::chrono::microseconds;
using kind = step::kind;

/// Bytes that are out are given this long to be read before a reset, which would throw away what the peer has not read yet.
constexpr microseconds before_reset{20'000};
constexpr std::size_t lie = 10;  ///< bytes by which a false length is off

class plan_writer {
 public:
  plan out;

  void send(std::string bytes) { out.steps.push_back({kind::send, std::move(bytes), {}}); }
  void append(std::string_view bytes) { out.steps.empty() ? send(std::string(bytes)) : void(out.steps.back().bytes.append(bytes)); }
  void wait(microseconds time) {
    if (time.count() > 0) out.steps.push_back({kind::wait, {}, time});
  }
  void stall() { out.steps.push_back({kind::stall, {}, {}}); }
  void close() { out.steps.push_back({kind::close, {}, {}}); }
  void reset() {
    if (!out.steps.empty()) wait(before_reset);
    out.steps.push_back({kind::reset, {}, {}});
  }
};

header_list with_extra(header_list headers, const behaviour& b) {
  if (b.gzip) headers.emplace_back("Content-Encoding", "gzip");
  if (b.fault == fault::big_head) headers.emplace_back("x-filler", std::string(1U << 20, 'x'));
  return headers;
}

std::string zipped(const std::string& body, const behaviour& b) { return b.gzip ? gzip_stream().finish(body) : body; }

/// Half of a body, then what the fault does to it.
void play_half(plan_writer& p, int status, std::string_view type, const header_list& headers, const std::string& body, fault f) {
  p.send(head_with_length(status, type, headers, body.size()) + body.substr(0, body.size() / 2));
  if (f == fault::reset_after)
    p.reset();
  else if (f == fault::stall_after)
    p.stall();
  else
    p.close();
}

plan body_plan(const reply& r, const behaviour& b, std::string_view type, const std::string& error_body) {
  plan_writer p;
  p.out.status = r.status;
  const header_list headers = with_extra(r.headers, b);
  const std::string body = zipped(r.body, b);
  switch (b.fault) {
    case fault::reset_after:
    case fault::stall_after:
    case fault::cut_after: play_half(p, r.status, type, headers, body, b.fault); break;
    case fault::silent_end_after: p.send(head_with_length(r.status, type, headers, 0)); break;
    case fault::bad_json_after: {
      const std::string broken = zipped(r.body.substr(0, r.body.size() / 2), b);
      p.send(head_with_length(r.status, type, headers, broken.size()) + broken);
      break;
    }
    case fault::error_after:
    case fault::bare_error_after: p.send(head_with_length(r.status, type, headers, error_body.size()) + error_body); break;
    case fault::short_length: p.send(head_with_length(r.status, type, headers, body.size() - lie) + body); break;
    case fault::long_length:
      p.send(head_with_length(r.status, type, headers, body.size() + lie) + body);
      p.close();
      break;
    default: p.send(head_with_length(r.status, type, headers, body.size()) + body);
  }
  return std::move(p.out);
}

/// Plays the frames of a stream, each in a chunk of its own, and breaks off where the fault wants it.
class stream_player {
 public:
  stream_player(const dialect& d, const behaviour& b, header_list headers) : dialect_(d), behaviour_(b) {
    if (b.gzip) zip_.emplace();
    p_.out.status = 200;
    p_.send(head_chunked(200, "text/event-stream; charset=utf-8", with_extra(std::move(headers), b)));
  }

  plan play(const std::vector<frame>& frames) {
    const auto total = static_cast<std::size_t>(std::count_if(frames.begin(), frames.end(), [](const frame& f) { return f.content; }));
    const std::size_t after = std::min(behaviour_.after, total);
    bool due = true;
    for (const frame& f : frames) {
      if (due && content_ == after && (behaviour_.at_once || f.content || content_ == total)) {
        due = false;
        if (break_off()) return std::move(p_.out);
      }
      if (f.content) before_content();
      if (behaviour_.fault == fault::short_length && f.content && content_ == 2)
        p_.send(chunk(f.bytes, f.bytes.size() - lie));
      else
        send(f.bytes);
    }
    if (behaviour_.fault == fault::long_length) return long_end();
    finish();
    return std::move(p_.out);
  }

 private:
  /// @return whether the stream is over
  bool break_off() {
    switch (behaviour_.fault) {
      case fault::reset_after: p_.reset(); return true;
      case fault::stall_after: p_.stall(); return true;
      case fault::cut_after: p_.close(); return true;
      case fault::silent_end_after: finish(); return true;
      case fault::error_after: send(dialect_.error_frame()), finish(); return true;
      case fault::bare_error_after: {
        const std::string frame = dialect_.error_frame();
        send(frame.substr(frame.find("data: ") + 6)), finish();
        return true;
      }
      case fault::bad_json_after: send(dialect_.broken_frame()); return false;
      default: return false;
    }
  }

  void before_content() {
    if (behaviour_.per_second > 0 && content_ > 0) p_.wait(microseconds(1'000'000 / behaviour_.per_second));
    if (behaviour_.pings) send(dialect_.ping());
    ++content_;
  }

  plan long_end() {
    p_.send(chunk("data", 4 + lie));
    p_.close();
    return std::move(p_.out);
  }

  void send(const std::string& bytes) {
    if (bytes.empty()) return;
    std::string out = chunk(zip_ ? zip_->add(bytes) : bytes);
    // The head goes out with the first frame, as vendors' servers do.
    if (p_.out.steps.size() == 1 && !begun_)
      p_.append(out);
    else
      p_.send(std::move(out));
    begun_ = true;
  }

  void finish() {
    std::string end = zip_ ? chunk(zip_->finish()) : std::string{};
    p_.append(end.append(last_chunk));
  }

  const dialect& dialect_;
  const behaviour& behaviour_;
  std::optional<gzip_stream> zip_;
  plan_writer p_;
  std::size_t content_ = 0;
  bool begun_ = false;
};

/// Gemini without alt=sse: the frames' JSON as one array.
std::string as_array(const std::vector<frame>& frames) {
  std::string out = "[";
  for (const auto& f : frames) {
    if (out.size() > 1) out += ",\r\n";
    out += f.bytes.substr(6, f.bytes.size() - 8);  // without "data: " and the empty line
  }
  return out + "]";
}

std::string error_body(const dialect& d) {
  const std::string frame = d.error_frame();
  const auto from = frame.find("data: ") + 6;
  return frame.substr(from, frame.size() - from - 2);
}

plan whole_plan(const dialect& d, const facts& f, const behaviour& b, std::uint64_t sequence) {
  if (b.refusal != refuses::no) {
    reply r = d.refusal(f, b, sequence);
    if (r.status >= 300 && r.status < 400) r.headers.emplace_back("Location", "http://127.0.0.1:9/elsewhere");
    return body_plan(r, b, r.body.starts_with("data: ") ? "text/event-stream" : "application/json", error_body(d));
  }
  const content c = make_content(b, f, sequence);
  if (f.stream && !f.stream_array) return stream_player(d, b, d.headers(sequence)).play(d.frames(f, b, c, sequence));
  reply r = f.stream_array ? reply{200, {}, as_array(d.frames(f, b, c, sequence))} : d.message(f, b, c, sequence);
  r.headers = d.headers(sequence);
  return body_plan(r, b, "application/json", error_body(d));
}

/// One byte at a time, head and all.
plan dripping(const plan& whole, const behaviour& b) {
  plan out;
  out.status = whole.status;
  out.steps.push_back({kind::drip, {}, std::chrono::duration_cast<microseconds>(b.drip_every)});
  for (const step& s : whole.steps) out.steps.back().bytes += s.bytes;
  return out;
}

}  // namespace

plan plain_plan(const reply& r, std::string_view type) {
  plan_writer p;
  p.out.status = r.status;
  p.send(head_with_length(r.status, type, r.headers, r.body.size()) + r.body);
  return std::move(p.out);
}

plan assemble(const dialect& d, const facts& f, const behaviour& b, std::uint64_t sequence) {
  plan_writer p;
  p.wait(b.slow);
  if (b.interim) p.send("HTTP/1.1 103 Early Hints\r\nLink: </mock>; rel=preload\r\n\r\n");
  plan rest;
  switch (b.fault) {
    case fault::reset_before: p.reset(); break;
    case fault::stall_before: p.stall(); break;
    case fault::bad_head:
      p.send("HTTP/1.1 2OO FINE\r\nContent-Length: 2\r\n\r\n{}");
      p.close();
      break;
    default:
      rest = whole_plan(d, f, b, sequence);
      if (b.fault == fault::drip) rest = dripping(rest, b);
  }
  p.out.status = rest.status;
  for (step& s : rest.steps) p.out.steps.push_back(std::move(s));
  return std::move(p.out);
}

}  // namespace naru::mock
