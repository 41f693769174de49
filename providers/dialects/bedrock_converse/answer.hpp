#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/document.hpp"
#include "providers/dialects/dialect.hpp"
#include "providers/dialects/shared.hpp"

/// Inside of the Converse form: how answers are read. Nothing outside this folder includes it.
namespace naru::dialects::bedrock_converse {

/// The vendor's counts; a later object overwrites what it holds. Untrusted: what is no count is ignored, and the usage then says
/// `estimated`.
class usage_counts {
 public:
  void overwrite(json::object usage);
  /// The tier that served: `serviceTier` stands beside `usage`.
  void take_tier(json::object around);
  [[nodiscard]] bool any() const noexcept { return counts_.any(); }
  /// Canonical: input holds cache reads and writes, which this vendor counts beside it.
  [[nodiscard]] usage total() const;

 private:
  std::optional<std::uint64_t> input_, output_, cache_read_, cache_write_, write_5m_, write_1h_;
  std::string tier_;
  counts_reader counts_;
};

/// The text of an answer so far, as citations count it.
class text_length {
 public:
  void add(std::string_view utf8) noexcept;
  [[nodiscard]] std::uint64_t characters() const noexcept { return characters_; }

 private:
  std::uint64_t characters_ = 0;
};

/// Appends what an end says: `finished`, or a failure where the model's answer was no answer (malformed_tool_use).
/// @param around  messageStop, or the whole answer: Claude's stop string is in additionalModelResponseFields
void append_end(std::string_view stop_reason, json::object around, std::vector<event>& out);

/// A citation of the text from `begin` to `end`; skipped where it names nothing.
void append_citation(json::object c, std::uint64_t begin, std::uint64_t end, std::vector<event>& out);

/// A picture block's `source` in this format ("png").
void append_image(std::string_view format, json::object source, std::vector<event>& out);

[[nodiscard]] result<std::vector<event>> read_answer(std::string_view body);
[[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader();

}  // namespace naru::dialects::bedrock_converse
