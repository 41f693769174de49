#include "policies/sensitivity/derived_text.hpp"

#include <array>
#include <cstdint>

#include "policies/sensitivity/characters.hpp"

namespace naru::sensitivity {
namespace {

constexpr auto base64_values = [] {
  std::array<std::int8_t, 256> t{};
  t.fill(-1);
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < letters.size(); ++i) t[static_cast<unsigned char>(letters[i])] = static_cast<std::int8_t>(i);
  t['-'] = 62;
  t['_'] = 63;
  return t;
}();

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

bool read_hex4(std::string_view text, std::uint32_t& code) noexcept {
  if (text.size() < 4) return false;
  code = 0;
  for (const char c : text.substr(0, 4)) {
    if (!is_hex(c)) return false;
    code = code * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : to_lower(c) - 'a' + 10);
  }
  return true;
}

/// Text, or close enough to it that a secret in it could be read: mostly printable.
bool reads_like_text(std::string_view bytes) noexcept {
  std::size_t odd = 0;
  const std::string_view head = bytes.substr(0, 4096);
  for (const char c : head) odd += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
  return odd * 20 <= head.size();
}

}  // namespace

std::string undo_escapes(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return {};
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    std::uint32_t code = 0;
    switch (c) {
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case 'r': out += '\r'; break;
      case 'b':
      case 'f': out += ' '; break;
      case 'u':
        if (read_hex4(text.substr(i + 1), code)) {
          append_utf8(out, code);
          i += 4;
        } else {
          out += "\\u";
        }
        break;
      default: out += c;
    }
  }
  return out;
}

std::string decode_base64(std::string_view text) {
  constexpr std::size_t least = 16;  // shorter ones hold no secret, and every word is base64
  if (text.size() < least) return {};
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int have = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' || c == '\r') continue;
    if (c == '=') {
      if (i + 3 < text.size()) return {};
      break;
    }
    const int v = base64_values[static_cast<unsigned char>(c)];
    if (v < 0) return {};
    bits = (bits << 6) | static_cast<std::uint32_t>(v);
    have += 6;
    if (have >= 8) {
      have -= 8;
      out += static_cast<char>((bits >> have) & 0xFF);
    }
  }
  return out;
}

std::vector<std::string> derived_texts(std::string_view text) {
  std::vector<std::string> out;
  if (std::string plain = undo_escapes(text); !plain.empty()) out.push_back(std::move(plain));
  std::string_view encoded = text;
  if (text.starts_with("data:")) {
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos) return out;
    encoded = text.substr(comma + 1);
  }
  if (std::string decoded = decode_base64(encoded); !decoded.empty() && reads_like_text(decoded)) out.push_back(std::move(decoded));
  return out;
}

}  // namespace naru::sensitivity
