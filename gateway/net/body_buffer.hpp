#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace naru::net {

/// Growing bytes with room behind them: what a body is read into. Not zero-filled, moves on growth. Always `padding` readable
/// bytes behind the content once anything has been reserved.
class body_buffer {
 public:
  /// simdjson reads up to SIMDJSON_PADDING (64) bytes past the end of what it parses.
  static constexpr std::size_t padding = 64;

  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }  ///< without the padding

  void reserve(std::size_t bytes);
  void append(std::string_view more);
  /// Room for up to `want` more bytes, at least 1 (for want >= 1): read into it, then `commit` what came.
  [[nodiscard]] std::span<char> prepare(std::size_t want);
  void commit(std::size_t bytes) noexcept { size_ += bytes; }
  /// Forgets the content, and the memory if it is more than `keep` bytes.
  void clear(std::size_t keep) noexcept;

 private:
  void grow(std::size_t at_least);
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace naru::net
