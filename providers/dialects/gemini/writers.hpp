#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/writer.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/dialects/gemini/text_measure.hpp"

/// Inside of the generateContent form: what a client reads: a whole answer, a stream, an error, a count.
namespace naru::dialects::gemini {

[[nodiscard]] std::string write_answer(const std::vector<event>& events, std::string_view fallback_id);
[[nodiscard]] std::unique_ptr<stream_writer> make_frame_writer(const chat_request& asked, std::string_view fallback_id);

/// {"error":{"code","message","status","details"}}
[[nodiscard]] std::string write_error(const error& e, std::string_view request_id);
[[nodiscard]] std::string write_failure(const failure& f, std::string_view request_id);
/// {"totalTokens":n}
[[nodiscard]] std::string write_count(const std::vector<event>& events);

/// One tool call, gathered: this form has no pieces of arguments.
struct gathered_call {
  std::string id, name, arguments, signature;
};
/// What a choice still owes at its end: calls, sources, log probabilities, the reason. Both writers keep it per choice.
struct choice_end {
  std::vector<gathered_call> calls;
  std::vector<citation> citations;
  std::vector<std::string> logprobs;
  text_measure said;
  std::optional<finished> reason;
  bool refused = false;  ///< what was said is a refusal, whatever the vendor called its end
  std::string cut_call;  ///< the name of a call whose arguments are no JSON object
  [[nodiscard]] gathered_call& call(std::uint32_t index);
};
using choice_ends = std::map<std::uint32_t, choice_end>;

// Parts, each one element of `parts`:
void write_text(json::writer& w, std::string_view text);
void write_thought(json::writer& w, const reasoning_delta& e);
void write_image(json::writer& w, const image_made& e);
void write_audio(json::writer& w, const audio_delta& e);
/// The whole calls. One whose arguments are cut is left out and named in `cut_call`: arguments that nobody wrote are worse than none.
void write_calls(json::writer& w, choice_end& end);
/// finishReason, finishMessage, groundingMetadata and logprobsResult of a candidate.
void write_end(json::writer& w, const choice_end& end);
/// usageMetadata
void write_usage(json::writer& w, const usage& u);

/// OpenAI's log probabilities, piece by piece, as logprobsResult; empty when they hold no tokens.
[[nodiscard]] std::string google_logprobs(const std::vector<std::string>& openai);

}  // namespace naru::dialects::gemini
