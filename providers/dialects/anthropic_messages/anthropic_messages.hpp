#pragma once
#include "providers/dialects/dialect.hpp"

/// Anthropic's Messages form ("anthropic_messages"), API version 2023-06-01: POST /v1/messages, SSE with named events, and POST
/// /v1/messages/count_tokens. All instances are immutable and shared by all threads.
/// Source: types of @anthropic-ai/sdk 0.137.0 and 1.12.0, Messages API reference (2026-11); the folder's README has the rest.
namespace naru::dialects::anthropic_messages {

inline constexpr std::string_view dialect_name = "anthropic_messages";
/// Headers of this form begin so; all of a client's go on to a vendor of the same form, an open list: beta features pair a word in
/// `anthropic-beta` with a field of the body.
inline constexpr std::string_view header_prefix = "anthropic-";

/// The end towards vendors, for chats and token counts.
[[nodiscard]] const upstream_dialect& upstream();
/// The end towards clients of /v1/messages.
[[nodiscard]] const client_dialect& client();
/// The end towards clients of /v1/messages/count_tokens: requests are of kind token_count, the answer is {"input_tokens": n}.
[[nodiscard]] const client_dialect& count_tokens_client();

}  // namespace naru::dialects::anthropic_messages
