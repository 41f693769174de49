#pragma once
#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace naru::dialects::gemini {

/// Translates between places in a text by bytes of UTF-8, as this form counts them, and by characters. One bit a byte is kept.
class text_measure {
 public:
  void add(std::string_view text) {
    for (const char c : text) starts_.push_back((static_cast<unsigned char>(c) & 0xC0) != 0x80);
  }
  /// Characters that begin before byte `offset`; past the end: all.
  [[nodiscard]] std::size_t characters(std::size_t offset) const {
    const auto end = starts_.begin() + static_cast<std::ptrdiff_t>(std::min(offset, starts_.size()));
    return static_cast<std::size_t>(std::count(starts_.begin(), end, true));
  }
  /// The byte at which character `index` begins; past the end: the length.
  [[nodiscard]] std::size_t bytes(std::size_t index) const {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < starts_.size(); ++i) {
      if (starts_[i] && seen++ == index) return i;
    }
    return starts_.size();
  }

 private:
  std::vector<bool> starts_;
};

}  // namespace naru::dialects::gemini
