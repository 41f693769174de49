#pragma once
#include "policies/routing/plan.hpp"

namespace naru::routing {

/// What one candidate is to this question, by itself: the first hard limit that it breaks, else its health, else allowed.
/// Cost: no allocation.
[[nodiscard]] judgement judge(const candidate& c, const question& q) noexcept;

/// Allowed but for its health: it may be asked again at `frees_at`.
[[nodiscard]] constexpr bool only_waits(verdict v) noexcept { return v == verdict::cooling || v == verdict::breaker_open; }

}  // namespace naru::routing
