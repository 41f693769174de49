#pragma once
#include "core/json/document.hpp"

namespace naru::sensitivity {

/// Whether this object is, or holds, a part that nobody can read: an image, audio, a file, reasoning that only its vendor can decrypt.
/// Told by the shapes that OpenAI, Anthropic and Gemini publish (API references, 2026-11), in any place of a request, so that a dialect
/// that passes another's parts on is no hole; a tool's JSON Schema with a property called "file" is not one.
[[nodiscard]] bool is_opaque(json::object o) noexcept;

}  // namespace naru::sensitivity
