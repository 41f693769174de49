#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/request.hpp"

namespace naru::dialects::gemini {
namespace {

/// Levels are Gemini 3's, budgets 2.5's; the numbers are those of Google's own OpenAI-compatible endpoint.
constexpr std::uint64_t most_budget = 24576;  // what all models up to 2.5 take; a budget is a bound, so that less meets it
struct effort_word {
  std::string_view client;
  std::string_view level;
  std::uint64_t budget;
};
constexpr std::array<effort_word, 7> effort_words{{{"none", "MINIMAL", 0},  // 3.x cannot stop thinking: the least there is
                                                   {"minimal", "MINIMAL", 1024},
                                                   {"low", "LOW", 1024},
                                                   {"medium", "MEDIUM", 8192},
                                                   {"high", "HIGH", 24576},
                                                   {"xhigh", "HIGH", 24576},
                                                   {"max", "HIGH", 24576}}};

/// The scale's word for a number of tokens, where the model takes levels: the first whose own number is not less.
std::string_view level_of(std::uint64_t budget) noexcept {
  for (const auto& word : effort_words) {
    if (word.budget >= std::max<std::uint64_t>(budget, 1)) return word.level;
  }
  return "HIGH";
}

/// What a client said in more than one word wins over the scale's; -1 lets the model decide, as it does where nothing is said (3.x).
void write_asked_thinking(const thinking_request& asked, bool levels, json::writer& w) {
  using mode = thinking_request::mode;
  if (asked.how == mode::disabled) {
    levels ? w.field("thinkingLevel", "MINIMAL") : w.field("thinkingBudget", 0);
  } else if (asked.how == mode::adaptive || !asked.budget) {
    if (!levels && asked.how != mode::unsaid) w.field("thinkingBudget", -1);
  } else if (levels) {
    w.field("thinkingLevel", level_of(*asked.budget));
  } else {
    w.field("thinkingBudget", std::min(*asked.budget, most_budget));
  }
}

void write_thinking(const chat_request& r, const target& t, json::writer& w) {
  const bool levels = is_third_generation(t);
  const auto word = std::ranges::find(effort_words, r.reasoning_effort, &effort_word::client);
  const bool asked = r.thinking.how != thinking_request::mode::unsaid;
  if (!asked && !r.thinking.shown && word == effort_words.end()) return;
  std::string config;
  json::writer inner(config);
  inner.begin_object();
  const bool by_word = word != effort_words.end() && (!asked || r.thinking.how == thinking_request::mode::adaptive);
  if (by_word) {
    levels ? inner.field("thinkingLevel", word->level) : inner.field("thinkingBudget", word->budget);
  } else {
    write_asked_thinking(r.thinking, levels, inner);
  }
  // Summaries of what is billed anyway.
  const bool off = r.thinking.how == thinking_request::mode::disabled || (by_word && word->client == "none");
  if (r.thinking.shown.value_or(!off)) inner.field("includeThoughts", true);
  inner.end_object();
  if (config != "{}") w.key("thinkingConfig").raw(config);
}

void write_sampling(const chat_request& r, const target& t, json::writer& w) {
  // A model that takes no sampling parameters still comes here with a 1, which says nothing and is left out (see first_refused).
  if (!constrained(t, "no_sampling_params") && !constrained(t, "sampling_params_deprecated")) {
    if (r.temperature) w.field("temperature", *r.temperature);
    if (r.top_p) w.field("topP", *r.top_p);
    if (r.top_k) w.field("topK", *r.top_k);
  }
  if (r.seed) w.field("seed", *r.seed);
  if (r.presence_penalty.value_or(0) != 0) w.field("presencePenalty", *r.presence_penalty);
  if (r.frequency_penalty.value_or(0) != 0) w.field("frequencyPenalty", *r.frequency_penalty);
  if (r.logprobs.value_or(false)) {
    w.field("responseLogprobs", true);
    if (r.top_logprobs.value_or(0) != 0) w.field("logprobs", *r.top_logprobs);
  }
}

/// The schema's name and strict have no place: it always binds here.
result<void> write_answer_form(const chat_request& r, json::writer& w) {
  if (r.response_format.what == response_format::kind::text) return {};
  w.field("responseMimeType", "application/json");
  if (r.response_format.what == response_format::kind::json_object) return {};
  const auto schema = answer_schema(r.response_format);
  if (!schema) return fail(schema.error());
  w.key("responseJsonSchema").raw(*schema);
  return {};
}

}  // namespace

bool is_third_generation(const target& t) noexcept { return constrained(t, "thought_signature_required"); }

std::string_view effort_of_level(std::string_view level) noexcept {
  if (level == "MINIMAL" || level == "minimal") return "minimal";
  if (level == "LOW" || level == "low") return "low";
  if (level == "MEDIUM" || level == "medium") return "medium";
  if (level == "HIGH" || level == "high") return "high";
  return {};
}

bool known_effort(std::string_view word) noexcept {
  return std::ranges::find(effort_words, word, &effort_word::client) != effort_words.end();
}

result<void> write_generation_config(const chat_request& r, const target& t, json::writer& w) {
  std::string config;
  json::writer inner(config);
  inner.begin_object();
  if (r.max_output_tokens) inner.field("maxOutputTokens", *r.max_output_tokens);
  if (r.n.value_or(1) > 1) inner.field("candidateCount", *r.n);
  write_sampling(r, t, inner);
  if (!r.stop.empty()) {
    inner.key("stopSequences").begin_array();
    for (const auto stop : r.stop) inner.string(stop);
    inner.end_array();
  }
  if (auto ok = write_answer_form(r, inner); !ok) return ok;
  write_thinking(r, t, inner);
  inner.end_object();
  if (config != "{}") w.key("generationConfig").raw(config);
  return {};
}

}  // namespace naru::dialects::gemini
