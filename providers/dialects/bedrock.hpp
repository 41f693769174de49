#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "providers/dialects/dialect.hpp"

/// What the forms of Amazon Bedrock share: the models of several makers behind one path, the service's failures, its frames. Pure; any
/// thread.
namespace naru::dialects::bedrock {

/// Whose model an id names, as far as the forms differ by it.
enum class family : std::uint8_t {
  claude,
  nova,
  nova_2,      ///< Nova of the second generation: it reasons
  titan_text,  ///< words in, words out, and nothing else
  gpt_oss,
  titan_embed_v1,
  titan_embed,  ///< v2 and later
  nova_embed,
  cohere_embed,
  other,  ///< also what an id does not tell: an ARN of an application's profile, an imported model
};
/// By the words in the id, whatever stands around them: "us.anthropic.claude-...",
/// "arn:aws:bedrock:...:inference-profile/eu.amazon.nova-...".
[[nodiscard]] family family_of(std::string_view model) noexcept;

/// "/model/{id}/converse": the id is one segment of the path, so that ':' and '/' in it are percent-encoded.
[[nodiscard]] std::string model_path(std::string_view model, std::string_view operation);

/// Ids of tool calls hold letters, digits, '_' and '-', 64 at most; another vendor's is spelled in that alphabet, the same way at call and
/// result, a long one with a hash of the whole at its end.
[[nodiscard]] std::string tool_id(std::string_view id);

/// Precedes the data of a redacted thinking block in reasoning_delta::signature, as Anthropic's own form has it: a conversation may go on
/// at the other of the two. Signatures are base64: none holds a colon.
inline constexpr std::string_view redacted_mark = "redacted_thinking:";

/// Whether a frame's name is that of an exception, or "error".
[[nodiscard]] bool is_failure(std::string_view frame_name) noexcept;
/// What such a frame says; its payload may be anything.
[[nodiscard]] failure read_exception(std::string_view frame_name, std::string_view payload);
/// A non-2xx answer: the type is in x-amzn-errortype, else in the body's __type; the words in its message.
[[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body);

}  // namespace naru::dialects::bedrock
