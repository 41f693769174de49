#pragma once
#include <compare>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace naru {

/// An amount of money in nano-dollars (1e-9 USD). Integer; adding checks for overflow and saturates at the maximum, so that a
/// sum can never wrap to something small.
struct nano_usd {
  std::uint64_t value = 0;
  auto operator<=>(const nano_usd&) const = default;
  static constexpr nano_usd max() { return {std::numeric_limits<std::uint64_t>::max()}; }
};
[[nodiscard]] constexpr nano_usd operator+(nano_usd a, nano_usd b) noexcept {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a.value, b.value, &sum) ? nano_usd::max() : nano_usd{sum};
}
constexpr nano_usd& operator+=(nano_usd& a, nano_usd b) noexcept { return a = a + b; }

/// A price in pico-dollars (1e-12 USD) per unit (a token, an image): 0.0375 USD per million tokens is 37'500.
struct pico_usd {
  std::uint64_t value = 0;
  auto operator<=>(const pico_usd&) const = default;
};

/// A number of model tokens.
struct tokens {
  std::uint64_t value = 0;
  auto operator<=>(const tokens&) const = default;
};
[[nodiscard]] constexpr tokens operator+(tokens a, tokens b) noexcept { return {a.value + b.value}; }

/// Sum of price x count in 128 bits, rounded up once to nano-dollars at the end.
class cost_sum {
 public:
  constexpr void add(pico_usd price, tokens count) noexcept { pico_ += static_cast<unsigned __int128>(price.value) * count.value; }
  /// @return total rounded up to 1 nano-dollar, saturated at `nano_usd::max()`.
  [[nodiscard]] constexpr nano_usd total() const noexcept {
    const unsigned __int128 nano = (pico_ + 999) / 1000;
    return nano > nano_usd::max().value ? nano_usd::max() : nano_usd{static_cast<std::uint64_t>(nano)};
  }

 private:
  unsigned __int128 pico_ = 0;
};

/// Reads a decimal USD amount ("0.02", "500", "1e-3" is refused) exactly. @return nullopt when it is not a plain non-negative
/// decimal, has more than 9 significant places after the point, or overflows.
[[nodiscard]] std::optional<nano_usd> parse_usd(std::string_view text) noexcept;
/// Reads USD per million tokens exactly into pico-dollars per token: "0.0375" is 37'500. At most 6 places after the point.
[[nodiscard]] std::optional<pico_usd> parse_usd_per_million(std::string_view text) noexcept;
/// Decimal string without trailing zeros, at least one place before the point: "0.000125", "12", "0".
[[nodiscard]] std::string to_usd_string(nano_usd amount);
/// USD per million tokens as a decimal string: 37'500 pico is "0.0375".
[[nodiscard]] std::string to_usd_per_million_string(pico_usd price);

}  // namespace naru
