#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "policies/sensitivity/detector.hpp"
#include "policies/sensitivity/scan/digit_rows.hpp"
#include "policies/sensitivity/scan/literals.hpp"

namespace naru::sensitivity::scan {

/// The forms of numbers of a whole table, as one bit each: what a form wants of a number is looked up by each of its properties, and the
/// answers are ANDed. Most numbers of logs and prose are nobody's after three look-ups. Immutable.
class number_rules {
 public:
  /// @param on  rows that are wanted. Throws std::invalid_argument for more than 64 forms, or a row of plain numbers without one.
  number_rules(std::span<const detector> table, detector_bits on);

  /// One bit a form.
  using rule_bits = std::uint64_t;
  /// Forms that count in a text. @param worded  rows one of whose words stands in it, and those without words
  [[nodiscard]] rule_bits active(detector_bits worded) const noexcept;

  /// Rows that one of these forms lets through.
  [[nodiscard]] detector_bits wanting(std::string_view text, const number_look& look, rule_bits active) const noexcept;

 private:
  static constexpr std::size_t counts = 42, lengths = 32;
  void add(const number_form& form, std::size_t row);

  std::size_t size_ = 0;
  std::array<rule_bits, counts> by_count_{};
  std::array<rule_bits, lengths> by_first_{}, by_second_{};
  std::array<rule_bits, 10> by_lead_{};
  std::array<rule_bits, 8> by_behind_{};  ///< by the bit's place in behind_group
  std::array<rule_bits, 3> by_before_{};
  rule_bits marked_ = 0, worded_ = 0, unpointed_ = 0;
  std::array<std::uint8_t, 64> row_{};
};

}  // namespace naru::sensitivity::scan
