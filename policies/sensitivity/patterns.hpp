#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/error.hpp"

/// Patterns of a company's own, matched in linear time over UTF-8.
namespace naru::sensitivity {

/// At most so many; one bit each.
inline constexpr std::size_t most_patterns = 64;

/// A set of compiled patterns. Immutable; shared by all threads, each of which keeps its own scratch space.
class pattern_set {
 public:
  /// Compiles all. @return bad_request with the index of the pattern as `field` ("0") and the reason in words: a back-reference, a look
  ///         around, a pattern that matches nothing at all, a \b that cannot be honoured, one that is too large.
  [[nodiscard]] static result<pattern_set> compile(std::span<const std::string> patterns);

  pattern_set();
  ~pattern_set();
  pattern_set(pattern_set&&) noexcept;
  pattern_set& operator=(pattern_set&&) noexcept;

  [[nodiscard]] bool empty() const noexcept { return impl_ == nullptr; }
  /// Bit i: pattern i matches somewhere in `text`; what is not UTF-8 in it counts as a blank. Cost: linear.
  /// Throws std::bad_alloc, or std::runtime_error when the engine fails: whoever labels takes both for a failure.
  [[nodiscard]] std::uint64_t matches(std::string_view text) const;
  /// Bytes of the shortest text that some pattern matches.
  [[nodiscard]] std::size_t shortest() const noexcept;

 private:
  struct impl;
  std::unique_ptr<const impl> impl_;
};

/// `pattern` with its \b written as what the engine can honour. The engine refuses \b over Unicode; without Unicode a \b beside Hangul
/// would compile and never match. At the very beginning or end a \b is a character that is no word's, or the text's end: only whether a
/// pattern matches is asked, not where. Elsewhere it is refused.
/// @return bad_request whose message says what cannot be honoured
[[nodiscard]] result<std::string> spell_out_boundaries(std::string_view pattern);

}  // namespace naru::sensitivity
