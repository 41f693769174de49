#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "policies/sensitivity/budget.hpp"
#include "policies/sensitivity/detector.hpp"
#include "policies/sensitivity/scan/literals.hpp"
#include "policies/sensitivity/scan/number_rules.hpp"

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

/// Runs a table of detectors over texts: one pass that makes bitmaps of kinds of bytes (scan/classes.hpp) and of places (scan/anchors.hpp),
/// and a closer look only where a number is in a form of some row (scan/number_rules.hpp), or an unbroken run, a '@' or a literal stands.
/// Immutable; shared by all threads.
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
  number_rules numbers_;
  detector_bits behind_two_ = 0, behind_two_apart_ = 0, behind_six_ = 0;
  detector_bits addresses_ = 0;
};

/// All of `table` that `text` holds by itself, disguises left alone: for tests of detectors.
[[nodiscard]] detector_bits detect(std::string_view text);

}  // namespace naru::sensitivity::scan
