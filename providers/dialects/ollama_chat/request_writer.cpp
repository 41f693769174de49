#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/ollama_chat/parts.hpp"
#include "providers/dialects/places.hpp"

// Source: Ollama's api/types.go and docs/api.md (2026-08).
namespace naru::dialects::ollama_chat {
namespace {

constexpr std::string_view form = "Ollama's chat form";
constexpr field_places has{.top_k = true,
                           .min_p = true,
                           .repeat_penalty = true,
                           .penalties = true,
                           .seed = true,
                           .stop = true,
                           .logprobs = true,
                           .tools = true,
                           .json_object = true,
                           .json_schema = true,
                           .effort = true};
constexpr content_places content{.image_url = false, .image_data = true};

/// What the words of OpenAI's scale become, as the server's own OpenAI side has them; empty: no such word.
std::string_view think_word(std::string_view effort) noexcept {
  if (effort == "minimal" || effort == "low") return R"("low")";
  if (effort == "medium") return R"("medium")";
  if (effort == "high") return R"("high")";
  if (effort == "xhigh" || effort == "max") return R"("max")";
  return effort.empty() ? std::string_view{"true"} : std::string_view{};
}

void write_think(const chat_request& r, json::writer& w) {
  const thinking_wish wish = wished_thinking(r);
  if (wish.how == thinking_wish::mode::unsaid) return;
  w.key("think").raw(wish.how == thinking_wish::mode::off ? std::string_view{"false"} : think_word(wish.effort));
}

result<void> write_format(const chat_request& r, json::writer& w) {
  if (r.response_format.what == response_format::kind::json_object) w.field("format", "json");
  if (r.response_format.what != response_format::kind::json_schema) return {};
  const auto schema = answer_schema(r.response_format);
  if (!schema) return fail(schema.error());
  w.key("format").raw(*schema);
  return {};
}

void write_options(const chat_request& r, json::writer& w) {
  std::string text;
  json::writer o(text);
  const auto put = [&](std::string_view key, const auto& value) {
    if (value) o.field(key, *value);
  };
  o.begin_object();
  put("num_predict", r.max_output_tokens);
  put("temperature", r.temperature);
  put("top_p", r.top_p);
  put("top_k", r.top_k);
  put("min_p", r.min_p);
  put("seed", r.seed);
  put("repeat_penalty", r.repeat_penalty);
  put("frequency_penalty", r.frequency_penalty);
  put("presence_penalty", r.presence_penalty);
  if (!r.stop.empty()) {
    o.key("stop").begin_array();
    for (const auto stop : r.stop) o.string(stop);
    o.end_array();
  }
  o.end_object();
  if (text.size() > 2) w.key("options").raw(text);
}

result<void> write_tools(const chat_request& r, json::writer& w) {
  // `none` is met by not telling of the tools: the form has no word for it.
  if (r.tools.empty() || r.tool_choice.how == tool_choice::mode::none) return {};
  w.key("tools").begin_array();
  for (std::size_t i = 0; i < r.tools.size(); ++i) {
    const tool& one = r.tools[i];
    w.begin_object().field("type", "function").key("function").begin_object().field("name", one.name);
    w.field("description", one.description).key("parameters");
    if (!one.parameters || json::is_null(*one.parameters)) {
      w.raw(R"({"type":"object","properties":{}})");
    } else if (one.parameters->is_object()) {
      w.raw(json::to_text(*one.parameters));
    } else {
      return fail(error_code::bad_request, "want a JSON Schema object", tool_path(i) + ".function.parameters");
    }
    w.end_object().end_object();
  }
  w.end_array();
  return {};
}

std::string_view role_name(role r) noexcept {
  switch (r) {
    case role::system:
    case role::developer: return "system";
    case role::user: return "user";
    case role::assistant: return "assistant";
    case role::tool: break;
  }
  return "tool";
}

result<void> write_calls(json::writer& w, const message& m, std::size_t index) {
  if (m.calls.empty()) return {};
  w.key("tool_calls").begin_array();
  for (std::size_t j = 0; j < m.calls.size(); ++j) {
    const auto arguments = arguments_object(m, index, j);
    if (!arguments) return fail(arguments.error());
    w.begin_object();
    if (!m.calls[j].id.empty()) w.field("id", m.calls[j].id);
    w.key("function").begin_object().field("index", j).field("name", m.calls[j].name);
    w.key("arguments").raw(*arguments).end_object().end_object();
  }
  w.end_array();
  return {};
}

void write_images(json::writer& w, const message& m) {
  if (std::ranges::none_of(m.parts, [](const part& p) { return std::holds_alternative<image_part>(p); })) return;
  w.key("images").begin_array();
  for (const part& p : m.parts) {
    if (const auto* image = std::get_if<image_part>(&p)) w.string(image->data);
  }
  w.end_array();
}

/// The tool's name stands in the call that the result answers: the last one of that id before it.
std::string_view called_name(const chat_request& r, std::size_t result_at) noexcept {
  const message& m = r.messages[result_at];
  for (std::size_t i = result_at; i > 0; --i) {
    for (const tool_call& c : r.messages[i - 1].calls) {
      if (c.id == m.tool_call_id) return c.name;
    }
  }
  return m.name;
}

}  // namespace

std::optional<error> cannot_carry(const chat_request& r, const target& t) {
  if (auto e = first_missing(r, t, form, has)) return e;
  if (asks_for_calls(r.tool_choice)) return cannot("tool_choice", "this server cannot demand a call: want auto or none");
  const thinking_wish wish = wished_thinking(r);
  if (wish.how == thinking_wish::mode::on) {
    if (think_word(wish.effort).empty()) return cannot("reasoning_effort", "want none, minimal, low, medium, high, xhigh or max");
    if (wish.budget) return cannot("thinking", "this server takes a word for how much to think, and no number of tokens");
  }
  return first_missing_content(r, form, content);
}

result<void> write_messages(const chat_request& r, json::writer& w) {
  w.key("messages").begin_array();
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    const message& m = r.messages[i];
    if (!says_something(m)) continue;
    w.begin_object().field("role", role_name(m.role)).field("content", joined_text(m, "\n"));
    write_images(w, m);
    if (auto ok = write_calls(w, m, i); !ok) return ok;
    if (m.role == role::tool) {
      w.field("tool_name", called_name(r, i));
      if (!m.tool_call_id.empty()) w.field("tool_call_id", m.tool_call_id);
    }
    w.end_object();
  }
  w.end_array();
  return {};
}

result<wire_request> write_request(const chat_request& r, const target& t) {
  wire_request out{.path = "/api/chat", .headers = {}, .body = {}, .spliced = {}};
  json::writer w(out.body);
  w.begin_object().field("model", t.model);
  if (auto ok = write_messages(r, w); !ok) return fail(std::move(ok.error()));
  if (auto ok = write_tools(r, w); !ok) return fail(std::move(ok.error()));
  if (auto ok = write_format(r, w); !ok) return fail(std::move(ok.error()));
  write_options(r, w);
  write_think(r, w);
  if (r.logprobs.value_or(false)) w.field("logprobs", true).field("top_logprobs", r.top_logprobs.value_or(0));
  w.field("stream", r.stream).end_object();  // always said: the server streams where it is not
  return out;
}

}  // namespace naru::dialects::ollama_chat
