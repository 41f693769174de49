#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "load_tests/routing/world.hpp"
#include "policies/routing/plan.hpp"

namespace naru::routing_day {

/// A way to choose. Everything else is the same for all: health, retries on the next, three calls at most.
struct contender {
  std::string name;
  routing::strategy strategy = routing::strategy::priority;
  routing::tuning tuning{};
  bool round_robin = false;
};
[[nodiscard]] const std::vector<contender>& contenders();

/// A quarter of an hour.
inline constexpr std::size_t slots = 96;
struct slot {
  std::vector<double> first_tokens;  ///< seconds from the arrival, failed calls before it included
  double cost = 0;                   ///< USD
};

struct outcome {
  std::string name;
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;        ///< requests without an answer
  std::uint64_t failed_calls = 0;  ///< that another deployment made good, or not
  double cost = 0;                 ///< USD
  std::array<std::uint64_t, vendor_count> answered{};
  std::array<slot, slots> by_time;
};
/// Sends the day's requests by one contender. Feedback comes when a call ends, not before: what is in flight is not known yet.
[[nodiscard]] outcome run(const contender& who, const std::vector<arrival>& day, std::uint64_t seed);

/// @param p  0..1; 0 when there is none
[[nodiscard]] double percentile(std::vector<double> values, double p);
/// Of the whole day, or of what arrived between two hours.
[[nodiscard]] double first_token_percentile(const outcome& o, double p, double from_hour = 0, double to_hour = 24);

}  // namespace naru::routing_day
