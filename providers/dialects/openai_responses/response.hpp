#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/writer.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/dialects/openai_responses/output.hpp"

/// Inside of the Responses form: the `response` object, whole or as a stream tells it three times.
namespace naru::dialects::openai_responses {

/// How an answer ended, in this form's words.
struct ending {
  std::string_view status = "completed";  ///< in_progress, completed, incomplete, failed
  std::string_view incomplete_reason{};   ///< max_output_tokens, content_filter
  std::string_view error_code{};          ///< of `failed`
  std::string_view error_message{};
};
/// The end that a finish reason means.
[[nodiscard]] ending ending_of(finish_reason reason) noexcept;
/// in_progress, completed, or incomplete: of an answer that was cut, the last item is.
[[nodiscard]] std::string_view item_status(const std::vector<output_item>& items, std::size_t index, const ending& how) noexcept;
/// The code of `response.failed` by which clients decide what to do (Codex: context_length_exceeded, insufficient_quota,
/// rate_limit_exceeded).
[[nodiscard]] std::string_view failure_code(const error& e) noexcept;

/// What is known of an answer from its start on.
class response_head {
 public:
  /// Keeps copies: of the request, what the object repeats of it.
  response_head(const chat_request& asked, std::string_view fallback_id, std::uint64_t created);
  void take(const answer_start& e);
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  /// The whole object, appended. @param used  null when the answer has not ended
  void write(std::string& out, const ending& how, const std::vector<output_item>& items, const usage* used) const;

 private:
  std::string id_, model_;
  std::uint64_t created_;
  std::string echo_;  ///< members of the object that repeat the request, as JSON without the braces
};

/// {"input_tokens", ...}, all counts there.
void write_usage(json::writer& w, const usage& u);

[[nodiscard]] std::string write_answer(const chat_request& asked, const std::vector<event>& events, std::string_view fallback_id,
                                       std::uint64_t created);
[[nodiscard]] std::unique_ptr<stream_writer> make_stream_writer(const chat_request& asked, std::string_view fallback_id,
                                                                std::uint64_t created);

}  // namespace naru::dialects::openai_responses
