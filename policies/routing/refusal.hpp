#pragma once
#include <optional>
#include <span>

#include "policies/routing/plan.hpp"

namespace naru::routing {

/// Why no candidate is left, as the client is told: what would have to change. `frees_at`: when the soonest may be asked again.
[[nodiscard]] error explain_nothing_left(const question& q, std::span<const judgement> judgements, std::optional<steady_time> frees_at);

}  // namespace naru::routing
