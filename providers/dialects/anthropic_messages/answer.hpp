#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/dialects/shared.hpp"

/// Inside of the Messages form: how answers and failures are read. Nothing outside this folder includes it.
namespace naru::dialects::anthropic_messages {

/// The vendor's counts, as they come: in a stream first in message_start, then cumulatively in message_delta, where a field that is
/// present overwrites and one that is absent stays. Untrusted: what is no count is ignored, and the usage then says `estimated`.
class usage_counts {
 public:
  void overwrite(json::object u);
  [[nodiscard]] bool any() const noexcept { return counts_.any(); }
  /// Canonical: input holds cache reads and writes, which this vendor counts beside it; output holds thinking, as the vendor's does.
  [[nodiscard]] usage total() const;

 private:
  std::optional<std::uint64_t> input_, cache_read_, cache_write_, write_5m_, write_1h_, output_, thinking_;
  std::string tier_;
  counts_reader counts_;
};

/// @return stop for reasons that this version of the form does not know: the vendor has ended the message in order.
[[nodiscard]] finish_reason to_finish_reason(std::string_view stop_reason) noexcept;
/// Appends what an end says: a refusal's explanation, then finished.
/// @param from  the message or the delta that holds stop_reason, stop_sequence and stop_details
void append_end(std::string_view stop_reason, json::object from, std::vector<event>& out);

/// Counts the characters of the answer's text, where citations of pages on the web point to.
class text_length {
 public:
  void add(std::string_view utf8) noexcept;
  [[nodiscard]] std::uint64_t characters() const noexcept { return characters_; }

 private:
  std::uint64_t characters_ = 0;
};

[[nodiscard]] result<std::vector<event>> read_answer(std::string_view body);
[[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader();

[[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body);
/// An error object inside a 200: the status is the one that this error type has as an HTTP answer (overloaded_error is 529).
[[nodiscard]] failure read_error_in_band(json::object error);

}  // namespace naru::dialects::anthropic_messages
