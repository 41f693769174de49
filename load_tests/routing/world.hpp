#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/deadline.hpp"
#include "policies/pricing/price.hpp"

/// A simulated day: who asks when, and how three vendors answer. No clock, no socket: the same seed is the same day.
namespace naru::routing_day {

using seconds = std::chrono::duration<double>;

inline constexpr std::size_t vendor_count = 3;
inline constexpr double day_seconds = 86'400;

/// What happens to a vendor on this day. Hours are UTC.
struct incident {
  std::string_view what;
  std::size_t vendor;
  double from_hour, to_hour;
};
/// An outage (every call is refused), a brown-out (five times as slow, one call in twenty never answers), a price change (to the end of
/// the day).
[[nodiscard]] const std::array<incident, 3>& incidents() noexcept;

struct vendor {
  std::string_view id;
  double first_token;                ///< seconds, of a small prompt in a quiet hour
  double per_input;                  ///< seconds more for each input token
  double per_token;                  ///< seconds
  double busy;                       ///< how much slower at the worst hour: 1 is twice as slow
  double busy_hour;                  ///< UTC
  double input_price, output_price;  ///< USD per million tokens
  std::uint32_t quality;             ///< thousandths
};
[[nodiscard]] const std::array<vendor, vendor_count>& vendors() noexcept;
/// What the vendor charges at this hour; known to whoever reads price lists.
[[nodiscard]] pricing::price price_at(std::size_t vendor, double hour);

struct arrival {
  double at = 0;  ///< seconds of the day
  std::uint64_t input = 0;
  std::uint64_t output = 0;
};
/// About 40,000 requests: few at night, most in the afternoon.
[[nodiscard]] std::vector<arrival> arrivals(std::uint64_t seed);

struct answer {
  enum class end : std::uint8_t { whole, refused, timeout } how = end::whole;
  double first_token = 0;  ///< seconds; of a failure: until it is known
  double total = 0;        ///< seconds
};
/// How a vendor answers request number `n`. The same request meets the same luck at a vendor, whoever sends it there.
[[nodiscard]] answer ask(std::uint64_t seed, std::uint64_t n, const arrival& request, std::size_t vendor, double at);

}  // namespace naru::routing_day
