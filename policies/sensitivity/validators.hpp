#pragma once
#include <cstdint>
#include <string_view>

#include "policies/sensitivity/detector.hpp"

namespace naru::sensitivity {

// The validators, each asked at a candidate: `at` is the offset of the byte that made it one.
[[nodiscard]] bool is_email(std::string_view text, std::size_t at) noexcept;           ///< '@'
[[nodiscard]] bool is_private_key(std::string_view text, std::size_t at) noexcept;     ///< first '-' of a run
[[nodiscard]] bool is_aws_access_key(std::string_view text, std::size_t at) noexcept;  ///< the 'I' of AKIA or ASIA
[[nodiscard]] bool is_github_token(std::string_view text, std::size_t at) noexcept;    ///< first '_' after gh? or github
[[nodiscard]] bool is_aws_secret_key(std::string_view text, std::size_t begin,
                                     std::size_t end) noexcept;  ///< a run of 40 base64 characters
/// sk-...: which of the two keys, if any, begins with the '-' at `at`.
enum class sk_key : std::uint8_t { none, openai, anthropic };
[[nodiscard]] sk_key find_sk_key(std::string_view text, std::size_t at) noexcept;
[[nodiscard]] bool is_card(std::string_view text, std::size_t begin, const digit_group& g) noexcept;
[[nodiscard]] bool is_kr_rrn(std::string_view text, std::size_t begin, const digit_group& g) noexcept;

}  // namespace naru::sensitivity
