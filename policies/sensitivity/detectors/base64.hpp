#pragma once
#include <array>
#include <cstddef>
#include <string_view>

/// Short base64 without allocation: the parts of a JWT.
namespace naru::sensitivity::detectors {

struct decoded {
  std::array<char, 3072> bytes;
  std::size_t size = 0;
  [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), size}; }
};

/// Decodes URL-safe or standard base64 without padding, as far as the buffer goes; what is no base64 ends it.
void decode(std::string_view text, decoded& out) noexcept;

}  // namespace naru::sensitivity::detectors
