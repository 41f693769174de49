#pragma once
#include <array>
#include <chrono>
#include <cstdint>

#include "core/deadline.hpp"

namespace naru::resilience {

/// When a breaker opens. Defaults are what naru.yaml says when it says nothing.
struct breaker_settings {
  std::chrono::milliseconds window{30'000};  ///< outcomes older than this are forgotten (in tenths of it)
  std::uint32_t minimum_calls = 5;           ///< fewer outcomes in the window never open it; twice as many failures in a row always do
  std::uint32_t error_share_milli = 500;     ///< opens at this share of failures or more
  /// A call whose first content took longer is slow; a whole answer may take `per_token` more for each token of it. 0: none is.
  std::chrono::milliseconds slow_call{30'000};
  std::uint32_t slow_share_milli = 800;       ///< opens at this share of slow calls or more
  std::chrono::milliseconds open_for{2'000};  ///< first time; doubles with each failed probe
  /// A deployment that is up again is noticed at the first request after this: below 10 s on purpose. What it costs is one call in so long.
  std::chrono::milliseconds open_max{6'000};
  std::uint32_t probes = 1;                        ///< good answers in a row, one call at a time, that close it
  std::chrono::milliseconds probe_timeout{6'000};  ///< a probe whose outcome has not come stops counting as in flight after this

  static constexpr std::chrono::milliseconds per_token{50};  ///< of a whole answer: 20 tokens a second are not slow
};

enum class breaker_state : std::uint8_t { closed, open, half_open };

/// Circuit breaker of one deployment: closed, open for a while, then half open with a single probe at a time.
/// Thread: one at a time (a shard's own, or under its owner's lock). Cost: O(1), no allocation. Time is an argument; clocks that
/// shards read a little apart do no harm.
class breaker {
 public:
  explicit breaker(breaker_settings settings = {}) noexcept : settings_(settings) {}

  struct admission {
    bool granted = false;
    bool probe = false;   ///< hand this back with the outcome
    steady_time until{};  ///< refused: when to ask again
  };
  /// Asks to make a call; a granted one owes exactly one of succeeded, failed, abandoned.
  [[nodiscard]] admission admit(steady_time now) noexcept;
  /// @param slow  the answer came, but late: counted, and no good answer for a probe
  void succeeded(bool probe, steady_time now, bool slow = false) noexcept;
  /// @param wait  that the other end asked for; where this opens it, no probe comes before
  void failed(bool probe, steady_time now, std::chrono::milliseconds wait = {}) noexcept;
  /// The call ended without saying anything about the deployment (the client left, the queue was full, our own fault).
  void abandoned(bool probe) noexcept;

  /// half_open: a probe would be granted now. While a probe is in flight this says open.
  [[nodiscard]] breaker_state state(steady_time now) const noexcept;
  /// While open: when a call may be granted at the latest known. `now` otherwise.
  [[nodiscard]] steady_time frees_at(steady_time now) const noexcept;
  /// Closed, but the last call, or the last few, failed a moment ago: too few to open it, enough not to bet a last call on it.
  [[nodiscard]] bool unsure(steady_time now) const noexcept;

  /// Other numbers from now on; what was counted stays.
  void configure(const breaker_settings& settings) noexcept { settings_ = settings; }

 private:
  static constexpr std::size_t slots = 10;
  struct slot {
    std::int64_t tick = -1;  ///< which tenth of a window since the clock's epoch; -1: never used
    std::uint32_t calls = 0;
    std::uint32_t errors = 0;
    std::uint32_t slow = 0;
  };
  [[nodiscard]] std::int64_t tick_of(steady_time now) const noexcept;
  void count(bool error, bool slow, steady_time now) noexcept;
  [[nodiscard]] bool too_bad(steady_time now) const noexcept;
  void open(std::chrono::milliseconds how_long, std::chrono::milliseconds wait, steady_time now) noexcept;
  [[nodiscard]] bool probe_in_flight(steady_time now) const noexcept;

  breaker_settings settings_;
  std::array<slot, slots> window_{};
  bool open_ = false;
  bool probing_ = false;
  std::uint32_t good_probes_ = 0;        ///< in a row, since it opened
  std::uint32_t failures_in_a_row_ = 0;  ///< while closed
  steady_time last_failure_{};
  steady_time until_{};  ///< open: when a probe is due
  steady_time probe_since_{};
  std::chrono::milliseconds open_for_{0};  ///< length of the present opening
};

}  // namespace naru::resilience
