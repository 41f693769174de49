#include <algorithm>
#include <array>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/openai_chat/request_writer.hpp"
#include "providers/dialects/openai_responses/request.hpp"

namespace naru::dialects::openai_responses {
namespace {

using json::writer;

void write_tools(writer& w, const chat_request& r) {
  if (r.tools.empty()) return;
  w.key("tools").begin_array();
  for (const tool& t : r.tools) {
    w.begin_object().field("type", "function").field("name", t.name);
    if (!t.description.empty()) w.field("description", t.description);
    w.key("parameters").raw(t.parameters ? json::to_text(*t.parameters) : R"({"type":"object","properties":{}})");
    // Said always: this form's default is true, which would turn an open schema into an error (openai-openapi 2026-08).
    w.field("strict", t.strict.value_or(false)).end_object();
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
  w.key("tool_choice").begin_object().field("type", "function").field("name", c.name).end_object();
}

void write_format(writer& w, const response_format& f) {
  w.key("format").begin_object();
  if (f.what == response_format::kind::json_object) {
    w.field("type", "json_object").end_object();
    return;
  }
  w.field("type", "json_schema").field("name", f.name.empty() ? std::string_view{"answer"} : f.name);  // required here, unknown elsewhere
  if (!f.description.empty()) w.field("description", f.description);
  w.key("schema").raw(f.schema ? json::to_text(*f.schema) : "{}");
  if (f.strict) w.field("strict", *f.strict);
  w.end_object();
}

void write_text(writer& w, const chat_request& r) {
  const bool format = r.response_format.what != response_format::kind::text;
  if (!format && r.verbosity.empty()) return;
  w.key("text").begin_object();
  if (format) write_format(w, r.response_format);
  if (!r.verbosity.empty()) w.field("verbosity", r.verbosity);
  w.end_object();
}

/// Anthropic's way to say how much to think is a number of tokens: as much as this form's word usually takes (no vendor publishes it; the
/// steps are those of the other direction, from words to shares of a budget).
std::string_view effort_of(const chat_request& r) noexcept {
  if (!r.reasoning_effort.empty()) return r.reasoning_effort;
  if (r.thinking.how == thinking_request::mode::disabled) return "none";
  if (r.thinking.how != thinking_request::mode::enabled || !r.thinking.budget) return {};
  if (*r.thinking.budget < 4096) return "low";
  return *r.thinking.budget < 16384 ? "medium" : "high";
}

void write_reasoning(writer& w, const chat_request& r) {
  const auto effort = effort_of(r);
  const bool shown = r.thinking.shown.value_or(false);
  if (effort.empty() && !shown) return;
  w.key("reasoning").begin_object();
  if (!effort.empty()) w.field("effort", effort);
  if (shown) w.field("summary", "auto");
  w.end_object();
}

/// Whether the model reasons, as far as request and catalogue say: OpenAI refuses to encrypt the reasoning of one that does not.
bool reasons(const chat_request& r, const target& t) noexcept {
  constexpr std::array words{std::string_view{"no_sampling_params_when_reasoning"},
                             std::string_view{"no_sampling_params"},
                             std::string_view{"effort_none_rejected"},
                             std::string_view{"reasoning_cannot_be_disabled"},
                             std::string_view{"chat_tools_require_responses_api"},
                             std::string_view{"chat_tools_require_effort_none_or_responses_api"},
                             std::string_view{"chat_tools_require_effort_omitted_none_or_responses_api"}};
  const auto effort = effort_of(r);
  if (!effort.empty()) return effort != "none";
  if (r.thinking.how == thinking_request::mode::adaptive || r.thinking.shown.value_or(false)) return true;
  return std::ranges::any_of(words, [&](std::string_view word) { return constrained(t, word); });
}

bool stores(const chat_request& r) noexcept {
  if (r.store) return *r.store;
  const auto chat = std::ranges::find(r.extra, "store", &extra_field::name);
  bool asked = false;
  return chat != r.extra.end() && chat->value.get(asked) == simdjson::SUCCESS && asked;
}

void write_include(writer& w, const chat_request& r, const target& t) {
  const bool encrypted = !stores(r) && reasons(r, t);
  const bool logprobs = r.logprobs.value_or(false);
  if (!encrypted && !logprobs) return;
  w.key("include").begin_array();
  if (encrypted) w.string("reasoning.encrypted_content");  // else a later turn could not go on from it
  if (logprobs) w.string("message.output_text.logprobs");
  w.end_array();
}

/// What a count of tokens has no field for.
void write_generation(writer& w, const chat_request& r, const target& t) {
  w.field("store", stores(r));
  if (r.stream) w.field("stream", true);
  if (r.max_output_tokens) w.field("max_output_tokens", *r.max_output_tokens);
  const bool omit = openai_chat::omits_neutral_sampling(r, t);
  if (r.temperature && !(omit && *r.temperature == 1)) w.field("temperature", *r.temperature);
  if (r.top_p && !(omit && *r.top_p == 1)) w.field("top_p", *r.top_p);
  if (r.top_logprobs) w.field("top_logprobs", *r.top_logprobs);
  if (!r.service_tier.empty()) w.field("service_tier", r.service_tier);
  if (!r.user.empty()) w.field("safety_identifier", r.user);
  write_include(w, r, t);
  for (const auto& e : r.extra) {
    if (is_writable(e.name)) w.key(e.name).raw(json::to_text(e.value));
  }
}

}  // namespace

std::string_view instructions_of(const chat_request& r) noexcept {
  if (r.origins.empty() || r.origins.front() != origin_instructions || r.messages.empty()) return {};
  const auto& parts = r.messages.front().parts;
  const auto* text = parts.empty() ? nullptr : std::get_if<text_part>(parts.data());
  return text == nullptr ? std::string_view{} : text->text;
}

result<wire_request> write_request(const chat_request& r, const target& t) {
  if (auto e = without_place(r)) return fail(std::move(*e));
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    for (std::size_t j = 0; j < r.messages[i].calls.size(); ++j) {
      if (const auto ok = arguments_object(r.messages[i], i, j); !ok) return fail(ok.error());
    }
  }
  wire_request out;
  const bool counts = r.kind == request_kind::token_count;
  out.path = counts ? input_tokens_path : responses_path;
  writer w{out.body};
  w.begin_object().field("model", t.model);
  if (const auto text = instructions_of(r); !text.empty()) w.field("instructions", text);
  write_input(w, r);
  if (!r.previous_response.empty()) w.field("previous_response_id", r.previous_response);
  write_tools(w, r);
  write_tool_choice(w, r.tool_choice);
  if (r.parallel_tool_calls) w.field("parallel_tool_calls", *r.parallel_tool_calls);
  write_text(w, r);
  write_reasoning(w, r);
  if (!counts) write_generation(w, r, t);
  w.end_object();
  return out;
}

}  // namespace naru::dialects::openai_responses
