#include "providers/dialects/openai_chat/request_writer.hpp"

#include <algorithm>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/openai_chat/extras.hpp"

namespace naru::dialects::openai_chat {
namespace {

using json::writer;

template <class T>
void optional_field(writer& w, std::string_view key, const std::optional<T>& v) {
  if (v) w.field(key, *v);
}
void optional_field(writer& w, std::string_view key, std::string_view s) {
  if (!s.empty()) w.field(key, s);
}

void write_function_tool(writer& w, const tool& t) {
  w.begin_object().field("type", "function").key("function").begin_object();
  w.field("name", t.name);
  optional_field(w, "description", t.description);
  if (t.parameters) w.key("parameters").raw(json::to_text(*t.parameters));
  optional_field(w, "strict", t.strict);
  w.end_object().end_object();
}

void write_tools(writer& w, const chat_request& r) {
  const auto custom = [](const extra_field& e) { return e.name == extras::custom_tool; };
  if (r.tools.empty() && std::ranges::none_of(r.extra, custom)) return;
  w.key("tools").begin_array();
  for (const auto& t : r.tools) write_function_tool(w, t);
  for (const auto& e : r.extra) {
    if (custom(e)) w.raw(json::to_text(e.value));
  }
  w.end_array();
}

void write_tool_choice(writer& w, const tool_choice& c) {
  switch (c.how) {
    case tool_choice::mode::unset: return;
    case tool_choice::mode::none: w.field("tool_choice", "none"); return;
    case tool_choice::mode::automatic: w.field("tool_choice", "auto"); return;
    case tool_choice::mode::required: w.field("tool_choice", "required"); return;
    case tool_choice::mode::named: break;
  }
  w.key("tool_choice").begin_object().field("type", "function");
  w.key("function").begin_object().field("name", c.name).end_object().end_object();
}

void write_response_format(writer& w, const response_format& f) {
  if (f.what == response_format::kind::text) return;
  w.key("response_format").begin_object();
  if (f.what == response_format::kind::json_object) {
    w.field("type", "json_object").end_object();
    return;
  }
  w.field("type", "json_schema").key("json_schema").begin_object();
  w.field("name", f.name.empty() ? std::string_view{"answer"} : f.name);  // required here, unknown in other forms
  optional_field(w, "description", f.description);
  if (f.schema) w.key("schema").raw(json::to_text(*f.schema));
  optional_field(w, "strict", f.strict);
  w.end_object().end_object();
}

void write_sampling(writer& w, const chat_request& r, const target& t) {
  const bool omit = omits_neutral_sampling(r, t);
  if (!omit || r.temperature.value_or(1) != 1) optional_field(w, "temperature", r.temperature);
  if (!omit || r.top_p.value_or(1) != 1) optional_field(w, "top_p", r.top_p);
  optional_field(w, "top_k", r.top_k);
  optional_field(w, "min_p", r.min_p);
  optional_field(w, "frequency_penalty", r.frequency_penalty);
  optional_field(w, "presence_penalty", r.presence_penalty);
  // vLLM, Together and OpenRouter know the first name, llama.cpp the second, and each ignores the other's.
  optional_field(w, "repetition_penalty", r.repeat_penalty);
  optional_field(w, "repeat_penalty", r.repeat_penalty);
  optional_field(w, seed_field(t), r.seed);
  if (!r.stop.empty()) {
    w.key("stop").begin_array();
    for (const auto s : r.stop) w.string(s);
    w.end_array();
  }
  optional_field(w, "n", r.n);
  optional_field(w, "logprobs", r.logprobs);
  optional_field(w, "top_logprobs", r.top_logprobs);
}

void write_stream(writer& w, const chat_request& r, const target& t) {
  if (!r.stream) return;
  w.field("stream", true);
  if (t.usage_in_stream) w.key("stream_options").begin_object().field("include_usage", true).end_object();
}

}  // namespace

result<std::string> write_body(const chat_request& r, const target& t) {
  for (const auto& e : r.extra) {
    if (extras::is_writable(e.name) || asks_for_nothing(e)) continue;
    return fail(error_code::unsupported_field, std::string{e.name} + ": cannot be carried to " + std::string{t.model}, std::string{e.name},
                "unsupported_field");
  }
  std::string out;
  writer w{out};
  w.begin_object();
  w.field("model", t.model);
  write_messages(w, r, t);
  write_tools(w, r);
  write_tool_choice(w, r.tool_choice);
  optional_field(w, "parallel_tool_calls", r.parallel_tool_calls);
  write_response_format(w, r.response_format);
  optional_field(w, max_tokens_field(t), r.max_output_tokens);
  write_sampling(w, r, t);
  optional_field(w, "reasoning_effort", effort_of(r));
  if (!has(t, "no_verbosity")) optional_field(w, "verbosity", r.verbosity);
  optional_field(w, "service_tier", r.service_tier);
  if (!has(t, "no_user")) optional_field(w, "user", r.user);  // every server knows this name; safety_identifier only OpenAI
  for (const auto& e : r.extra) {
    if (e.name != extras::custom_tool && extras::is_writable(e.name)) w.key(e.name).raw(json::to_text(e.value));
  }
  write_stream(w, r, t);
  w.end_object();
  return out;
}

}  // namespace naru::dialects::openai_chat
