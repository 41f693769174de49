#include "core/json/writer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace naru::json {
namespace {

/// Length of the well-formed UTF-8 sequence at `s[i]`, 0 when it is none (RFC 3629: no overlongs, no surrogates, at most U+10FFFF).
std::size_t utf8_length(std::string_view s, std::size_t i) noexcept {
  const auto at = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
  const auto tail = [&](std::size_t k) { return k < s.size() && (at(k) & 0xC0) == 0x80; };
  const unsigned char b = at(i);
  if (b < 0x80) return 1;
  if (b >= 0xC2 && b <= 0xDF) return tail(i + 1) ? 2 : 0;
  if (b >= 0xE0 && b <= 0xEF) {
    if (!tail(i + 1) || !tail(i + 2)) return 0;
    if (b == 0xE0 && at(i + 1) < 0xA0) return 0;
    if (b == 0xED && at(i + 1) > 0x9F) return 0;
    return 3;
  }
  if (b >= 0xF0 && b <= 0xF4) {
    if (!tail(i + 1) || !tail(i + 2) || !tail(i + 3)) return 0;
    if (b == 0xF0 && at(i + 1) < 0x90) return 0;
    if (b == 0xF4 && at(i + 1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

void append_control(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  constexpr std::string_view hex = "0123456789abcdef";
  out += "\\u00";
  out += hex[static_cast<unsigned char>(c) >> 4];
  out += hex[static_cast<unsigned char>(c) & 0xF];
}

constexpr std::size_t most_short_key = 32;

constexpr auto plain = [] {
  std::array<bool, 256> t{};
  for (std::size_t c = 0x20; c < 0x80; ++c) t[c] = c != '"' && c != '\\';
  return t;
}();

/// How many bytes at the front need no escape and no look: printable ASCII but '"' and '\\'.
std::size_t plain_run(std::string_view s) noexcept {
  std::size_t i = 0;
#if defined(__SSE2__)
  for (; i + 16 <= s.size(); i += 16) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(s.data() + i));
    // As signed bytes both controls and what is not ASCII lie below ' '.
    const __m128i odd = _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(' ')),
                                     _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));
    if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(odd)); mask != 0)
      return i + static_cast<std::size_t>(std::countr_zero(mask));
  }
#endif
  while (i < s.size() && plain[static_cast<unsigned char>(s[i])]) ++i;
  return i;
}

}  // namespace

void append_string(std::string& out, std::string_view s) {
  out += '"';
  std::size_t i = 0;
  while (i < s.size()) {
    const std::size_t run = plain_run(s.substr(i));
    out.append(s, i, run);
    i += run;
    if (i == s.size()) break;
    if (static_cast<unsigned char>(s[i]) < 0x80) {
      append_control(out, s[i]);
      ++i;
    } else if (const std::size_t n = utf8_length(s, i); n != 0) {
      out.append(s, i, n);
      i += n;
    } else {
      out += "\xEF\xBF\xBD";
      ++i;
    }
  }
  out += '"';
}

std::string quoted(std::string_view s) {
  std::string out;
  out.reserve(s.size() + 2);
  append_string(out, s);
  return out;
}

void writer::comma() {
  if (need_comma_) out_ += ',';
  need_comma_ = true;
}
writer& writer::begin_object() {
  comma();
  out_ += '{';
  need_comma_ = false;
  return *this;
}
writer& writer::end_object() {
  out_ += '}';
  need_comma_ = true;
  return *this;
}
writer& writer::begin_array() {
  comma();
  out_ += '[';
  need_comma_ = false;
  return *this;
}
writer& writer::end_array() {
  out_ += ']';
  need_comma_ = true;
  return *this;
}
writer& writer::key(std::string_view k) {
  if (k.size() <= most_short_key && plain_run(k) == k.size()) {
    // The usual key, in one piece.
    std::array<char, most_short_key + 4> piece;
    char* end = piece.data();
    if (need_comma_) *end++ = ',';
    *end++ = '"';
    end = std::copy(k.begin(), k.end(), end);
    *end++ = '"';
    *end++ = ':';
    out_.append(piece.data(), end);
  } else {
    comma();
    append_string(out_, k);
    out_ += ':';
  }
  need_comma_ = false;
  return *this;
}
writer& writer::string(std::string_view s) {
  comma();
  append_string(out_, s);
  return *this;
}
writer& writer::number(double n) {
  comma();
  if (!std::isfinite(n)) {
    out_ += "null";
    return *this;
  }
  char buf[32];
  auto [end, ec] = std::to_chars(buf, buf + sizeof buf, n);
  out_.append(buf, end);
  return *this;
}
writer& writer::boolean(bool b) {
  comma();
  out_ += b ? "true" : "false";
  return *this;
}
writer& writer::null() {
  comma();
  out_ += "null";
  return *this;
}
writer& writer::raw(std::string_view json) {
  comma();
  out_ += json;
  return *this;
}

}  // namespace naru::json
