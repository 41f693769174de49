#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/chat.hpp"
#include "core/event.hpp"
#include "providers/dialects/dialect.hpp"

/// What the forms that are not OpenAI's share when they write an OpenAI-shaped request (the client's fields that none of them knows, the
/// words of a model's constraints, the client's own names for places) and when they read an answer. Pure; any thread.
namespace naru::dialects {

/// One word of the target's constraints.
[[nodiscard]] bool constrained(const target& t, std::string_view word) noexcept;

/// unsupported_field about the client's `field`; `why` completes a sentence that a person reads.
[[nodiscard]] error cannot(std::string field, std::string why);

/// The client's names of places: "messages[2]", "messages[2].content[1]", "messages[2].tool_calls[0].function.arguments", "tools[3]".
[[nodiscard]] std::string message_path(std::size_t message);
[[nodiscard]] std::string part_path(std::size_t message, std::size_t part);
[[nodiscard]] std::string arguments_path(std::size_t message, std::size_t call);
[[nodiscard]] std::string tool_path(std::size_t tool);

/// What neither Anthropic's nor Google's form has a place for, and what the target's constraint words refuse in any form: min_p,
/// repeat_penalty, verbosity, message names, extras; sampling parameters, prefill, stop, penalties, logprobs, n, forced tools.
/// A value that asks for what happens anyway (n = 1, a penalty of 0, an extra that is null) is never named: leaving it out loses nothing.
/// @param form  for the message, "Anthropic's messages form"
[[nodiscard]] std::optional<error> first_refused(const chat_request& r, const target& t, std::string_view form);

/// Whether an extra asks for what happens anyway (null, nothing in it, `store: false`), or only for what has no influence on what is
/// answered (metadata, the vendor's own prompt cache): leaving it out loses nothing.
[[nodiscard]] bool asks_for_nothing(const extra_field& e) noexcept;

/// The field that the target's constraint words alone refuse, whatever the form.
[[nodiscard]] std::optional<error> refused_by_model(const chat_request& r, const target& t);

/// Index of the assistant message that ends the conversation with words (a prefill), if one does.
[[nodiscard]] std::optional<std::size_t> prefill(const chat_request& r) noexcept;

/// Whether a message says anything at all: text that is not empty, another part, or a call.
[[nodiscard]] bool says_something(const message& m) noexcept;

/// The text of a tool call's arguments as a JSON object: as the client wrote it (numbers keep their digits), "{}" when it is blank.
/// Errors: bad_request naming messages[i].tool_calls[j].function.arguments.
[[nodiscard]] result<std::string_view> arguments_object(const message& m, std::size_t message, std::size_t call);

/// The schema of response_format json_schema as JSON text; its description, which other forms have no field for, goes into the schema when
/// that has none of its own. Errors: bad_request response_format.json_schema.schema.
[[nodiscard]] result<std::string> answer_schema(const response_format& f);

[[nodiscard]] std::string_view trim_blank(std::string_view s) noexcept;
[[nodiscard]] bool asks_for_calls(const tool_choice& c) noexcept;  ///< required or named
[[nodiscard]] bool is_system(const message& m) noexcept;           ///< system or developer

/// Decodes padded or unpadded base64 (RFC 4648 §4). nullopt: another character, or a length that no encoder makes.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

[[nodiscard]] std::string encode_base64(std::string_view bytes);  ///< padded

/// The event for bytes that are not what the form promises; `why` never quotes them.
[[nodiscard]] answer_failed unreadable(std::string why);

/// The body of a failed answer as the error object that vendors put under "error", through an array if it is wrapped in one.
/// nullopt: empty, HTML, cut or other JSON.
[[nodiscard]] std::optional<json::object> error_object(const json::document& doc) noexcept;

/// A failed answer: its status, whether it forbids to ask here again, and what `read_words` finds in its error object; where that says
/// nothing, a message that says so ("HTTP 502 without a readable error"). The class and the wait are the form's own to read.
[[nodiscard]] failure begin_failure(int status, const std::vector<header>& headers, std::string_view body,
                                    void (*read_words)(json::object, failure&));

/// A vendor's name for an error, and the HTTP status with which it comes.
struct named_status {
  std::string_view name;
  int status;
};
/// 0: no such name.
[[nodiscard]] int status_named(std::span<const named_status> all, std::string_view name) noexcept;

}  // namespace naru::dialects
