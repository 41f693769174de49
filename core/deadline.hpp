#pragma once
#include <algorithm>
#include <chrono>

namespace naru {

using steady_time = std::chrono::steady_clock::time_point;
using wall_time = std::chrono::system_clock::time_point;

/// A point in time that can only come nearer. Time is an argument everywhere below gateway/.
class deadline {
 public:
  explicit constexpr deadline(steady_time at) noexcept : at_(at) {}
  [[nodiscard]] constexpr deadline sooner(deadline other) const noexcept { return deadline{std::min(at_, other.at_)}; }
  [[nodiscard]] constexpr deadline sooner(steady_time now, std::chrono::milliseconds in) const noexcept {
    return sooner(deadline{now + in});
  }
  [[nodiscard]] constexpr bool passed(steady_time now) const noexcept { return now >= at_; }
  [[nodiscard]] constexpr std::chrono::milliseconds left(steady_time now) const noexcept {
    return passed(now) ? std::chrono::milliseconds{0} : std::chrono::duration_cast<std::chrono::milliseconds>(at_ - now);
  }
  [[nodiscard]] constexpr steady_time at() const noexcept { return at_; }

 private:
  steady_time at_;
};

}  // namespace naru
