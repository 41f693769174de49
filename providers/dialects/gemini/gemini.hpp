#pragma once
#include "providers/dialects/dialect.hpp"

/// Google's generateContent form of the Gemini Developer API, v1beta: POST /v1beta/models/{model}:generateContent, SSE by alt=sse; beside
/// it :countTokens, :embedContent and :batchEmbedContents. Vertex AI takes the same bodies under other paths. All are immutable, any
/// thread.
namespace naru::dialects::gemini {

/// The end towards vendors: chats and token counts.
[[nodiscard]] const upstream_dialect& upstream();
/// The end towards vendors for texts to vectors: "gemini_embed".
[[nodiscard]] const upstream_dialect& embed_upstream();

// Names of the ends towards clients. They differ by what the path ends in, as their bodies and answers do.
inline constexpr std::string_view dialect_name = "gemini";                                   ///< :generateContent, :streamGenerateContent
inline constexpr std::string_view count_dialect_name = "gemini_count_tokens";                ///< :countTokens
inline constexpr std::string_view embed_dialect_name = "gemini_embed_content";               ///< :embedContent
inline constexpr std::string_view batch_embed_dialect_name = "gemini_batch_embed_contents";  ///< :batchEmbedContents

[[nodiscard]] const client_dialect& client();
[[nodiscard]] const client_dialect& count_tokens_client();
[[nodiscard]] const client_dialect& embed_client();
[[nodiscard]] const client_dialect& batch_embed_client();

}  // namespace naru::dialects::gemini
