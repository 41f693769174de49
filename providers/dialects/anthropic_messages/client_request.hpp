#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/chat.hpp"
#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/dialects/strict.hpp"

/// Inside of the Messages form: how a client's body is read. Everything in it ends up in a field of `chat_request` or, with its value, in
/// `extra`: whole blocks, tools and fields that have no place there under their path. Left out are hints alone, which say nothing to a
/// model (who called a tool, citations of an earlier answer). Nothing outside this folder includes it.
namespace naru::dialects::anthropic_messages {

/// @param kind  chat, or token_count (the same body without max_tokens)
/// Errors: bad_request with the path of the first field at fault.
[[nodiscard]] result<chat_request> read_request(const json::document& doc, const addressed& to, request_kind kind);

// The pieces, each adding to `r`; the first fault is kept in `s`.
void read_system(strict& s, const place& at, json::value v, chat_request& r);
void read_messages(strict& s, const place& at, json::value v, chat_request& r);
void read_tools(strict& s, const place& at, json::value v, chat_request& r);
void read_tool_choice(strict& s, const place& at, json::value v, chat_request& r);
void read_thinking(strict& s, const place& at, json::value v, chat_request& r);
/// An answer's schema: output_config.format, and its older name output_format.
void read_format(strict& s, const place& at, json::value v, chat_request& r);

/// A part of a message, a system prompt or a result: one of text, image, document, as `who` may say it. False: a kind that is none of
/// them, or whose content has no place in a part; nothing was read.
[[nodiscard]] bool read_part(strict& s, const place& at, json::object block, std::string_view type, message& m, chat_request& r);

/// A cache_control, and that of a block or a tool if it has one.
[[nodiscard]] cache_mark read_cache_mark(strict& s, const place& at, json::value v);
[[nodiscard]] cache_mark read_cache_mark(strict& s, const place& at, json::object o);

/// A member that must be there and a string.
[[nodiscard]] std::string_view text_member(strict& s, const place& at, json::object o, std::string_view key);
/// A member that may be there: a string, else empty.
[[nodiscard]] std::string_view optional_text(strict& s, const place& at, json::object o, std::string_view key);
/// `type` of a block, a tool choice, a source ...
[[nodiscard]] std::string_view type_of(strict& s, const place& at, json::object o, std::string_view wanted);
/// Keeps a value without a place under its path.
void keep_extra(const place& at, json::value v, chat_request& r);
/// Members of `o` that are not in `known`, each under its path; null ones aside.
void keep_unknown(const place& at, json::object o, std::initializer_list<std::string_view> known, chat_request& r);

/// The form's own name of a place that errors name in OpenAI's spelling.
[[nodiscard]] std::string field_place(std::string_view in_openai_chat);
[[nodiscard]] std::string place_in(const chat_request& asked, std::string_view in_openai_chat);

}  // namespace naru::dialects::anthropic_messages
