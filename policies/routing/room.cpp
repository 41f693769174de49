#include "policies/routing/room.hpp"

#include <algorithm>

namespace naru::routing {

float pressure(const room& r, tokens needed, steady_time now) noexcept {
  if (now >= r.until) return 0;
  const std::chrono::duration<float> passed = now - r.at;
  const std::chrono::duration<float> whole = r.until - r.at;
  const float refilled = std::clamp(passed / whole, 0.0F, 1.0F);
  if (r.tokens_limit > 0) {
    const float missing = static_cast<float>(r.tokens_limit) - static_cast<float>(std::min(r.tokens_left, r.tokens_limit));
    const float tokens_now = static_cast<float>(std::min(r.tokens_left, r.tokens_limit)) + missing * refilled;
    if (static_cast<float>(needed.value) > tokens_now) return 1;
  }
  const float left = r.left + (1 - r.left) * refilled;
  return std::clamp(1 - left / tight_below, 0.0F, 1.0F);
}

}  // namespace naru::routing
