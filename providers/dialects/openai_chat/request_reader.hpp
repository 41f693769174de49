#pragma once
#include <optional>
#include <vector>

#include "core/chat.hpp"
#include "core/error.hpp"
#include "core/json/document.hpp"
#include "providers/dialects/strict.hpp"

/// The client's body to a canonical request. Everything in it ends up in a field of `chat_request` or, with its value, in `extra`:
/// nothing that a client wrote is lost silently, and the detectors see all of it.
namespace naru::dialects::openai_chat {

/// @pre the document is what the request will keep views into. Errors: bad_request with the path of the first field at fault.
[[nodiscard]] result<chat_request> read_request(const json::document& doc);

/// One field of the body's first level, not null, by its name. @return false: none of this form's
bool read_field(strict& s, std::string_view name, json::value v, chat_request& r);

// The pieces, each adding to `r`; the first fault is kept in `s`.
void read_messages(strict& s, const place& at, json::value v, chat_request& r);
/// One content part of a message. @param who  decides which types are allowed
void read_part(strict& s, const place& at, json::value v, role who, message& m, chat_request& r);
void read_tools(strict& s, const place& at, json::value v, chat_request& r);
void read_tool_choice(strict& s, const place& at, json::value v, chat_request& r);
void read_legacy_functions(strict& s, const place& at, json::value v, chat_request& r);
void read_legacy_function_call(strict& s, const place& at, json::value v, chat_request& r);
void read_response_format(strict& s, const place& at, json::value v, chat_request& r);

// What the Responses form spells alike:

/// "none", "auto" or "required". nullopt: another word.
[[nodiscard]] std::optional<tool_choice::mode> choice_word(std::string_view word) noexcept;
/// name, description, parameters, strict. @param flat  `type` stands beside them (Responses)
void read_function(strict& s, const place& at, json::object o, chat_request& r, bool flat);
/// name, description, schema, strict of a JSON Schema format. @param flat  as above
void read_schema(strict& s, const place& at, json::object o, chat_request& r, bool flat);
/// An http(s) address or a data URL of base64, into `url`, or `media_type` and `data`.
void read_image_url(strict& s, const place& at, json::value v, image_part& part);
/// Base64, or a data URL of it, into `media_type` and `data`.
void read_file_data(strict& s, const place& at, json::value v, file_part& part);

/// reasoning_details (OpenRouter's array) or thinking_blocks (LiteLLM's) of an assistant's message: what its vendor wants back, as parts.
/// @return whether they hold the text of the reasoning, so that `reasoning_content` beside them only says it again
[[nodiscard]] bool read_reasoning_details(strict& s, const place& at, json::object message, std::vector<part>& parts, chat_request& r);

/// Members of `o` that are not in `known` (null ones aside) go to `extra` under `name`, one of the marks in extras.hpp.
void keep_unknown(json::object o, std::initializer_list<std::string_view> known, std::string_view name, chat_request& r);

}  // namespace naru::dialects::openai_chat
