#include <fmt/format.h>

#include <algorithm>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/request_reader.hpp"
#include "providers/dialects/gemini/schema.hpp"

namespace naru::dialects::gemini {
namespace {

void read_parameters(reading& in, members& m, tool& t) {
  const auto plain = m.take("parametersJsonSchema");
  const auto own = m.take("parameters");
  if (plain && own) {
    return in.faults.refuse_rule(m.at("parameters"), "want either parameters or parametersJsonSchema, not both");
  }
  if (plain && in.faults.object(m.at("parametersJsonSchema"), *plain, "a JSON Schema object")) t.parameters = *plain;
  if (!own || !in.faults.object(m.at("parameters"), *own, "a Schema object")) return;
  const auto lowered = keep_json(in.request, plain_schema(*own));
  if (!lowered) return in.faults.refuse_rule(m.at("parameters"), "want a Schema object: " + lowered.error().message);
  t.parameters = *lowered;
}

void read_function(reading& in, const place& at, json::value v) {
  const auto o = in.faults.object(at, v, "a function, an object with name and parameters");
  if (!o) return;
  members m{in.faults, &at, *o};
  tool t;
  if (const auto name = m.take("name")) t.name = in.faults.word(m.at("name"), *name, "the name of a function, a string");
  if (t.name.empty()) in.faults.missing(m.at("name"), "the name of a function");
  if (const auto text = m.take("description")) t.description = in.faults.string(m.at("description"), *text);
  read_parameters(in, m, t);
  if (!in.faults.ok()) return;
  in.keep_left(m);
  if (in.origins != nullptr) in.note(tool_path(in.request.tools.size()), at);
  in.request.tools.push_back(t);
}

void read_allowed(reading& in, const place& at, json::value v) {
  auto& choice = in.request.tool_choice;
  std::size_t count = 0;
  each_element(in.faults, at, v, "an array of function names", [&](const place& here, json::value one, std::size_t) {
    choice.name = in.faults.word(here, one, "the name of a function, a string");
    ++count;
  });
  if (count == 0 || !in.faults.ok()) return;
  if (count == 1 && choice.how == tool_choice::mode::required) {
    choice.how = tool_choice::mode::named;
    return;
  }
  choice.name = {};
  in.keep_extra(at, v);  // a choice among several, or a bound on an open one: no other form has it
}

}  // namespace

void read_tools(reading& in, const place& at, json::value v) {
  each_element(in.faults, at, v, "an array of tools", [&](const place& here, json::value one, std::size_t) {
    const auto o = in.faults.object(here, one, "a tool, an object");
    if (!o) return;
    members m{in.faults, &here, *o};
    if (const auto functions = m.take("functionDeclarations")) {
      each_element(in.faults, m.at("functionDeclarations"), *functions, "an array of functions",
                   [&](const place& inner, json::value function, std::size_t) { read_function(in, inner, function); });
    }
    if (in.faults.ok()) in.keep_left(m);  // googleSearch, codeExecution ...
  });
}

void read_tool_config(reading& in, const place& at, json::value v) {
  const auto o = in.faults.object(at, v);
  if (!o) return;
  members outer{in.faults, &at, *o};
  const auto config = outer.take("functionCallingConfig");
  if (in.faults.ok()) in.keep_left(outer);
  if (!config) return;
  const place here = outer.at("functionCallingConfig");
  const auto inner = in.faults.object(here, *config);
  if (!inner) return;
  members m{in.faults, &here, *inner};
  auto& choice = in.request.tool_choice;
  if (const auto mode = m.take("mode")) {
    constexpr std::string_view wanted = "AUTO, ANY, NONE or VALIDATED";
    const auto word = in.faults.string(m.at("mode"), *mode, wanted);
    if (word == "AUTO") {
      choice.how = tool_choice::mode::automatic;
    } else if (word == "ANY") {
      choice.how = tool_choice::mode::required;
    } else if (word == "NONE") {
      choice.how = tool_choice::mode::none;
    } else if (word == "VALIDATED") {  // calls held to their schemas, which others ask for function by function
      choice.how = tool_choice::mode::automatic;
      for (auto& t : in.request.tools) t.strict = true;
    } else if (in.faults.ok() && word != "MODE_UNSPECIFIED") {
      in.faults.refuse_word(m.at("mode"), wanted);
    }
  }
  if (const auto allowed = m.take("allowedFunctionNames"); allowed && in.faults.ok()) {
    read_allowed(in, m.at("allowedFunctionNames"), *allowed);
  }
  if (in.faults.ok()) in.keep_left(m);
}

}  // namespace naru::dialects::gemini
