#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/chat.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/dialects/gemini/proto.hpp"
#include "providers/dialects/strict.hpp"

/// Inside of the generateContent form: the client's body to a canonical request. All that is in it ends up in a field of `chat_request`
/// or, under its path in the body, in `extra`: nothing is lost silently, and the detectors see all of it.
namespace naru::dialects::gemini {

/// Where a place of the canonical request, spelled as in OpenAI's chat form, stands in the client's body.
struct origin {
  std::string canonical;  ///< "messages[1].content[0]", "tools[2]"
  std::string own;        ///< "contents[0].parts[1]"
};

/// What the readers of a body's parts share.
struct reading {
  strict faults{};
  chat_request request{};
  std::vector<origin>* origins = nullptr;  ///< filled when it is there: for errors alone

  /// @pre origins != nullptr
  void note(std::string canonical, const place& at) const { origins->push_back({std::move(canonical), at.text()}); }
  /// Keeps what has no place in a chat under its path.
  void keep_extra(const place& at, json::value v) { request.extra.push_back({keep(request, at.text()), v}); }
  void keep_left(const members& m) {
    m.each_left([&](std::string_view key, json::value v) { keep_extra(m.at(key), v); });
  }
};

/// Errors: bad_request, `field` is the path in the body. @param origins  see `reading`; may be nullptr
[[nodiscard]] result<chat_request> read_generate(const json::document& doc, const addressed& to, std::vector<origin>* origins = nullptr);
/// countTokens: {"contents": ...} or {"generateContentRequest": {...}}.
[[nodiscard]] result<chat_request> read_count(const json::document& doc, const addressed& to, std::vector<origin>* origins = nullptr);

// The pieces:
void read_contents(reading& in, const place& at, json::value v);
void read_system(reading& in, const place& at, json::value v);
void read_tools(reading& in, const place& at, json::value v);
void read_tool_config(reading& in, const place& at, json::value v);
void read_generation_config(reading& in, const place& at, json::value v);

/// The member of a part that says what it holds, and whatever stands beside it.
struct part_kind {
  std::string_view name;  ///< "text", "inlineData" ...; empty: none that is known
  json::value value{};
};
[[nodiscard]] part_kind kind_of(members& part);

/// Bytes or an address as image, audio or file. nullopt: it has no place in a chat (or was refused), and is for `extra`.
[[nodiscard]] std::optional<part> read_media(reading& in, const place& at, const part_kind& kind);

/// The model that the path names, without the collection it stands in; else the body's.
[[nodiscard]] std::string_view model_name(std::string_view name) noexcept;

/// The client's own name for a place without an index ("seed"), and for one that `origins` knows.
[[nodiscard]] std::string own_place(std::string_view in_openai_chat);
[[nodiscard]] std::string own_place(std::string_view in_openai_chat, const std::vector<origin>& origins);

}  // namespace naru::dialects::gemini
