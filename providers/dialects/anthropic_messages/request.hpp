#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/json/writer.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/dialects/reasoning_marks.hpp"

/// Inside of the Messages form: how a request is written. Nothing outside this folder includes it.
namespace naru::dialects::anthropic_messages {

/// Precedes the data of a redacted thinking block in reasoning_delta::signature, so that it comes back as that block and not as a thinking
/// block without text. Signatures are base64: none holds a colon.
inline constexpr std::string_view redacted_mark = redacted_thinking_mark;

/// What a request without max_tokens is given where the target's own maximum is unknown: the form demands a number, and every model
/// since 2024 gives at least this many tokens.
inline constexpr std::uint64_t default_max_tokens = 8192;

/// How the client's reasoning_effort is said to a model. Adaptive models take a word; older ones a budget of tokens.
struct thinking {
  enum class mode : std::uint8_t { unsaid, disabled, adaptive, budget } how = mode::unsaid;
  std::string_view effort;   ///< adaptive: low, medium, high, xhigh, max
  std::uint64_t budget = 0;  ///< budget: 1024 .. max_tokens - 1
};
/// Errors: unsupported_field reasoning_effort.
[[nodiscard]] result<thinking> plan_thinking(const chat_request& r, const target& t);
[[nodiscard]] std::uint64_t max_tokens(const chat_request& r, const target& t) noexcept;

[[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t);
/// Why a content block cannot be written for this part; nullopt when it can.
[[nodiscard]] std::optional<error> cannot_carry_part(const message& m, std::size_t message, std::size_t part);

[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
/// system and messages.
[[nodiscard]] result<void> write_messages(const chat_request& r, json::writer& w);
/// tools and tool_choice.
[[nodiscard]] result<void> write_tools(const chat_request& r, json::writer& w);

/// One content block as JSON text; empty when the part has nothing that this vendor wants.
[[nodiscard]] std::string content_block(const part& p);
/// Ids must match ^[a-zA-Z0-9_-]+$; another vendor's id is spelled in that alphabet, the same way at call and result.
[[nodiscard]] std::string tool_id(std::string_view id);

}  // namespace naru::dialects::anthropic_messages
