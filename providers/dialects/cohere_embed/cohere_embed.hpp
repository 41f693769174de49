#pragma once
#include "providers/dialects/dialect.hpp"

/// Cohere's embeddings form, version 2: POST /v2/embed, texts alone.
namespace naru::dialects::cohere_embed {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::cohere_embed
