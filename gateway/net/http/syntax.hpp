#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/error.hpp"

/// HTTP/1.1 as text (RFC 9110, RFC 9112): incremental, strict, no I/O, no clock. Thread: values, any.
namespace naru::net::http {

/// One header line. Views into the bytes that were parsed; the value is without surrounding blanks.
struct header {
  std::string_view name;
  std::string_view value;
};

/// Why some bytes are not taken. `message` is static text and never quotes the input.
struct refusal {
  int status = 400;  ///< what a server answers: 400, 413, 431, 501 or 505; of no meaning for an upstream's bytes
  std::string_view message;
};

/// As an error of ours: head_too_large for 431, payload_too_large for 413, bad_request with the reason "bad_http" otherwise.
[[nodiscard]] error to_error(const refusal& r);

/// Where an incremental parser stands.
enum class progress : std::uint8_t { need_more, complete, refused };

inline constexpr std::array<bool, 256> token_table = [] {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 'a' + 'A'] = true;
  for (const char c : std::string_view{"!#$%&'*+-.^_`|~"}) table[static_cast<unsigned char>(c)] = true;
  return table;
}();
/// RFC 9110 §5.6.2.
[[nodiscard]] inline bool is_token_char(char c) noexcept { return token_table[static_cast<unsigned char>(c)]; }
[[nodiscard]] bool is_token(std::string_view text) noexcept;
/// RFC 9110 §5.5: HTAB, SP, visible ASCII and bytes from 0x80; so no CR, LF, NUL. Surrounding blanks are allowed here.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;
/// "api.example.com", "10.0.0.1:8080", "[::1]:443": what a Host header may hold here (stricter than RFC 3986: no percent-encoding).
[[nodiscard]] bool is_authority(std::string_view text) noexcept;
/// The same letters when ASCII case is ignored. @pre a.size() == b.size()
[[nodiscard]] bool same_letters(std::string_view a, std::string_view b) noexcept;
/// ASCII case is ignored. Sizes decide nearly always, so they are compared where it is called.
[[nodiscard]] inline bool same_text(std::string_view a, std::string_view b) noexcept { return a.size() == b.size() && same_letters(a, b); }
/// Without leading and trailing SP and HTAB.
[[nodiscard]] std::string_view trim_blanks(std::string_view text) noexcept;
/// 1*DIGIT below 10^18; nothing else ("+5", "5, 5", "" are not lengths).
[[nodiscard]] std::optional<std::uint64_t> parse_length(std::string_view text) noexcept;
/// Whether a comma-separated list holds `word`, ASCII case ignored.
[[nodiscard]] bool list_contains(std::string_view list, std::string_view word) noexcept;

/// Value of the first header of that name (ASCII case ignored); null data when there is none, so that "" means "sent, empty".
[[nodiscard]] std::string_view find_header(std::span<const header> headers, std::string_view name) noexcept;

}  // namespace naru::net::http
