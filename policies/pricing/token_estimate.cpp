#include "policies/pricing/token_estimate.hpp"

#include <algorithm>
#include <limits>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace naru::pricing {
namespace {

/// Thousandths of a token per byte.
///
/// These are priors by reasoning, not fitted to any vendor:
///  * letters and blanks: English prose is widely given as 4 to 4.5 bytes a token by the vendors; identifiers and German break into
///    shorter pieces, 3 bytes at the worst that ordinary text shows.
///  * digits and punctuation: between one digit a token (Llama, Gemma) and three (OpenAI); brackets and operators come alone or in
///    pairs. At most one token a byte, which is also a hard bound of byte-level vocabularies.
///  * Hangul, Han and kana: newer vocabularies (200 k entries) take 0.6-0.7 tokens a syllable, older ones 1 to 1.3; two a syllable is
///    the upper figure. An English-only vocabulary (SmolLM2) falls to its bytes and goes beyond it: such a model counts exactly.
///  * other non-ASCII: two-byte scripts at about 3 bytes a token, emoji and rare scripts near their bytes.
struct density {
  std::uint32_t expected;
  std::uint32_t upper;
};
constexpr density letters_density{235, 334};
constexpr density dense_density{500, 1000};
constexpr density cjk_density{260, 667};
constexpr density other_density{330, 667};
/// Role, separators and name of a message: 3 or 4 tokens in the published chat formats.
constexpr density message_tokens{4, 8};

std::uint64_t scaled(std::uint64_t n, std::uint32_t milli) noexcept {
  const auto total = (static_cast<unsigned __int128>(n) * milli + 999) / 1000;
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return total > most ? most : static_cast<std::uint64_t>(total);
}

std::uint64_t sum(const text_bytes& b, std::uint64_t messages, std::uint32_t density::* which) noexcept {
  const std::uint64_t of_text = scaled(b.letters, letters_density.*which) + scaled(b.dense, dense_density.*which) +
                                scaled(b.cjk, cjk_density.*which) + scaled(b.other, other_density.*which);
  return of_text + messages * (message_tokens.*which);
}

struct block_counts {
  std::uint64_t letters = 0, high = 0, wide_leads = 0;
  block_counts& operator+=(const block_counts& o) noexcept {
    letters += o.letters;
    high += o.high;
    wide_leads += o.wide_leads;
    return *this;
  }
};

block_counts count_bytewise(const unsigned char* at, std::size_t n) noexcept {
  block_counts c;
  for (std::size_t i = 0; i < n; ++i) {
    const unsigned char b = at[i];
    const bool letter = static_cast<unsigned char>((b | 0x20U) - 'a') < 26;
    const bool blank = b == ' ' || static_cast<unsigned char>(b - '\t') < 5;
    // Lead bytes E3..ED begin kana (E3), Han (E3..E9) and Hangul syllables (EA B0 .. ED 9E).
    const bool wide_lead = static_cast<unsigned char>(b - 0xE3U) <= 0xED - 0xE3;
    c.letters += letter || blank ? 1 : 0;
    c.high += b >> 7U;
    c.wide_leads += wide_lead ? 1 : 0;
  }
  return c;
}

#if defined(__SSE2__)
/// All ones where `low` <= byte <= `high`, as unsigned bytes.
__m128i between(__m128i v, unsigned char low, unsigned char high) noexcept {
  const __m128i off = _mm_sub_epi8(v, _mm_set1_epi8(static_cast<char>(low)));
  return _mm_cmpeq_epi8(_mm_min_epu8(off, _mm_set1_epi8(static_cast<char>(high - low))), off);
}

/// The sum of sixteen byte counters.
std::uint64_t total(__m128i counters) noexcept {
  const __m128i halves = _mm_sad_epu8(counters, _mm_setzero_si128());
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(halves)) + static_cast<std::uint64_t>(_mm_extract_epi16(halves, 4));
}

/// Blocks of 16 bytes. The counters are bytes, emptied before they can overflow; a mask of all ones is -1.
block_counts count_blocks(const unsigned char* at, std::size_t blocks) noexcept {
  block_counts c;
  while (blocks > 0) {
    const std::size_t now = std::min<std::size_t>(blocks, 255);
    __m128i letters = _mm_setzero_si128(), high = letters, leads = letters;
    for (std::size_t i = 0; i < now; ++i, at += 16) {
      const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
      const __m128i letter = between(_mm_or_si128(v, _mm_set1_epi8(0x20)), 'a', 'z');
      const __m128i blank = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), between(v, '\t', '\r'));
      letters = _mm_sub_epi8(letters, _mm_or_si128(letter, blank));
      high = _mm_sub_epi8(high, _mm_cmplt_epi8(v, _mm_setzero_si128()));
      leads = _mm_sub_epi8(leads, between(v, 0xE3, 0xED));
    }
    c += {total(letters), total(high), total(leads)};
    blocks -= now;
  }
  return c;
}
#else
block_counts count_blocks(const unsigned char* at, std::size_t blocks) noexcept { return count_bytewise(at, blocks * 16); }
#endif

}  // namespace

text_bytes& text_bytes::operator+=(const text_bytes& b) noexcept {
  letters += b.letters;
  dense += b.dense;
  cjk += b.cjk;
  other += b.other;
  return *this;
}

text_bytes count_bytes(std::string_view text) noexcept {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const std::size_t blocks = text.size() / 16;
  block_counts c = count_blocks(bytes, blocks);
  c += count_bytewise(bytes + blocks * 16, text.size() - blocks * 16);
  const auto [letters, high, leads] = c;
  text_bytes out;
  out.letters = letters;
  out.dense = text.size() - letters - high;
  out.cjk = std::min(leads * 3, high);  // broken UTF-8 may have leads without their tails
  out.other = high - out.cjk;
  return out;
}

token_estimate estimate_tokens(const text_bytes& bytes, std::uint64_t messages) noexcept {
  return {{sum(bytes, messages, &density::expected)}, {sum(bytes, messages, &density::upper)}};
}

}  // namespace naru::pricing
