#pragma once
#include "core/json/document.hpp"
#include "load_tests/mock_upstream/behaviour.hpp"
#include "load_tests/mock_upstream/facts.hpp"

namespace naru::mock {

/// Checks a generateContent request as generativelanguage.googleapis.com does and takes what the answer needs; the model's name and
/// whether it streams stand in the path and are the caller's to fill in. Throws vendor_error (400).
/// Source: npm @google/genai 2.32.0; error wording as seen in public issues.
[[nodiscard]] facts read_gemini_generate(json::object body, const behaviour& b);

}  // namespace naru::mock
