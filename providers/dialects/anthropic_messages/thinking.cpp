#include <algorithm>
#include <array>
#include <string>

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
  return thinking{thinking::mode::budget, {}, std::clamp(share, least_budget, max_output - 1)};
}

}  // namespace

std::uint64_t max_tokens(const chat_request& r, const target& t) noexcept {
  if (r.max_output_tokens) return *r.max_output_tokens;
  return t.max_output.value_or(default_max_tokens);
}

result<thinking> plan_thinking(const chat_request& r, const target& t) {
  if (r.reasoning_effort.empty()) return thinking{};
  if (r.reasoning_effort == "none") {
    if (constrained(t, "thinking_always_on") || constrained(t, "reasoning_cannot_be_disabled")) {
      return fail(cannot("reasoning_effort", "this model always thinks: none is not possible"));
    }
    return thinking{thinking::mode::disabled, {}, 0};
  }
  const auto word = std::ranges::find(effort_words, r.reasoning_effort, &effort_word::client);
  if (word == effort_words.end()) {
    return fail(cannot("reasoning_effort", "want none, minimal, low, medium, high, xhigh or max"));
  }
  if (constrained(t, "thinking_budget_tokens")) return budgeted(*word, max_tokens(r, t));
  return thinking{thinking::mode::adaptive, word->vendor, 0};
}

}  // namespace naru::dialects::anthropic_messages
