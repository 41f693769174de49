#pragma once
#include <string>
#include <string_view>

#include "providers/vendors/vendor.hpp"

/// What Vertex AI wants otherwise than the vendors' own services: the project and the place in the path, Claude's model there too.
namespace naru::vendors::vertex_parts {

/// Claude's names at this vendor begin with "claude"; all others are Google's.
[[nodiscard]] bool is_claude(std::string_view model) noexcept;

/// The request that `gemini`, `gemini_embed` or `anthropic_messages` has written, as this vendor takes it. Pure.
void shape(dialects::wire_request& request, const shaping& how);

}  // namespace naru::vendors::vertex_parts
