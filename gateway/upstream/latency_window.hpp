#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "core/deadline.hpp"

namespace naru::upstream {

/// Times to the first content over the last 5 to 10 minutes, as a histogram whose buckets are each a fifth wider than the one before: any
/// quantile, at most a fifth too high, from 600 bytes and no allocation.
/// Thread: one at a time (under its owner's lock). Cost: O(1) to add, O(buckets) to ask.
class latency_window {
 public:
  static constexpr std::uint32_t enough = 20;  ///< fewer observations have no quantile

  void add(std::chrono::milliseconds took, steady_time now) noexcept;
  /// @param milli  950: the 95th percentile
  /// @return the upper bound of its bucket; nullopt with fewer than `enough` observations
  [[nodiscard]] std::optional<std::chrono::milliseconds> quantile(std::uint32_t milli, steady_time now) const noexcept;

 private:
  static constexpr std::size_t buckets = 76;  ///< the last holds what is longer than about 20 minutes
  static const std::array<std::int64_t, buckets>& bounds() noexcept;
  struct half {
    std::int64_t tick = -1;  ///< which half window since the clock's epoch; -1: never used
    std::array<std::uint32_t, buckets> counts{};
  };
  std::array<half, 2> halves_;
};

}  // namespace naru::upstream
