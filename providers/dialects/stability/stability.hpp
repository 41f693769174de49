#pragma once
#include "providers/dialects/dialect.hpp"

/// Stability AI's pictures from words: POST /v2beta/stable-image/generate/{core|ultra|sd3}, a form of parts.
namespace naru::dialects::stability {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::stability
