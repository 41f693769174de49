#pragma once
#include "providers/dialects/dialect.hpp"

/// Naver CLOVA Studio's chat form, version 3: POST /v3/chat-completions/{model}, SSE with id, event and data.
namespace naru::dialects::clova {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::clova
