#pragma once
#include "providers/dialects/dialect.hpp"

/// Anthropic's Messages form, API version 2023-06-01: POST /v1/messages, SSE with named events.
namespace naru::dialects::anthropic_messages {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::anthropic_messages
