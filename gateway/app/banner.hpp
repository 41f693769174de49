#pragma once
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "core/deadline.hpp"

namespace naru::app {

/// What came on, what is off and why, and the dearest price that a request can now cost: the lines printed at the start.
[[nodiscard]] std::vector<std::string> banner(const settings& s, wall_time now);

}  // namespace naru::app
