#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

/// Numbers as people write them: groups of fixed lengths, dates inside, and the check digits that tell one from any other number.
namespace naru::sensitivity::detectors {

inline constexpr std::size_t no_end = std::string_view::npos;

/// A number's digits without its separators.
struct number {
  std::array<char, 24> digits{};
  std::size_t count = 0;  ///< at most 24; more are not kept
  std::size_t end = 0;    ///< one past the last digit in the text

  [[nodiscard]] std::string_view view() const noexcept { return {digits.data(), count}; }
  /// The `n` digits from `from` on as a value; they must exist.
  [[nodiscard]] std::uint64_t value(std::size_t from, std::size_t n) const noexcept;
};

/// The digits in [begin, end) of `text`.
[[nodiscard]] number digits_of(std::string_view text, std::size_t begin, std::size_t end) noexcept;

/// Where groups of exactly these lengths end that begin at `at` and are all separated by the same one of `separators`; no_end when the
/// text reads otherwise or the last group goes on. {3, 2, 4} with "- " is 123-45-6789 and 123 45 6789.
[[nodiscard]] std::size_t match_groups(std::string_view text, std::size_t at, std::initializer_list<std::uint8_t> lengths,
                                       std::string_view separators) noexcept;

/// A number inside a longer word or number is not one of its own: hashes, UUIDs, versions, amounts. Before or after it stands no letter,
/// digit or underscore, nor a dash or full stop that ties it to one; a word of letters before a dash ("card-4111...") is no tie.
[[nodiscard]] bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) noexcept;
/// The same for one side.
[[nodiscard]] bool begins_alone(std::string_view text, std::size_t begin) noexcept;
[[nodiscard]] bool ends_alone(std::string_view text, std::size_t end) noexcept;

/// Whether a day exists; `year` of two digits or more, leap days by year % 4 (a year of two digits may be a leap year of either century).
[[nodiscard]] bool is_day(std::uint64_t year, std::uint64_t month, std::uint64_t day) noexcept;

/// ISO/IEC 7812-1 annex B.
[[nodiscard]] bool luhn(std::string_view digits) noexcept;
/// The weighted sum of as many digits as there are weights.
[[nodiscard]] int weighted(std::string_view digits, std::initializer_list<int> weights) noexcept;
/// ISO/IEC 7064 mod 11,10: DE Steuer-ID, HR OIB.
[[nodiscard]] bool iso7064_mod11_10(std::string_view digits) noexcept;
/// J. Verhoeff 1969, as UIDAI uses it.
[[nodiscard]] bool verhoeff(std::string_view digits) noexcept;

}  // namespace naru::sensitivity::detectors
