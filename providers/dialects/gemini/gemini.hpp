#pragma once
#include "providers/dialects/dialect.hpp"

/// Google's generateContent form of the Gemini Developer API, v1beta: POST /v1beta/models/{model}:generateContent, SSE by alt=sse.
namespace naru::dialects::gemini {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::gemini
