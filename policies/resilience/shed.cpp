#include "policies/resilience/shed.hpp"

namespace naru::resilience {
namespace {

/// In hundredths of the limit.
std::uint64_t fill(std::uint64_t seen, std::uint64_t limit) noexcept { return limit == 0 ? 0 : seen * 100 / limit; }

}  // namespace

shedding what_to_shed(const overload_settings& limits, load_seen load) noexcept {
  const std::uint64_t requests = fill(load.requests, limits.requests);
  const std::uint64_t lag = fill(static_cast<std::uint64_t>(load.lag.count()), static_cast<std::uint64_t>(limits.lag.count()));
  const std::uint64_t fullest = requests > lag ? requests : lag;
  if (fullest < 100) return {};
  const shed_level level = fullest < 125 ? shed_level::retrying : fullest < 150 ? shed_level::fresh : shed_level::resting;
  return {level, requests > lag ? "requests" : "lag"};
}

bool will_retry(std::string_view retry_count) noexcept { return retry_count == "0" || retry_count == "1"; }

}  // namespace naru::resilience
