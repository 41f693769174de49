#pragma once
#include <array>
#include <cstdint>
#include <string_view>

/// What can be found in a text, and the finding. Pure; no allocation.
namespace naru::sensitivity {

enum class detector : std::uint8_t {
  private_key,
  aws_access_key,
  aws_secret_key,
  openai_key,
  anthropic_key,
  github_token,
  card,
  kr_rrn,
  email,
};
inline constexpr std::size_t detector_count = 9;
/// Names as in the settings, in the order of the enumerators.
inline constexpr std::array<std::string_view, detector_count> detector_words{
    "private_key", "aws_access_key", "aws_secret_key", "openai_key", "anthropic_key", "github_token", "card", "kr_rrn", "email"};

/// A set of detectors.
class detector_set {
 public:
  constexpr void add(detector d) noexcept { bits_ |= bit(d); }
  [[nodiscard]] constexpr bool has(detector d) const noexcept { return (bits_ & bit(d)) != 0; }
  [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
  constexpr detector_set& operator|=(detector_set o) noexcept {
    bits_ |= o.bits_;
    return *this;
  }
  bool operator==(const detector_set&) const = default;

 private:
  static constexpr std::uint32_t bit(detector d) noexcept { return 1U << static_cast<unsigned>(d); }
  std::uint32_t bits_ = 0;
};

/// Everything that one text holds. One pass over the bytes (16 at a time where the machine can), validators only at candidates.
/// @param text  any bytes; disguises (escapes, base64) are undone by the caller, see derived_text.hpp
[[nodiscard]] detector_set detect(std::string_view text) noexcept;

// The validators, each asked at a candidate: `at` is the offset of the byte that made it one. Exposed for their tests.
[[nodiscard]] bool is_email(std::string_view text, std::size_t at) noexcept;           ///< '@'
[[nodiscard]] bool is_private_key(std::string_view text, std::size_t at) noexcept;     ///< first '-' of a run
[[nodiscard]] bool is_aws_access_key(std::string_view text, std::size_t at) noexcept;  ///< the 'I' of AKIA or ASIA
[[nodiscard]] bool is_github_token(std::string_view text, std::size_t at) noexcept;    ///< first '_' after gh? or github
[[nodiscard]] bool is_aws_secret_key(std::string_view text, std::size_t begin,
                                     std::size_t end) noexcept;  ///< a run of 40 base64 characters
/// sk-...: which of the two keys, if any, begins with the '-' at `at`.
enum class sk_key : std::uint8_t { none, openai, anthropic };
[[nodiscard]] sk_key find_sk_key(std::string_view text, std::size_t at) noexcept;
/// A group of digits with single spaces or dashes between them, beginning at `begin` (a digit not preceded by one).
struct digit_group {
  std::array<char, 20> digits{};  ///< the first 20
  std::size_t count = 0;          ///< all of them
  std::size_t end = 0;            ///< one past the last digit
  std::size_t first_gap = 0;      ///< digits before the first separator; `count` when there is none
};
[[nodiscard]] digit_group read_digits(std::string_view text, std::size_t begin) noexcept;
[[nodiscard]] bool is_card(std::string_view text, std::size_t begin, const digit_group& g) noexcept;
[[nodiscard]] bool is_kr_rrn(std::string_view text, std::size_t begin, const digit_group& g) noexcept;

}  // namespace naru::sensitivity
