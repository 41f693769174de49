#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "gateway/net/http/syntax.hpp"

namespace naru::net::http {

/// Most header lines that any head may have; `head_limits::count` may ask for fewer.
inline constexpr std::size_t max_headers = 100;

struct head_limits {
  std::size_t bytes = 64 * 1024;    ///< start line, headers and blank line together
  std::size_t count = max_headers;  ///< header lines, at most `max_headers`
};

/// The headers of a head in a fixed array (3.2 KiB): nothing is allocated, and nothing is cleared that is not used.
class header_list {
 public:
  [[nodiscard]] std::span<const header> all() const noexcept { return std::span{items_}.first(size_); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const header* begin() const noexcept { return items_.data(); }
  [[nodiscard]] const header* end() const noexcept { return items_.data() + size_; }
  [[nodiscard]] std::string_view find(std::string_view name) const noexcept { return find_header(all(), name); }
  void clear() noexcept { size_ = 0; }
  [[nodiscard]] bool push(header h) noexcept {
    if (size_ == items_.size()) return false;
    items_[size_++] = h;
    return true;
  }

 private:
  std::array<header, max_headers> items_;
  std::size_t size_ = 0;
};

/// Finds the blank line that ends a head, over any number of calls, looking at each byte once. A line feed without its carriage
/// return is refused on sight.
class head_end_finder {
 public:
  /// @param bytes  everything since the head's start, as long as or longer than at the call before, and no more than its limit
  /// @return complete: `size()` bytes make the head; refused: a bare LF
  progress find(std::string_view bytes) noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return scanned_; }
  /// Bytes of the first line without its CRLF; nothing before it has come whole.
  [[nodiscard]] std::optional<std::size_t> first_line() const noexcept {
    return first_line_ == unknown ? std::nullopt : std::optional{first_line_};
  }

 private:
  static constexpr std::size_t unknown = static_cast<std::size_t>(-1);
  std::size_t scanned_ = 0;
  std::size_t line_ = 0;  ///< where the current line begins
  std::size_t first_line_ = unknown;
};

/// Reads header lines: `lines` is what lies between the start line and the end of the head, the blank line's CRLF included.
/// @param count  the most lines to take, at most `max_headers`
/// @return nothing, or why not: a blank before the colon, a folded line, an odd name, a control character, too many
[[nodiscard]] std::optional<refusal> parse_header_lines(std::string_view lines, std::size_t count, header_list& out) noexcept;

}  // namespace naru::net::http
