#include <algorithm>
#include <string>

#include "providers/dialects/clova/parts.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/places.hpp"

namespace naru::dialects::clova {
namespace {

/// A tuned model is addressed by its task: "tasks/<id>".
std::string path_of(std::string_view model) {
  if (model.starts_with("tasks/")) return "/v3/" + std::string{model} + "/chat-completions";
  return "/v3/chat-completions/" + std::string{model};
}

/// Of the words of a path, so that a model's name cannot lead elsewhere.
bool is_path_safe(std::string_view model) noexcept {
  return !model.empty() && model.find("..") == std::string_view::npos && std::ranges::all_of(model, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
  });
}

std::string_view effort_word(const thinking_wish& wish) noexcept {
  if (wish.how == thinking_wish::mode::off) return "none";
  if (wish.effort == "minimal" || wish.effort == "low") return "low";
  if (wish.effort == "medium" || wish.effort.empty()) return "medium";
  return "high";  // xhigh and max: the most there is
}

result<void> write_format(const chat_request& r, json::writer& w) {
  if (r.response_format.what != response_format::kind::json_schema) return {};
  const auto schema = answer_schema(r.response_format);
  if (!schema) return fail(schema.error());
  w.key("responseFormat").begin_object().field("type", "json").key("schema").raw(*schema).end_object();
  return {};
}

void write_thinking(const chat_request& r, json::writer& w) {
  const thinking_wish wish = wished_thinking(r);
  const bool schema = r.response_format.what == response_format::kind::json_schema;
  // Left to itself the model thinks, and then refuses a schema.
  const std::string_view word = wish.how != thinking_wish::mode::unsaid ? effort_word(wish) : schema ? "none" : std::string_view{};
  if (!word.empty()) w.key("thinking").begin_object().field("effort", word).end_object();
}

void write_sampling(const chat_request& r, const target& t, json::writer& w) {
  // The thinking model knows the newer name alone; the two exclude each other.
  if (r.max_output_tokens)
    w.field(constrained(t, "max_completion_tokens_only") ? "maxCompletionTokens" : "maxTokens", *r.max_output_tokens);
  if (r.temperature) w.field("temperature", *r.temperature);
  if (r.top_p) w.field("topP", *r.top_p);
  if (r.top_k) w.field("topK", *r.top_k);
  if (r.repeat_penalty) w.field("repetitionPenalty", *r.repeat_penalty);
  if (r.seed) w.field("seed", *r.seed);
  if (r.stop.empty()) return;
  w.key("stop").begin_array();
  for (const auto stop : r.stop) w.string(stop);
  w.end_array();
}

void write_choice(const chat_request& r, json::writer& w) {
  using mode = tool_choice::mode;
  const auto how = r.tool_choice.how;
  if (how == mode::automatic) w.field("toolChoice", "auto");
  if (how == mode::none) w.field("toolChoice", "none");
  if (how != mode::required && how != mode::named) return;
  w.key("toolChoice").begin_object().field("type", "function").key("function").begin_object();
  // required: there is one tool only (see carry.cpp), so demanding a call is naming it.
  w.field("name", how == mode::named ? r.tool_choice.name : r.tools.front().name).end_object().end_object();
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
  write_choice(r, w);
  return {};
}

}  // namespace

result<wire_request> write_request(const chat_request& r, const target& t) {
  if (!is_path_safe(t.model)) return fail(error_code::bad_request, "this vendor's models are named by letters, digits, - and _", "model");
  wire_request out{.path = path_of(t.model), .headers = {}, .body = {}, .spliced = {}};
  // Whether the answer streams is said by what is accepted, and not in the body.
  out.headers.emplace_back("accept", r.stream ? "text/event-stream" : "application/json");
  json::writer w(out.body);
  w.begin_object();
  if (auto ok = write_messages(r, w); !ok) return fail(std::move(ok.error()));
  if (auto ok = write_tools(r, w); !ok) return fail(std::move(ok.error()));
  if (auto ok = write_format(r, w); !ok) return fail(std::move(ok.error()));
  write_thinking(r, w);
  write_sampling(r, t, w);
  w.end_object();
  return out;
}

}  // namespace naru::dialects::clova
