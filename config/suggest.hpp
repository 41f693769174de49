#pragma once
#include <span>
#include <string>
#include <string_view>

namespace naru::config {

/// Edits (insert, delete, replace, swap of neighbours) from `a` to `b`. Texts over 64 bytes are far apart from everything.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// ", did you mean attempts?" with the nearest of `known`, when one is near enough to be a slip of the fingers; else empty.
[[nodiscard]] std::string did_you_mean(std::string_view got, std::span<const std::string> known);

}  // namespace naru::config
