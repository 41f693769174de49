#include <fmt/format.h>

#include <array>
#include <cassert>
#include <iterator>

#include "policies/resilience/decide.hpp"

namespace naru::resilience {
namespace {

constexpr std::array<rule, 10> table{{
    {failure_class::transient, next_step::retry_or_next, false, false, true, error_code::upstream_failed,
     "connect, TLS, DNS, reset, timeout before content; 408, 409, 425, 500, 502, 503, 504, 529; empty or unreadable answer",
     "retried with jitter within the deadline if it is likely to help here, else the next deployment"},
    {failure_class::limited, next_step::next_or_wait, true, false, false, error_code::upstream_limited, "429 with or without a wait",
     "the next deployment at once; the only one is waited for if the deadline allows"},
    {failure_class::account, next_step::next, false, true, false, error_code::upstream_failed, "401, 403; 429 or 402 that means no credit",
     "the next deployment"},
    {failure_class::settings, next_step::next, false, true, false, error_code::upstream_failed, "404 for the model, 410",
     "the next deployment"},
    {failure_class::too_small, next_step::next_larger, false, false, false, error_code::context_too_long,
     "the context is too long for this deployment", "the next deployment whose context is known to be larger, else the vendor's refusal"},
    {failure_class::request, next_step::relay, false, false, false, error_code::bad_request, "400, 413, 415, 422 otherwise",
     "relayed as it is; no other deployment is asked"},
    {failure_class::content_policy, next_step::relay, false, false, false, error_code::content_policy, "the vendor refused the content",
     "relayed as it is; a rule may allow the next deployment"},
    {failure_class::busy, next_step::next, false, false, false, error_code::overloaded, "the local worker's queue is full",
     "the next deployment"},
    {failure_class::broken_stream, next_step::end, false, false, true, error_code::stream_broken, "anything after content has been sent",
     "the error is told inside the stream"},
    {failure_class::canceled, next_step::end, false, false, false, error_code::canceled, "the client left, or the deadline passed",
     "the exchange ends"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].cls) != i) return false;
  }
  return true;
}
static_assert(in_order(), "rule_of finds a row by its class");

std::string_view effect(const rule& r) noexcept {
  if (r.turns_off) return "off until a probe or a reload";
  if (r.cools_down) return "rests for that long";
  if (r.cls == failure_class::transient) return "counted by its breaker; rests for the wait that it names";
  if (r.counts) return "counted by its breaker";
  return "none";
}

}  // namespace

std::span<const rule> rules() noexcept { return table; }

const rule& rule_of(failure_class c) noexcept {
  const auto at = static_cast<std::size_t>(c);
  assert(at < table.size());
  return table[at];
}

std::string print_table() {
  std::string out =
      "| failure | class | next | the deployment | the client is told, when nothing is left |\n"
      "|---|---|---|---|---|\n";
  for (const rule& r : table) {
    const std::string status =
        r.told == error_code::stream_broken || r.told == error_code::canceled ? std::string{} : fmt::format("{} ", http_status(r.told));
    fmt::format_to(std::back_inserter(out), "| {} | {} | {} | {} | {}`{}` |\n", r.when, to_string(r.cls), r.then, effect(r), status,
                   to_string(r.told));
  }
  return out;
}

}  // namespace naru::resilience
