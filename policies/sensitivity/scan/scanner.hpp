#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "policies/sensitivity/budget.hpp"
#include "policies/sensitivity/detector.hpp"
#include "policies/sensitivity/scan/literals.hpp"

namespace naru::sensitivity::scan {

/// What one pass over a text saw. Reused from text to text, so that its memory is.
struct sighting {
  struct piece {
    std::size_t begin = 0, end = 0;
  };
  detector_bits found = 0;
  std::vector<std::uint32_t> disguises;  ///< offsets of what can be undone, see disguise/undo.hpp; ascending; without line breaks
  std::vector<std::uint32_t> breaks;     ///< offsets of plain line breaks that can be undone
  std::vector<piece> encoded;            ///< runs that are base64 of text
};

/// Runs a table of detectors over texts: one pass that makes bitmaps of kinds of bytes (scan/classes.hpp), and a closer look only where a
/// row of digits, an unbroken run, a '@' or a literal is long or whole enough for some detector. Immutable; shared by all threads.
class scanner {
 public:
  /// @param table  at most 64, must outlive the scanner; @param on  those that are wanted
  scanner(std::span<const detector> table, detector_bits on);

  /// @param wanted  of those that are on: the rest is not asked
  /// @param work    spent as it goes; once it is spent the pass ends early
  /// @param out     overwritten
  /// Cost: linear; a few GB/s where nothing is to be looked at closer.
  void run(std::string_view text, detector_bits wanted, work_budget& work, sighting& out) const;

  [[nodiscard]] detector_bits on() const noexcept { return on_; }

 private:
  class pass;
  std::span<const detector> table_;
  detector_bits on_;
  literal_set literals_;
  detector_bits at_sign_ = 0;
  detector_bits wordless_ = 0;
  detector_bits runs_ = 0;
  std::array<detector_bits, 42> by_count_{};        ///< plain numbers: those that want a group of so many digits
  std::array<detector_bits, 32> by_first_{};        ///< and so many in its first
  std::array<detector_bits, 32> by_first_alone_{};  ///< the same where none of the row's words stands in the text
  detector_bits after_letters_ = 0;
  detector_bits addresses_ = 0;
  std::size_t least_digits_ = 64;  ///< of plain numbers, at least least_row
  std::size_t least_run_ = 0;
};

/// All of `table` that `text` holds by itself, disguises left alone: for tests of detectors.
[[nodiscard]] detector_bits detect(std::string_view text);

}  // namespace naru::sensitivity::scan
