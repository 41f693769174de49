#pragma once
#include <chrono>
#include <functional>

#include "core/deadline.hpp"

namespace naru::net {

class clock;

/// Something to be done when a time has come, unless disarmed before: the only way to wait on a request's way. Intrusive, no allocation
/// when armed. Fires at most once per arming, on the shard's thread, up to one tick (20 ms) late. Shard-local.
class alarm {
 public:
  alarm(clock& c, std::function<void()> action);
  ~alarm();
  alarm(const alarm&) = delete;
  alarm& operator=(const alarm&) = delete;
  void arm(steady_time at) noexcept;  ///< replaces an earlier arming
  void arm(deadline d) noexcept { arm(d.at()); }
  void disarm() noexcept;
  [[nodiscard]] bool armed() const noexcept { return armed_; }

 private:
  friend class clock;
  clock& clock_;
  std::function<void()> action_;
  steady_time at_{};
  bool armed_ = false;
  alarm* previous_ = nullptr;
  alarm* next_ = nullptr;
};

/// Time of a shard: one coarse timer sweeps all alarms. A test may give a simulated one. Shard-local.
/// Arming is two pointer writes; a sweep walks the list only when the earliest alarm may be due, so that ten thousand idle
/// connections cost nothing between two deadlines.
class clock {
 public:
  virtual ~clock() = default;
  [[nodiscard]] virtual steady_time now() const noexcept = 0;
  [[nodiscard]] virtual wall_time wall_now() const noexcept = 0;

 protected:
  /// Fires what is due at `at`. An action may arm, disarm or destroy any alarm.
  void sweep(steady_time at);
  [[nodiscard]] bool idle() const noexcept { return first_ == nullptr; }
  /// No armed alarm is due before this; it may be sooner than the soonest (disarming does not raise it, a sweep does).
  [[nodiscard]] steady_time earliest() const noexcept { return earliest_; }
  /// `earliest()` came nearer: sweep at or soon after `at`. A simulated clock, which is swept by hand, needs nothing here.
  virtual void wake_at(steady_time at) noexcept { (void)at; }

 private:
  friend class alarm;
  void link(alarm& a) noexcept;
  void unlink(alarm& a) noexcept;
  void fire(alarm& a);
  alarm* first_ = nullptr;
  alarm* cursor_ = nullptr;  ///< next one of a sweep under way
  alarm* firing_ = nullptr;  ///< the one whose action runs; null once that action has destroyed it
  steady_time earliest_ = steady_time::max();
};

}  // namespace naru::net
