#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.hpp"
#include "core/json/writer.hpp"

/// Inside of the Responses form: events to output items, as the client sees them.
namespace naru::dialects::openai_responses {

/// One part of a message item.
struct output_part {
  bool refusal = false;
  std::string text;
  std::vector<std::string> annotations{};  ///< JSON texts
  std::vector<std::string> logprobs{};     ///< JSON texts
};

struct output_item {
  enum class kind : std::uint8_t { reasoning, message, call, image } what = kind::message;
  std::string id{};
  std::vector<output_part> parts{};  ///< of a message
  std::string text{};                ///< reasoning: its summary; call: the arguments; image: base64
  std::string call_id{}, name{};     ///< of a call
  std::string encrypted{};           ///< of reasoning
  bool open = true;
};

/// Is told of each change in an output as it grows. Items and parts by their index.
class output_watcher {
 public:
  virtual ~output_watcher() = default;
  virtual void item_added(std::size_t item) = 0;
  virtual void part_added(std::size_t item, std::size_t part) = 0;
  virtual void part_grew(std::size_t item, std::size_t part, std::string_view piece) = 0;
  virtual void annotated(std::size_t item, std::size_t part) = 0;  ///< the part's last annotation is new
  virtual void part_done(std::size_t item, std::size_t part) = 0;
  virtual void summary_added(std::size_t item) = 0;
  virtual void summary_grew(std::size_t item, std::string_view piece) = 0;
  virtual void summary_done(std::size_t item) = 0;
  virtual void arguments_grew(std::size_t item, std::string_view piece) = 0;
  virtual void arguments_done(std::size_t item) = 0;
  virtual void item_done(std::size_t item) = 0;
};

/// The items of one answer. Words and reasoning follow one another: one that begins closes the other. Calls stay open until the end, as
/// nothing tells when a call that runs beside others has all its arguments. Other choices than the first have no place in this form.
class output {
 public:
  /// @param watcher  may be null
  explicit output(output_watcher* watcher) noexcept : watcher_(watcher) {}

  /// Ids of items are made from the answer's.
  void set_answer_id(std::string_view id);
  void take(const event& e);
  /// Closes what is open. Idempotent.
  void close();
  [[nodiscard]] const std::vector<output_item>& items() const noexcept { return items_; }

 private:
  void on(const text_delta& e) { say(e.text, e.choice, false); }
  void on(const refusal_delta& e) { say(e.text, e.choice, true); }
  void on(const reasoning_delta& e);
  void on(const tool_call_start& e);
  void on(const tool_arguments_delta& e);
  void on(const logprobs_piece& e);
  void on(const citation& e);
  void on(const audio_delta& e) { say(e.transcript, e.choice, false); }  // the words stand for the sound
  void on(const image_made& e);
  template <class Other>
  void on(const Other&) {}  // start, end, usage, failure: the writer's own

  void say(std::string_view piece, std::uint32_t choice, bool refusal);
  output_part& part_of(bool refusal);
  output_item& open_item(output_item::kind what, std::string_view prefix);
  void close_message();
  void close_reasoning();
  void close_call(std::size_t index);
  void finish_item(std::size_t index);
  void give_signature(std::string_view marked);

  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  output_watcher* watcher_;
  std::string base_;  ///< of the items' ids
  std::vector<output_item> items_;
  std::size_t message_ = none;      ///< the open message
  std::size_t reasoning_ = none;    ///< the open reasoning
  std::vector<std::size_t> calls_;  ///< the item of each call
};

/// An item as it stands in `output`. @param status  in_progress, completed, incomplete
void write_item(json::writer& w, const output_item& item, std::string_view status);
void write_part(json::writer& w, const output_part& part);
/// {"type":"summary_text","text":...}
void write_summary(json::writer& w, std::string_view text);

}  // namespace naru::dialects::openai_responses
