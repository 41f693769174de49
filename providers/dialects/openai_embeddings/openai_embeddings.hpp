#pragma once
#include "providers/dialects/dialect.hpp"

/// OpenAI's embeddings form ("openai_embeddings"): POST /v1/embeddings, no stream. Its imitators (vLLM, Ollama, Mistral, Together, TEI)
/// speak it too. A request of it is of kind `embedding`: its texts are `messages`, one text part each. Source: OpenAI's OpenAPI file
/// (2026-08-21) and type definitions of the openai package 6.49.0.
namespace naru::dialects::openai_embeddings {

inline constexpr std::string_view dialect_name = "openai_embeddings";

/// Both are immutable and shared by all threads.
[[nodiscard]] const upstream_dialect& upstream();
[[nodiscard]] const client_dialect& client();

}  // namespace naru::dialects::openai_embeddings
