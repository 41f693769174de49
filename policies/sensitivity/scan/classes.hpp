#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// What kind each byte of a text is, as bitmaps: the one pass over all bytes, 64 at a time where the machine has AVX-512, 32 with AVX2.
namespace naru::sensitivity::scan {

inline constexpr std::size_t block_bytes = 64;  ///< bytes behind one word of a bitmap
inline constexpr std::size_t chunk_blocks =
    32;  ///< words that are worked on at a time: 2 KiB of text, so that all stays in the first cache

/// Bitmaps of a chunk. Nothing is cleared to begin with: most texts are much shorter than a chunk.
/// Slot 0 is the word before it, slots 1..chunk_blocks the chunk, the last slot the word behind it.
struct bitmaps {
  using words = std::array<std::uint64_t, chunk_blocks + 2>;
  words digit;      ///< 0-9
  words separator;  ///< ' ', '-', '.'
  words run;        ///< A-Z a-z 0-9 + / _ = -
  words at;         ///< '@'
  words newline;    ///< line feed
  words special;    ///< what may disguise something: \ % &, and first bytes of characters that are written otherwise in ASCII
  words letter;     ///< A-Z a-z
  words hex;        ///< a-f
  words point;      ///< '.'
  words colon;      ///< ':'
  words mark;       ///< '+' and ')', behind which a telephone number may stand

  /// Makes the last two words of one chunk the first two of the next.
  void advance() noexcept;
  void clear(std::size_t slot) noexcept;
};

/// Fills `count` slots from `first` on. @param text  count * block_bytes readable bytes
void classify(const char* text, std::size_t count, bitmaps& out, std::size_t first) noexcept;

/// The ways to do it that this machine has, the fastest first, the last without any instruction that a machine may lack: `classify` takes
/// the first, its test compares all.
using classifier = void (*)(const char* text, std::size_t count, bitmaps& out, std::size_t first) noexcept;
[[nodiscard]] std::span<const classifier> classifiers() noexcept;

}  // namespace naru::sensitivity::scan
