#include "core/money.hpp"

namespace naru {
namespace {

/// Reads a plain non-negative decimal as an integer scaled by 10^places; more digits after the point than that are refused
/// unless they are zeros.
std::optional<std::uint64_t> parse_scaled(std::string_view text, int places) noexcept {
  std::uint64_t value = 0;
  int after = -1;  // digits after the point so far; -1 before the point
  bool any = false;
  const auto push = [&value](unsigned digit) {
    return !__builtin_mul_overflow(value, std::uint64_t{10}, &value) && !__builtin_add_overflow(value, std::uint64_t{digit}, &value);
  };
  for (const char c : text) {
    if (c == '.') {
      if (after >= 0 || !any) return std::nullopt;
      after = 0;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    any = true;
    if (after == places) {
      if (c != '0') return std::nullopt;
      continue;
    }
    if (after >= 0) ++after;
    if (!push(static_cast<unsigned>(c - '0'))) return std::nullopt;
  }
  if (!any || text.back() == '.') return std::nullopt;
  for (int i = after < 0 ? 0 : after; i < places; ++i) {
    if (!push(0)) return std::nullopt;
  }
  return value;
}

std::string scaled_to_string(std::uint64_t value, int places) {
  std::string digits = std::to_string(value);
  if (digits.size() <= static_cast<std::size_t>(places)) digits.insert(0, static_cast<std::size_t>(places) + 1 - digits.size(), '0');
  digits.insert(digits.size() - static_cast<std::size_t>(places), 1, '.');
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

}  // namespace

std::optional<nano_usd> parse_usd(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  const auto scaled = parse_scaled(text, 9);
  return scaled ? std::optional(nano_usd{*scaled}) : std::nullopt;
}

std::optional<pico_usd> parse_usd_per_million(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  // 1 USD per million tokens is 1e12 / 1e6 = 1e6 pico-dollars a token.
  const auto scaled = parse_scaled(text, 6);
  return scaled ? std::optional(pico_usd{*scaled}) : std::nullopt;
}

std::string to_usd_string(nano_usd amount) { return scaled_to_string(amount.value, 9); }
std::string to_usd_per_million_string(pico_usd price) { return scaled_to_string(price.value, 6); }

}  // namespace naru
