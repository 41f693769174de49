#include "core/label.hpp"

#include <algorithm>
#include <cassert>

namespace naru {

label_scheme::label_scheme() : label_scheme({"public", "internal", "confidential", "restricted"}, 1) {}

label_scheme::label_scheme(std::vector<std::string> names, std::uint8_t def) : names_(std::move(names)), default_(def) {
  assert(!names_.empty() && names_.size() <= 16 && default_ < names_.size());
}

std::optional<label> label_scheme::find(std::string_view name) const noexcept {
  const auto at = std::find(names_.begin(), names_.end(), name);
  if (at == names_.end()) return std::nullopt;
  return label{static_cast<std::uint8_t>(at - names_.begin())};
}

std::string_view label_scheme::name(label l) const noexcept {
  // A rank past the scheme can only come from another scheme: shown as the highest, as everything doubtful is.
  return names_[std::min<std::size_t>(l.rank, names_.size() - 1)];
}

label label_scheme::below_highest() const noexcept {
  const auto top = highest().rank;
  return label{static_cast<std::uint8_t>(top == 0 ? 0 : top - 1)};
}

}  // namespace naru
