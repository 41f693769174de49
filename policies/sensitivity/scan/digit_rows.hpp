#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "policies/sensitivity/detector.hpp"

/// Numbers as they are written: digits in groups.
namespace naru::sensitivity::scan {

/// Digits with up to three of ' ', '-', '.' in a row between them, as far as that goes.
struct digit_row {
  std::size_t begin = 0;
  std::size_t end = 0;     ///< one past the last digit
  std::size_t digits = 0;  ///< all of them
  bool wide = false;       ///< somewhere two or three separators stand in a row
};

/// @param at  a digit. Cost: the row.
[[nodiscard]] digit_row read_row(std::string_view text, std::size_t at) noexcept;

/// Where a number that begins at one digit may end: at the end of its groups, or before a space between two of them ("4111 ... 1111 2026").
struct group_ends {
  struct cut {
    std::size_t digits = 0;
    std::size_t end = 0;
  };
  digit_group whole;
  std::array<cut, 24> cuts{};  ///< shortest first, without the whole
  std::size_t count = 0;
};

/// More digits than this are a table of numbers, not one number written with blanks.
inline constexpr std::size_t longest_number = 40;

/// @param row  the row that `at` is in: in one longer than `longest_number`, only numbers of up to six groups are offered
[[nodiscard]] group_ends read_groups(std::string_view text, std::size_t at, const digit_row& row) noexcept;

/// A row with its wide gaps made single ("4111 - 1111" is "4111-1111"), and what stands around it. No allocation.
class narrowed_row {
 public:
  /// @param row  wide, with at most `longest_number` digits
  narrowed_row(std::string_view text, const digit_row& row) noexcept;
  [[nodiscard]] std::string_view text() const noexcept { return {bytes_.data(), size_}; }
  [[nodiscard]] const digit_row& row() const noexcept { return row_; }

 private:
  static constexpr std::size_t around = 256;
  void append(std::string_view part) noexcept;
  std::array<char, 2 * around + 2 * longest_number> bytes_;
  std::size_t size_ = 0;
  digit_row row_;
};

}  // namespace naru::sensitivity::scan
