#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/chat.hpp"
#include "core/error.hpp"
#include "core/json/document.hpp"
#include "core/json/writer.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/dialects/strict.hpp"

/// Inside of the Responses form: requests, from both ends. Beside this folder only openai_chat includes it, for bodies of this form that
/// come to its path.
namespace naru::dialects::openai_responses {

using path = place;

/// Precedes the signature of another vendor's reasoning in `encrypted_content`, so that it is not taken for OpenAI's.
inline constexpr std::string_view foreign_reasoning_mark = "naru_reasoning:";
/// Precedes the signature of the call behind it (Gemini's), which has no place in a function_call item.
inline constexpr std::string_view call_signature_mark = "naru_call_signature:";

inline constexpr std::string_view responses_path = "/responses";
inline constexpr std::string_view input_tokens_path = "/responses/input_tokens";

/// @pre the document is what the request will keep views into. Sets `origins`, always. Errors: bad_request with the path of the first
/// field at fault.
[[nodiscard]] result<chat_request> read_request(const json::document& doc);

// The pieces, each adding to `r`; the first fault is kept in `s`.
void read_instructions(strict& s, const path& at, json::value v, chat_request& r);
void read_input(strict& s, const path& at, json::value v, chat_request& r);
void read_tools(strict& s, const path& at, json::value v, chat_request& r);
void read_tool_choice(strict& s, const path& at, json::value v, chat_request& r);
void read_text(strict& s, const path& at, json::value v, chat_request& r);
/// The content of a message, or of a call's output.
void read_parts(strict& s, const path& at, json::array list, role who, message& m, chat_request& r);

/// A value that this form carries and no other does: `extra` gets it under its path.
void keep_whole(const path& at, json::value v, chat_request& r);
/// Members of `o` that are not in `known` (null ones aside), each under its path.
void keep_unknown(const path& at, json::object o, std::initializer_list<std::string_view> known, chat_request& r);

/// See client_dialect::place_in. Without a request: only what needs no index.
[[nodiscard]] std::string place_of(const chat_request* asked, std::string_view in_openai_chat);

/// Why this form cannot carry `r` to `t`. A request of this form's own reader is asked about its model alone: what else is in it is
/// carried by splicing.
[[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t);
/// Whether a body that is written anew has no place for something, whatever form the request came in.
[[nodiscard]] std::optional<error> without_place(const chat_request& r);
/// Fields of the body's first level that are written as the client gave them.
[[nodiscard]] bool is_writable(std::string_view extra) noexcept;

[[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t);
/// The instructions that the client gave beside its items: they hold for one answer, where a system message would be remembered. Or empty.
[[nodiscard]] std::string_view instructions_of(const chat_request& r) noexcept;
/// The array of items, without the instructions.
void write_input(json::writer& w, const chat_request& r);
/// An item of reasoning; `summary` is JSON text, an array.
void write_reasoning_item(json::writer& w, std::string_view id, std::string_view summary, std::string_view encrypted);

/// The client's body of this form with the model, what the model's constraint words demand, and reasoning that another vendor made taken
/// out. nullopt: a key spelled with escapes, behind which a second model could hide.
[[nodiscard]] std::optional<wire_request> splice_request(std::string_view body, const chat_request& r, const target& t);

}  // namespace naru::dialects::openai_responses
