#pragma once
#include "providers/dialects/dialect.hpp"

/// Kakao's historical KoGPT form: POST /v1/inference/kogpt/generation, one prompt, no stream.
namespace naru::dialects::kogpt {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::kogpt
