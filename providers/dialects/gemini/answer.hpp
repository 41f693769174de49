#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/dialects/gemini/text_measure.hpp"
#include "providers/dialects/shared.hpp"

/// Inside of the generateContent form: how answers and failures are read. Nothing outside this folder includes it.
namespace naru::dialects::gemini {

/// The vendor's counts: every frame repeats them, the last one wins. Untrusted: what is no count is ignored, and the usage then says
/// `estimated`.
class usage_counts {
 public:
  void overwrite(json::object metadata);
  /// The same of an answer to countTokens.
  void overwrite_count(json::object answer);
  [[nodiscard]] bool any() const noexcept { return counts_.any(); }
  /// Canonical: input holds the tool-use prompt, output the thoughts, which this vendor both counts beside them.
  [[nodiscard]] usage total() const;

 private:
  void take_audio(json::object metadata, std::string_view key, std::optional<std::uint64_t>& slot);

  std::optional<std::uint64_t> prompt_, cached_, tool_prompt_, candidates_, thoughts_, audio_in_, audio_out_;
  std::string tier_;
  counts_reader counts_;
};

/// Reads GenerateContentResponse objects: one for a whole answer, many for a stream.
class response_reader {
 public:
  /// Appends what the frame says. After a failure nothing more is read.
  void read(json::object frame, std::vector<event>& out);
  void fail_with(failure f, std::vector<event>& out);
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  /// Every choice seen has a finish reason, and there is one. CONTINUATION is not one.
  [[nodiscard]] bool complete() const noexcept;

 private:
  struct choice {
    std::uint32_t calls = 0;
    bool ended = false;
    text_measure said{};  ///< for the places of sources
  };
  void read_start(json::object frame, std::vector<event>& out);
  void read_candidate(json::object candidate, std::vector<event>& out);
  void read_part(json::object part, std::uint32_t index, choice& state, std::vector<event>& out);
  void read_blob(json::object blob, std::uint32_t index, std::vector<event>& out);
  void read_call(json::object part, json::object call, std::uint32_t index, choice& state, std::vector<event>& out);
  void read_end(json::object candidate, std::string_view reason, std::uint32_t index, choice& state, std::vector<event>& out);
  void read_blocked(json::object frame, std::vector<event>& out);

  std::map<std::uint32_t, choice> choices_;
  usage_counts counts_;
  std::string response_id_;
  bool started_ = false;
  bool failed_ = false;
};

/// The sources of a candidate: groundingMetadata (places in bytes) and citationMetadata. @param said  the text of the answer so far
void read_sources(json::object candidate, std::uint32_t choice, const text_measure& said, std::vector<event>& out);

/// logprobsResult as OpenAI's JSON text; empty when it holds no tokens.
[[nodiscard]] std::string openai_logprobs(json::object logprobs_result);

[[nodiscard]] result<std::vector<event>> read_answer(std::string_view body);
[[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader();

/// A word of google.rpc.Code: "INVALID_ARGUMENT" ...
[[nodiscard]] bool is_status_word(std::string_view word) noexcept;
[[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body);
/// An error object inside a 200: the status is the one that it names itself.
[[nodiscard]] failure read_error_in_band(json::object error);

}  // namespace naru::dialects::gemini
