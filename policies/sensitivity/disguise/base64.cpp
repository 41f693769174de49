#include "policies/sensitivity/disguise/base64.hpp"

#include <array>
#include <cstdint>

#include "policies/sensitivity/characters.hpp"

namespace naru::sensitivity::disguise {
namespace {

constexpr auto values = [] {
  std::array<std::int8_t, 256> t{};
  t.fill(-1);
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < letters.size(); ++i) t[static_cast<unsigned char>(letters[i])] = static_cast<std::int8_t>(i);
  t['-'] = 62;
  t['_'] = 63;
  return t;
}();

int value_of(char c) noexcept { return values[static_cast<unsigned char>(c)]; }

/// 12 characters decode to 9 bytes: printable ASCII, blanks, or the bytes of UTF-8 in an order that can be.
bool begins_like_text(std::string_view encoded) noexcept {
  std::array<unsigned char, 9> bytes{};
  for (std::size_t i = 0; i < 3; ++i) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const int v = value_of(encoded[i * 4 + k]);
      if (v < 0) return false;
      group = group << 6 | static_cast<std::uint32_t>(v);
    }
    for (std::size_t k = 0; k < 3; ++k) bytes[i * 3 + k] = static_cast<unsigned char>(group >> (16 - 8 * k));
  }
  int more = 0;  // continuation bytes still wanted
  for (const unsigned char c : bytes) {
    if (more > 0) {
      if ((c & 0xC0) != 0x80) return false;
      --more;
    } else if (c < 0x80) {
      if (c == 0x7F || (c < 0x20 && c != '\n' && c != '\r' && c != '\t')) return false;
    } else if (c >= 0xC2 && c < 0xF5) {
      more = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
    } else {
      return false;
    }
  }
  return true;
}

constexpr std::size_t least = 16;

}  // namespace

std::optional<encoded_piece> find_base64(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  // Padding stands at the end only, so what stands before an earlier '=' is a name.
  std::size_t last = end;
  while (last > begin && text[last - 1] == '=') --last;
  const std::size_t name = text.substr(begin, last - begin).rfind('=');
  if (name != std::string_view::npos) begin += name + 1;
  if (last - begin < least || !begins_like_text(text.substr(begin, 12))) return std::nullopt;
  while (end < text.size()) {
    const std::size_t next = text[end] == '\r' ? end + 1 : end;
    if (next + 1 >= text.size() || text[next] != '\n' || value_of(text[next + 1]) < 0) break;
    end = next + 1;
    while (end < text.size() && (value_of(text[end]) >= 0 || text[end] == '=')) ++end;
  }
  return encoded_piece{begin, end};
}

std::string decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    const int v = value_of(c);
    if (v < 0) break;
    bits = (bits << 6) | static_cast<std::uint32_t>(v);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out += static_cast<char>((bits >> have) & 0xFF);
  }
  return out;
}

}  // namespace naru::sensitivity::disguise
