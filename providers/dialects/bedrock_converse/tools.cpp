#include <fmt/format.h>

#include <string>

#include "providers/dialects/bedrock_converse/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::bedrock_converse {
namespace {

/// The schema must be of type object; OpenAI's clients may leave the parameters or the type out.
result<std::string> input_schema(const tool& one, std::size_t index) {
  const std::string field = tool_path(index) + ".function.parameters";
  if (!one.parameters || json::is_null(*one.parameters)) return std::string{R"({"type":"object","properties":{}})"};
  if (!one.parameters->is_object()) {
    return fail(error_code::bad_request, fmt::format("want a JSON Schema object, got {}", json::type_name(*one.parameters)), field);
  }
  const auto type = json::find(one.parameters->get_object().value_unsafe(), "type");
  std::string text = json::to_text(*one.parameters);
  if (!type) return json::splice(text, {{"type", R"("object")"}});
  if (!type->is_string() || type->get_string().value_unsafe() != "object") {
    return fail(error_code::bad_request, "want a schema of type object", field + ".type");
  }
  return text;
}

void write_choice(const tool_choice& c, json::writer& w) {
  if (c.how == tool_choice::mode::unset) return;
  w.key("toolChoice").begin_object();
  if (c.how == tool_choice::mode::named) {
    w.key("tool").begin_object().field("name", c.name).end_object();
  } else {
    w.key(c.how == tool_choice::mode::required ? "any" : "auto").begin_object().end_object();
  }
  w.end_object();
}

}  // namespace

bool sends_tools(const chat_request& r) noexcept { return !r.tools.empty() && r.tool_choice.how != tool_choice::mode::none; }

result<void> write_tools(const chat_request& r, bedrock::family family, json::writer& w) {
  if (r.tools.empty() && asks_for_calls(r.tool_choice)) {
    return fail(error_code::bad_request, "a tool is asked for, but tools is empty", "tool_choice");
  }
  if (!sends_tools(r)) return {};
  w.key("toolConfig").begin_object().key("tools").begin_array();
  for (std::size_t i = 0; i < r.tools.size(); ++i) {
    const auto schema = input_schema(r.tools[i], i);
    if (!schema) return fail(schema.error());
    w.begin_object().key("toolSpec").begin_object().field("name", r.tools[i].name);
    if (!r.tools[i].description.empty()) w.field("description", r.tools[i].description);
    w.key("inputSchema").begin_object().key("json").raw(*schema).end_object();
    if (r.tools[i].strict) w.field("strict", *r.tools[i].strict);
    w.end_object().end_object();
    if (const std::string point = cache_point(r.tools[i].cache, family); !point.empty()) w.raw(point);
  }
  w.end_array();
  // One call at a time is said in Claude's own words, which hold the choice too (write_model_fields).
  if (r.parallel_tool_calls.value_or(true)) write_choice(r.tool_choice, w);
  w.end_object();
  return {};
}

}  // namespace naru::dialects::bedrock_converse
