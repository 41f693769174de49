#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/writer.hpp"
#include "providers/dialects/dialect.hpp"

/// Inside of the Messages form: how answers are written for clients. Nothing outside this folder includes it.
namespace naru::dialects::anthropic_messages {

/// Follows a JSON text piece by piece and knows when its object is closed: behind that, no more arguments can come.
class object_end {
 public:
  void feed(std::string_view piece) noexcept;
  [[nodiscard]] bool reached() const noexcept { return begun_ && depth_ == 0; }

 private:
  std::uint32_t depth_ = 0;
  bool begun_ = false, in_string_ = false, escaped_ = false;
};

/// One content block. A stream takes out of `text` what it has told.
struct block {
  enum class kind : std::uint8_t { text, thinking, redacted, tool } what = kind::text;
  std::string text;       ///< words, thoughts, opaque data, or a call's arguments
  std::string signature;  ///< of thoughts
  std::vector<citation> citations;
  std::string id, name;  ///< of a call
  std::uint32_t call = 0;
  object_end arguments;
  // Of a stream, what it has told:
  bool open = false;  ///< the start
  bool said = false;  ///< some of the text
  bool signed_off = false;
  std::size_t cited = 0;  ///< citations
};

/// Puts the events of one answer into blocks, in their order. The form has one choice: other choices are not in it. Words of a refusal
/// are kept apart; pictures and the words of sound become text, as the form has no place for them.
class content {
 public:
  explicit content(std::string_view id) : id_(id) {}
  /// @return false: not content
  bool take(const event& e);

  [[nodiscard]] std::deque<block>& blocks() noexcept { return blocks_; }
  [[nodiscard]] const std::string& refusal() const noexcept { return refusal_; }
  [[nodiscard]] std::uint32_t calls() const noexcept { return calls_; }
  /// Of the answer: what made ids of calls begin with, for vendors that give none.
  void name(std::string_view id) { id_ = id; }

 private:
  bool on(const text_delta& e);
  bool on(const refusal_delta& e);
  bool on(const reasoning_delta& e);
  bool on(const tool_call_start& e);
  bool on(const tool_arguments_delta& e);
  bool on(const citation& e);
  bool on(const image_made& e);
  bool on(const audio_delta& e);
  template <class Other>
  bool on(const Other&) {
    return false;
  }
  block& last(block::kind what);

  std::string id_;
  std::string refusal_;
  std::deque<block> blocks_;
  std::uint32_t calls_ = 0;
};

/// A call's input as JSON text of an object. Arguments that are none stand in it as text, so that the client's check of them fails with
/// their words.
[[nodiscard]] std::string input_object(std::string_view arguments);

/// How an answer ended.
struct ending {
  finished told;
  std::string_view refusal;
  bool called = false;
};
/// stop_reason, stop_sequence and, of a refusal, stop_details.
void write_ending(json::writer& w, const ending& e);
/// An object. This vendor's input counts leave out what the cache read and wrote.
void write_usage(json::writer& w, const usage& u);

[[nodiscard]] std::string write_answer(const std::vector<event>& events, std::string_view model, std::string_view fallback_id);
/// {"input_tokens": n}
[[nodiscard]] std::string write_count(const std::vector<event>& events);
[[nodiscard]] std::unique_ptr<stream_writer> make_stream_writer(std::string_view model, std::string_view fallback_id);
[[nodiscard]] std::string write_error(const error& e, std::string_view request_id);
[[nodiscard]] std::string write_failure(const failure& f, std::string_view request_id);

}  // namespace naru::dialects::anthropic_messages
