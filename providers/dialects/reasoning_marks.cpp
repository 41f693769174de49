#include "providers/dialects/reasoning_marks.hpp"

namespace naru::dialects {

std::optional<openai_reasoning> read_openai_reasoning(std::string_view signature) noexcept {
  if (!signature.starts_with(openai_reasoning_mark)) return std::nullopt;
  signature.remove_prefix(openai_reasoning_mark.size());
  const auto colon = signature.find(':');
  if (colon == std::string_view::npos) return openai_reasoning{{}, signature};
  return openai_reasoning{signature.substr(0, colon), signature.substr(colon + 1)};
}

std::string travelling_signature(std::string_view signature, bool redacted) {
  if (!redacted || signature.starts_with(redacted_thinking_mark)) return std::string(signature);
  return std::string(redacted_thinking_mark).append(signature);
}

std::string openai_reasoning_signature(std::string_view id, std::string_view encrypted) {
  std::string out{openai_reasoning_mark};
  if (id.find(':') == std::string_view::npos) out += id;
  return out.append(":").append(encrypted);
}

}  // namespace naru::dialects
