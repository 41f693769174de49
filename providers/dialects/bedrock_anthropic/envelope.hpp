#pragma once
#include "providers/dialects/dialect.hpp"

/// Inside of this form: what stands around Anthropic's. Nothing outside this folder includes it.
namespace naru::dialects::bedrock_anthropic {

/// What Anthropic's form has written, as InvokeModel wants it: the model in the path, no `stream`, the version and the betas in the body.
[[nodiscard]] wire_request into_envelope(wire_request written, const chat_request& r, const target& t);

/// Reads frames `chunk` with {"bytes": base64 of one of Anthropic's events} by Anthropic's own reader.
[[nodiscard]] std::unique_ptr<stream_reader> make_chunk_reader();

}  // namespace naru::dialects::bedrock_anthropic
