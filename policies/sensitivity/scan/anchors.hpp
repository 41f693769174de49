#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "policies/sensitivity/scan/classes.hpp"

/// Where in a chunk something may begin that is worth a closer look, told by kinds of bytes alone. The second half of the one pass: a few
/// operations a word of 64 bytes, on four words at a time where the machine has AVX2. Most words of most texts have no anchor at all.
namespace naru::sensitivity::scan {

/// Shorter unbroken runs are nobody's, and shorter base64 holds no secret.
inline constexpr std::size_t least_run = 20;
/// Of letters and digits in a run without a sign between them, see detector::least_word.
inline constexpr std::size_t least_word = 22;
/// Shorter rows of digits hold no plain number of any row of the table.
inline constexpr std::size_t least_row = 6;
/// Fewer digits are wanted only right before a letter or a sign, or behind a '+' or a bracket.
inline constexpr std::size_t least_alone = 9;

/// Bitmaps with the slots of `bitmaps`; only those of the chunk itself are filled.
struct anchors {
  using words = bitmaps::words;
  words row;       ///< digits, and up to three separators in a row with digits on both sides. Slot 0: of the chunk before, which has to be
                   ///< put there; the last slot: whatever may be in a row, since what stands behind it is not known
  words number;    ///< first digits of rows of at least `least_row` bytes, if shorter than ten only where they may be wanted nevertheless
  words run;       ///< first bytes of runs of at least `least_run`
  words two;       ///< two digits behind two letters that begin a word
  words apart;     ///< the same with a separator between
  words six;       ///< two digits between letters, at least three before them
  words decimal;   ///< points between two digits
  words hex;       ///< a digit that begins four letters or digits with a colon behind
  words disguise;  ///< what may be one: bitmaps::special, and line feeds without another beside them
  words any;       ///< all of these but `row`, and '@'
};

/// @param blocks  1..chunk_blocks slots of the chunk are filled, from the first on; the slot behind them must be valid in `b`
void find_anchors(const bitmaps& b, std::size_t blocks, anchors& out) noexcept;

/// The ways to do it that this machine has; see `classifiers`.
using anchor_finder = void (*)(const bitmaps& b, std::size_t blocks, anchors& out) noexcept;
[[nodiscard]] std::span<const anchor_finder> anchor_finders() noexcept;

/// Of `anchors::decimal`: the first of three points with one to three digits between them. @param i  1..chunk_blocks
[[nodiscard]] inline std::uint64_t quads(const bitmaps::words& decimal, std::size_t i) noexcept {
  if (std::popcount(decimal[i]) + std::popcount(decimal[i + 1]) < 3) return 0;
  const auto near = [](std::uint64_t here, std::uint64_t behind) {
    return here >> 2 | behind << 62 | here >> 3 | behind << 61 | here >> 4 | behind << 60;
  };
  const std::uint64_t second_behind = decimal[i + 1] & near(decimal[i + 1], 0);
  return decimal[i] & near(decimal[i] & near(decimal[i], decimal[i + 1]), second_behind);
}

}  // namespace naru::sensitivity::scan
