#pragma once
#include <algorithm>
#include <array>
#include <string_view>

/// Names in `chat_request::extra`. Most are top-level keys of the body. What stands deeper is kept under one of the marks below (its
/// path without indices), so that a dialect that cannot carry it can name it, and the detectors see it.
namespace naru::dialects::openai_chat::extras {

// Carried by this form's own writer, each in its place:
inline constexpr std::string_view custom_tool = "tools[].custom";       ///< value: the element of `tools`
inline constexpr std::string_view tool_choice = "tool_choice";          ///< custom and allowed_tools
inline constexpr std::string_view response_format = "response_format";  ///< a type that only some servers know

// Carried by splicing alone:
inline constexpr std::string_view tool_member = "tools[].*";
inline constexpr std::string_view choice_member = "tool_choice.*";
inline constexpr std::string_view format_member = "response_format.*";
inline constexpr std::string_view message_member =
    "messages[].*";  ///< cache_control, audio, a kind of reasoning_details that is not known ...
inline constexpr std::string_view part_member = "messages[].content[].*";  ///< prompt_cache_breakpoint, cache_control ...
inline constexpr std::string_view custom_call = "messages[].tool_calls[].custom";
inline constexpr std::string_view call_member = "messages[].tool_calls[].*";
inline constexpr std::string_view stream_option = "stream_options.*";  ///< include_obfuscation, continuous_usage_stats

/// Top-level fields of OpenAI's form that have no place in `chat_request` (OpenAPI file of 2026-08-21).
inline constexpr std::array openai{std::string_view{"audio"},
                                   std::string_view{"logit_bias"},
                                   std::string_view{"metadata"},
                                   std::string_view{"modalities"},
                                   std::string_view{"moderation"},
                                   std::string_view{"prediction"},
                                   std::string_view{"prompt_cache_key"},
                                   std::string_view{"prompt_cache_options"},
                                   std::string_view{"prompt_cache_retention"},
                                   std::string_view{"store"},
                                   std::string_view{"web_search_options"}};

/// Further fields that servers of this form know (vLLM, llama.cpp, Groq, Together, OpenRouter, Mistral, DeepSeek; 2026-11).
inline constexpr std::array servers{std::string_view{"allowed_token_ids"},
                                    std::string_view{"bad_words"},
                                    std::string_view{"cache_prompt"},
                                    std::string_view{"documents"},
                                    std::string_view{"grammar"},
                                    std::string_view{"guided_choice"},
                                    std::string_view{"guided_grammar"},
                                    std::string_view{"guided_json"},
                                    std::string_view{"guided_regex"},
                                    std::string_view{"guardrails"},
                                    std::string_view{"ignore_eos"},
                                    std::string_view{"include_reasoning"},
                                    std::string_view{"json_schema"},
                                    std::string_view{"length_penalty"},
                                    std::string_view{"min_tokens"},
                                    std::string_view{"models"},
                                    std::string_view{"plugins"},
                                    std::string_view{"priority"},
                                    std::string_view{"prompt_mode"},
                                    std::string_view{"provider"},
                                    std::string_view{"reasoning"},
                                    std::string_view{"reasoning_format"},
                                    std::string_view{"route"},
                                    std::string_view{"safe_prompt"},
                                    std::string_view{"session_id"},
                                    std::string_view{"stop_token_ids"},
                                    std::string_view{"structured_outputs"},
                                    std::string_view{"top_a"},
                                    std::string_view{"typical_p"}};

[[nodiscard]] inline bool is_openai(std::string_view name) noexcept { return std::ranges::find(openai, name) != openai.end(); }

/// Whether this form's writer can put an extra field into a body that it writes itself (splicing carries them all).
[[nodiscard]] inline bool is_writable(std::string_view name) noexcept {
  return is_openai(name) || name == custom_tool || name == tool_choice || name == response_format ||
         std::ranges::find(servers, name) != servers.end();
}

}  // namespace naru::dialects::openai_chat::extras
