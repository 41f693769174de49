#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <charconv>

#include "core/json/writer.hpp"
#include "gateway/observe/access_log.hpp"

namespace naru::observe {
namespace {

/// Milliseconds with three places, by integers: a double's shortest form costs more than the rest of the line.
void write_ms(json::writer& w, std::string_view key, std::chrono::microseconds t) {
  const std::uint64_t us = t.count() < 0 ? 0 : static_cast<std::uint64_t>(t.count());
  std::array<char, 24> text;
  char* end = std::to_chars(text.data(), text.data() + 20, us / 1000).ptr;
  std::uint64_t rest = us % 1000;
  if (rest != 0) {
    *end++ = '.';
    for (std::uint64_t place = 100; rest != 0; place /= 10) {
      *end++ = static_cast<char>('0' + rest / place);
      rest %= place;
    }
  }
  w.key(key).raw({text.data(), end});
}

void append_two(std::string& out, int n) {
  out += static_cast<char>('0' + n / 10);
  out += static_cast<char>('0' + n % 10);
}

/// "2026-11-24T13:22:02.123Z". The calendar is asked once a second: all lines of one have the same first 19 characters.
void append_time(std::string& out, wall_time at) {
  const auto second = std::chrono::floor<std::chrono::seconds>(at);
  thread_local std::chrono::sys_seconds shown{};
  thread_local std::string prefix;
  if (prefix.empty() || shown != second) {
    shown = second;
    prefix = fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(std::chrono::system_clock::to_time_t(second)));
  }
  out += prefix;
  const auto ms = static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(at - second).count());
  out += '.';
  out += static_cast<char>('0' + ms / 100);
  append_two(out, ms % 100);
  out += 'Z';
}

void write_attempt(json::writer& w, const attempt_record& a) {
  w.begin_object().field("deployment", a.deployment).field("result", a.result);
  if (a.status != 0) w.field("status", a.status);
  if (a.failed) w.field("class", to_string(*a.failed));
  write_ms(w, "ms", a.duration);
  if (a.charge.amount.value > 0) w.field("cost_nano_usd", a.charge.amount.value);
  w.end_object();
}

}  // namespace

void append_access_line(const exchange_record& r, std::string& out) {
  out += R"({"at":")";
  append_time(out, r.at);
  out += R"(",)";
  json::writer w(out);
  w.field("request_id", r.request_id)
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
      .field("cost_known", r.cost_known);
  write_ms(w, "latency_ms", r.duration);
  if (r.first_token) write_ms(w, "ttft_ms", *r.first_token);
  write_ms(w, "overhead_ms", r.overhead);
  w.field("bytes_in", r.bytes_in).field("bytes_out", r.bytes_out);
  if (!r.fallback_reason.empty()) w.field("fallback_reason", r.fallback_reason);
  w.key("attempts").begin_array();
  for (const auto& a : r.attempts) write_attempt(w, a);
  w.end_array().end_object();
}

std::string access_line(const exchange_record& r) {
  std::string out;
  append_access_line(r, out);
  return out;
}

}  // namespace naru::observe
