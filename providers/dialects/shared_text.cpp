#include <array>

#include "providers/dialects/dialect.hpp"

namespace naru::dialects {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct code_point {
  std::size_t bytes = 1;  // consumed
  char32_t value = 0;
  bool valid = false;
};

/// One code point by the table of Unicode 15 §3.9 (no overlong forms, no surrogates, nothing past U+10FFFF).
code_point decode(std::string_view s) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned lead = at(0);
  if (lead < 0x80) return {1, lead, true};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || s.size() < length) return {};
  char32_t value = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (at(i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {length, value, true};
}

/// Controls (C0, DEL, C1), line and paragraph separators, and the marks that turn text around on a screen.
bool is_control(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t max) {
  std::string out;
  out.reserve(text.size() < max ? text.size() : max);
  while (!text.empty()) {
    const code_point c = decode(text);
    const std::string_view piece = !c.valid ? replacement : is_control(c.value) ? std::string_view{" "} : text.substr(0, c.bytes);
    if (out.size() + piece.size() > max) break;
    out += piece;
    text.remove_prefix(c.bytes);
  }
  return out;
}

}  // namespace naru::dialects
