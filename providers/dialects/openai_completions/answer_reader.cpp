#include <algorithm>

#include "providers/dialects/openai_chat/answer_parts.hpp"
#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/openai_chat/usage.hpp"
#include "providers/dialects/openai_chat/words.hpp"
#include "providers/dialects/openai_completions/openai_completions.hpp"

namespace naru::dialects::openai_completions {
namespace {

using openai_chat::most_choices;

std::unexpected<error> bad(std::string_view why) {
  return fail(error_code::upstream_failed, "the upstream's answer cannot be read: " + std::string{why}, {}, "unreadable");
}

answer_start start_of(json::object root) {
  return {std::string{json::get_string(root, "id").value_or("")}, std::string{json::get_string(root, "model").value_or("")},
          json::get_uint(root, "created").value_or(0)};
}

/// Reads what a chunk and a whole answer have in common. `logprobs` of this form are lists side by side, which no other form has: they go
/// by relay alone.
class choices_reader {
 public:
  /// @param whole  a choice without a reason has ended all the same
  /// @return what is wrong; empty: nothing
  std::string_view read(json::array choices, bool whole, std::vector<event>& out) {
    std::uint32_t position = 0;
    for (const json::value item : choices) {
      json::object o;
      if (item.get(o) != simdjson::SUCCESS) return "a choice is not an object";
      const auto index = json::get_uint(o, "index").value_or(position++);
      if (index >= most_choices) return "the index of a choice is out of range";
      read_choice(o, static_cast<std::uint32_t>(index), whole, out);
    }
    return {};
  }
  [[nodiscard]] bool all_ended() const noexcept { return !ended_.empty() && std::ranges::find(ended_, false) == ended_.end(); }
  [[nodiscard]] bool gave_up() const noexcept { return gave_up_; }

 private:
  void read_choice(json::object o, std::uint32_t index, bool whole, std::vector<event>& out) {
    if (ended_.size() <= index) ended_.resize(std::size_t{index} + 1);
    if (ended_[index]) return;
    if (const auto text = json::get_string(o, "text"); text && !text->empty()) out.emplace_back(text_delta{index, std::string{*text}});
    const auto word = json::get_string(o, "finish_reason").value_or("");
    auto finish = openai_chat::read_finish(word);
    if (!finish && whole) finish.emplace();
    if (!finish) return;
    if (finish->failed) {
      gave_up_ = true;
      out.emplace_back(answer_failed{openai_chat::gave_up(word)});
      return;
    }
    ended_[index] = true;
    out.emplace_back(finished{index, finish->reason});
  }
  std::vector<bool> ended_;
  bool gave_up_ = false;
};

void read_usage(json::object root, std::vector<event>& out) {
  auto u = openai_chat::read_usage(root);
  if (!u) return;
  u->tier = openai_chat::read_tier(json::get_string(root, "service_tier").value_or(""));
  out.emplace_back(usage_report{std::move(*u)});
}

/// Shard-local.
class chunk_reader final : public stream_reader {
 public:
  void read(std::string_view event_name, std::string_view data, std::vector<event>& out) override {
    usage_only_ = false;
    if (failed_) return;
    if (data == "[DONE]") {
      done_ = true;
      return;
    }
    const auto before = out.size();
    if (!data.empty()) read_frame(event_name, data, out);
    if (out.size() == before) out.emplace_back(keep_alive{});
  }
  void end(std::vector<event>&) override {}  // every frame was read whole: nothing is owed
  [[nodiscard]] bool complete() const noexcept override { return done_ && !failed_ && choices_.all_ended(); }
  [[nodiscard]] bool last_frame_is_usage_only() const noexcept override { return usage_only_; }

 private:
  void read_frame(std::string_view event_name, std::string_view data, std::vector<event>& out) {
    const auto doc = json::document::parse(data, json::limits::of_answers());
    json::object root;
    if (!doc || doc->root().get(root) != simdjson::SUCCESS) {
      return fail(
          openai_chat::unreadable(event_name == "error" ? "the upstream reported an error in its stream" : "a frame is not a JSON object"),
          out);
    }
    if (auto failed = openai_chat::find_failure(root)) return fail(std::move(*failed), out);
    if (event_name == "error") return fail(openai_chat::read_inband_failure(root), out);
    const auto choices = json::get_array(root, "choices");
    if (!started_ && choices && choices->size() > 0) {
      started_ = true;
      out.emplace_back(start_of(root));
    }
    if (choices) {
      if (const auto why = choices_.read(*choices, false, out); !why.empty()) return fail(openai_chat::unreadable(why), out);
      failed_ = choices_.gave_up();
      if (failed_) return;
    }
    const auto so_far = out.size();
    read_usage(root, out);
    usage_only_ = choices && choices->size() == 0 && out.size() > so_far;
  }
  void fail(failure f, std::vector<event>& out) {
    failed_ = true;
    out.emplace_back(answer_failed{std::move(f)});
  }

  choices_reader choices_;
  bool started_ = false;
  bool failed_ = false;
  bool done_ = false;
  bool usage_only_ = false;
};

}  // namespace

result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = json::document::parse(body, json::limits::of_answers());
  if (!doc) return bad(body.empty() ? "it is empty" : "it is not JSON");
  json::object root;
  if (doc->root().get(root) != simdjson::SUCCESS) return bad("it is not an object");
  if (auto failed = openai_chat::find_failure(root)) return std::vector<event>{answer_failed{std::move(*failed)}};
  const auto choices = json::get_array(root, "choices");
  if (!choices || choices->size() == 0) return bad("it has no choices");
  std::vector<event> out;
  out.emplace_back(start_of(root));
  choices_reader reader;
  if (const auto why = reader.read(*choices, true, out); !why.empty()) return bad(why);
  if (reader.gave_up()) {
    const auto at = std::ranges::find_if(out, [](const event& e) { return std::holds_alternative<answer_failed>(e); });
    return std::vector<event>{*at};
  }
  read_usage(root, out);
  return out;
}

std::unique_ptr<stream_reader> make_stream_reader() { return std::make_unique<chunk_reader>(); }

}  // namespace naru::dialects::openai_completions
