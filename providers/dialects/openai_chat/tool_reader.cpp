#include "providers/dialects/openai_chat/extras.hpp"
#include "providers/dialects/openai_chat/request_reader.hpp"

namespace naru::dialects::openai_chat {
namespace {

void read_tool(strict& s, const place& at, json::value v, chat_request& r) {
  const auto o = s.object(at, v, "an object with type and function");
  if (!o) return;
  const auto type_value = s.required(at, *o, "type", "\"function\" or \"custom\"");
  if (!type_value) return;
  const auto type = s.string(place{at, "type"}, *type_value);
  if (!s.ok()) return;
  if (type == "custom") {
    r.extra.push_back({extras::custom_tool, v});
    return;
  }
  if (type != "function") return s.refuse_word(place{at, "type"}, "\"function\" or \"custom\"");
  const place here{at, "function"};
  if (!member(*o, "function") && member(*o, "name")) {
    return s.refuse_rule(here, "want an object with name and parameters; a flat tool is of the Responses form");
  }
  const auto function = s.required(at, *o, "function", "an object with name and parameters");
  const auto inner = function ? s.object(here, *function) : std::nullopt;
  if (inner) read_function(s, here, *inner, r, false);
  keep_unknown(*o, {"type", "function"}, extras::tool_member, r);
}

template <class Read>
void each(strict& s, const place& at, json::value v, std::string_view wanted, Read read) {
  const auto list = s.array(at, v, wanted);
  if (!list) return;
  std::size_t index = 0;
  for (const json::value item : *list) {
    const place here{at, index++};
    read(here, item);
    if (!s.ok()) return;
  }
}

void read_named_choice(strict& s, const place& at, json::object o, chat_request& r) {
  if (const auto v = s.required(at, o, "name", "the name of a function, a string")) {
    r.tool_choice = {tool_choice::mode::named, s.word(place{at, "name"}, *v)};
  }
  keep_unknown(o, {"name"}, extras::choice_member, r);
}

}  // namespace

std::optional<tool_choice::mode> choice_word(std::string_view word) noexcept {
  if (word == "none") return tool_choice::mode::none;
  if (word == "auto") return tool_choice::mode::automatic;
  if (word == "required") return tool_choice::mode::required;
  return std::nullopt;
}

void read_function(strict& s, const place& at, json::object o, chat_request& r, bool flat) {
  tool t;
  if (const auto v = s.required(at, o, "name", "the name of a function, a string")) t.name = s.word(place{at, "name"}, *v);
  if (const auto v = member(o, "description")) t.description = s.string(place{at, "description"}, *v);
  if (const auto v = member(o, "parameters")) {
    if (s.object(place{at, "parameters"}, *v, "a JSON Schema object")) t.parameters = *v;
  }
  if (const auto v = member(o, "strict")) t.strict = s.boolean(place{at, "strict"}, *v);
  keep_unknown(o, {"name", "description", "parameters", "strict", flat ? std::string_view{"type"} : "name"}, extras::tool_member, r);
  r.tools.push_back(t);
}

void read_schema(strict& s, const place& at, json::object o, chat_request& r, bool flat) {
  auto& f = r.response_format;
  if (const auto v = s.required(at, o, "name", "a name for the schema, a string")) f.name = s.word(place{at, "name"}, *v);
  if (const auto v = member(o, "description")) f.description = s.string(place{at, "description"}, *v);
  if (const auto v = member(o, "schema")) {
    if (s.object(place{at, "schema"}, *v, "a JSON Schema object")) f.schema = *v;
  }
  if (const auto v = member(o, "strict")) f.strict = s.boolean(place{at, "strict"}, *v);
  keep_unknown(o, {"name", "description", "schema", "strict", flat ? std::string_view{"type"} : "name"}, extras::format_member, r);
}

void read_tools(strict& s, const place& at, json::value v, chat_request& r) {
  each(s, at, v, "an array of tools", [&](const place& here, json::value item) { read_tool(s, here, item, r); });
}

void read_legacy_functions(strict& s, const place& at, json::value v, chat_request& r) {
  each(s, at, v, "an array of functions", [&](const place& here, json::value item) {
    if (const auto o = s.object(here, item)) read_function(s, here, *o, r, false);
  });
}

void read_tool_choice(strict& s, const place& at, json::value v, chat_request& r) {
  constexpr std::string_view wanted = "none, auto, required or an object that names a tool";
  if (v.is_string()) {
    const auto word = s.string(at, v);
    if (const auto mode = choice_word(word))
      r.tool_choice.how = *mode;
    else
      s.refuse_word(at, wanted);
    return;
  }
  const auto o = s.object(at, v, wanted);
  const auto type_value = o ? s.required(at, *o, "type", "one of function, custom, allowed_tools") : std::nullopt;
  if (!type_value) return;
  const auto type = s.string(place{at, "type"}, *type_value);
  if (!s.ok()) return;
  if (type == "custom" || type == "allowed_tools") {
    r.extra.push_back({extras::tool_choice, v});
  } else if (type != "function") {
    s.refuse_word(place{at, "type"}, "one of function, custom, allowed_tools");
  } else if (const auto function = s.required(at, *o, "function", "an object with name")) {
    const place here{at, "function"};
    if (const auto inner = s.object(here, *function)) read_named_choice(s, here, *inner, r);
    keep_unknown(*o, {"type", "function"}, extras::choice_member, r);
  }
}

void read_legacy_function_call(strict& s, const place& at, json::value v, chat_request& r) {
  if (v.is_string()) {
    const auto word = s.string(at, v);
    const auto mode = choice_word(word);
    if (mode && *mode != tool_choice::mode::required)
      r.tool_choice.how = *mode;
    else
      s.refuse_word(at, "none, auto or an object with name");
  } else if (const auto o = s.object(at, v, "none, auto or an object with name")) {
    read_named_choice(s, at, *o, r);
  }
}

void read_response_format(strict& s, const place& at, json::value v, chat_request& r) {
  const auto o = s.object(at, v);
  const auto type_value = o ? s.required(at, *o, "type", "one of text, json_object, json_schema") : std::nullopt;
  if (!type_value) return;
  const auto type = s.string(place{at, "type"}, *type_value);
  if (!s.ok()) return;
  const place here{at, "json_schema"};
  if (type == "json_schema" && member(*o, "json_schema")) {
    r.response_format.what = response_format::kind::json_schema;
    const auto inner = s.object(here, *member(*o, "json_schema"));
    if (inner) read_schema(s, here, *inner, r, false);
    keep_unknown(*o, {"type", "json_schema"}, extras::format_member, r);
  } else if (type == "json_object" && o->size() == 1) {
    r.response_format.what = response_format::kind::json_object;
  } else if (type == "json_schema" && !member(*o, "schema")) {
    s.missing(here, "an object with name and schema");
  } else if (type != "text" || o->size() != 1) {
    r.extra.push_back({extras::response_format, v});  // llama.cpp's json_object with a schema, others' grammar and regex
  }
}

}  // namespace naru::dialects::openai_chat
