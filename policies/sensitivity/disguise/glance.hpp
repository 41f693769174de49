#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "policies/sensitivity/characters.hpp"

/// What nearly every telling byte is known by: two look-ups, inlined into the scan, before anything is called.
namespace naru::sensitivity::disguise {

namespace detail {

using bytes_table = std::array<std::uint8_t, 256>;
[[nodiscard]] constexpr std::uint8_t of(const bytes_table& t, char c) noexcept { return t[static_cast<unsigned char>(c)]; }

/// What may stand right beside a line break in the middle: quotes, brackets, commas and semicolons end something.
[[nodiscard]] constexpr bool goes_on(char c) noexcept {
  return c > ' ' && c < 0x7F && std::string_view("\"'`()[]{}<>;,").find(c) == std::string_view::npos;
}
[[nodiscard]] constexpr bool in_armour(char c) noexcept { return is_upper(c) || c == '-' || c == ' '; }

/// Which pairs of bytes a break may stand between at all, as bits that both must have: what goes on, armour, "2)", "(2", a soft break.
template <class Bits>
constexpr bytes_table make_bytes(Bits bits) noexcept {
  bytes_table t{};
  for (std::size_t i = 0; i < t.size(); ++i) t[i] = static_cast<std::uint8_t>(bits(static_cast<char>(i)));
  return t;
}
inline constexpr bytes_table lefts = make_bytes([](char c) noexcept {
  return (goes_on(c) ? 1 : 0) | (in_armour(c) ? 2 : 0) | (is_digit(c) ? 4 : 0) | (c == '(' || c == ')' ? 8 : 0) | (c == '=' ? 16 : 0);
});
inline constexpr bytes_table rights = make_bytes([](char c) noexcept {
  return (goes_on(c) ? 1 : 0) | (in_armour(c) ? 2 : 0) | (c == ')' ? 4 : 0) | (is_digit(c) ? 8 : 0) | (c > ' ' || c < 0 ? 16 : 0);
});
[[nodiscard]] constexpr bool may_stand_between(char before, char after) noexcept { return (of(lefts, before) & of(rights, after)) != 0; }

}  // namespace detail

/// Whether undo_at may find something at `at`; false where it does not.
[[nodiscard]] inline bool may_undo_at(std::string_view text, std::size_t at) noexcept {
  if (at + 1 >= text.size()) return false;
  const char next = text[at + 1];
  switch (text[at]) {
    case '\n': return at > 0 && (text[at - 1] == '\r' || detail::may_stand_between(text[at - 1], next));
    case '%': return is_hex(next);
    case '&': return is_alpha(next) || next == '#';
    default: return true;
  }
}

}  // namespace naru::sensitivity::disguise
