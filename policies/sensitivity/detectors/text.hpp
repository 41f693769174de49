#pragma once
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "policies/sensitivity/characters.hpp"

/// What every detector asks of the bytes around its anchor. Pure, no allocation; offsets may lie past the end.
namespace naru::sensitivity::detectors {

/// Upper bound for every look to either side of an anchor, see detector::found.
inline constexpr std::size_t farthest = 4096;

[[nodiscard]] constexpr bool is_lower_hex(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f'); }
/// The URL-safe alphabet of base64, in which most vendors write their tokens.
[[nodiscard]] constexpr bool is_url64(char c) noexcept { return is_alnum(c) || c == '-' || c == '_'; }
[[nodiscard]] constexpr bool is_space(char c) noexcept { return c == ' ' || c == '\t'; }

/// The byte at `i`, or 0 past the end.
[[nodiscard]] constexpr char peek(std::string_view text, std::size_t i) noexcept { return i < text.size() ? text[i] : '\0'; }
[[nodiscard]] constexpr char peek_back(std::string_view text, std::size_t at, std::size_t by) noexcept {
  return at >= by && at - by < text.size() ? text[at - by] : '\0';
}

[[nodiscard]] constexpr bool begins(std::string_view text, std::size_t at, std::string_view what) noexcept {
  return at <= text.size() && text.substr(at, what.size()) == what;
}
/// Whether what ends at `at` is `what`.
[[nodiscard]] constexpr bool ends(std::string_view text, std::size_t at, std::string_view what) noexcept {
  return at >= what.size() && at <= text.size() && text.substr(at - what.size(), what.size()) == what;
}

/// A letter or digit stands right before: what begins here is the tail of a longer word.
[[nodiscard]] constexpr bool glued_before(std::string_view text, std::size_t at) noexcept { return is_alnum(peek_back(text, at, 1)); }
/// A letter, digit or underscore follows: what ends here goes on.
[[nodiscard]] constexpr bool glued_after(std::string_view text, std::size_t end) noexcept {
  return is_alnum(peek(text, end)) || peek(text, end) == '_';
}

/// How many bytes from `from` on are `in`; at most `most` are looked at.
template <class In>
[[nodiscard]] constexpr std::size_t length_of(std::string_view text, std::size_t from, In in, std::size_t most = farthest) noexcept {
  std::size_t n = 0;
  while (n < most && from + n < text.size() && in(text[from + n])) ++n;
  return n;
}
/// How many bytes right before `at` are `in`.
template <class In>
[[nodiscard]] constexpr std::size_t length_before(std::string_view text, std::size_t at, In in, std::size_t most = farthest) noexcept {
  std::size_t n = 0;
  while (n < most && n < at && in(text[at - n - 1])) ++n;
  return n;
}

/// At most `n` bytes before `at`, and from `end` on.
[[nodiscard]] constexpr std::string_view before(std::string_view text, std::size_t at, std::size_t n) noexcept {
  const std::size_t begin = at > n ? at - n : 0;
  return text.substr(begin, at - begin);
}
[[nodiscard]] constexpr std::string_view after(std::string_view text, std::size_t end, std::size_t n) noexcept {
  return end < text.size() ? text.substr(end, n) : std::string_view{};
}

/// Words are written in lower case and found in any; an ASCII word only as a word of its own ("ssn" in userSsn, ssn_2, not in lessness),
/// any other wherever it stands (Korean and Japanese glue particles to their nouns).
using words = std::initializer_list<std::string_view>;
[[nodiscard]] bool says(std::string_view window, words any_of) noexcept;
/// In the `back` bytes before [at, end) or the `ahead` bytes after it.
[[nodiscard]] bool says_near(std::string_view text, std::size_t at, std::size_t end, std::size_t back, std::size_t ahead,
                             words any_of) noexcept;
/// Whether what stands right before `at`, past punctuation and fillers (no, number, id, 번호), is one of these words: what the number is
/// called. "order no. 123" is an order; "order paid with 123" is not.
[[nodiscard]] bool is_called(std::string_view text, std::size_t at, words any_of) noexcept;

/// At least `least` different characters: xxxxxxxx and 00000000 stand for a secret and are none.
[[nodiscard]] bool varied(std::string_view value, std::size_t least) noexcept;
/// Shannon entropy in bits per character.
[[nodiscard]] double entropy(std::string_view value) noexcept;
/// A stand-in for a secret: <...>, ${...}, {{...}}, %s, ***, your_password, changeme, example ...
[[nodiscard]] bool is_placeholder(std::string_view value) noexcept;

/// A token whose prefix is known to be at [at, body): not the tail of a word, then `least`..`most` characters that are `in`, then an end.
template <class In>
[[nodiscard]] bool is_token(std::string_view text, std::size_t at, std::size_t body, In in, std::size_t least,
                            std::size_t most = farthest) noexcept {
  if (glued_before(text, at) || !in(peek(text, body))) return false;
  const std::size_t n = length_of(text, body, in);
  return n >= least && n <= most && !glued_after(text, body + n) && varied(text.substr(body, n), least < 20 ? 4 : 8);
}

}  // namespace naru::sensitivity::detectors
