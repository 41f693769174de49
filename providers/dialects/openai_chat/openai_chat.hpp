#pragma once
#include "providers/dialects/dialect.hpp"

/// OpenAI's Chat Completions form ("openai_chat"), which its many imitators speak too: vLLM, llama.cpp, Ollama, Groq, Mistral, DeepSeek,
/// xAI, Together, OpenRouter, and the local worker. What differs between them is told by a target's constraints, read tolerantly in
/// answers, or said in the vendor's table; nothing here asks who the vendor is.
/// Source: type definitions of the openai package 6.49.0 (2026-07), OpenAI's OpenAPI file (2026-08-21); the folder's README has the rest.
namespace naru::dialects::openai_chat {

inline constexpr std::string_view dialect_name = "openai_chat";

/// Both are immutable and shared by all threads.
[[nodiscard]] const upstream_dialect& upstream();
[[nodiscard]] const client_dialect& client();

/// The stream reader without its short cut for plain content frames, to hold the one with it against (tests, fuzzing).
[[nodiscard]] std::unique_ptr<stream_reader> make_slow_stream_reader();

}  // namespace naru::dialects::openai_chat
