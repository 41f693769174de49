#include "policies/sensitivity/text_walk.hpp"

#include <fmt/format.h>

#include <iterator>

#include "policies/sensitivity/characters.hpp"

namespace naru::sensitivity {
namespace {

/// A client's key as it may stand in a log: the usual identifiers as they are, anything else not repeated.
std::string_view shown(std::string_view key) noexcept {
  if (key.empty() || key.size() > 40) return "?";
  for (const char c : key) {
    if (!is_alpha(c) && c != '_' && c != '-' && c != '$') return "?";
  }
  return key;
}

}  // namespace

std::string place::join(std::size_t count) const {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    if (const auto* key = std::get_if<std::string_view>(&steps_[i])) {
      if (!out.empty()) out += '.';
      out += shown(*key);
    } else {
      fmt::format_to(std::back_inserter(out), "[{}]", std::get<std::size_t>(steps_[i]));
    }
  }
  return out;
}

std::string place::text() const { return join(steps_.size()); }
std::string place::parent_text() const { return join(steps_.empty() ? 0 : steps_.size() - 1); }

}  // namespace naru::sensitivity
