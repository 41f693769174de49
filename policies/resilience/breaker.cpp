#include "policies/resilience/breaker.hpp"

#include <algorithm>

namespace naru::resilience {
namespace {

/// After one failure, which may be chance, and after several.
constexpr auto unsure_after_one = std::chrono::seconds{1};
constexpr auto unsure_after_more = std::chrono::seconds{5};

}  // namespace

std::int64_t breaker::tick_of(steady_time now) const noexcept {
  const auto width = std::max<std::int64_t>(1, std::chrono::nanoseconds{settings_.window}.count() / static_cast<std::int64_t>(slots));
  return std::chrono::nanoseconds{now.time_since_epoch()}.count() / width;
}

void breaker::count(bool error, bool slow, steady_time now) noexcept {
  const std::int64_t tick = tick_of(now);
  slot& s = window_[static_cast<std::uint64_t>(tick) % slots];
  if (s.tick < tick) s = {.tick = tick};  // a clock read a little earlier on another shard counts into what is there
  ++s.calls;
  if (error) ++s.errors;
  if (slow) ++s.slow;
}

bool breaker::too_bad(steady_time now) const noexcept {
  const std::int64_t oldest = tick_of(now) - static_cast<std::int64_t>(slots) + 1;
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;
  std::uint64_t slow = 0;
  for (const slot& s : window_) {
    if (s.tick < oldest) continue;
    calls += s.calls;
    errors += s.errors;
    slow += s.slow;
  }
  // A window full of good answers from before an outage would hold it closed for half of its length.
  const bool only_failures = failures_in_a_row_ >= 2 * settings_.minimum_calls;
  const bool failing = only_failures || errors * 1000 >= calls * settings_.error_share_milli;
  const bool slowed = settings_.slow_call.count() > 0 && slow * 1000 >= calls * settings_.slow_share_milli;
  return calls >= settings_.minimum_calls && (failing || slowed);
}

void breaker::open(std::chrono::milliseconds how_long, std::chrono::milliseconds wait, steady_time now) noexcept {
  open_ = true;
  probing_ = false;
  good_probes_ = 0;
  open_for_ = std::min(how_long, settings_.open_max);
  until_ = now + std::max(open_for_, wait);
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

void breaker::succeeded(bool probe, steady_time now, bool slow) noexcept {
  if (!open_) {
    failures_in_a_row_ = 0;
    count(false, slow, now);
    if (slow && too_bad(now)) open(settings_.open_for, {}, now);
    return;
  }
  // Calls that began before the opening say nothing about now; only probes close it.
  if (!probe) return;
  if (slow) return open(open_for_ * 2, {}, now);
  probing_ = false;
  if (++good_probes_ >= settings_.probes) *this = breaker{settings_};
}

void breaker::failed(bool probe, steady_time now, std::chrono::milliseconds wait) noexcept {
  if (open_) {
    if (probe) open(open_for_ * 2, wait, now);
    return;
  }
  ++failures_in_a_row_;
  last_failure_ = now;
  count(true, false, now);
  if (too_bad(now)) open(settings_.open_for, wait, now);
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

bool breaker::unsure(steady_time now) const noexcept {
  if (open_ || failures_in_a_row_ == 0) return false;
  return now < last_failure_ + (failures_in_a_row_ == 1 ? unsure_after_one : unsure_after_more);
}

}  // namespace naru::resilience
