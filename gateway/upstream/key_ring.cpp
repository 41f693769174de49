#include "gateway/upstream/deployment.hpp"

namespace naru::upstream {

std::size_t key_ring::next(steady_time now) noexcept {
  if (keys_.empty()) return none;
  const auto time = now.time_since_epoch().count();
  const std::size_t first = turn_.fetch_add(1, std::memory_order_relaxed);
  std::size_t soonest = first % keys_.size();
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const std::size_t k = (first + i) % keys_.size();
    const auto until = rests_until_[k].load(std::memory_order_relaxed);
    if (until <= time) return k;
    if (until < rests_until_[soonest].load(std::memory_order_relaxed)) soonest = k;
  }
  return soonest;
}

void key_ring::rest(std::size_t index, steady_time until) noexcept {
  if (index >= keys_.size()) return;
  // Of two rests the longer holds: a short wait after a 429 must not wake a key that was refused.
  auto& rests = rests_until_[index];
  const auto wanted = until.time_since_epoch().count();
  auto now = rests.load(std::memory_order_relaxed);
  while (now < wanted && !rests.compare_exchange_weak(now, wanted, std::memory_order_relaxed)) {
  }
}

bool key_ring::another_than(std::size_t index, steady_time now) const noexcept {
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    if (k != index && rests_until_[k].load(std::memory_order_relaxed) <= now.time_since_epoch().count()) return true;
  }
  return false;
}

}  // namespace naru::upstream
