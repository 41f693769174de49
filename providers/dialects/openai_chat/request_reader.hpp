#pragma once
#include "core/chat.hpp"
#include "core/error.hpp"
#include "core/json/document.hpp"
#include "providers/dialects/strict.hpp"

/// The client's body to a canonical request. Everything in it ends up in a field of `chat_request` or, with its value, in `extra`:
/// nothing that a client wrote is lost silently, and the detectors see all of it.
namespace naru::dialects::openai_chat {

/// @pre the document is what the request will keep views into. Errors: bad_request with the path of the first field at fault.
[[nodiscard]] result<chat_request> read_request(const json::document& doc);

// The pieces, each adding to `r`; the first fault is kept in `s`.
void read_messages(strict& s, const place& at, json::value v, chat_request& r);
/// One content part of a message. @param who  decides which types are allowed
void read_part(strict& s, const place& at, json::value v, role who, message& m, chat_request& r);
void read_tools(strict& s, const place& at, json::value v, chat_request& r);
void read_tool_choice(strict& s, const place& at, json::value v, chat_request& r);
void read_legacy_functions(strict& s, const place& at, json::value v, chat_request& r);
void read_legacy_function_call(strict& s, const place& at, json::value v, chat_request& r);
void read_response_format(strict& s, const place& at, json::value v, chat_request& r);

/// Members of `o` that are not in `known` (null ones aside) go to `extra` under `name`, one of the marks in extras.hpp.
void keep_unknown(json::object o, std::initializer_list<std::string_view> known, std::string_view name, chat_request& r);

}  // namespace naru::dialects::openai_chat
