#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "policies/routing/plan.hpp"

namespace naru::routing {
namespace {

std::string in_seconds(std::optional<steady_time> at, steady_time now) {
  if (!at) return {};
  const auto left = std::max(std::chrono::duration<double>{*at - now}, std::chrono::duration<double>{0});
  return fmt::format(", again in {:.1f} s", left.count());
}

std::string seconds(std::uint64_t milliseconds) { return fmt::format("{:.1f} s", static_cast<double>(milliseconds) / 1000.0); }

/// "30 days", "0 s".
std::string in_words(std::uint64_t milliseconds) {
  constexpr std::uint64_t day = 86'400'000;
  return milliseconds >= day ? fmt::format("{} days", milliseconds / day) : fmt::format("{} s", milliseconds / 1000);
}

std::string allowed(const judgement& j) {
  if (j.crowded) return "allowed, tried last: near the vendor's limits";
  return j.sure ? "allowed" : "allowed, tried last: not everything that it needs is known to be there";
}

std::string_view or_unknown(std::string_view word) noexcept { return word.empty() ? "unknown" : word; }

}  // namespace

std::string_view to_string(verdict v) noexcept {
  static constexpr std::array<std::string_view, verdicts> words{
      "allowed",           "not_cleared",      "off",          "draining",        "lacks",         "cannot_carry",
      "context_too_small", "output_too_small", "wrong_region", "quality_too_low", "price_unknown", "too_dear",
      "cooling",           "breaker_open",     "denied",       "too_slow",        "kept_too_long", "trains_on_data"};
  return words[static_cast<std::size_t>(v)];
}

std::string describe(const judgement& j, const label_scheme& labels, steady_time now) {
  const auto rank = [](std::uint64_t r) { return static_cast<std::uint8_t>(r); };
  switch (j.verdict) {
    case verdict::allowed: return allowed(j);
    case verdict::not_cleared:
      return fmt::format("cleared for {}, the request is {}", labels.name(clearance{rank(j.limit)}), labels.name(label{rank(j.seen)}));
    case verdict::off: return fmt::format("off: {}{}", j.word, in_seconds(j.frees_at, now));
    case verdict::draining: return "draining";
    case verdict::lacks: return fmt::format("no {}", j.word);
    case verdict::cannot_carry: return fmt::format("cannot carry `{}`", j.word);
    case verdict::context_too_small: return fmt::format("context of {} tokens, {} needed", j.limit, j.seen);
    case verdict::output_too_small: return fmt::format("output of at most {} tokens, {} asked for", j.limit, j.seen);
    case verdict::wrong_region: return fmt::format("region {}", or_unknown(j.word));
    case verdict::quality_too_low:
      return fmt::format("quality {:.2f}, {:.2f} required", static_cast<double>(j.seen) / 1000.0, static_cast<double>(j.limit) / 1000.0);
    case verdict::price_unknown: return fmt::format("price unknown: {}", j.word);
    case verdict::too_dear: return fmt::format("up to {} USD, max_cost is {} USD", to_usd_string({j.seen}), to_usd_string({j.limit}));
    case verdict::cooling: return fmt::format("limited by the vendor{}", in_seconds(j.frees_at, now));
    case verdict::breaker_open: return fmt::format("failing{}", in_seconds(j.frees_at, now));
    case verdict::denied: return fmt::format("denied by the rule {}", j.word);
    case verdict::too_slow: return fmt::format("about {} to the first content, max_latency is {}", seconds(j.seen), seconds(j.limit));
    case verdict::kept_too_long:
      return j.word.empty() ? fmt::format("keeps what it saw for {}, retention is {}", in_words(j.seen), in_words(j.limit))
                            : "how long it keeps what it saw is unknown: say `retention:`";
    case verdict::trains_on_data:
      return j.word.empty() ? "the vendor learns from what it saw"
                            : "whether the vendor learns from what it saw is unknown: say `trains_on_data:`";
  }
  return {};
}

}  // namespace naru::routing
