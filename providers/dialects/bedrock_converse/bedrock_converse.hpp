#pragma once
#include "providers/dialects/dialect.hpp"

/// Amazon Bedrock's Converse form, API version 2023-09-30: POST /model/{id}/converse and /converse-stream, one form for the models of all
/// makers; streams are AWS event frames.
namespace naru::dialects::bedrock_converse {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::bedrock_converse
