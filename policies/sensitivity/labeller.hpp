#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/document.hpp"
#include "core/label.hpp"

namespace naru::sensitivity {

/// A detector that is on, and the label that it raises to.
struct detector_action {
  std::string detector;  ///< "card", "private_key" ...: a name of `detector_names()`
  naru::label raises_to;
};

/// A company's own detector.
struct custom_pattern {
  std::string name;     ///< as in hits; no detector's name
  std::string pattern;  ///< see patterns.hpp
  naru::label raises_to;
};

/// What else a request is held against.
struct labeller_options {
  std::optional<naru::label> opaque{};   ///< what a part that nobody can read raises to; absent: it carries the request's label
  std::uint64_t budget = 256U << 20U;    ///< work for one request in bytes, see budget.hpp; what costs more is the highest label
  std::vector<custom_pattern> custom{};  ///< at most `most_patterns`
};

/// Names of all detectors there are, in a fixed order: the table of docs/reference/detectors.md.
[[nodiscard]] const std::vector<std::string_view>& detector_names();

/// Where something was found; never what.
struct hit {
  std::string_view detector;  ///< "card", a custom pattern's name, or "opaque"; valid as long as the labeller
  std::string place;          ///< "messages[2].content[0].text", "tools[0].function.parameters (key)"
  naru::label raises_to;
};

/// What a label is decided from.
struct evidence {
  naru::label base;              ///< the key's, else the model's, else the default
  std::string_view base_source;  ///< "key", "model", "default"
  std::string_view header;       ///< x-naru-label as it came; empty: none
  bool trust_header = true;      ///< sensitivity.trust_header: otherwise the header is ignored
  json::value body;              ///< the whole checked request: every string, key and number of it is a text position
};

struct judgement {
  naru::label label;
  std::string set_by;             ///< what set it: "key", "model", "default", "header", "detector card", "unknown header label", "failure"
  std::vector<hit> hits;          ///< each detector and place once, at most 64; the highest first
  bool failed = false;            ///< the label is the highest because the request could not be judged
  std::string_view why_failed{};  ///< in words; static
};

/// Labels requests. Immutable after construction; shared by all shards.
class labeller {
 public:
  /// @param actions, more  names and patterns are checked by the settings; an unknown name, or a pattern that does not compile, throws
  ///                       std::invalid_argument (a broken invariant)
  labeller(label_scheme scheme, std::vector<detector_action> actions, labeller_options more = {});
  ~labeller();

  /// Never lowers: the result is at least `base`. A failure of any kind is the highest label, as is a header that names no label.
  [[nodiscard]] judgement judge(const evidence& e) const noexcept;

 private:
  struct impl;
  std::unique_ptr<const impl> impl_;
};

}  // namespace naru::sensitivity
