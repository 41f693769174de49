#pragma once
#include <functional>
#include <string>

#include "gateway/observe/cells.hpp"

namespace naru::observe {

/// The text of /metrics: prometheus-cpp's serializer over what `collect` gives.
/// @param collect  all shards' cells merged, gauges included; called once
[[nodiscard]] std::string exposition(const std::function<cells()>& collect);

}  // namespace naru::observe
