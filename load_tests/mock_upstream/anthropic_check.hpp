#pragma once
#include <string_view>

#include "core/json/document.hpp"
#include "load_tests/mock_upstream/behaviour.hpp"
#include "load_tests/mock_upstream/facts.hpp"

namespace naru::mock {

/// Checks a Messages request as api.anthropic.com does and takes what the answer needs. Throws vendor_error (400).
/// @param version  the anthropic-version header: "2023-06-01" or "2026-10-21"
/// @param counting for count_tokens, which wants no max_tokens
/// Source: npm @anthropic-ai/sdk 0.137.0 and 1.12.0; error wording as seen in public issues.
[[nodiscard]] facts read_anthropic_messages(json::object body, std::string_view version, bool counting, const behaviour& b);

}  // namespace naru::mock
