#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/request.hpp"

namespace naru::dialects::gemini {
namespace {

/// Levels are Gemini 3's, budgets 2.5's; the numbers are those of Google's own OpenAI-compatible endpoint.
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

void write_thinking(const chat_request& r, const target& t, json::writer& w) {
  const auto word = std::ranges::find(effort_words, r.reasoning_effort, &effort_word::client);
  if (word == effort_words.end()) return;
  w.key("thinkingConfig").begin_object();
  // The models that want signatures back are those that take levels (3.x); there is no word of its own for it in the catalogue.
  if (constrained(t, "thought_signature_required")) {
    w.field("thinkingLevel", word->level);
  } else {
    w.field("thinkingBudget", word->budget);
  }
  if (word->client != "none") w.field("includeThoughts", true);  // summaries of what is billed anyway
  w.end_object();
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
