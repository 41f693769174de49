#include <bit>
#include <cstdint>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "policies/sensitivity/characters.hpp"
#include "policies/sensitivity/detectors.hpp"

namespace naru::sensitivity {
namespace {

/// Bytes at which a validator must look: '@' (mail), '-' (PEM, sk-), '_' (GitHub), 'I' (AKIA, ASIA), digits.
constexpr bool is_trigger(char c) noexcept { return c == '@' || c == '-' || c == '_' || c == 'I' || is_digit(c); }

/// Bit i: byte i of the 16 at `p` is a trigger.
std::uint32_t triggers16(const char* p) noexcept {
#if defined(__SSE2__)
  const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  const auto is = [&](char c) { return _mm_cmpeq_epi8(v, _mm_set1_epi8(c)); };
  // '0'..'9' as unsigned: v - '0' <= 9
  const __m128i off = _mm_sub_epi8(v, _mm_set1_epi8('0'));
  const __m128i digit = _mm_cmpeq_epi8(_mm_min_epu8(off, _mm_set1_epi8(9)), off);
  const __m128i any = _mm_or_si128(_mm_or_si128(is('@'), is('-')), _mm_or_si128(_mm_or_si128(is('_'), is('I')), digit));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(any));
#else
  std::uint32_t mask = 0;
  for (unsigned i = 0; i < 16; ++i) mask |= static_cast<std::uint32_t>(is_trigger(p[i])) << i;
  return mask;
#endif
}

class scan {
 public:
  explicit scan(std::string_view text) noexcept : text_(text) {}

  detector_set run() noexcept {
    std::size_t at = 0;
    while (at + 16 <= text_.size()) {
      for (std::uint32_t mask = triggers16(text_.data() + at); mask != 0; mask &= mask - 1) {
        look(at + static_cast<std::size_t>(std::countr_zero(mask)));
      }
      at += 16;
    }
    for (; at < text_.size(); ++at) {
      if (is_trigger(text_[at])) look(at);
    }
    return found_;
  }

 private:
  void look(std::size_t at) noexcept {
    if (at < next_) return;  // inside what has been judged
    switch (text_[at]) {
      case '@':
        if (!found_.has(detector::email) && is_email(text_, at)) found_.add(detector::email);
        break;
      case '-': dash(at); break;
      case '_':
        if (is_github_token(text_, at)) found_.add(detector::github_token);
        break;
      case 'I':
        if (is_aws_access_key(text_, at)) found_.add(detector::aws_access_key);
        break;
      default: digit(at);
    }
  }

  void dash(std::size_t at) noexcept {
    if (is_private_key(text_, at)) found_.add(detector::private_key);
    switch (find_sk_key(text_, at)) {
      case sk_key::openai: found_.add(detector::openai_key); break;
      case sk_key::anthropic: found_.add(detector::anthropic_key); break;
      case sk_key::none: break;
    }
  }

  void digit(std::size_t at) noexcept {
    secret(at);
    if (at > 0 && is_digit(text_[at - 1])) return;
    const digit_group g = read_digits(text_, at);
    if (g.count < 13) return;
    const bool card = is_card(text_, at, g), person = is_kr_rrn(text_, at, g);
    if (card) found_.add(detector::card);
    if (person) found_.add(detector::kr_rrn);
    // Groups that begin later in a row of groups ("id 7 4111 1111 1111 1111") are looked at when the scan comes to them.
    if (card || person) next_ = g.end;
  }

  /// The run of base64 characters around a digit: a secret key of AWS always has digits. Judged once a run.
  void secret(std::size_t at) noexcept {
    if (at < secret_end_) return;
    const auto part = [](char c) { return is_alnum(c) || c == '+' || c == '/'; };
    std::size_t begin = at, end = at;
    while (begin > 0 && at - begin <= 40 && part(text_[begin - 1])) --begin;
    while (end < text_.size() && end - begin <= 41 && part(text_[end])) ++end;
    secret_end_ = end;
    if (end - begin < 40) return;
    // "secret=/abc..." and paths: a leading '/' or '=' of the assignment is not the key's.
    if (is_aws_secret_key(text_, begin, end)) found_.add(detector::aws_secret_key);
  }

  std::string_view text_;
  detector_set found_;
  std::size_t next_ = 0;
  std::size_t secret_end_ = 0;
};

}  // namespace

detector_set detect(std::string_view text) noexcept { return scan(text).run(); }

}  // namespace naru::sensitivity
