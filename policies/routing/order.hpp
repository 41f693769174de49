#pragma once
#include <cstdint>
#include <span>

#include "policies/routing/plan.hpp"

namespace naru::routing {

/// Sorts the allowed candidates: tier first (see `make_plan`), then the strategy's score, then the settings' order. Fills in the
/// judgements' crowded, tier and score.
/// @return whether the first is there for exploration
/// Cost: O(n log n), no allocation.
bool sort_by_strategy(std::span<std::uint32_t> order, std::span<judgement> judgements, const question& q) noexcept;

}  // namespace naru::routing
