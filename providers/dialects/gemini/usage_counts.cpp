#include <algorithm>
#include <array>
#include <utility>

#include "providers/dialects/gemini/answer.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::gemini {
namespace {

/// serviceTier's and (Vertex) trafficType's words as one. The standard tier is the empty word.
std::string tier_word(std::string_view word) {
  std::string low = clean_word(word);
  std::ranges::transform(low, low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (low == "standard" || low == "unspecified" || low == "on_demand" || low == "traffic_type_unspecified") return {};
  if (low == "on_demand_flex") return "flex";
  if (low == "on_demand_priority") return "priority";
  return low;
}

}  // namespace

/// [{"modality":"AUDIO","tokenCount":n}, ...]
void usage_counts::take_audio(json::object metadata, std::string_view key, std::optional<std::uint64_t>& slot) {
  const auto details = json::get_array(metadata, key);
  if (!details) return;
  for (const json::value one : *details) {
    if (!one.is_object()) continue;
    const json::object of = one.get_object().value_unsafe();
    if (json::get_string(of, "modality") == "AUDIO") counts_.take(of, "tokenCount", slot);
  }
}

void usage_counts::overwrite(json::object metadata) {
  counts_.take(metadata, "promptTokenCount", prompt_);
  counts_.take(metadata, "cachedContentTokenCount", cached_);
  counts_.take(metadata, "toolUsePromptTokenCount", tool_prompt_);
  counts_.take(metadata, "candidatesTokenCount", candidates_);
  counts_.take(metadata, "thoughtsTokenCount", thoughts_);
  take_audio(metadata, "promptTokensDetails", audio_in_);
  take_audio(metadata, "candidatesTokensDetails", audio_out_);
  if (const auto tier = json::get_string(metadata, "trafficType")) tier_ = tier_word(*tier);
  if (const auto tier = json::get_string(metadata, "serviceTier")) tier_ = tier_word(*tier);
}

void usage_counts::overwrite_count(json::object answer) {
  counts_.take(answer, "totalTokens", prompt_);
  counts_.take(answer, "cachedContentTokenCount", cached_);
  take_audio(answer, "promptTokensDetails", audio_in_);
}

usage usage_counts::total() const {
  usage u;
  u.input = {prompt_.value_or(0) + tool_prompt_.value_or(0)};
  u.cached = {std::min(cached_.value_or(0), u.input.value)};
  u.output = {candidates_.value_or(0) + thoughts_.value_or(0)};
  u.reasoning = {thoughts_.value_or(0)};
  u.audio_input = {std::min(audio_in_.value_or(0), u.input.value)};
  u.audio_output = {std::min(audio_out_.value_or(0), u.output.value)};
  u.tier = tier_;
  u.estimated = counts_.odd();
  return u;
}

}  // namespace naru::dialects::gemini
