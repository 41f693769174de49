#pragma once
#include "providers/dialects/dialect.hpp"

/// Ollama's own embeddings form: POST /api/embed.
namespace naru::dialects::ollama_embed {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::ollama_embed
