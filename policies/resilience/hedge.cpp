#include "policies/resilience/hedge.hpp"

#include <algorithm>

namespace naru::resilience {
namespace {

constexpr auto half_life = std::chrono::minutes{10};
/// A hedge sooner than this would race the network, not the model.
constexpr auto soonest = std::chrono::milliseconds{20};

bool within(std::uint64_t part, std::uint64_t whole, std::uint32_t share_milli) noexcept {
  return static_cast<unsigned __int128>(part) * 1000 <= static_cast<unsigned __int128>(whole) * share_milli;
}

}  // namespace

std::optional<std::chrono::milliseconds> hedge_due(const hedge_settings& s, std::optional<std::chrono::milliseconds> usual) noexcept {
  const auto after = s.after ? s.after : usual;
  if (!after) return std::nullopt;
  return std::max<std::chrono::milliseconds>(*after, soonest);
}

void hedge_budget::fade(steady_time now) noexcept {
  const std::int64_t tick = now.time_since_epoch() / half_life;
  if (tick <= tick_) return;
  const auto halvings = static_cast<std::uint32_t>(std::min<std::int64_t>(tick - tick_, 63));
  tick_ = tick;
  for (std::uint64_t* sum : {&calls_milli_, &hedges_milli_, &cost_.value, &extra_.value}) *sum >>= halvings;
}

void hedge_budget::paid(std::uint32_t calls, nano_usd cost, steady_time now) noexcept {
  const std::scoped_lock lock(mutex_);
  fade(now);
  calls_milli_ += std::uint64_t{calls} * 1000;
  cost_ += cost;
}

bool hedge_budget::take(const hedge_settings& s, nano_usd expected, steady_time now) noexcept {
  const std::scoped_lock lock(mutex_);
  fade(now);
  if (!within(hedges_milli_ + 1000, calls_milli_, s.share_milli)) return false;
  if (!within((extra_ + expected).value, cost_.value, s.share_milli)) return false;
  hedges_milli_ += 1000;
  extra_ += expected;
  return true;
}

void hedge_budget::settle(nano_usd expected, nano_usd real) noexcept {
  const std::scoped_lock lock(mutex_);
  extra_.value -= std::min(extra_.value, expected.value);
  extra_ += real;
}

}  // namespace naru::resilience
