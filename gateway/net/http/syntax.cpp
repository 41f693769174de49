#include "gateway/net/http/syntax.hpp"

#include <algorithm>
#include <array>
#include <string>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace naru::net::http {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr bool is_alnum(char c) noexcept { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }
constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

#if defined(__SSE2__)
/// All ones where a byte is a control character other than a tab.
__m128i controls(__m128i v) noexcept {
  const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);
  const __m128i tab = _mm_cmpeq_epi8(v, _mm_set1_epi8('\t'));
  return _mm_or_si128(_mm_andnot_si128(tab, low), _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f)));
}
#endif

bool is_port(std::string_view text) noexcept { return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, is_digit); }

bool is_ipv6_inside(std::string_view text) noexcept {
  constexpr auto allowed = [](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':' || c == '.'; };
  return text.size() >= 2 && text.find(':') != text.npos && std::ranges::all_of(text, allowed);
}

}  // namespace

error to_error(const refusal& r) {
  const error_code code = r.status == 431   ? error_code::head_too_large
                          : r.status == 413 ? error_code::payload_too_large
                                            : error_code::bad_request;
  return error{code, std::string{r.message}, {}, code == error_code::bad_request ? "bad_http" : "", std::nullopt};
}

bool is_token(std::string_view text) noexcept { return !text.empty() && std::ranges::all_of(text, is_token_char); }

bool is_field_value(std::string_view text) noexcept {
#if defined(__SSE2__)
  if (text.size() >= 16) {
    // Sixteen at a time, the last sixteen perhaps twice.
    __m128i bad = _mm_setzero_si128();
    for (std::size_t at = 0;; at = std::min(at + 16, text.size() - 16)) {
      bad = _mm_or_si128(bad, controls(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at))));
      if (at == text.size() - 16) return _mm_movemask_epi8(bad) == 0;
    }
  }
#endif
  return std::ranges::none_of(text, [](char c) {
    const auto b = static_cast<unsigned char>(c);
    return (b < 0x20 && b != '\t') || b == 0x7f;
  });
}

bool is_authority(std::string_view text) noexcept {
  if (text.size() > 255 + 6) return false;  // the longest DNS name, a colon and a port
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == text.npos || !is_ipv6_inside(text.substr(1, close - 1))) return false;
    const std::string_view rest = text.substr(close + 1);
    return rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1)));
  }
  const std::size_t colon = text.find(':');
  if (colon != text.npos && !is_port(text.substr(colon + 1))) return false;
  const std::string_view name = text.substr(0, colon);
  return !name.empty() && std::ranges::all_of(name, [](char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; });
}

bool same_letters(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> parse_length(std::string_view text) noexcept {
  if (text.empty() || text.size() > 18 || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::uint64_t n = 0;
  for (const char c : text) n = n * 10 + static_cast<std::uint64_t>(c - '0');
  return n;
}

bool list_contains(std::string_view list, std::string_view word) noexcept {
  while (true) {
    const std::size_t comma = list.find(',');
    if (same_text(trim_blanks(list.substr(0, comma)), word)) return true;
    if (comma == list.npos) return false;
    list.remove_prefix(comma + 1);
  }
}

std::string_view find_header(std::span<const header> headers, std::string_view name) noexcept {
  for (const header& h : headers) {
    if (!same_text(h.name, name)) continue;
    return h.value.data() != nullptr ? h.value : std::string_view{""};
  }
  return {};
}

}  // namespace naru::net::http
