#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/bedrock_converse/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::bedrock_converse {
namespace {

using bedrock::family;

constexpr std::uint64_t least_budget = 1024;        // Anthropic's API reference: budget_tokens >= 1024 and < max_tokens
constexpr std::uint64_t default_max_output = 8192;  // every Claude that thinks gives at least this many tokens

/// What a word of OpenAI's scale becomes: for Claude, the share of max_tokens where it wants a budget, for those with three levels.
struct effort_word {
  std::string_view client;
  std::string_view claude;
  std::uint64_t percent;
  std::string_view level;  ///< empty: more than they have
};
constexpr std::array<effort_word, 6> effort_words{{{"minimal", "low", 10, "low"},
                                                   {"low", "low", 20, "low"},
                                                   {"medium", "medium", 50, "medium"},
                                                   {"high", "high", 80, "high"},
                                                   {"xhigh", "xhigh", 90, ""},
                                                   {"max", "max", 95, ""}}};

/// Claude up to 4.5 knows no adaptive thinking (AWS user guide, "Adaptive thinking"). Ids of those models carry a version of this kind.
bool wants_budget(const target& t) noexcept {
  constexpr std::array<std::string_view, 5> older{"claude-3-7", "claude-sonnet-4-2", "claude-opus-4-2", "claude-opus-4-1", "-4-5-2"};
  return constrained(t, "thinking_budget_tokens") || std::ranges::any_of(older, [&](std::string_view w) { return t.model.contains(w); });
}

error no_budget(std::string field) {
  return cannot(std::move(field), "this model thinks with at least 1024 tokens, which must be fewer than max_tokens");
}

std::uint64_t max_output(const chat_request& r, const target& t) noexcept {
  return r.max_output_tokens.value_or(t.max_output.value_or(default_max_output));
}

result<thinking> disabled(std::string field, const target& t) {
  if (constrained(t, "thinking_always_on") || constrained(t, "reasoning_cannot_be_disabled")) {
    return fail(cannot(std::move(field), "this model always thinks"));
  }
  return thinking{thinking::mode::disabled, {}, 0};
}

result<thinking> claude_effort(const effort_word& word, const chat_request& r, const target& t) {
  if (!wants_budget(t)) return thinking{thinking::mode::adaptive, word.claude, 0};
  const std::uint64_t most = max_output(r, t);
  if (most <= least_budget) return fail(no_budget("reasoning_effort"));
  const std::uint64_t share = most / 100 * word.percent + most % 100 * word.percent / 100;
  return thinking{thinking::mode::budget, {}, std::clamp(share, least_budget, most - 1)};
}

result<thinking> level(const effort_word& word, const chat_request& r, family f) {
  if (word.level.empty()) return fail(cannot("reasoning_effort", "this model takes none, minimal, low, medium and high"));
  // At this level Nova 2 refuses temperature, topP and maxTokens (AWS user guide, "Extended thinking").
  const bool tuned = r.temperature || r.top_p || r.max_output_tokens;
  if (f == family::nova_2 && word.level == "high" && tuned) {
    return fail(cannot("reasoning_effort", "with high, this model takes no temperature, top_p or max_tokens"));
  }
  return thinking{thinking::mode::level, word.level, 0};
}

result<thinking> by_effort(const chat_request& r, const target& t, family f) {
  const bool thinks = f == family::claude || f == family::nova_2 || f == family::gpt_oss;
  if (r.reasoning_effort == "none") {
    if (f == family::gpt_oss) return fail(cannot("reasoning_effort", "this model always reasons: want low, medium or high"));
    if (thinks) return disabled("reasoning_effort", t);
    return thinking{};
  }
  const auto* word = std::ranges::find(effort_words, r.reasoning_effort, &effort_word::client);
  if (word == effort_words.end()) {
    return fail(cannot("reasoning_effort", "want none, minimal, low, medium, high, xhigh or max"));
  }
  if (!thinks) return fail(cannot("reasoning_effort", "how much this model reasons cannot be said to it here"));
  return f == family::claude ? claude_effort(*word, r, t) : level(*word, r, f);
}

/// Where the client says it in Anthropic's words; an effort beside them says how much.
result<thinking> by_words(const chat_request& r, const target& t, family f) {
  using mode = thinking_request::mode;
  if (r.thinking.how == mode::disabled) return f == family::claude || f == family::nova_2 ? disabled("thinking", t) : thinking{};
  if (f != family::claude) return fail(cannot("thinking", "this model is told how much to think by reasoning_effort, if at all"));
  if (r.thinking.how == mode::adaptive) {
    if (wants_budget(t)) return fail(cannot("thinking", "this model wants a budget of tokens to think with"));
    if (r.reasoning_effort.empty()) return thinking{thinking::mode::adaptive, {}, 0};
    return by_effort(r, t, f);
  }
  if (constrained(t, "adaptive_thinking_only")) return fail(cannot("thinking", "this model takes no budget: want adaptive thinking"));
  const std::uint64_t budget = r.thinking.budget.value_or(least_budget);
  if (budget < least_budget || budget >= max_output(r, t)) return fail(no_budget("thinking"));
  return thinking{thinking::mode::budget, {}, budget};
}

}  // namespace

result<thinking> plan_thinking(const chat_request& r, const target& t) {
  const family f = bedrock::family_of(t.model);
  if (r.thinking.how != thinking_request::mode::unsaid) return by_words(r, t, f);
  if (r.reasoning_effort.empty()) return thinking{};
  return by_effort(r, t, f);
}

}  // namespace naru::dialects::bedrock_converse
