#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/anthropic_messages/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

constexpr std::uint64_t least_budget = 1024;  // API reference: budget_tokens >= 1024 and < max_tokens

/// What a word of OpenAI's scale becomes. `percent` is the share of max_tokens where a model wants a number.
struct effort_word {
  std::string_view client;
  std::string_view vendor;
  std::uint64_t percent;
};
constexpr std::array<effort_word, 6> effort_words{{{"minimal", "low", 10},
                                                   {"low", "low", 20},
                                                   {"medium", "medium", 50},
                                                   {"high", "high", 80},
                                                   {"xhigh", "xhigh", 90},
                                                   {"max", "max", 95}}};

result<thinking> budgeted(const effort_word& word, std::uint64_t max_output) {
  if (max_output <= least_budget) {
    return fail(cannot("reasoning_effort", "this model thinks with at least 1024 tokens, which must fit into max_completion_tokens"));
  }
  const std::uint64_t share = max_output / 100 * word.percent + max_output % 100 * word.percent / 100;
  return thinking{thinking::mode::budget, {}, std::clamp(share, least_budget, max_output - 1), {}};
}

bool cannot_rest(const target& t) noexcept {
  return constrained(t, "thinking_always_on") || constrained(t, "reasoning_cannot_be_disabled");
}

result<const effort_word*> find_effort(std::string_view client) {
  const auto* word = std::ranges::find(effort_words, client, &effort_word::client);
  if (word == effort_words.end()) return fail(cannot("reasoning_effort", "want none, minimal, low, medium, high, xhigh or max"));
  return word;
}

/// What the client said with an effort alone.
result<thinking> by_effort(const chat_request& r, const target& t) {
  if (r.reasoning_effort.empty()) return thinking{};
  if (r.reasoning_effort == "none") {
    if (cannot_rest(t)) return fail(cannot("reasoning_effort", "this model always thinks: none is not possible"));
    return thinking{thinking::mode::disabled, {}, 0, {}};
  }
  const auto word = find_effort(r.reasoning_effort);
  if (!word) return fail(word.error());
  if (constrained(t, "thinking_budget_tokens")) return budgeted(**word, max_tokens(r, t));
  // A client of this form that wants thinking says so beside its effort, which alone is about the whole answer.
  const auto how = r.form == dialect_name ? thinking::mode::unsaid : thinking::mode::adaptive;
  return thinking{how, (*word)->vendor, 0, {}};
}

/// A budget that the client named. A count of tokens has no max_tokens to hold it against.
result<thinking> with_budget(std::uint64_t budget, const chat_request& r, const target& t) {
  if (constrained(t, "adaptive_thinking_only")) {
    return fail(cannot("thinking", "this model takes no budget of tokens; use adaptive, or reasoning_effort"));
  }
  if (budget < least_budget) return fail(cannot("thinking", "this vendor takes budgets of at least 1024 tokens"));
  if (r.kind == request_kind::chat && budget >= max_tokens(r, t)) {
    return fail(cannot("thinking", "the budget must be below max_completion_tokens, which it is part of"));
  }
  return thinking{thinking::mode::budget, {}, budget, {}};
}

result<thinking> by_mode(const chat_request& r, const target& t) {
  using mode = thinking_request::mode;
  const bool budgets = constrained(t, "thinking_budget_tokens");
  switch (r.thinking.how) {
    case mode::disabled:
      if (cannot_rest(t)) return fail(cannot("thinking", "this model always thinks: disabled is not possible"));
      return thinking{thinking::mode::disabled, {}, 0, {}};
    case mode::enabled:
      if (r.thinking.budget) return with_budget(*r.thinking.budget, r, t);
      if (budgets) return budgeted(effort_words[2], max_tokens(r, t));
      return thinking{thinking::mode::adaptive, {}, 0, {}};
    case mode::adaptive:
      if (budgets) return fail(cannot("thinking", "this model wants a budget of tokens: enabled with budget_tokens"));
      return thinking{thinking::mode::adaptive, {}, 0, {}};
    case mode::unsaid: break;
  }
  return by_effort(r, t);
}

}  // namespace

std::uint64_t max_tokens(const chat_request& r, const target& t) noexcept {
  if (r.max_output_tokens) return *r.max_output_tokens;
  return t.max_output.value_or(default_max_tokens);
}

result<thinking> plan_thinking(const chat_request& r, const target& t) {
  auto plan = by_mode(r, t);
  if (!plan) return plan;
  const bool two_words = r.thinking.how != thinking_request::mode::unsaid && !r.reasoning_effort.empty();
  if (two_words && r.reasoning_effort != "none" && !constrained(t, "thinking_budget_tokens")) {
    const auto word = find_effort(r.reasoning_effort);
    if (!word) return fail(word.error());
    plan->effort = (*word)->vendor;
  }
  plan->shown = r.thinking.shown;
  return plan;
}

}  // namespace naru::dialects::anthropic_messages
