#pragma once
#include <array>
#include <chrono>
#include <cstdint>

#include "core/deadline.hpp"

namespace naru::resilience {

/// When a breaker opens. Defaults are what naru.yaml says when it says nothing.
struct breaker_settings {
  std::chrono::milliseconds window{30'000};   ///< outcomes older than this are forgotten (in tenths of it)
  std::uint32_t minimum_calls = 10;           ///< fewer outcomes in the window never open it
  std::uint32_t error_share_milli = 500;      ///< opens at this share of failures or more
  std::chrono::milliseconds open_for{5'000};  ///< first time; doubles with each failed probe
  std::chrono::milliseconds open_max{60'000};
  std::chrono::milliseconds probe_timeout{60'000};  ///< a probe whose outcome never came stops counting as in flight after this
};

enum class breaker_state : std::uint8_t { closed, open, half_open };

/// Circuit breaker of one deployment: closed, open for a while, then half open with a single probe.
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
  void succeeded(bool probe, steady_time now) noexcept;
  void failed(bool probe, steady_time now) noexcept;
  /// The call ended without saying anything about the deployment (the client left, the queue was full, our own fault).
  void abandoned(bool probe) noexcept;

  /// half_open: a probe would be granted now. While a probe is in flight this says open.
  [[nodiscard]] breaker_state state(steady_time now) const noexcept;
  /// While open: when a call may be granted at the latest known. `now` otherwise.
  [[nodiscard]] steady_time frees_at(steady_time now) const noexcept;

 private:
  static constexpr std::size_t slots = 10;
  struct slot {
    std::int64_t tick = -1;  ///< which tenth of a window since the clock's epoch; -1: never used
    std::uint32_t calls = 0;
    std::uint32_t errors = 0;
  };
  [[nodiscard]] std::int64_t tick_of(steady_time now) const noexcept;
  void count(bool error, steady_time now) noexcept;
  [[nodiscard]] bool too_many_errors(steady_time now) const noexcept;
  void open(std::chrono::milliseconds how_long, steady_time now) noexcept;
  [[nodiscard]] bool probe_in_flight(steady_time now) const noexcept;

  breaker_settings settings_;
  std::array<slot, slots> window_{};
  bool open_ = false;
  bool probing_ = false;
  steady_time until_{};  ///< open: when a probe is due
  steady_time probe_since_{};
  std::chrono::milliseconds open_for_{0};  ///< length of the present opening
};

}  // namespace naru::resilience
