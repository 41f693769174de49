#include <algorithm>
#include <array>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/openai_chat/request_writer.hpp"
#include "providers/dialects/openai_responses/request.hpp"

// What the Responses form has no place for. Source: openai 6.49.0, ResponseCreateParams (2026-07).
namespace naru::dialects::openai_responses {
namespace {

constexpr std::string_view form = "OpenAI's Responses form";

error none(std::string field) { return cannot(std::move(field), std::string{form} + " has no such field"); }

bool given(const std::optional<double>& v, double neutral) noexcept { return v && *v != neutral; }

std::optional<error> field_without_place(const chat_request& r) {
  if (r.kind != request_kind::chat && r.kind != request_kind::token_count) return cannot("kind", std::string{form} + " is for chats");
  if (r.n.value_or(1) != 1) return cannot("n", std::string{form} + " gives one answer a request");
  if (!r.stop.empty()) return none("stop");
  if (r.seed) return none("seed");
  if (given(r.frequency_penalty, 0)) return none("frequency_penalty");
  if (given(r.presence_penalty, 0)) return none("presence_penalty");
  if (r.top_k) return none("top_k");
  if (given(r.min_p, 0)) return none("min_p");
  if (given(r.repeat_penalty, 1)) return none("repeat_penalty");
  return std::nullopt;
}

std::optional<error> message_without_place(const chat_request& r) {
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    const message& m = r.messages[i];
    if (!m.name.empty() && m.role != role::tool) return none(message_path(i) + ".name");
    for (std::size_t j = 0; j < m.parts.size(); ++j) {
      if (std::holds_alternative<audio_part>(m.parts[j])) return cannot(part_path(i, j), std::string{form} + " takes no sound");
    }
  }
  return std::nullopt;
}

/// Words about the chat form alone: this one is what they ask for.
bool is_about_chat(std::string_view word) noexcept { return word.starts_with("chat_tools_"); }

std::optional<error> refused_here(const chat_request& r, const target& t) {
  if (std::ranges::none_of(t.constraints, is_about_chat)) return openai_chat::find_model_obstacle(r, t);
  target here = t;
  std::erase_if(here.constraints, is_about_chat);
  return openai_chat::find_model_obstacle(r, here);
}

}  // namespace

bool is_writable(std::string_view extra) noexcept {
  constexpr std::array names{std::string_view{"metadata"},
                             std::string_view{"prompt_cache_key"},
                             std::string_view{"prompt_cache_options"},
                             std::string_view{"prompt_cache_retention"},
                             std::string_view{"moderation"},
                             std::string_view{"truncation"},
                             std::string_view{"background"},
                             std::string_view{"conversation"},
                             std::string_view{"context_management"},
                             std::string_view{"max_tool_calls"},
                             std::string_view{"prompt"}};
  return std::ranges::find(names, extra) != names.end();
}

std::optional<error> without_place(const chat_request& r) {
  if (auto e = field_without_place(r)) return e;
  if (auto e = message_without_place(r)) return e;
  for (const auto& e : r.extra) {
    // `store` of the chat form is this form's own, whatever it says.
    if (!is_writable(e.name) && e.name != "store" && !asks_for_nothing(e)) return none(std::string{e.name});
  }
  return std::nullopt;
}

std::optional<error> cannot_carry(const chat_request& r, const target& t) {
  if (auto e = refused_here(r, t)) return e;
  return r.origins.empty() ? without_place(r) : std::nullopt;
}

}  // namespace naru::dialects::openai_responses
