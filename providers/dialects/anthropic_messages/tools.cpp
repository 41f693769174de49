#include <fmt/format.h>

#include <string>

#include "providers/dialects/anthropic_messages/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

/// `input_schema` must say type: object; OpenAI's clients may leave the parameters or the type out.
result<std::string> input_schema(const tool& one, std::size_t index) {
  const std::string field = tool_path(index) + ".function.parameters";
  if (!one.parameters || json::is_null(*one.parameters)) return std::string{R"({"type":"object","properties":{}})"};
  if (!one.parameters->is_object()) {
    return fail(error_code::bad_request, fmt::format("want a JSON Schema object, got {}", json::type_name(*one.parameters)), field);
  }
  const json::object schema = one.parameters->get_object().value_unsafe();
  const auto type = json::find(schema, "type");
  const std::string text = json::to_text(*one.parameters);
  if (!type) return json::splice(text, {{"type", R"("object")"}});
  if (!type->is_string() || type->get_string().value_unsafe() != "object") {
    return fail(error_code::bad_request, "want a schema of type object", field + ".type");
  }
  return text;
}

void write_choice(const chat_request& r, json::writer& w) {
  const bool single = !r.parallel_tool_calls.value_or(true);
  const auto how = r.tool_choice.how;
  if (how == tool_choice::mode::unset && !single) return;
  w.key("tool_choice").begin_object();
  switch (how) {
    case tool_choice::mode::none: w.field("type", "none"); break;
    case tool_choice::mode::required: w.field("type", "any"); break;
    case tool_choice::mode::named: w.field("type", "tool").field("name", r.tool_choice.name); break;
    case tool_choice::mode::unset:
    case tool_choice::mode::automatic: w.field("type", "auto"); break;
  }
  if (single && how != tool_choice::mode::none) w.field("disable_parallel_tool_use", true);
  w.end_object();
}

}  // namespace

result<void> write_tools(const chat_request& r, json::writer& w) {
  if (r.tools.empty()) {
    if (asks_for_calls(r.tool_choice)) return fail(error_code::bad_request, "a tool is asked for, but tools is empty", "tool_choice");
    return {};  // the vendor refuses a tool_choice without tools; none and auto mean nothing then
  }
  w.key("tools").begin_array();
  for (std::size_t i = 0; i < r.tools.size(); ++i) {
    const auto schema = input_schema(r.tools[i], i);
    if (!schema) return fail(schema.error());
    w.begin_object().field("name", r.tools[i].name);
    if (!r.tools[i].description.empty()) w.field("description", r.tools[i].description);
    w.key("input_schema").raw(*schema);
    if (r.tools[i].strict) w.field("strict", *r.tools[i].strict);
    write_cache_mark(w, r.tools[i].cache);
    w.end_object();
  }
  w.end_array();
  write_choice(r, w);
  return {};
}

}  // namespace naru::dialects::anthropic_messages
