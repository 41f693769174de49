#include <algorithm>
#include <array>

#include "providers/dialects/gemini/request_reader.hpp"

namespace naru::dialects::gemini {
namespace {

struct pair {
  std::string_view theirs;
  std::string_view own;
};
// The longer before the shorter that begins it.
constexpr std::array names{pair{"max_completion_tokens", "generationConfig.maxOutputTokens"},
                           pair{"max_tokens", "generationConfig.maxOutputTokens"},
                           pair{"temperature", "generationConfig.temperature"},
                           pair{"top_p", "generationConfig.topP"},
                           pair{"top_k", "generationConfig.topK"},
                           pair{"stop", "generationConfig.stopSequences"},
                           pair{"n", "generationConfig.candidateCount"},
                           pair{"seed", "generationConfig.seed"},
                           pair{"presence_penalty", "generationConfig.presencePenalty"},
                           pair{"frequency_penalty", "generationConfig.frequencyPenalty"},
                           pair{"logprobs", "generationConfig.responseLogprobs"},
                           pair{"top_logprobs", "generationConfig.logprobs"},
                           pair{"response_format.json_schema", "generationConfig.responseJsonSchema"},
                           pair{"response_format", "generationConfig.responseMimeType"},
                           pair{"reasoning_effort", "generationConfig.thinkingConfig"},
                           pair{"thinking", "generationConfig.thinkingConfig"},
                           pair{"tool_choice", "toolConfig.functionCallingConfig"},
                           pair{"service_tier", "serviceTier"},
                           pair{"dimensions", "outputDimensionality"},
                           pair{"messages", "contents"}};
/// What follows a place that `origins` knows.
constexpr std::array endings{pair{".function.arguments", ".args"},
                             pair{".function.name", ".name"},
                             pair{".function.parameters", ".parameters"},
                             pair{".function", ""},
                             pair{".tool_call_id", ".id"},
                             pair{".role", ".role"},
                             pair{".name", ".name"}};

/// Whether `text` is `start`, or a place in it.
bool inside(std::string_view text, std::string_view start) noexcept {
  if (!text.starts_with(start)) return false;
  const auto rest = text.substr(start.size());
  return rest.empty() || rest.front() == '.' || rest.front() == '[';
}

}  // namespace

std::string own_place(std::string_view in_openai_chat) {
  // What has an index of its own is told by the body alone: half a translation would name another's place.
  if (in_openai_chat.find('[') != std::string_view::npos) return std::string{in_openai_chat};
  const auto* found = std::ranges::find_if(names, [&](const pair& one) { return inside(in_openai_chat, one.theirs); });
  return std::string{found == names.end() ? in_openai_chat : found->own};
}

std::string own_place(std::string_view in_openai_chat, const std::vector<origin>& origins) {
  const origin* best = nullptr;
  for (const auto& one : origins) {
    if (inside(in_openai_chat, one.canonical) && (best == nullptr || one.canonical.size() > best->canonical.size())) best = &one;
  }
  if (best == nullptr) return own_place(in_openai_chat);
  const auto rest = in_openai_chat.substr(best->canonical.size());
  const auto* ending = std::ranges::find(endings, rest, &pair::theirs);
  return best->own + std::string{ending == endings.end() ? std::string_view{} : ending->own};
}

}  // namespace naru::dialects::gemini
