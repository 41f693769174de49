#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "config/problems.hpp"
#include "config/tree.hpp"

namespace naru::config {

/// Most that one file may hold, and most nodes that it may unfold into (anchors and merges included): a settings file is a page.
inline constexpr std::size_t most_bytes = 1024 * 1024;
inline constexpr std::size_t most_nodes = 100'000;

/// Reads YAML 1.2 strictly: one document; keys are plain texts and stand once; no tabs in indentation, no tags, no NULs, only UTF-8.
/// Anchors and `<<` are unfolded. @param file  index of the file in `problems`
/// @return nullopt after a syntax error, which is one problem: what follows it means nothing. Empty text is a null node.
[[nodiscard]] std::optional<node> read_yaml(std::string_view text, std::uint32_t file, problem_list& problems);

}  // namespace naru::config
