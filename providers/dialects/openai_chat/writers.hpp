#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/writer.hpp"
#include "providers/dialects/dialect.hpp"

/// What the client reads: a whole answer, a stream, an error.
namespace naru::dialects::openai_chat {

/// A chat.completion from its events; the last usage wins, pieces are joined.
[[nodiscard]] std::string write_answer(const std::vector<event>& events, std::string_view fallback_id, std::uint64_t created);

[[nodiscard]] std::unique_ptr<stream_writer> make_chunk_writer(const chat_request& asked, std::string_view fallback_id,
                                                               std::uint64_t created);

/// {"error":{"message","type","param","code","request_id"}}
[[nodiscard]] std::string write_error(const error& e, std::string_view request_id);
[[nodiscard]] std::string write_failure(const failure& f, std::string_view request_id);

/// "annotations": where the text has its facts from. Nothing at all when there is no web page among them: the form knows no other source.
void write_annotations(json::writer& w, std::span<const citation> citations);
/// "images", as OpenRouter and those who follow it add them to a message: OpenAI's own form has no place for pictures in a chat's answer.
void write_images(json::writer& w, std::span<const image_made> images);
/// The value of "audio".
void write_audio(json::writer& w, const audio_delta& a);

/// `format` of an element of reasoning_details, OpenRouter's words: whose a signature is.
namespace reasoning_formats {
inline constexpr std::string_view openai = "openai-responses-v1";
inline constexpr std::string_view anthropic = "anthropic-claude-v1";
}  // namespace reasoning_formats

/// Reasoning that its vendor wants back with the next request.
struct signed_thought {
  std::string text;
  std::string signature;
};
/// "reasoning_details", OpenRouter's array: OpenAI's own form has no place for what proves reasoning. Nothing when `thoughts` is empty.
/// @param first  index of the first element; a thought may be two elements
/// @return the index behind the last one
std::uint32_t write_reasoning_details(json::writer& w, std::span<const signed_thought> thoughts, std::uint32_t first = 0);

/// An id for a call whose vendor gave none (Gemini), as clients of this form answer calls by id. The same in stream and whole answer.
[[nodiscard]] std::string call_id(std::string_view given, std::string_view answer_id, std::uint32_t choice, std::uint32_t index);

}  // namespace naru::dialects::openai_chat
