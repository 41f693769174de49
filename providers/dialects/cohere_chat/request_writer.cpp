#include <algorithm>
#include <string>

#include "providers/dialects/cohere_chat/parts.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/places.hpp"

namespace naru::dialects::cohere_chat {
namespace {

void write_choice(const chat_request& r, json::writer& w) {
  switch (r.tool_choice.how) {
    case tool_choice::mode::none: w.field("tool_choice", "NONE"); return;
    case tool_choice::mode::required:
    case tool_choice::mode::named: w.field("tool_choice", "REQUIRED"); return;  // named: the only one, see carry.cpp
    case tool_choice::mode::unset:
    case tool_choice::mode::automatic: return;  // said by leaving it out: the vendor refuses the word
  }
}

result<void> write_tools(const chat_request& r, json::writer& w) {
  if (r.tools.empty()) {
    if (asks_for_calls(r.tool_choice)) return fail(error_code::bad_request, "a tool is asked for, but tools is empty", "tool_choice");
    return {};
  }
  w.key("tools").begin_array();
  for (std::size_t i = 0; i < r.tools.size(); ++i) {
    const tool& one = r.tools[i];
    w.begin_object().field("type", "function").key("function").begin_object().field("name", one.name);
    if (!one.description.empty()) w.field("description", one.description);
    w.key("parameters");
    if (one.parameters && !json::is_null(*one.parameters)) {
      if (!one.parameters->is_object()) {
        return fail(error_code::bad_request, "want a JSON Schema object", tool_path(i) + ".function.parameters");
      }
      w.raw(json::to_text(*one.parameters));
    } else {
      w.raw(R"({"type":"object","properties":{}})");
    }
    w.end_object().end_object();
  }
  w.end_array();
  // One switch for all tools: strict where every one of them wants it, as it refuses schemas that the others may have.
  if (std::ranges::all_of(r.tools, [](const tool& one) { return one.strict.value_or(false); })) w.field("strict_tools", true);
  write_choice(r, w);
  return {};
}

result<void> write_format(const chat_request& r, json::writer& w) {
  if (r.response_format.what == response_format::kind::text) return {};
  w.key("response_format").begin_object().field("type", "json_object");
  if (r.response_format.what == response_format::kind::json_schema) {
    const auto schema = answer_schema(r.response_format);
    if (!schema) return fail(schema.error());
    w.key("json_schema").raw(*schema);
  }
  w.end_object();
  return {};
}

void write_thinking(const chat_request& r, json::writer& w) {
  const thinking_wish wish = wished_thinking(r);
  if (wish.how == thinking_wish::mode::unsaid) return;
  w.key("thinking").begin_object();
  if (wish.how == thinking_wish::mode::off) {
    w.field("type", "disabled");
  } else {
    w.field("type", "enabled");
    if (const auto budget = wish.budget ? wish.budget : thinking_budget(wish.effort)) w.field("token_budget", *budget);
  }
  w.end_object();
}

void write_sampling(const chat_request& r, json::writer& w) {
  if (r.max_output_tokens) w.field("max_tokens", *r.max_output_tokens);
  if (r.temperature) w.field("temperature", *r.temperature);
  if (r.top_p) w.field("p", *r.top_p);
  if (r.top_k) w.field("k", *r.top_k);
  if (r.seed) w.field("seed", *r.seed);
  // Not both at some models, so a neutral one is not said.
  if (r.frequency_penalty.value_or(0) != 0) w.field("frequency_penalty", *r.frequency_penalty);
  if (r.presence_penalty.value_or(0) != 0) w.field("presence_penalty", *r.presence_penalty);
  if (r.stop.empty()) return;
  w.key("stop_sequences").begin_array();
  for (const auto stop : r.stop) w.string(stop);
  w.end_array();
}

}  // namespace

result<wire_request> write_request(const chat_request& r, const target& t) {
  wire_request out{.path = "/v2/chat", .headers = {}, .body = {}, .spliced = {}};
  json::writer w(out.body);
  w.begin_object().field("model", t.model);
  if (auto ok = write_messages(r, w); !ok) return fail(std::move(ok.error()));
  if (auto ok = write_tools(r, w); !ok) return fail(std::move(ok.error()));
  if (auto ok = write_format(r, w); !ok) return fail(std::move(ok.error()));
  write_thinking(r, w);
  write_sampling(r, w);
  w.field("stream", r.stream);
  w.end_object();
  return out;
}

}  // namespace naru::dialects::cohere_chat
