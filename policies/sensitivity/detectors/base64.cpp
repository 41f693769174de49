#include "policies/sensitivity/detectors/base64.hpp"

#include <cstdint>

#include "policies/sensitivity/characters.hpp"

namespace naru::sensitivity::detectors {
namespace {
constexpr int value_of(char c) noexcept {
  if (is_upper(c)) return c - 'A';
  if (is_lower(c)) return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  if (c == '-' || c == '+') return 62;
  return c == '_' || c == '/' ? 63 : -1;
}
}  // namespace

void decode(std::string_view text, decoded& out) noexcept {
  std::uint32_t bits = 0;
  int held = 0;
  out.size = 0;
  for (const char c : text) {
    const int v = value_of(c);
    if (v < 0 || out.size == out.bytes.size()) return;
    bits = (bits << 6U) | static_cast<std::uint32_t>(v);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.bytes[out.size++] = static_cast<char>((bits >> static_cast<unsigned>(held)) & 0xffU);
  }
}

}  // namespace naru::sensitivity::detectors
