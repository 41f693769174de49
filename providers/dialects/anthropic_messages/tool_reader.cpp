#include <string>

#include "providers/dialects/anthropic_messages/client_request.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

/// `allowed_callers: ["direct"]`, and `defer_loading: false`, say what is so anyway.
bool says_nothing(std::string_view key, json::value v) noexcept {
  if (key == "defer_loading") return v.is_bool() && !v.get_bool().value_unsafe();
  if (key != "allowed_callers" || !v.is_array()) return false;
  for (const json::value item : v.get_array().value_unsafe()) {
    if (!item.is_string() || item.get_string().value_unsafe() != "direct") return false;
  }
  return true;
}

/// A tool of the client's own. `eager_input_streaming` is a hint about how its input is cut into pieces.
void read_tool(strict& s, const place& at, json::object o, chat_request& r) {
  tool t;
  if (const auto name = s.required(at, o, "name", "the name of a tool, a string")) t.name = s.word(place{at, "name"}, *name);
  t.description = optional_text(s, at, o, "description");
  if (const auto schema = s.required(at, o, "input_schema", "a JSON Schema object")) {
    if (s.object(place{at, "input_schema"}, *schema, "a JSON Schema object")) t.parameters = *schema;
  }
  if (const auto strict_schema = member(o, "strict")) t.strict = s.boolean(place{at, "strict"}, *strict_schema);
  t.cache = read_cache_mark(s, at, o);
  for (const std::string_view key : {"allowed_callers", "defer_loading"}) {
    if (const auto v = member(o, key); v && !says_nothing(key, *v)) keep_extra(place{at, key}, *v, r);
  }
  keep_unknown(at, o,
               {"type", "name", "description", "input_schema", "strict", "cache_control", "eager_input_streaming", "allowed_callers",
                "defer_loading"},
               r);
  r.tools.push_back(t);
}

}  // namespace

// A tool with another type than custom runs at the vendor, or is one that its models were trained on: only the same form has it.
void read_tools(strict& s, const place& at, json::value v, chat_request& r) {
  const auto list = s.array(at, v, "an array of tools");
  if (!list) return;
  std::size_t index = 0;
  for (const json::value item : *list) {
    const place here{at, index++};
    const auto o = s.object(here, item, "a tool, an object with name and input_schema");
    if (!o) return;
    const auto type = optional_text(s, here, *o, "type");
    if (!s.ok()) return;
    if (type.empty() || type == "custom")
      read_tool(s, here, *o, r);
    else
      keep_extra(here, item, r);
    if (!s.ok()) return;
  }
}

void read_tool_choice(strict& s, const place& at, json::value v, chat_request& r) {
  constexpr std::string_view wanted = "one of auto, any, tool, none";
  using mode = tool_choice::mode;
  const auto o = s.object(at, v, "an object with type");
  const auto type = o ? type_of(s, at, *o, wanted) : std::string_view{};
  if (!s.ok()) return;
  if (type == "auto") {
    r.tool_choice.how = mode::automatic;
  } else if (type == "any") {
    r.tool_choice.how = mode::required;
  } else if (type == "none") {
    r.tool_choice.how = mode::none;
  } else if (type == "tool") {
    r.tool_choice.how = mode::named;
    if (const auto name = s.required(at, *o, "name", "the name of a tool, a string")) r.tool_choice.name = s.word(place{at, "name"}, *name);
  } else {
    return s.refuse_word(place{at, "type"}, wanted);
  }
  if (const auto single = member(*o, "disable_parallel_tool_use")) {
    if (const auto yes = s.boolean(place{at, "disable_parallel_tool_use"}, *single)) r.parallel_tool_calls = !*yes;
  }
  keep_unknown(at, *o, {"type", "name", "disable_parallel_tool_use"}, r);
}

void read_thinking(strict& s, const place& at, json::value v, chat_request& r) {
  constexpr std::string_view wanted = "one of enabled, disabled, adaptive";
  using mode = thinking_request::mode;
  const auto o = s.object(at, v, "an object with type");
  const auto type = o ? type_of(s, at, *o, wanted) : std::string_view{};
  if (!s.ok()) return;
  if (type == "enabled") {
    constexpr std::uint64_t least = 1024;
    r.thinking.how = mode::enabled;
    if (const auto budget = s.required(at, *o, "budget_tokens", "a whole number of at least 1024")) {
      r.thinking.budget = s.whole(place{at, "budget_tokens"}, *budget, least);
    }
  } else if (type == "adaptive") {
    r.thinking.how = mode::adaptive;
  } else if (type == "disabled") {
    r.thinking.how = mode::disabled;
  } else {
    return s.refuse_word(place{at, "type"}, wanted);
  }
  if (const auto display = optional_text(s, at, *o, "display"); display == "summarized" || display == "omitted") {
    r.thinking.shown = display == "summarized";
  } else if (s.ok() && !display.empty()) {
    return s.refuse_word(place{at, "display"}, "summarized or omitted");
  }
  keep_unknown(at, *o, {"type", "budget_tokens", "display"}, r);
}

void read_format(strict& s, const place& at, json::value v, chat_request& r) {
  const auto o = s.object(at, v, "an object with type");
  const auto type = o ? type_of(s, at, *o, "json_schema") : std::string_view{};
  if (!s.ok()) return;
  if (type != "json_schema") return s.refuse_word(place{at, "type"}, "json_schema");
  const auto schema = s.required(at, *o, "schema", "a JSON Schema object");
  if (!schema || !s.object(place{at, "schema"}, *schema, "a JSON Schema object")) return;
  r.response_format.what = response_format::kind::json_schema;
  r.response_format.name = "answer";  // forms with names demand one
  r.response_format.schema = *schema;
  r.response_format.strict = true;  // it always binds here
  keep_unknown(at, *o, {"type", "schema"}, r);
}

}  // namespace naru::dialects::anthropic_messages
