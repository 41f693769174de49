#pragma once
#include "providers/dialects/dialect.hpp"

/// Anthropic's Messages form as Amazon Bedrock's InvokeModel takes it: POST /model/{id}/invoke and /invoke-with-response-stream, whose AWS
/// event frames carry Anthropic's events in base64. For clients of Anthropic's form, who lose nothing by it; Claude alone speaks it.
namespace naru::dialects::bedrock_anthropic {

/// The end towards vendors. One immutable instance, any thread.
[[nodiscard]] const upstream_dialect& upstream();

}  // namespace naru::dialects::bedrock_anthropic
