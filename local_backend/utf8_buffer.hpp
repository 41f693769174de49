#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace naru::local_backend {

/// Makes whole characters of bytes that come in any pieces: a token may hold a part of one (an emoji is often three or four tokens).
/// Bytes that can never become a character are replaced by U+FFFD, one for each maximal ill-formed piece (Unicode 15, table 3-7 and
/// "U+FFFD substitution of maximal subparts"), so that what comes out is always valid UTF-8.
/// Thread: one. Memory: at most 3 bytes are held.
class utf8_buffer {
 public:
  /// Appends to `out` every character that is complete now. The result does not depend on how the bytes were split.
  void feed(std::string_view bytes, std::string& out);

  /// Bytes of a character that has begun and is not complete. At the end of an answer they are dropped: they say nothing yet.
  [[nodiscard]] std::string_view pending() const noexcept { return {held_, count_}; }

 private:
  void replace(std::string& out);
  void begin(unsigned char byte, std::string& out);

  char held_[4] = {};
  std::uint8_t count_ = 0;
  std::uint8_t wanted_ = 0;  ///< bytes that the character still needs
  std::uint8_t low_ = 0x80;  ///< range of the next byte
  std::uint8_t high_ = 0xBF;
};

}  // namespace naru::local_backend
