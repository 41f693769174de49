#include "policies/sensitivity/scan/classes.hpp"

#include <array>
#include <string_view>

#include "policies/sensitivity/characters.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#define NARU_AVX2 __attribute__((target("avx2")))
#endif

namespace naru::sensitivity::scan {
namespace {

/// Classes as bits of two bytes. Each bit is a set of low halves times a set of high halves, which is what two table look-ups of 16
/// entries and one AND can tell.
struct product {
  std::string_view high;  ///< hexadecimal digits
  std::string_view low;
  std::uint8_t bit;
};
constexpr std::uint8_t digit_bit = 0x01, separator_bit = 0x02, at_bit = 0x80;
constexpr std::uint8_t run_bits = 0x7D, letter_bits = 0x18;
constexpr std::uint8_t newline_bit = 0x01, special_bits = 0x7E, hex_bit = 0x80;  // of the second table
constexpr std::array first_table{
    product{"3", "0123456789", digit_bit},
    product{"2", "0DE", separator_bit},      // ' ' '-' '.'
    product{"2", "BDF", 0x04},               // + - /
    product{"46", "123456789ABCDEF", 0x08},  // A-O a-o
    product{"57", "0123456789A", 0x10},      // P-Z p-z
    product{"5", "F", 0x20},                 // _
    product{"3", "D", 0x40},                 // =
    product{"4", "0", at_bit},
};
constexpr std::array second_table{
    product{"0", "A", 0x01},          // line feed
    product{"5", "C", 0x02},          // backslash
    product{"2", "56", 0x04},         // % &
    product{"C", "2", 0x08},          // U+0080..00BF: soft hyphen, no-break space
    product{"D", "9B", 0x10},         // Arabic-Indic digits
    product{"E", "2F", 0x20},         // U+2000..2FFF (zero width, dashes, spaces), U+F000..FFFF (full width)
    product{"F", "0", 0x40},          // U+10000 and up (mathematical digits)
    product{"6", "123456", hex_bit},  // a-f
};

constexpr unsigned from_hex(char c) noexcept { return is_digit(c) ? static_cast<unsigned>(c - '0') : static_cast<unsigned>(c - 'A' + 10); }

struct halves_table {
  alignas(16) std::array<std::uint8_t, 16> low{}, high{};
};
template <std::size_t N>
constexpr halves_table make_table(const std::array<product, N>& products) {
  halves_table t;
  for (const product& p : products) {
    for (const char c : p.high) t.high[from_hex(c)] |= p.bit;
    for (const char c : p.low) t.low[from_hex(c)] |= p.bit;
  }
  return t;
}
constexpr halves_table kinds = make_table(first_table);
constexpr halves_table specials = make_table(second_table);

constexpr std::uint8_t look_up(const halves_table& t, unsigned char c) noexcept {
  return static_cast<std::uint8_t>(t.low[c & 15U] & t.high[c >> 4U]);
}

#if defined(__x86_64__)

NARU_AVX2 inline __m256i twice(const std::array<std::uint8_t, 16>& table) noexcept {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

struct both_halves {
  __m256i low, high;
};
NARU_AVX2 inline both_halves split(const char* p) noexcept {
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  const __m256i mask = _mm256_set1_epi8(15);
  return {_mm256_and_si256(bytes, mask), _mm256_and_si256(_mm256_srli_epi16(bytes, 4), mask)};
}
NARU_AVX2 inline __m256i look_up(__m256i low, __m256i high, const both_halves& h) noexcept {
  return _mm256_and_si256(_mm256_shuffle_epi8(low, h.low), _mm256_shuffle_epi8(high, h.high));
}
/// Bit i: byte i has one of `bits`.
NARU_AVX2 inline std::uint32_t any_of(__m256i classes, __m256i bits) noexcept {
  const __m256i none = _mm256_cmpeq_epi8(_mm256_and_si256(classes, bits), _mm256_setzero_si256());
  return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(none));
}

NARU_AVX2 inline std::uint32_t equal_to(__m256i bytes, char c) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(c))));
}

NARU_AVX2 inline std::uint32_t either(__m256i bytes, char a, char b) noexcept {
  const __m256i is_a = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(a));
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(is_a, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b)))));
}

NARU_AVX2 void classify_avx2(const char* text, std::size_t count, bitmaps& out, std::size_t first) noexcept {
  const __m256i kinds_low = twice(kinds.low), kinds_high = twice(kinds.high);
  const __m256i specials_low = twice(specials.low), specials_high = twice(specials.high);
  const __m256i run = _mm256_set1_epi8(static_cast<char>(run_bits));
  const __m256i letters = _mm256_set1_epi8(static_cast<char>(letter_bits));
  const __m256i all = _mm256_set1_epi8(special_bits);
  for (std::size_t slot = first; slot < first + count; ++slot) {
    std::uint64_t digit = 0, separator = 0, runs = 0, at = 0, special = 0, letter = 0, point = 0, colon = 0, mark = 0, hex = 0, newline = 0;
    for (unsigned half = 0; half < 2; ++half, text += 32) {
      const both_halves here = split(text);
      const __m256i kind = look_up(kinds_low, kinds_high, here);
      const unsigned shift = half * 32;
      const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
      // A bit moved to the top of its byte is what movemask reads; what comes over from the neighbour byte lies below it.
      digit |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_slli_epi16(kind, 7)))} << shift;
      separator |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_slli_epi16(kind, 6)))} << shift;
      at |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(kind))} << shift;
      runs |= std::uint64_t{any_of(kind, run)} << shift;
      letter |= std::uint64_t{any_of(kind, letters)} << shift;
      point |= std::uint64_t{equal_to(bytes, '.')} << shift;
      colon |= std::uint64_t{equal_to(bytes, ':')} << shift;
      mark |= std::uint64_t{either(bytes, '+', ')')} << shift;
      const __m256i other = look_up(specials_low, specials_high, here);
      special |= std::uint64_t{any_of(other, all)} << shift;
      newline |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_slli_epi16(other, 7)))} << shift;
      hex |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(other))} << shift;
    }
    out.digit[slot] = digit;
    out.separator[slot] = separator;
    out.run[slot] = runs;
    out.at[slot] = at;
    out.special[slot] = special;
    out.letter[slot] = letter;
    out.point[slot] = point;
    out.colon[slot] = colon;
    out.mark[slot] = mark;
    out.hex[slot] = hex;
    out.newline[slot] = newline;
  }
}

#define NARU_AVX512 __attribute__((target("avx512f,avx512bw")))

NARU_AVX512 inline __m512i four_times(const std::array<std::uint8_t, 16>& table) noexcept {
  return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
}

/// A word of each bitmap at a time: this instruction set answers with a bit a byte by itself.
NARU_AVX512 void classify_avx512(const char* text, std::size_t count, bitmaps& out, std::size_t first) noexcept {
  const __m512i kinds_low = four_times(kinds.low), kinds_high = four_times(kinds.high);
  const __m512i specials_low = four_times(specials.low), specials_high = four_times(specials.high);
  const __m512i mask = _mm512_set1_epi8(15);
  const auto of = [](std::uint8_t bits) NARU_AVX512 { return _mm512_set1_epi8(static_cast<char>(bits)); };
  for (std::size_t slot = first; slot < first + count; ++slot, text += block_bytes) {
    const __m512i bytes = _mm512_loadu_si512(text);
    const __m512i low = _mm512_and_si512(bytes, mask), high = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), mask);
    const __m512i kind = _mm512_and_si512(_mm512_shuffle_epi8(kinds_low, low), _mm512_shuffle_epi8(kinds_high, high));
    const __m512i other = _mm512_and_si512(_mm512_shuffle_epi8(specials_low, low), _mm512_shuffle_epi8(specials_high, high));
    out.digit[slot] = _mm512_test_epi8_mask(kind, of(digit_bit));
    out.separator[slot] = _mm512_test_epi8_mask(kind, of(separator_bit));
    out.run[slot] = _mm512_test_epi8_mask(kind, of(run_bits));
    out.at[slot] = _mm512_test_epi8_mask(kind, of(at_bit));
    out.letter[slot] = _mm512_test_epi8_mask(kind, of(letter_bits));
    out.special[slot] = _mm512_test_epi8_mask(other, of(special_bits));
    out.hex[slot] = _mm512_test_epi8_mask(other, of(hex_bit));
    out.newline[slot] = _mm512_test_epi8_mask(other, of(newline_bit));
    out.point[slot] = _mm512_cmpeq_epi8_mask(bytes, of('.'));
    out.colon[slot] = _mm512_cmpeq_epi8_mask(bytes, of(':'));
    out.mark[slot] = _mm512_cmpeq_epi8_mask(bytes, of('+')) | _mm512_cmpeq_epi8_mask(bytes, of(')'));
  }
}

#endif

void classify_portably(const char* text, std::size_t count, bitmaps& out, std::size_t first) noexcept {
  for (std::size_t slot = first; slot < first + count; ++slot) {
    out.clear(slot);
    for (std::size_t i = 0; i < block_bytes; ++i, ++text) {
      const auto c = static_cast<unsigned char>(*text);
      const std::uint8_t kind = look_up(kinds, c), other = look_up(specials, c);
      const auto set = [i](std::uint64_t& word, bool is) { word |= std::uint64_t{is} << i; };
      set(out.digit[slot], kind & digit_bit);
      set(out.separator[slot], kind & separator_bit);
      set(out.run[slot], kind & run_bits);
      set(out.at[slot], kind & at_bit);
      set(out.letter[slot], kind & letter_bits);
      set(out.special[slot], other & special_bits);
      set(out.hex[slot], other & hex_bit);
      set(out.newline[slot], other & newline_bit);
      set(out.point[slot], c == '.');
      set(out.colon[slot], c == ':');
      set(out.mark[slot], c == '+' || c == ')');
    }
  }
}

struct usable {
  std::array<classifier, 3> all{};
  std::size_t count = 0;
};
const usable& usable_here() noexcept {
  static const usable u = [] {
    usable made;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw")) made.all[made.count++] = classify_avx512;
    if (__builtin_cpu_supports("avx2")) made.all[made.count++] = classify_avx2;
#endif
    made.all[made.count++] = classify_portably;
    return made;
  }();
  return u;
}

}  // namespace

void bitmaps::advance() noexcept {
  for (words* w : {&digit, &separator, &run, &at, &special, &letter, &point, &colon, &mark, &hex, &newline}) {
    (*w)[0] = (*w)[chunk_blocks];
    (*w)[1] = (*w)[chunk_blocks + 1];
  }
}

void bitmaps::clear(std::size_t slot) noexcept {
  for (words* w : {&digit, &separator, &run, &at, &special, &letter, &point, &colon, &mark, &hex, &newline}) (*w)[slot] = 0;
}

std::span<const classifier> classifiers() noexcept { return {usable_here().all.data(), usable_here().count}; }

void classify(const char* text, std::size_t count, bitmaps& out, std::size_t first) noexcept {
  static const classifier fastest = classifiers().front();
  fastest(text, count, out, first);
}

}  // namespace naru::sensitivity::scan
