#include <algorithm>
#include <array>

#include "core/json/writer.hpp"
#include "providers/dialects/body_edits.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/openai_chat/request_writer.hpp"
#include "providers/dialects/openai_completions/openai_completions.hpp"

namespace naru::dialects::openai_completions {
namespace {

constexpr std::string_view form = "OpenAI's completions form";
constexpr std::string_view completions_path = "/completions";

error none(std::string field) { return cannot(std::move(field), std::string{form} + " has no such field"); }

bool is_writable(std::string_view extra) noexcept {
  constexpr std::array names{std::string_view{"suffix"}, std::string_view{"echo"}, std::string_view{"best_of"},
                             std::string_view{"logprobs"}, std::string_view{"logit_bias"}};
  return std::ranges::find(names, extra) != names.end();
}

/// The one text that a prompt can be: a chat in turns would need a template that only the server knows.
const text_part* prompt_of(const chat_request& r) noexcept {
  if (r.messages.size() != 1 || r.messages[0].role != role::user || r.messages[0].parts.size() > 1) return nullptr;
  static constexpr text_part empty{};
  return r.messages[0].parts.empty() ? &empty : std::get_if<text_part>(r.messages[0].parts.data());
}

template <class T>
void optional_field(json::writer& w, std::string_view key, const std::optional<T>& v) {
  if (v) w.field(key, *v);
}

}  // namespace

std::optional<error> cannot_carry(const chat_request& r, const target& t) {
  if (r.kind != request_kind::chat) return none("kind");
  // A chat is more than its words: a server puts them into the model's template, which nothing here knows.
  if (!r.form.empty() && r.form != dialect_name) return cannot("messages", std::string{form} + " takes a bare prompt, no chat");
  if (!r.previous_response.empty()) return none("previous_response_id");
  if (prompt_of(r) == nullptr) return cannot("messages", std::string{form} + " takes one text of a user, no conversation");
  if (!r.tools.empty()) return none("tools");
  if (r.response_format.what != response_format::kind::text) return none("response_format");
  if (r.logprobs.value_or(false)) return none("logprobs");
  if (!r.reasoning_effort.empty() && r.reasoning_effort != "none") return none("reasoning_effort");
  if (!r.verbosity.empty() && r.verbosity != "medium") return none("verbosity");
  for (const auto& e : r.extra) {
    if (!is_writable(e.name) && !asks_for_nothing(e)) return none(std::string{e.name});
  }
  return openai_chat::find_model_obstacle(r, t);
}

result<wire_request> write_request(const chat_request& r, const target& t) {
  wire_request out;
  out.path = completions_path;
  json::writer w{out.body};
  w.begin_object().field("model", t.model).field("prompt", prompt_of(r)->text);
  optional_field(w, "max_tokens", r.max_output_tokens);
  optional_field(w, "temperature", r.temperature);
  optional_field(w, "top_p", r.top_p);
  optional_field(w, "top_k", r.top_k);
  optional_field(w, "min_p", r.min_p);
  optional_field(w, "frequency_penalty", r.frequency_penalty);
  optional_field(w, "presence_penalty", r.presence_penalty);
  optional_field(w, "repetition_penalty", r.repeat_penalty);  // vLLM's name, then llama.cpp's: each ignores the other's
  optional_field(w, "repeat_penalty", r.repeat_penalty);
  optional_field(w, "seed", r.seed);
  optional_field(w, "n", r.n);
  if (!r.stop.empty()) {
    w.key("stop").begin_array();
    for (const auto s : r.stop) w.string(s);
    w.end_array();
  }
  if (!r.user.empty()) w.field("user", r.user);
  for (const auto& e : r.extra) {
    if (is_writable(e.name)) w.key(e.name).raw(json::to_text(e.value));
  }
  if (r.stream) w.field("stream", true);
  if (r.stream && t.usage_in_stream) w.key("stream_options").begin_object().field("include_usage", true).end_object();
  w.end_object();
  return out;
}

std::optional<wire_request> splice_request(std::string_view body, const chat_request& r, const target& t) {
  body_edits edits{body};
  if (edits.has_escaped_key()) return std::nullopt;
  edits.set("model", json::quoted(t.model));
  openai_chat::ask_for_usage(edits, r, t);
  wire_request out;
  out.path = completions_path;
  out.spliced = std::move(edits).apply();
  return out;
}

}  // namespace naru::dialects::openai_completions
