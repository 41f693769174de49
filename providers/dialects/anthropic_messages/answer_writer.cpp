#include <algorithm>
#include <array>

#include "providers/dialects/anthropic_messages/client_answer.hpp"
#include "providers/dialects/anthropic_messages/shapes.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

/// Reasons of this form that a finish_reason says less of; an event brings them from a vendor of the same form.
constexpr std::array<std::string_view, 3> own_reasons{"pause_turn", "model_context_window_exceeded", "stop_sequence"};

std::string_view stop_reason(const ending& e) noexcept {
  const finished& f = e.told;
  if (std::ranges::find(own_reasons, f.vendor_reason) != own_reasons.end()) return f.vendor_reason;
  if (!e.refusal.empty()) return "refusal";
  switch (f.reason) {
    case finish_reason::length: return "max_tokens";
    case finish_reason::tool_calls: return "tool_use";
    case finish_reason::content_filter: return "refusal";
    case finish_reason::stop: break;
  }
  if (!f.stop_sequence.empty()) return "stop_sequence";
  return e.called ? "tool_use" : "end_turn";  // OpenAI says `stop` of a call that was demanded by name
}

void write_block(json::writer& w, const block& b) {
  w.begin_object();
  switch (b.what) {
    case block::kind::text:
      w.field("type", "text").field("text", b.text);
      if (b.citations.empty()) break;
      w.key("citations").begin_array();
      for (const citation& c : b.citations) write_citation(w, c);
      w.end_array();
      break;
    case block::kind::thinking: w.field("type", "thinking").field("thinking", b.text).field("signature", b.signature); break;
    case block::kind::redacted: w.field("type", "redacted_thinking").field("data", b.text); break;
    case block::kind::tool:
      w.field("type", "tool_use").field("id", b.id).field("name", b.name).key("input").raw(input_object(b.text));
      break;
  }
  w.end_object();
}

struct summary {
  answer_start start;
  finished end;
  std::optional<usage> used;
};

summary look(const std::vector<event>& events) {
  summary s;
  for (const event& e : events) {
    if (const auto* start = std::get_if<answer_start>(&e)) s.start = *start;
    if (const auto* end = std::get_if<finished>(&e); end != nullptr && end->choice == 0) s.end = *end;
    if (const auto* u = std::get_if<usage_report>(&e)) s.used = u->usage;
  }
  return s;
}

}  // namespace

void write_ending(json::writer& w, const ending& e) {
  const auto reason = stop_reason(e);
  w.field("stop_reason", reason).key("stop_sequence");
  if (e.told.stop_sequence.empty())
    w.null();
  else
    w.string(e.told.stop_sequence);
  if (reason != "refusal" || e.refusal.empty()) return;
  w.key("stop_details").begin_object().field("type", "refusal").key("category").null().field("explanation", e.refusal).end_object();
}

void write_usage(json::writer& w, const usage& u) {
  const std::uint64_t written = u.cache_write.value + u.cache_write_long.value;
  const std::uint64_t apart = written + u.cached.value;
  w.begin_object().field("input_tokens", u.input.value > apart ? u.input.value - apart : 0);
  w.field("cache_creation_input_tokens", written).field("cache_read_input_tokens", u.cached.value);
  w.key("cache_creation").begin_object().field("ephemeral_5m_input_tokens", u.cache_write.value);
  w.field("ephemeral_1h_input_tokens", u.cache_write_long.value).end_object();
  w.field("output_tokens", u.output.value);
  if (u.reasoning.value > 0) w.key("output_tokens_details").begin_object().field("thinking_tokens", u.reasoning.value).end_object();
  const bool fast = u.tier == "fast";
  w.field("service_tier", u.tier.empty() || fast ? std::string_view{"standard"} : std::string_view{u.tier});
  if (fast) w.field("speed", "fast");
  w.end_object();
}

std::string write_answer(const std::vector<event>& events, std::string_view model, std::string_view fallback_id) {
  const summary s = look(events);
  const std::string_view id = s.start.id.empty() ? fallback_id : std::string_view{s.start.id};
  content all{id};
  for (const event& e : events) all.take(e);
  std::string out;
  json::writer w{out};
  w.begin_object().field("id", id).field("type", "message").field("role", "assistant");
  w.field("model", s.start.model.empty() ? model : std::string_view{s.start.model});
  w.key("content").begin_array();
  for (const block& b : all.blocks()) write_block(w, b);
  w.end_array();
  write_ending(w, {s.end, all.refusal(), all.calls() != 0});
  w.key("usage");
  write_usage(w, s.used.value_or(usage{}));  // clients read it without a look whether it is there
  w.end_object();
  return out;
}

std::string write_count(const std::vector<event>& events) {
  const summary s = look(events);
  std::string out;
  json::writer{out}.begin_object().field("input_tokens", s.used.value_or(usage{}).input.value).end_object();
  return out;
}

}  // namespace naru::dialects::anthropic_messages
