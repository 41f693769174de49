#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/request.hpp"

namespace naru::dialects::gemini {
namespace {

/// VALIDATED is AUTO with arguments held to their schemas, which is what `strict` asks for; it holds for all functions at once.
/// ANY binds to the schemas by itself.
std::string_view mode_of(const chat_request& r) noexcept {
  switch (r.tool_choice.how) {
    case tool_choice::mode::none: return "NONE";
    case tool_choice::mode::required:
    case tool_choice::mode::named: return "ANY";
    case tool_choice::mode::unset:
    case tool_choice::mode::automatic: break;
  }
  const bool strict = std::ranges::any_of(r.tools, [](const tool& one) { return one.strict.value_or(false); });
  if (strict) return "VALIDATED";
  return r.tool_choice.how == tool_choice::mode::unset ? std::string_view{} : "AUTO";
}

void write_config(const chat_request& r, json::writer& w) {
  const std::string_view mode = mode_of(r);
  if (mode.empty()) return;
  w.key("toolConfig").begin_object().key("functionCallingConfig").begin_object().field("mode", mode);
  if (r.tool_choice.how == tool_choice::mode::named) w.key("allowedFunctionNames").begin_array().string(r.tool_choice.name).end_array();
  w.end_object().end_object();
}

}  // namespace

result<void> write_tools(const chat_request& r, json::writer& w) {
  if (r.tools.empty()) {
    if (asks_for_calls(r.tool_choice)) return fail(error_code::bad_request, "a tool is asked for, but tools is empty", "tool_choice");
    return {};
  }
  w.key("tools").begin_array().begin_object().key("functionDeclarations").begin_array();
  for (std::size_t i = 0; i < r.tools.size(); ++i) {
    const tool& one = r.tools[i];
    w.begin_object().field("name", one.name);
    if (!one.description.empty()) w.field("description", one.description);
    if (one.parameters && !json::is_null(*one.parameters)) {
      if (!one.parameters->is_object()) {
        return fail(error_code::bad_request, fmt::format("want a JSON Schema object, got {}", json::type_name(*one.parameters)),
                    tool_path(i) + ".function.parameters");
      }
      // Plain JSON Schema, unlike `parameters`, which is a subset of OpenAPI's in its own spelling.
      w.key("parametersJsonSchema").raw(json::to_text(*one.parameters));
    }
    w.end_object();
  }
  w.end_array().end_object().end_array();
  write_config(r, w);
  return {};
}

}  // namespace naru::dialects::gemini
