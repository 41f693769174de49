#include "local_backend/house.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace naru::local_backend {

result<std::unique_ptr<place>> house::enter() {
  if (taken_.load(std::memory_order_relaxed) >= limit_) {
    error e{error_code::rate_limited,
            fmt::format("the local model is busy: {} running and {} waiting requests are its limit", limit_ - queue_, queue_),
            {},
            "queue_full",
            next_place()};
    return std::unexpected(std::move(e));
  }
  taken_.fetch_add(1, std::memory_order_relaxed);
  return std::make_unique<place>(taken_);
}

void house::left(time now) noexcept {
  if (last_ != time{}) {
    const double seconds = std::chrono::duration<double>(now - last_).count();
    pace_ = 0.8 * pace_ + 0.2 * std::clamp(seconds, 0.0, 60.0);
  }
  last_ = now;
}

std::chrono::seconds house::next_place() const noexcept {
  return std::chrono::seconds{std::clamp(static_cast<int>(std::ceil(pace_)), 1, 60)};
}

}  // namespace naru::local_backend
