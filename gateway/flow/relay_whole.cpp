#include <algorithm>

#include "gateway/flow/one_call.hpp"

namespace naru::flow {
namespace {

/// An answer is held whole before it is passed on: that bounds it.
constexpr std::size_t longest_answer = 64UL * 1024 * 1024;

failure unreadable(std::string message) {
  failure f;
  f.cls = failure_class::transient;
  f.code = "unreadable";
  f.message = std::move(message);
  return f;
}

struct gist {
  bool finished = false;  ///< or it holds what was asked for instead of a chat
  std::optional<finish_reason> reason;
  std::optional<usage> used;
  std::optional<failure> failed;
  std::uint64_t text_bytes = 0;
  std::uint64_t images = 0;
};

gist look(const std::vector<event>& events) {
  gist g;
  for (const event& e : events) {
    if (const auto* f = std::get_if<finished>(&e)) {
      g.finished = true;
      if (!g.reason) g.reason = f->reason;
    } else if (std::holds_alternative<embedding_made>(e)) {
      g.finished = true;
    } else if (std::holds_alternative<image_made>(e)) {
      g.finished = true;
      ++g.images;
    } else if (const auto* u = std::get_if<usage_report>(&e)) {
      g.used = u->usage;
    } else if (const auto* failed = std::get_if<answer_failed>(&e)) {
      g.failed = failed->failure;
    } else if (const auto* text = std::get_if<text_delta>(&e)) {
      g.text_bytes += text->text.size();
    } else if (const auto* arguments = std::get_if<tool_arguments_delta>(&e)) {
      g.text_bytes += arguments->piece.size();
    } else if (const auto* thought = std::get_if<reasoning_delta>(&e)) {
      g.text_bytes += thought->text.size();
    } else if (const auto* refusal = std::get_if<refusal_delta>(&e)) {
      g.text_bytes += refusal->text.size();
    }
  }
  return g;
}

}  // namespace

net::asio::awaitable<std::optional<failure>, net::executor> one_call::relay_whole(upstream::call& call) {
  std::string body;
  for (;;) {
    auto piece = call.read_ready();  // the whole of a short answer came with its head
    if (!piece) piece = co_await call.read();
    if (!*piece) co_return as_failure(piece->error());
    if ((*piece)->empty()) break;
    if (body.size() + (*piece)->size() > longest_answer) co_return unreadable("the vendor's answer is longer than 64 MiB");
    body += **piece;
  }
  const auto events = form.read_answer(body);
  if (!events) co_return unreadable(events.error().message);
  gist g = look(*events);
  if (g.failed) co_return std::move(*g.failed);
  if (!g.finished) co_return unreadable("the vendor's answer holds no finished choice");

  if (!begin_answer()) co_return unreadable("outrun");
  if (asked.kind != request_kind::token_count) {  // what is counted is not consumed: no vendor charges for it
    const bool usage_known = g.used && !g.used->estimated;
    if (g.used) record.usage = *g.used;
    if (!usage_known) estimate_usage(record, x.chosen.demand, g.text_bytes);
    charge(record, deployment, x.record.at, g.images);
  }
  if (g.reason) x.record.finish = to_string(*g.reason);
  nano_usd total = record.charge.amount + beside;
  for (const auto& earlier : x.record.attempts) total += earlier.charge.amount;
  if (record.charge.known) x.reply->set_header("x-naru-cost-usd", to_usd_string(total));

  const std::string translated =
      same_dialect()
          ? std::string{}
          : x.dialect.write_answer(
                x.chat, *events, fallback_id(),
                static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(x.record.at.time_since_epoch()).count()));
  const auto sent = co_await x.reply->send(200, "application/json", same_dialect() ? std::string_view(body) : translated);
  if (!sent) co_return as_failure(sent.error());
  co_return std::nullopt;
}

}  // namespace naru::flow
