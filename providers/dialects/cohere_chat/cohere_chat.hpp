#pragma once
#include "providers/dialects/dialect.hpp"

/// Cohere's chat form, version 2: POST /v2/chat, SSE with named events.
namespace naru::dialects::cohere_chat {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::cohere_chat
