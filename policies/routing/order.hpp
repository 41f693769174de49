#pragma once
#include <cstdint>
#include <span>

#include "policies/routing/plan.hpp"

namespace naru::routing {

/// Sorts the allowed candidates by the question's strategy; those that are sure come before those that are not.
/// Cost: O(n log n), for weighted O(n^2) of a few instructions; no allocation.
void sort_by_strategy(std::span<std::uint32_t> order, std::span<const judgement> judgements, const question& q) noexcept;

}  // namespace naru::routing
