#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
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

/// More digits than this are a table of numbers, not one number written with blanks.
inline constexpr std::size_t longest_number = 40;

/// The group that begins at the digit at `at`: up to its first wide gap. At most `longest_number` digits are counted.
[[nodiscard]] digit_group read_group(std::string_view text, std::size_t at) noexcept;

/// What can be told of a number without reading it; see number_form.
struct number_look {
  std::size_t at = 0;      ///< offset of its first digit
  std::size_t count = 0;   ///< digits up to a wide gap or the row's end
  std::size_t first = 0;   ///< of them before the first separator
  std::size_t second = 0;  ///< behind a single one; 0: none
  bool wide = false;       ///< a wide gap stands behind the first group
  bool pointed = false;    ///< a point is among its separators
  bool marked = true;      ///< false: number_form::marked is not so, and need not be looked at
};

/// The look of the number that begins at the digit at `at` of a row that ends at `end`. Past `longest_number` digits are not counted.
[[nodiscard]] number_look look_at_text(std::string_view text, std::size_t at, std::size_t end) noexcept;

/// A row as it would be without what was put between its digits, and what stands around it. No allocation.
class narrowed_row {
 public:
  enum class gaps : std::uint8_t {
    single,  ///< wide gaps made single: "4111 - 1111" is "4111-1111"
    none,    ///< all taken out: "4 1 1 1 1 1" is "411111"
  };
  /// @param row  with at most `longest_number` digits
  narrowed_row(std::string_view text, const digit_row& row, gaps left) noexcept;
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
