#pragma once
#include "providers/dialects/dialect.hpp"

/// Vectors from Amazon Bedrock's InvokeModel, POST /model/{id}/invoke: the bodies of Titan Text Embeddings (G1 and V2), of Nova Multimodal
/// Embeddings (text alone) and of Cohere Embed. All but Cohere's take one text a call.
namespace naru::dialects::bedrock_embed {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

/// `error::reason` of cannot_carry where several texts are asked of a model that takes one a call: whoever asks may ask once for each.
inline constexpr std::string_view one_text_a_call = "one_text_per_call";

}  // namespace naru::dialects::bedrock_embed
