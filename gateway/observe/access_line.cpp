#include <fmt/chrono.h>
#include <fmt/format.h>

#include "core/json/writer.hpp"
#include "gateway/observe/access_log.hpp"

namespace naru::observe {
namespace {

double milliseconds(std::chrono::microseconds t) { return static_cast<double>(t.count()) / 1000.0; }

void write_attempt(json::writer& w, const attempt_record& a) {
  w.begin_object().field("deployment", a.deployment).field("result", a.result);
  if (a.status != 0) w.field("status", a.status);
  if (a.failed) w.field("class", to_string(*a.failed));
  w.field("ms", milliseconds(a.duration));
  if (a.charge.amount.value > 0) w.field("cost_nano_usd", a.charge.amount.value);
  w.end_object();
}

}  // namespace

std::string access_line(const exchange_record& r) {
  const auto at = std::chrono::floor<std::chrono::seconds>(r.at);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(r.at - at).count();
  std::string out;
  json::writer w(out);
  w.begin_object()
      .field("at", fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(at)), ms))
      .field("request_id", r.request_id)
      .field("api", r.api)
      .field("key", r.key)
      .field("team", r.team)
      .field("user", r.user)
      .field("model", r.model)
      .field("label", r.label)
      .field("label_set_by", r.label_set_by)
      .field("rule", r.rule)
      .field("strategy", r.strategy)
      .field("deployment", r.deployment)
      .field("status", r.status)
      .field("outcome", to_string(r.outcome));
  if (r.error) w.field("error", to_string(*r.error));
  if (!r.finish.empty()) w.field("finish", r.finish);
  w.field("stream", r.stream)
      .field("input_tokens", r.usage.input.value)
      .field("cached_tokens", r.usage.cached.value)
      .field("cache_write_tokens", (r.usage.cache_write + r.usage.cache_write_long).value)
      .field("output_tokens", r.usage.output.value)
      .field("reasoning_tokens", r.usage.reasoning.value)
      .field("estimated", r.usage.estimated)
      .field("cost_nano_usd", r.cost.value)
      .field("cost_known", r.cost_known)
      .field("latency_ms", milliseconds(r.duration));
  if (r.first_token) w.field("ttft_ms", milliseconds(*r.first_token));
  w.field("overhead_ms", milliseconds(r.overhead)).field("bytes_in", r.bytes_in).field("bytes_out", r.bytes_out);
  if (!r.fallback_reason.empty()) w.field("fallback_reason", r.fallback_reason);
  if (!r.hedge.empty()) w.field("hedge", r.hedge);
  if (!r.shed.empty()) w.field("shed", r.shed);
  w.key("attempts").begin_array();
  for (const auto& a : r.attempts) write_attempt(w, a);
  w.end_array().end_object();
  return out;
}

}  // namespace naru::observe
