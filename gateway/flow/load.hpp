#pragma once
#include <algorithm>
#include <chrono>
#include <functional>

#include "gateway/net/clock.hpp"

namespace naru::flow {

/// How late a shard's event loop runs: an alarm is set every 100 ms while anything is served, and what it comes too late is what every
/// other handler waits too. Nothing wakes an idle shard. Shard-local.
class loop_lag {
 public:
  /// @param each  after each look; says whether to look again (something is being served)
  loop_lag(net::clock& c, std::function<bool()> each);

  /// Something is being served: looks begin, unless they are under way.
  void watch();
  /// The smaller of the last two looks: one long handler is not an overload. 0 while nothing is looked at.
  [[nodiscard]] std::chrono::milliseconds now() const noexcept { return std::min(last_, before_); }

 private:
  void look();

  net::clock& clock_;
  std::function<bool()> each_;
  net::alarm alarm_;
  steady_time due_{};
  std::chrono::milliseconds last_{0};
  std::chrono::milliseconds before_{0};
};

}  // namespace naru::flow
