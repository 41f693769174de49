#pragma once
#include "providers/dialects/dialect.hpp"

/// Hugging Face's feature extraction: POST /hf-inference/models/{id}/pipeline/feature-extraction, texts to vectors.
namespace naru::dialects::hf_feature_extraction {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::hf_feature_extraction
