#include "policies/sensitivity/scan/anchors.hpp"

#include <algorithm>
#include <array>

namespace naru::sensitivity::scan {
namespace {

// All of these are inlined into loops over words without a branch, which the compiler turns into vector code for each target.
#define NARU_INLINE [[gnu::always_inline]] inline

/// What stands `by` bytes before, and behind, each byte.
NARU_INLINE constexpr std::uint64_t up(const bitmaps::words& w, std::size_t i, unsigned by) noexcept {
  return w[i] << by | w[i - 1] >> (64 - by);
}
NARU_INLINE constexpr std::uint64_t down(const bitmaps::words& w, std::size_t i, unsigned by) noexcept {
  return w[i] >> by | w[i + 1] << (64 - by);
}

NARU_INLINE std::uint64_t row_word(const bitmaps& b, std::size_t i) noexcept {
  const std::uint64_t s = b.separator[i];
  const std::uint64_t s1 = up(b.separator, i, 1), t1 = down(b.separator, i, 1);
  const std::uint64_t after1 = up(b.digit, i, 1), before1 = down(b.digit, i, 1);
  const std::uint64_t after2 = s1 & up(b.digit, i, 2), before2 = t1 & down(b.digit, i, 2);
  const std::uint64_t after3 = s1 & up(b.separator, i, 2) & up(b.digit, i, 3);
  const std::uint64_t before3 = t1 & down(b.separator, i, 2) & down(b.digit, i, 3);
  return b.digit[i] | (s & ((after1 & (before1 | before2 | before3)) | (after2 & (before1 | before2)) | (after3 & before1)));
}

/// Ones that begin `have` + `by` ones in a row, from those that begin `have`; `by` is at most `have`.
struct ones {
  std::uint64_t here, behind;
};
NARU_INLINE constexpr ones longer(ones o, unsigned by) noexcept {
  return {o.here & (o.here >> by | o.behind << (64 - by)), o.behind & o.behind >> by};
}
NARU_INLINE constexpr std::uint64_t starts(const bitmaps::words& w, std::size_t i) noexcept { return w[i] & ~up(w, i, 1); }

/// Rows that are long enough for some number_form. Fewer than nine digits are wanted only where something stands right behind them
/// (1234567L, 010190A123B), or behind a '+' or a bracket (telephones): dates, times and counts fall out here.
NARU_INLINE std::uint64_t number_word(const bitmaps& b, const anchors& a, std::size_t i) noexcept {
  static_assert(least_row == 6);
  const ones four = longer(longer({a.row[i], a.row[i + 1]}, 1), 2);
  const ones six = longer(four, 2);
  const std::uint64_t ten = longer(six, 4).here;
  const std::uint64_t nine_digits = longer(longer(longer(longer({b.digit[i], b.digit[i + 1]}, 1), 2), 4), 1).here;
  const auto ends = [&](unsigned by) { return ~down(a.row, i, by) & down(b.run, i, by); };
  const auto apart = [&](unsigned by) { return down(b.separator, i, by) & ~down(b.point, i, by); };
  // In the word behind the chunk only what may be in a row is known: a row seems longer then, never shorter.
  const std::uint64_t eight = down(a.row, i, 6) & down(a.row, i, 7);
  const std::uint64_t ended = ends(6) | (down(a.row, i, 6) & ends(7)) | (eight & ends(8)) |
                              (eight & down(a.row, i, 8) & ends(9) & (apart(1) | apart(2)));  // "1 1234567L", "12 010190A"
  const std::uint64_t marked = (b.mark[i] | b.mark[i - 1]) != 0 ? ~std::uint64_t{0} : 0;
  return starts(a.row, i) & (ten | nine_digits | (six.here & (ended | marked)));
}

NARU_INLINE std::uint64_t run_word(const bitmaps& b, std::size_t i) noexcept {
  static_assert(least_run == 20);
  const ones sixteen = longer(longer(longer(longer({b.run[i], b.run[i + 1]}, 1), 2), 4), 8);
  return starts(b.run, i) & longer(sixteen, 4).here;
}

NARU_INLINE void find_behind_letters(const bitmaps& b, std::size_t i, anchors& out) noexcept {
  const std::uint64_t pairs = starts(b.digit, i) & down(b.digit, i, 1);
  const std::uint64_t letter1 = up(b.letter, i, 1), letter2 = up(b.letter, i, 2), letter3 = up(b.letter, i, 3);
  out.two[i] = pairs & letter1 & letter2 & ~(letter3 | up(b.digit, i, 3));
  out.apart[i] = pairs & up(b.separator, i, 1) & letter2 & letter3 & ~(up(b.letter, i, 4) | up(b.digit, i, 4));
  out.six[i] = pairs & letter1 & letter2 & letter3 & down(b.letter, i, 2);
}

NARU_INLINE std::uint64_t hex_word(const bitmaps& b, std::size_t i) noexcept {
  const auto word = [&](unsigned by) { return down(b.digit, i, by) | down(b.letter, i, by); };
  return b.digit[i] & ~(up(b.digit, i, 1) | up(b.letter, i, 1)) & word(1) & word(2) & word(3) & down(b.colon, i, 4);
}

NARU_INLINE void find_word(const bitmaps& b, std::size_t i, anchors& out) noexcept {
  out.number[i] = number_word(b, out, i);
  out.run[i] = run_word(b, i);
  find_behind_letters(b, i, out);
  out.hex[i] = hex_word(b, i);
  out.decimal[i] = b.point[i] & up(b.digit, i, 1) & down(b.digit, i, 1);
  out.disguise[i] = b.special[i] | (b.newline[i] & ~up(b.newline, i, 1) & ~down(b.newline, i, 1));
  out.any[i] =
      out.number[i] | out.run[i] | out.two[i] | out.apart[i] | out.six[i] | out.decimal[i] | out.hex[i] | b.at[i] | out.disguise[i];
}

/// The last word of a text where it has no digit: most short values of a request.
void find_without_digits(const bitmaps& b, anchors& out) noexcept {
  out.row[1] = out.number[1] = out.two[1] = out.apart[1] = out.six[1] = out.decimal[1] = out.decimal[2] = out.hex[1] = 0;
  out.run[1] = run_word(b, 1);
  out.disguise[1] = b.special[1] | (b.newline[1] & ~up(b.newline, 1, 1) & ~down(b.newline, 1, 1));
  out.any[1] = out.run[1] | b.at[1] | out.disguise[1];
}

NARU_INLINE void find(const bitmaps& __restrict b, std::size_t blocks, anchors& __restrict out) noexcept {
  blocks = std::min(blocks, chunk_blocks);
  if (blocks == 1 && b.digit[1] == 0) return find_without_digits(b, out);
  for (std::size_t i = 1; i <= blocks; ++i) out.row[i] = row_word(b, i);
  const std::size_t behind = blocks + 1;
  out.row[behind] = b.digit[behind] | b.separator[behind];
  for (std::size_t i = 1; i <= blocks; ++i) find_word(b, i, out);
  // Of the slot behind only the first bytes are asked for.
  out.decimal[behind] = b.point[behind] & up(b.digit, behind, 1) & b.digit[behind] >> 1;
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void find_avx2(const bitmaps& b, std::size_t blocks, anchors& out) noexcept { find(b, blocks, out); }
[[gnu::target("avx512f,avx512bw,avx512dq,avx512vl")]] void find_avx512(const bitmaps& b, std::size_t blocks, anchors& out) noexcept {
  find(b, blocks, out);
}
#endif
void find_portably(const bitmaps& b, std::size_t blocks, anchors& out) noexcept { find(b, blocks, out); }

struct usable {
  std::array<anchor_finder, 3> all{};
  std::size_t count = 0;
};
const usable& usable_here() noexcept {
  static const usable u = [] {
    usable made;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
      made.all[made.count++] = find_avx512;
    if (__builtin_cpu_supports("avx2")) made.all[made.count++] = find_avx2;
#endif
    made.all[made.count++] = find_portably;
    return made;
  }();
  return u;
}

}  // namespace

std::span<const anchor_finder> anchor_finders() noexcept { return {usable_here().all.data(), usable_here().count}; }

void find_anchors(const bitmaps& b, std::size_t blocks, anchors& out) noexcept {
  static const anchor_finder fastest = anchor_finders().front();
  fastest(b, blocks, out);
}

}  // namespace naru::sensitivity::scan
