#pragma once
#include <optional>
#include <string>
#include <string_view>

/// Whose a reasoning signature is. A signature proves reasoning to the vendor that made it and to nobody else, so what is not plain base64
/// (Anthropic's own thinking signatures) carries its maker in front, up to a colon. Pure; any thread.
namespace naru::dialects {

/// Anthropic's redacted thinking: the data of the block follows.
inline constexpr std::string_view redacted_thinking_mark = "redacted_thinking:";
/// The signature as it travels in a form that has no place to say that it is redacted thinking: with its mark.
[[nodiscard]] std::string travelling_signature(std::string_view signature, bool redacted);
/// OpenAI's encrypted reasoning: the item's id, a colon and its encrypted_content follow.
inline constexpr std::string_view openai_reasoning_mark = "openai_reasoning:";

struct openai_reasoning {
  std::string_view id;         ///< "rs_..."
  std::string_view encrypted;  ///< empty: the vendor keeps the item itself, and knows it by its id
};
/// nullopt: the signature of another maker. Views into `signature`.
[[nodiscard]] std::optional<openai_reasoning> read_openai_reasoning(std::string_view signature) noexcept;
/// An id with a colon, which no vendor makes, is left out.
[[nodiscard]] std::string openai_reasoning_signature(std::string_view id, std::string_view encrypted);

}  // namespace naru::dialects
