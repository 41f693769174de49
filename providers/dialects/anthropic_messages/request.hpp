#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/writer.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/dialects/reasoning_marks.hpp"

/// Inside of the Messages form: how a request is written. Nothing outside this folder includes it.
namespace naru::dialects::anthropic_messages {

/// What a request without max_tokens is given where the target's own maximum is unknown: the form demands a number, and every model
/// since 2024 gives at least this many tokens.
inline constexpr std::uint64_t default_max_tokens = 8192;

/// How the client's reasoning_effort and thinking are said to a model. Adaptive models take a word; older ones a budget of tokens.
struct thinking {
  enum class mode : std::uint8_t { unsaid, disabled, adaptive, budget } how = mode::unsaid;
  std::string_view effort;    ///< low, medium, high, xhigh, max; empty: not said
  std::uint64_t budget = 0;   ///< budget: 1024 .. max_tokens - 1
  std::optional<bool> shown;  ///< whether its text, or a summary of it, should be in the answer
};
/// Errors: unsupported_field reasoning_effort, thinking.
[[nodiscard]] result<thinking> plan_thinking(const chat_request& r, const target& t);
[[nodiscard]] std::uint64_t max_tokens(const chat_request& r, const target& t) noexcept;

[[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t);
/// What of the target's constraints stands against a request that came in this form and goes on as it came.
[[nodiscard]] std::optional<error> cannot_take(const chat_request& r, const target& t);
/// Why a content block cannot be written for this part; nullopt when it can.
[[nodiscard]] std::optional<error> cannot_carry_part(const message& m, std::size_t message, std::size_t part);

[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
/// The client's body of this form with the target's model in it, and without what other vendors gave it to bring back: this one refuses
/// their signatures.
[[nodiscard]] std::optional<wire_request> splice_request(std::string_view body, const chat_request& r, const target& t);
[[nodiscard]] std::string_view path_of(request_kind kind) noexcept;
/// anthropic-version, and the client's own headers of this form, each of its lines.
[[nodiscard]] std::vector<header> headers_of(const chat_request& r);
/// system and messages.
[[nodiscard]] result<void> write_messages(const chat_request& r, json::writer& w);
/// tools and tool_choice.
[[nodiscard]] result<void> write_tools(const chat_request& r, json::writer& w);

/// cache_control, if there is a mark.
void write_cache_mark(json::writer& w, cache_mark mark);
/// One content block as JSON text; empty when the part has nothing that this vendor wants.
[[nodiscard]] std::string content_block(const part& p);
/// Ids must match ^[a-zA-Z0-9_-]+$; another vendor's id is spelled in that alphabet, the same way at call and result.
[[nodiscard]] std::string tool_id(std::string_view id);

}  // namespace naru::dialects::anthropic_messages
