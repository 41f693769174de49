#include "gateway/app/cores.hpp"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace naru::app {
namespace {

/// cgroup v2: "max 100000" or "<quota> <period>". @return 0 when there is no quota
std::size_t quota_cores() {
  std::ifstream in("/sys/fs/cgroup/cpu.max");
  std::string quota;
  std::size_t period = 0;
  if (!(in >> quota >> period) || quota == "max" || period == 0) return 0;
  return (std::stoul(quota) + period - 1) / period;
}

}  // namespace

std::size_t available_cores() {
  cpu_set_t mask;
  std::size_t cores = 1;
  if (::sched_getaffinity(0, sizeof mask, &mask) == 0) cores = static_cast<std::size_t>(CPU_COUNT(&mask));
  if (const std::size_t quota = quota_cores(); quota != 0) cores = std::min(cores, quota);
  return std::max<std::size_t>(cores, 1);
}

}  // namespace naru::app
