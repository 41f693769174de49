#pragma once
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include "core/deadline.hpp"
#include "core/money.hpp"

namespace naru::resilience {

/// `hedge:` of a model: a second call beside one whose first content is late.
struct hedge_settings {
  /// How late; nullopt: later than 95 of 100 calls of that deployment, once enough is known of it.
  std::optional<std::chrono::milliseconds> after;
  std::uint32_t share_milli = 100;  ///< of calls, and of what they cost, that hedges may come to; thousandths
};

/// When a hedge of a call is due, measured from its sending. @param usual  the 95th percentile of its deployment; nullopt: unknown
/// @return nullopt: never
[[nodiscard]] std::optional<std::chrono::milliseconds> hedge_due(const hedge_settings& s,
                                                                 std::optional<std::chrono::milliseconds> usual) noexcept;

/// Keeps the hedges of one model within their share, over the last quarter of an hour or so (older figures fade by halves): no more of
/// them than that share of the calls, and no more spent on them than that share of what the calls cost. Where calls are free the first
/// bound remains. At the beginning there is nothing to have a share of, so nothing is hedged.
/// Thread: any; a mutex of its own, taken once a call of a model that hedges.
class hedge_budget {
 public:
  /// Counts an exchange's ordinary calls.
  void paid(std::uint32_t calls, nano_usd cost, steady_time now) noexcept;
  /// Takes one hedge that is expected to cost so much out of the share. @return whether there was room for it
  [[nodiscard]] bool take(const hedge_settings& s, nano_usd expected, steady_time now) noexcept;
  /// What a hedge that was taken has really cost, in place of what was expected.
  void settle(nano_usd expected, nano_usd real) noexcept;

 private:
  void fade(steady_time now) noexcept;

  std::mutex mutex_;  ///< shared by all shards: a budget of each shard's own would be as many times too strict
  std::int64_t tick_ = 0;
  std::uint64_t calls_milli_ = 0;  ///< thousandths, so that halving a few leaves something
  std::uint64_t hedges_milli_ = 0;
  nano_usd cost_;
  nano_usd extra_;
};

}  // namespace naru::resilience
