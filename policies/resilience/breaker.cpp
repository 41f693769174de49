#include "policies/resilience/breaker.hpp"

#include <algorithm>

namespace naru::resilience {

std::int64_t breaker::tick_of(steady_time now) const noexcept {
  const auto width = std::max<std::int64_t>(1, std::chrono::nanoseconds{settings_.window}.count() / static_cast<std::int64_t>(slots));
  return std::chrono::nanoseconds{now.time_since_epoch()}.count() / width;
}

void breaker::count(bool error, steady_time now) noexcept {
  const std::int64_t tick = tick_of(now);
  slot& s = window_[static_cast<std::uint64_t>(tick) % slots];
  if (s.tick < tick) s = {tick, 0, 0};  // a clock read a little earlier on another shard counts into what is there
  ++s.calls;
  if (error) ++s.errors;
}

bool breaker::too_many_errors(steady_time now) const noexcept {
  const std::int64_t oldest = tick_of(now) - static_cast<std::int64_t>(slots) + 1;
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;
  for (const slot& s : window_) {
    if (s.tick < oldest) continue;
    calls += s.calls;
    errors += s.errors;
  }
  return calls >= settings_.minimum_calls && errors * 1000 >= calls * settings_.error_share_milli;
}

void breaker::open(std::chrono::milliseconds how_long, steady_time now) noexcept {
  open_ = true;
  probing_ = false;
  open_for_ = std::min(how_long, settings_.open_max);
  until_ = now + open_for_;
}

bool breaker::probe_in_flight(steady_time now) const noexcept { return probing_ && now < probe_since_ + settings_.probe_timeout; }

breaker::admission breaker::admit(steady_time now) noexcept {
  switch (state(now)) {
    case breaker_state::closed: return {true, false, {}};
    case breaker_state::open: return {false, false, frees_at(now)};
    case breaker_state::half_open: break;
  }
  probing_ = true;
  probe_since_ = now;
  return {true, true, {}};
}

void breaker::succeeded(bool probe, steady_time now) noexcept {
  if (!open_) return count(false, now);
  // Calls that began before the opening say nothing about now; only a probe closes it.
  if (probe) *this = breaker{settings_};
}

void breaker::failed(bool probe, steady_time now) noexcept {
  if (open_) {
    if (probe) open(open_for_ * 2, now);
    return;
  }
  count(true, now);
  if (too_many_errors(now)) open(settings_.open_for, now);
}

void breaker::abandoned(bool probe) noexcept {
  if (probe) probing_ = false;
}

breaker_state breaker::state(steady_time now) const noexcept {
  if (!open_) return breaker_state::closed;
  return now >= until_ && !probe_in_flight(now) ? breaker_state::half_open : breaker_state::open;
}

steady_time breaker::frees_at(steady_time now) const noexcept {
  if (state(now) != breaker_state::open) return now;
  return now < until_ ? until_ : probe_since_ + settings_.probe_timeout;
}

}  // namespace naru::resilience
