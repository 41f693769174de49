#include "tests/integration/canary/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace naru::test::canary {
namespace {

constexpr std::string_view mark = "cnry";
constexpr std::size_t letters = 24;
constexpr std::string_view base64_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool is_letter(char c) noexcept { return c >= 'a' && c <= 'z'; }

void find_plain(std::string_view bytes, std::set<std::string>& found) {
  for (auto at = bytes.find(mark); at != std::string_view::npos; at = bytes.find(mark, at + 1)) {
    const std::string_view token = bytes.substr(at, mark.size() + letters);
    if (token.size() == mark.size() + letters && std::ranges::all_of(token, is_letter)) found.emplace(token);
  }
}

/// One layer of JSON escapes taken off. Broken ones stay: the bytes need not be JSON.
std::string without_escapes(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != '\\' || i + 1 == bytes.size()) {
      out += bytes[i];
      continue;
    }
    const char c = bytes[++i];
    unsigned code = 0;
    if (c == 'u' && i + 4 < bytes.size() && std::from_chars(&bytes[i + 1], &bytes[i + 1] + 4, code, 16).ptr == &bytes[i + 1] + 4) {
      out += code < 0x80 ? static_cast<char>(code) : '?';
      i += 4;
    } else {
      out += c;
    }
  }
  return out;
}

constexpr std::array<signed char, 256> base64_values() {
  std::array<signed char, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < base64_letters.size(); ++i)
    values[static_cast<unsigned char>(base64_letters[i])] = static_cast<signed char>(i);
  values['-'] = 62;
  values['_'] = 63;
  return values;
}

std::string decoded(std::string_view run) {
  static constexpr auto values = base64_values();
  std::string out;
  unsigned bits = 0;
  int have = 0;
  for (const char c : run) {
    bits = bits << 6 | static_cast<unsigned>(values[static_cast<unsigned char>(c)]);
    if ((have += 6) < 8) continue;
    have -= 8;
    out += static_cast<char>(bits >> have & 0xff);
  }
  return out;
}

/// Looks into every run of base64 that is long enough for a canary, at each of the four places where a group may begin.
void find_in_base64(std::string_view bytes, std::set<std::string>& found) {
  static constexpr auto values = base64_values();
  constexpr std::size_t least = (mark.size() + letters) * 4 / 3;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= bytes.size(); ++at) {
    if (at < bytes.size() && values[static_cast<unsigned char>(bytes[at])] >= 0) continue;
    if (at - begin >= least) {
      for (std::size_t skip = 0; skip < 4; ++skip) find_plain(decoded(bytes.substr(begin + skip, at - begin - skip)), found);
    }
    begin = at + 1;
  }
}

}  // namespace

std::size_t below(generator& random, std::size_t n) { return static_cast<std::size_t>(random() % n); }
bool chance(generator& random, std::size_t percent) { return below(random, 100) < percent; }

std::string some_of(generator& random, std::string_view from, std::size_t count) {
  std::string out;
  while (out.size() < count) out += from[below(random, from.size())];
  return out;
}

std::string make_token(generator& random) { return std::string(mark) + some_of(random, "abcdefghijklmnopqrstuvwxyz", letters); }

std::string some_words(generator& random, std::size_t count) {
  static constexpr std::array<std::string_view, 14> words{"the",  "ferry", "crosses", "at",   "noon",  "and",   "comes",
                                                          "back", "with",  "나루",    "rain", "often", "falls", "here"};
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out.append(i == 0 ? "" : " ").append(one_of(random, words));
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned three = 0;
    for (std::size_t k = 0; k < 3; ++k) three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : base64_letters[three >> (18 - 6 * k) & 63];
  }
  return out;
}

std::string quoted(std::string_view text, bool escaped) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || (escaped && byte < 0x80))
      out += fmt::format("\\u{:04x}", byte);
    else if (c == '"' || c == '\\')
      out.append("\\").append(1, c);
    else
      out += c;
  }
  return out + '"';
}

std::set<std::string> tokens_in(std::string_view bytes) {
  std::set<std::string> found;
  std::string layer(bytes);
  for (int depth = 0; depth < 3; ++depth) {
    find_plain(layer, found);
    find_in_base64(layer, found);
    if (layer.find('\\') == std::string::npos) break;
    layer = without_escapes(layer);
  }
  return found;
}

}  // namespace naru::test::canary
