#pragma once
#include "config/problems.hpp"
#include "config/reader.hpp"
#include "policies/pricing/price.hpp"

namespace naru::config {

/// Whose price list it is, and so what a rate means that is not in it.
enum class price_list : std::uint8_t {
  operators,  ///< complete: what it does not name is billed as what contains it
  shipped,    ///< only what is known: what it does not name is unknown
};

/// Reads a `price:`, which must be present. Reports what the table cannot: windows that are no times, tiers that stand twice.
[[nodiscard]] pricing::price read_price(const reader& r, price_list whose, problem_list& problems);

}  // namespace naru::config
