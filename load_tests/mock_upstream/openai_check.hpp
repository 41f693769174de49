#pragma once
#include "core/json/document.hpp"
#include "load_tests/mock_upstream/behaviour.hpp"
#include "load_tests/mock_upstream/facts.hpp"

namespace naru::mock {

/// Checks a chat completion request as api.openai.com does and takes what the answer needs. Throws vendor_error (400, 404).
/// Source: npm openai 6.49.0, types of chat.completions; error wording as seen in public issues.
[[nodiscard]] facts read_openai_chat(json::object body, const behaviour& b);

}  // namespace naru::mock
