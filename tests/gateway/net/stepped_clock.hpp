#pragma once
#include <chrono>
#include <future>

#include "gateway/net/clock.hpp"
#include "gateway/net/shard.hpp"

namespace naru::net::test {

/// A shard's time that stands still until a test moves it: `shard home{0, std::make_unique<stepped_clock>()}`.
class stepped_clock final : public clock {
 public:
  [[nodiscard]] steady_time now() const noexcept override { return now_; }
  [[nodiscard]] wall_time wall_now() const noexcept override { return wall_time{} + (now_ - start_); }

  /// Moves the time of `home` and does what is due then, on its thread, which must run; call from another. What this wakes runs next.
  void step(shard& home, std::chrono::milliseconds by) {
    std::promise<void> done;
    home.post([&] {
      sweep(now_ += by);
      done.set_value();
    });
    done.get_future().get();
  }

 private:
  /// Deadlines that others take from the real clock lie about as far away as they mean.
  const steady_time start_ = std::chrono::steady_clock::now();
  steady_time now_ = start_;
};

}  // namespace naru::net::test
