#include "providers/dialects/openai_chat/request_reader.hpp"
#include "providers/dialects/openai_responses/request.hpp"

namespace naru::dialects::openai_responses {
namespace {

std::string_view type_of(strict& s, const path& at, json::object o, std::string_view wanted) {
  const auto v = s.required(at, o, "type", wanted);
  return v ? s.word(path{at, "type"}, *v) : std::string_view{};
}

void read_tool(strict& s, const path& at, json::value v, chat_request& r) {
  const auto o = s.object(at, v, "a tool, an object with type");
  const auto type = o ? type_of(s, at, *o, "the kind of the tool, a string") : std::string_view{};
  if (!s.ok()) return;
  if (type != "function") return keep_whole(at, v, r);  // custom tools, and those that the vendor runs itself
  if (!member(*o, "name") && member(*o, "function")) {
    return s.refuse_rule(path{at, "name"}, "want name and parameters beside type; a tool with \"function\" is of the chat form");
  }
  openai_chat::read_function(s, at, *o, r, true);
}

void read_format(strict& s, const path& at, json::value v, chat_request& r) {
  const auto o = s.object(at, v);
  const auto type = o ? type_of(s, at, *o, "one of text, json_object, json_schema") : std::string_view{};
  if (!s.ok()) return;
  auto& f = r.response_format;
  if (type == "json_schema") {
    f.what = response_format::kind::json_schema;
    openai_chat::read_schema(s, at, *o, r, true);
  } else if (type == "json_object") {
    f.what = response_format::kind::json_object;
  } else if (type != "text") {
    keep_whole(path{at, "type"}, v, r);  // grammars
  }
}

}  // namespace

void read_tools(strict& s, const path& at, json::value v, chat_request& r) {
  const auto list = s.array(at, v, "an array of tools");
  if (!list) return;
  std::size_t index = 0;
  for (const json::value item : *list) {
    const path here{at, index++};
    read_tool(s, here, item, r);
    if (!s.ok()) return;
  }
}

void read_tool_choice(strict& s, const path& at, json::value v, chat_request& r) {
  constexpr std::string_view wanted = "none, auto, required or an object that names a tool";
  if (v.is_string()) {
    const auto word = s.string(at, v);
    if (const auto mode = openai_chat::choice_word(word))
      r.tool_choice.how = *mode;
    else
      s.refuse_word(at, wanted);
    return;
  }
  const auto o = s.object(at, v, wanted);
  const auto type = o ? type_of(s, at, *o, "the kind of the tool, a string") : std::string_view{};
  if (!s.ok()) return;
  // allowed_tools, custom, hosted tools. The chat form writes a `tool_choice` of its own shape, so that this one needs another name.
  if (type != "function") return keep_whole(path{at, "type"}, v, r);
  if (const auto name = s.required(at, *o, "name", "the name of a function, a string")) {
    r.tool_choice = {tool_choice::mode::named, s.word(path{at, "name"}, *name)};
  }
  keep_unknown(at, *o, {"type", "name"}, r);
}

void read_text(strict& s, const path& at, json::value v, chat_request& r) {
  const auto o = s.object(at, v);
  if (!o) return;
  if (const auto format = member(*o, "format")) read_format(s, path{at, "format"}, *format, r);
  if (const auto verbosity = member(*o, "verbosity")) r.verbosity = s.word(path{at, "verbosity"}, *verbosity);
  keep_unknown(at, *o, {"format", "verbosity"}, r);
}

}  // namespace naru::dialects::openai_responses
