#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// What stands for other text: escapes and encodings of single characters, characters that nobody sees, line breaks in the middle.
namespace naru::sensitivity::disguise {

/// A piece of a text and what it stands for.
struct undone {
  std::size_t begin = 0, end = 0;  ///< what is replaced
  std::array<char, 4> with{};
  std::uint8_t size = 0;  ///< bytes of `with`; 0: it is taken out
  [[nodiscard]] std::string_view text() const noexcept { return {with.data(), size}; }
};

/// The disguise whose telling byte stands at `at`: one of line feed, \ % & or the first byte of a character beyond ASCII.
///  \      JSON escapes (\n \t \r \b \f \uXXXX, \ before a sign), \xHH
///  %      two hexadecimal digits (RFC 3986)
///  &      a character reference of HTML: &#45; &#x2d; and the names of what secrets are made of
///  LF     in the middle of a number, a token or an address; behind '=' (a soft break, RFC 2045)
///  beyond ASCII: full-width forms, Arabic-Indic and mathematical digits, dashes, odd spaces, what has no width
/// @return nullopt when nothing is to be undone there. Cost: bounded, some dozens of bytes are looked at.
[[nodiscard]] std::optional<undone> undo_at(std::string_view text, std::size_t at) noexcept;

/// Whether the disguise at `at` is a plain line break: it may as well be the end of what stands before it, so that it is undone in a text
/// of its own.
[[nodiscard]] bool is_line_break(std::string_view text, std::size_t at) noexcept;

/// What undo_all keeps on either side of a place: as far as a validator's words of context commonly stand.
inline constexpr std::size_t kept_around = 256;

/// `text` with the disguises at these places undone. What lies far from all of them is left out: it was looked at already.
/// @param places  ascending, each one where undo_at finds something
[[nodiscard]] std::string undo_all(std::string_view text, std::span<const std::uint32_t> places);

namespace detail {  // by telling byte; each file has its source
[[nodiscard]] std::optional<undone> undo_escape(std::string_view text, std::size_t at) noexcept;
[[nodiscard]] std::optional<undone> undo_percent(std::string_view text, std::size_t at) noexcept;
[[nodiscard]] std::optional<undone> undo_reference(std::string_view text, std::size_t at) noexcept;
[[nodiscard]] std::optional<undone> undo_line_break(std::string_view text, std::size_t at) noexcept;
[[nodiscard]] std::optional<undone> undo_character(std::string_view text, std::size_t at) noexcept;
/// `code` as UTF-8; what is no character becomes a blank.
[[nodiscard]] undone make_undone(std::size_t begin, std::size_t end, std::uint32_t code) noexcept;
}  // namespace detail

}  // namespace naru::sensitivity::disguise
