#pragma once
#include <memory>
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

/// Names of all detectors there are, in a fixed order: the table of docs/reference/detectors.md.
[[nodiscard]] const std::vector<std::string_view>& detector_names();

/// Where something was found; never what.
struct hit {
  std::string_view detector;  ///< static
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
  std::string set_by;     ///< what set it: "key", "model", "default", "header", "detector card", "unknown header label", "failure"
  std::vector<hit> hits;  ///< each detector and place once, at most 64; the highest first
  bool failed = false;    ///< a detector failed: the label is the highest
};

/// Labels requests. Immutable after construction; shared by all shards.
class labeller {
 public:
  /// @param actions  names are checked by the settings; an unknown one throws std::invalid_argument (a broken invariant)
  labeller(label_scheme scheme, std::vector<detector_action> actions);
  ~labeller();

  /// Never lowers: the result is at least `base`. A failure of any kind is the highest label, as is a header that names no label.
  [[nodiscard]] judgement judge(const evidence& e) const noexcept;

 private:
  struct impl;
  std::unique_ptr<const impl> impl_;
};

}  // namespace naru::sensitivity
