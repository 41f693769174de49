#include "policies/resilience/health.hpp"

#include <algorithm>

#include "policies/resilience/decide.hpp"

namespace naru::resilience {
namespace {

using std::chrono::milliseconds;

/// The deployment read the request and answered for it: it lives, and it took our credential.
bool answered(failure_class c) noexcept {
  return c == failure_class::too_small || c == failure_class::request || c == failure_class::content_policy;
}

/// The failure shows at least that our account and settings are accepted.
bool proves_access(failure_class c) noexcept { return answered(c) || c == failure_class::limited || c == failure_class::broken_stream; }

}  // namespace

std::string_view to_string(standing s) noexcept {
  switch (s) {
    case standing::up: return "up";
    case standing::cooling: return "cooling";
    case standing::open: return "open";
    case standing::off: return "off";
  }
  return "off";
}

bool health::off_probe_in_flight(steady_time now) const noexcept {
  return off_probing_ && now < off_probe_since_ + settings_.breaker.probe_timeout;
}

health_view health::view(steady_time now) const noexcept {
  if (off_ && now < off_until_) return {standing::off, off_until_, off_};
  if (off_ && off_probe_in_flight(now)) return {standing::off, off_probe_since_ + settings_.breaker.probe_timeout, off_};
  if (now < cooling_until_) return {standing::cooling, cooling_until_, std::nullopt};
  // Its probe is due: the one call that finds out about the account finds out about the breaker too.
  if (off_) return {.probe = true};
  const breaker_state state = breaker_.state(now);
  if (state == breaker_state::open) return {standing::open, breaker_.frees_at(now), std::nullopt};
  return {.probe = state == breaker_state::half_open, .unsure = breaker_.unsure(now)};
}

bool health::is_slow(timing took) const noexcept {
  const auto& b = settings_.breaker;
  if (b.slow_call.count() == 0) return false;
  // What a day of tokens takes is slow in any case; the bound keeps a vendor's absurd count from overflowing.
  const auto tokens = static_cast<std::int64_t>(std::min<std::uint64_t>(took.tokens, 1'000'000));
  return took.until_content > b.slow_call + breaker_settings::per_token * tokens;
}

health::admission health::admit(steady_time now) noexcept {
  const health_view seen = view(now);
  if (seen.is != standing::up) return {false, false, seen.until};
  if (off_) {
    off_probing_ = true;
    off_probe_since_ = now;
    return {true, true, {}};
  }
  const breaker::admission a = breaker_.admit(now);
  return {a.granted, a.probe, a.until};
}

void health::succeeded(const admission& a, steady_time now, timing took) noexcept {
  if (a.probe && off_) return reset();
  next_cooldown_ = milliseconds{0};
  breaker_.succeeded(a.probe, now, is_slow(took));
}

void health::failed(const admission& a, const failure& f, steady_time now) noexcept {
  const rule& row = rule_of(f.cls);
  if (a.probe && off_ && !row.turns_off) {
    off_probing_ = false;
    if (proves_access(f.cls)) {
      off_.reset();
      off_for_ = milliseconds{0};
    } else {
      off_until_ = now + off_for_;  // nothing was learned about the account
    }
  }
  if (row.turns_off) turn_off(f.cls, now);
  const milliseconds outage_wait = std::min(f.retry_after.value_or(milliseconds{0}), settings_.max_outage_wait);
  if (row.cools_down) cool_down(f, now);
  if (row.counts) {
    if (outage_wait > milliseconds{0}) cooling_until_ = std::max(cooling_until_, now + outage_wait);
    breaker_.failed(a.probe, now, outage_wait);
  } else if (answered(f.cls)) {
    breaker_.succeeded(a.probe, now);
  } else {
    breaker_.abandoned(a.probe);
  }
}

void health::abandoned(const admission& a) noexcept {
  if (a.probe) off_probing_ = false;
  breaker_.abandoned(a.probe);
}

void health::outrun(const admission& a, steady_time now, milliseconds waited) noexcept {
  if (!is_slow({.until_content = waited})) return abandoned(a);
  if (a.probe && off_) off_probing_ = false;
  breaker_.succeeded(a.probe, now, true);
}

void health::turn_off(failure_class why, steady_time now) noexcept {
  // Calls that were already running fail the same way a moment later: they must not double the wait.
  if (off_ && now < off_until_) return;
  off_ = why;
  off_probing_ = false;
  off_for_ = off_for_ == milliseconds{0} ? settings_.off_for : std::min(off_for_ * 2, settings_.off_max);
  off_until_ = now + off_for_;
}

void health::cool_down(const failure& f, steady_time now) noexcept {
  milliseconds wait = f.retry_after.value_or(milliseconds{0});
  if (wait <= milliseconds{0}) {
    if (now < cooling_until_) return;  // one wave of refusals is one cooldown
    wait = next_cooldown_ == milliseconds{0} ? settings_.default_cooldown : next_cooldown_;
    next_cooldown_ = std::min(wait * 2, settings_.default_cooldown_max);
  }
  cooling_until_ = std::max(cooling_until_, now + std::min(wait, settings_.max_cooldown));
}

}  // namespace naru::resilience
