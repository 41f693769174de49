#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/event.hpp"
#include "core/json/document.hpp"

/// What a whole answer's `message` and a stream's `delta` have in common, and the failure that an answer can hold in-band.
namespace naru::dialects::openai_chat {

// An answer is untrusted: OpenAI allows 128 choices, and no model makes a thousand calls in one turn.
inline constexpr std::uint32_t most_choices = 128;
inline constexpr std::uint32_t most_calls = 1024;

/// Text, reasoning and refusal of a message or delta, in this order: reasoning, text, refusal. `content` may be Mistral's array of
/// chunks; reasoning is `reasoning_content` (DeepSeek, older vLLM, llama.cpp) or `reasoning` (vLLM, Groq, Ollama, OpenRouter).
void read_said(json::object message, std::uint32_t choice, std::vector<event>& out);

/// The call's arguments: a string, or with some servers an object.
[[nodiscard]] std::string read_arguments(json::object function);
/// extra_content.google.thought_signature of a call; empty when there is none.
[[nodiscard]] std::string read_call_signature(json::object call);

/// `choice.logprobs` as text, when it is an object.
void read_logprobs(json::object choice, std::uint32_t index, std::vector<event>& out);

/// The failure that a 2xx body or a frame holds: {"error":{..}}, {"error":"text"}, vLLM's flat {"object":"error",..}, x_groq.error.
[[nodiscard]] std::optional<failure> find_failure(json::object root);

/// transient, code "unreadable".
[[nodiscard]] failure unreadable(std::string_view why);
/// transient, for a finish_reason that says that the vendor gave up.
[[nodiscard]] failure gave_up(std::string_view finish_word);

}  // namespace naru::dialects::openai_chat
