#pragma once
#include "providers/dialects/dialect.hpp"

/// OpenAI's form of pictures from words ("openai_images"): POST /v1/images/generations, JSON, without streams. Requests are of kind
/// `image`: the words are the text of `messages[0]`. Source: OpenAI's OpenAPI file (2026-08-21) and type definitions of the openai
/// package 6.49.0.
namespace naru::dialects::openai_images {

inline constexpr std::string_view dialect_name = "openai_images";

/// Both are immutable and shared by all threads.
[[nodiscard]] const upstream_dialect& upstream();
[[nodiscard]] const client_dialect& client();

}  // namespace naru::dialects::openai_images
