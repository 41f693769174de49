#pragma once
#include <cstddef>

namespace naru::app {

/// The cores that this process may use: its affinity mask, cut to the cgroup's CPU quota (rounded up), at least 1.
[[nodiscard]] std::size_t available_cores();

}  // namespace naru::app
