#pragma once
#include <string>
#include <vector>

#include "load_tests/routing/contest.hpp"

namespace naru::routing_day {

/// The day as a Markdown table.
[[nodiscard]] std::string table(const std::vector<outcome>& all);
/// Two diagrams over the day as one SVG: p95 to the first token, and the cost so far. Incidents are shaded.
[[nodiscard]] std::string plot(const std::vector<outcome>& all);

}  // namespace naru::routing_day
