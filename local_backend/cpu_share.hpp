#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace naru::local_backend {

/// Processors that this process may use: its affinity, and the quota of its control group (a container's limit), whichever is less.
[[nodiscard]] std::uint32_t usable_cores();

/// The quota in `cpu.max` of cgroup v2 ("200000 100000": two cores), rounded up; nullopt: none ("max 100000") or not readable.
[[nodiscard]] std::optional<std::uint32_t> read_cpu_max(std::string_view text) noexcept;

/// All cores but one, which belongs to the proxy; at least 1.
[[nodiscard]] constexpr std::uint32_t usual_threads(std::uint32_t cores) noexcept { return cores > 1 ? cores - 1 : 1; }

}  // namespace naru::local_backend
