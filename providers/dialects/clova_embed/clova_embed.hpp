#pragma once
#include "providers/dialects/dialect.hpp"

/// Naver CLOVA Studio's embeddings: POST /v1/api-tools/embedding/v2, one text a call.
namespace naru::dialects::clova_embed {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::clova_embed
