#pragma once
#include "providers/dialects/dialect.hpp"

/// The own form of Hugging Face's text-generation-inference: POST /generate and /generate_stream, one prompt without roles.
namespace naru::dialects::tgi {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::tgi
