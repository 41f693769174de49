#include "providers/dialects/openai_chat/words.hpp"

#include <algorithm>
#include <array>

namespace naru::dialects::openai_chat {

std::optional<finish> read_finish(std::string_view word) noexcept {
  struct alias {
    std::string_view word;
    finish means;
  };
  // Beside OpenAI's five words: Together `eos`, TGI `eos_token` and `stop_sequence`, Mistral `model_length`, vLLM `abort`, OpenRouter
  // `error` (2026-11).
  constexpr std::array aliases{alias{"stop", {finish_reason::stop, false}},
                               alias{"length", {finish_reason::length, false}},
                               alias{"tool_calls", {finish_reason::tool_calls, false}},
                               alias{"content_filter", {finish_reason::content_filter, false}},
                               alias{"function_call", {finish_reason::tool_calls, false}},
                               alias{"tool_use", {finish_reason::tool_calls, false}},
                               alias{"model_length", {finish_reason::length, false}},
                               alias{"max_tokens", {finish_reason::length, false}},
                               alias{"error", {finish_reason::stop, true}},
                               alias{"abort", {finish_reason::stop, true}},
                               alias{"insufficient_system_resource", {finish_reason::stop, true}}};
  if (word.empty()) return std::nullopt;
  const auto* found = std::ranges::find(aliases, word, &alias::word);
  return found == aliases.end() ? finish{} : found->means;
}

}  // namespace naru::dialects::openai_chat
