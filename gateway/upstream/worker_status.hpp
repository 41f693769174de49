#pragma once
#include <atomic>
#include <mutex>
#include <string>

namespace naru::upstream {

/// Whether the local worker answers, and if not, why. Written by the supervisor's thread, read by all.
class worker_status {
 public:
  [[nodiscard]] bool ready() const noexcept { return ready_.load(std::memory_order_acquire); }
  [[nodiscard]] std::string reason() const {
    const std::scoped_lock lock(mutex_);
    return reason_;
  }
  void set_ready() { set(true, {}); }
  void set_down(std::string reason) { set(false, std::move(reason)); }

 private:
  void set(bool ready, std::string reason) {
    const std::scoped_lock lock(mutex_);
    reason_ = std::move(reason);
    ready_.store(ready, std::memory_order_release);
  }
  std::atomic<bool> ready_{false};
  mutable std::mutex mutex_;
  std::string reason_ = "starting";
};

}  // namespace naru::upstream
