#pragma once
#include <cstdint>

#include "core/deadline.hpp"
#include "core/money.hpp"

/// How near a deployment is to its vendor's limits, by the vendor's own headers: it loses weight before it answers 429.
namespace naru::routing {

/// What the last answer said. Limits refill evenly until `until`, when they are whole again.
struct room {
  float left = 1;                  ///< share of the narrowest limit, 0..1
  std::uint32_t tokens_left = 0;   ///< of the token limit; only with tokens_limit
  std::uint32_t tokens_limit = 0;  ///< 0: not said
  steady_time at{};                ///< of the answer
  steady_time until{};             ///< not after `at`: nothing was said
};

/// Below this share of a limit a deployment begins to lose requests; at none left it has lost all.
inline constexpr float tight_below = 0.2F;
/// How long a word without a time to its reset counts.
inline constexpr std::chrono::seconds unsaid_reset{10};

/// The share of requests that should go elsewhere, 0..1: none above `tight_below`, all when nothing is left or when `needed` tokens are
/// more than what is.
[[nodiscard]] float pressure(const room& r, tokens needed, steady_time now) noexcept;

}  // namespace naru::routing
