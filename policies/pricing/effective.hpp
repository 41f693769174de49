#pragma once
#include <string_view>

#include "policies/pricing/price.hpp"

/// Which of a price's rates hold at a moment for a prompt of some length: dates, then peak hours, then the tier.
namespace naru::pricing {

struct effective_tariff {
  const pricing::tariff* tariff;  ///< points into the price
  std::string_view why_unknown;   ///< the price is outside its dates
};
[[nodiscard]] effective_tariff tariff_at(const price& p, wall_time at) noexcept;

struct effective_rates {
  const pricing::rates* rates;   ///< points into the price, or to `scratch`
  std::string_view why_unknown;  ///< the tariff in force has no tiers, though the usual one has: the dearer of both is taken
};
/// @param scratch  holds the rates where they stand nowhere in the price
[[nodiscard]] effective_rates rates_for(const price& p, const tariff& in_force, tokens prompt, rates& scratch) noexcept;

struct effective_modifier {
  std::uint32_t milli = 1000;
  std::string_view why_unknown;
};
/// @param service_tier  as the answer reports it; empty, default, standard, auto and on_demand are the standard tier
[[nodiscard]] effective_modifier modifier_for(const price& p, std::string_view service_tier, wall_time at) noexcept;

}  // namespace naru::pricing
