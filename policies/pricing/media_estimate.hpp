#pragma once
#include <cstdint>
#include <string_view>

#include "policies/pricing/token_estimate.hpp"

/// How many model tokens a part that is no text probably takes. Who will read it is not known yet, and vendors count by pixels, seconds and
/// pages, of which a request shows only bytes: so these are priors over the vendors, declared with their sources in media_estimate.cpp.
namespace naru::pricing {

/// @param low_detail  the client asks for the coarse reading, which OpenAI's models know and others leave out
[[nodiscard]] token_estimate estimate_image(bool low_detail) noexcept;
/// @param base64_bytes  as it stands in the request; @param format  "wav", "mp3", ...: how many bytes a second takes
[[nodiscard]] token_estimate estimate_audio(std::uint64_t base64_bytes, std::string_view format) noexcept;
/// @param base64_bytes  0: named by an id, its size is unknown; @param media_type  "application/pdf", "text/plain"
[[nodiscard]] token_estimate estimate_file(std::uint64_t base64_bytes, std::string_view media_type) noexcept;

}  // namespace naru::pricing
