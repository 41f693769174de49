#include "local_backend/cpu_share.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>

namespace naru::local_backend {

std::optional<std::uint32_t> read_cpu_max(std::string_view text) noexcept {
  std::uint64_t quota = 0;
  std::uint64_t period = 0;
  const auto* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, quota);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ' ') return std::nullopt;
  if (std::from_chars(first.ptr + 1, end, period).ec != std::errc{} || quota == 0 || period == 0) return std::nullopt;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>((quota - 1) / period + 1, 4096));
}

std::uint32_t usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::uint32_t cores = sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<std::uint32_t>(CPU_COUNT(&set)) : 1;
  std::ifstream file{"/sys/fs/cgroup/cpu.max"};  // in a container this is the container's own group
  std::string line;
  if (std::getline(file, line)) {
    if (const auto quota = read_cpu_max(line)) cores = std::min(cores, *quota);
  }
  return std::max(cores, 1U);
}

}  // namespace naru::local_backend
