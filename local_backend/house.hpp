#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include "core/error.hpp"
#include "local_backend/job.hpp"

namespace naru::local_backend {

/// The bounded queue: how many jobs may be in the worker at once, running and waiting together.
/// Thread: `enter` and `left` on the HTTP thread; places are given back on any.
class house {
 public:
  using time = std::chrono::steady_clock::time_point;

  house(std::uint32_t sequences, std::uint32_t queue) noexcept : queue_(queue), limit_(sequences + queue) {}

  /// A place, or rate_limited with reason "queue_full" and when to come again.
  [[nodiscard]] result<std::unique_ptr<place>> enter();

  /// A job ended at `now`: places free themselves at about this pace.
  void left(time now) noexcept;

  /// Until a place frees itself: the average time between the last endings, 1..60 s, in whole seconds.
  [[nodiscard]] std::chrono::seconds next_place() const noexcept;

  [[nodiscard]] std::uint32_t taken() const noexcept { return taken_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint32_t queue_limit() const noexcept { return queue_; }

 private:
  std::uint32_t queue_;
  std::uint32_t limit_;
  std::atomic<std::uint32_t> taken_{0};
  time last_{};
  double pace_ = 1;  ///< seconds between endings
};

}  // namespace naru::local_backend
