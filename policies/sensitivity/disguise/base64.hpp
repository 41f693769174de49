#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace naru::sensitivity::disguise {

struct encoded_piece {
  std::size_t begin = 0, end = 0;
};

/// Whether base64 of text begins in a run of [A-Za-z0-9+/_=-]: at its first byte, or behind its last '=' that is no padding (key=...).
/// Lines that follow without a blank are part of it (76 columns, RFC 2045). What its first 12 characters decode to must read like text.
[[nodiscard]] std::optional<encoded_piece> find_base64(std::string_view text, std::size_t begin, std::size_t end) noexcept;

/// Decodes standard or URL-safe base64; padding optional, line breaks allowed. Ends at the first byte that is neither.
[[nodiscard]] std::string decode_base64(std::string_view text);

}  // namespace naru::sensitivity::disguise
