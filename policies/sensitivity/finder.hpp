#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policies/sensitivity/budget.hpp"
#include "policies/sensitivity/labeller.hpp"
#include "policies/sensitivity/patterns.hpp"
#include "policies/sensitivity/scan/scanner.hpp"
#include "policies/sensitivity/text_walk.hpp"

namespace naru::sensitivity {

/// What is looked for, prepared once for all requests.
struct prepared {
  scan::scanner scanner;
  std::array<label, 64> raises_to{};  ///< by detector of the table, for those that are on
  pattern_set patterns;
  std::vector<custom_pattern> custom;  ///< by bit of `patterns`
  std::optional<label> opaque;
  std::size_t shortest = 0;  ///< texts of fewer bytes hold nothing by themselves
};

/// Looks through one request; the visitor of its walk. What it holds grows with what is found, not with the request.
class finder {
  struct findings {
    scan::detector_bits detectors = 0;
    std::uint64_t patterns = 0;
    [[nodiscard]] bool empty() const noexcept { return detectors == 0 && patterns == 0; }
    void add(const findings& more) noexcept {
      detectors |= more.detectors;
      patterns |= more.patterns;
    }
  };

 public:
  finder(const prepared& what, work_budget& work) : what_(what), work_(work) {}

  void object(json::object o, const place& at);
  void key(std::string_view text, const place& at);
  void value(std::string_view text, const place& at);
  void part(std::string_view text) { parts_.push_back(text); }

  /// Where an array begins: the parts before it, and what was found before it in the array around it.
  struct entered {
    std::size_t parts;
    findings around;
  };
  [[nodiscard]] entered enter() noexcept { return {parts_.size(), std::exchange(inside_, {})}; }
  void joined(const entered& mark, const place& at);

  /// Each detector and place once, the highest first, at most `most_hits`.
  [[nodiscard]] std::vector<hit> take();

 private:
  void look_at_seams(std::size_t first, const place& at);
  /// All that `text` holds, disguises undone down to `deeper` times.
  void look(std::string_view text, findings& found, int deeper);
  /// The same where lines may go on behind their ends.
  void join_lines(std::string_view text, const std::vector<std::uint32_t>& breaks, findings& found, int deeper);
  void report(const findings& found, const place& at, bool is_key);
  void add(std::string_view name, const std::string& where, label raises_to);

  const prepared& what_;
  work_budget& work_;
  std::vector<hit> hits_;
  std::vector<std::string_view> parts_;
  findings inside_;                     ///< in the array that is walked through, so far
  std::array<scan::sighting, 5> seen_;  ///< by depth, so that their memory is used again
  std::string composed_;
};

}  // namespace naru::sensitivity
