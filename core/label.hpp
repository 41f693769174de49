#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace naru {

/// Rank of a sensitivity label, 0 the lowest. What a request *is*. Only comparable within one `label_scheme`.
struct label {
  std::uint8_t rank = 0;
  auto operator<=>(const label&) const = default;
};

/// The highest label that a sink may receive. A type of its own, so that label and clearance cannot be swapped by accident.
struct clearance {
  std::uint8_t rank = 0;
  auto operator<=>(const clearance&) const = default;
};

/// THE comparison: may something with label `l` go where clearance is `c`? Nothing else in the tree compares the two.
[[nodiscard]] constexpr bool permits(clearance c, label l) noexcept { return l.rank <= c.rank; }

/// A company's own words for labels, lowest first; immutable after construction.
class label_scheme {
 public:
  /// public < internal < confidential < restricted, default internal.
  label_scheme();
  /// @param names 1..16 distinct non-empty words, lowest first; @param def index of the default label. Asserted: settings check them.
  label_scheme(std::vector<std::string> names, std::uint8_t def);

  [[nodiscard]] std::optional<label> find(std::string_view name) const noexcept;
  [[nodiscard]] std::string_view name(label l) const noexcept;
  [[nodiscard]] std::string_view name(clearance c) const noexcept { return name(label{c.rank}); }
  [[nodiscard]] label default_label() const noexcept { return label{default_}; }
  [[nodiscard]] label highest() const noexcept { return label{static_cast<std::uint8_t>(names_.size() - 1)}; }
  /// The one below the highest: what shipped detector defaults call "confidential".
  [[nodiscard]] label below_highest() const noexcept;
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

 private:
  std::vector<std::string> names_;
  std::uint8_t default_;
};

}  // namespace naru
