#include "policies/routing/calendar.hpp"

#include <algorithm>

namespace naru::routing {

std::int32_t time_zone::offset_at(wall_time t) const noexcept {
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
  const auto next = std::ranges::upper_bound(changes, seconds, {}, &change::at);
  return next == changes.begin() ? first : (next - 1)->offset;
}

bool hours::contains(wall_time t) const noexcept {
  using std::chrono::days, std::chrono::minutes;
  const auto local = t + std::chrono::seconds{zone ? zone->offset_at(t) : 0};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto minute = std::chrono::floor<minutes>(local - day);
  const auto on = [this](std::chrono::sys_days d) { return (this->days >> (std::chrono::weekday{d}.iso_encoding() - 1U) & 1U) != 0; };
  const std::chrono::sys_days today{day};
  if (from < to) return on(today) && minute >= from && minute < to;
  return (on(today) && minute >= from) || (on(today - std::chrono::days{1}) && minute < to);
}

}  // namespace naru::routing
