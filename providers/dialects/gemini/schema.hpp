#pragma once
#include <string>

#include "core/json/document.hpp"

namespace naru::dialects::gemini {

/// Google's Schema (a subset of OpenAPI 3.0 with upper-case types, `nullable`, and 64-bit numbers as strings) as plain JSON Schema, which
/// every other vendor reads. What is plain already stays as it is. @pre `schema` is an object.
[[nodiscard]] std::string plain_schema(json::value schema);

}  // namespace naru::dialects::gemini
