#pragma once
#include <string_view>

#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"

/// OpenAI's Responses form ("openai_responses"): items instead of messages, named events instead of chunks. The only form in which OpenAI's
/// newer models take tools together with reasoning, and the one that Codex, the Agents SDK and the Vercel SDK speak by default.
/// Source: type definitions of the openai package 6.49.0 (2026-07); the folder's README has the rest.
namespace naru::dialects::openai_responses {

inline constexpr std::string_view dialect_name = "openai_responses";
inline constexpr std::string_view input_tokens_name = "openai_responses_input_tokens";

/// All are immutable and shared by all threads.
[[nodiscard]] const upstream_dialect& upstream();
[[nodiscard]] const client_dialect& client();
/// POST /responses/input_tokens: the same body, a request of kind token_count; the answer is a count.
[[nodiscard]] const client_dialect& input_tokens_client();

/// Whether a body that came to the chat form's path is of this form: it has `input` and no `messages`. Cursor sends such bodies, and
/// wants the answer in the chat form.
[[nodiscard]] bool looks_like_responses(json::object body) noexcept;

}  // namespace naru::dialects::openai_responses
