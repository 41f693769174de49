#pragma once
#include "providers/dialects/dialect.hpp"

/// Ollama's own chat form: POST /api/chat, one JSON text a line.
namespace naru::dialects::ollama_chat {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::ollama_chat
