#include <map>
#include <optional>
#include <string>
#include <utility>

#include "providers/dialects/openai_chat/answer_parts.hpp"
#include "providers/dialects/openai_responses/answer.hpp"

namespace naru::dialects::openai_responses {
namespace {

using openai_chat::most_calls;
using openai_chat::unreadable;

/// An item that has begun and is not done.
struct open_item {
  std::string type;
  std::optional<std::uint32_t> call;  ///< of a function_call
  bool done = false;
  bool grew = false;         ///< something of it was told
  bool piece_ended = false;  ///< of reasoning: the next text begins a new piece
};

/// Reads named events; `type` of the data wins over the event's name, which some proxies drop. Events and items that are not known show
/// that the vendor lives. Shard-local.
class reader final : public stream_reader {
 public:
  void read(std::string_view event_name, std::string_view data, std::vector<event>& out) override;
  void end(std::vector<event>&) override {}  // every event was read whole: nothing is owed
  [[nodiscard]] bool complete() const noexcept override { return ended_ && !failed_; }

 private:
  void dispatch(std::string_view type, json::object frame, std::vector<event>& out);
  void read_delta(std::string_view type, json::object frame, std::vector<event>& out);
  void start(json::object response, std::vector<event>& out);
  void item_added(json::object frame, std::vector<event>& out);
  void item_done(json::object frame, std::vector<event>& out);
  void arguments(json::object frame, std::string_view piece, std::vector<event>& out);
  void think(json::object frame, std::vector<event>& out);
  void finish(json::object frame, std::vector<event>& out);
  void rest_of(open_item& item, json::object whole, std::vector<event>& out);
  open_item* item_of(json::object frame, std::vector<event>& out);
  void ensure_start(std::vector<event>& out) {
    if (!std::exchange(started_, true)) out.emplace_back(answer_start{});
  }
  void fail(failure f, std::vector<event>& out) {
    failed_ = true;
    out.emplace_back(answer_failed{std::move(f)});
  }

  static constexpr std::size_t most_items = 4096;
  std::map<std::uint64_t, open_item> items_;  ///< by output_index; those that are done stay, as their number is bounded
  std::uint32_t calls_ = 0;
  bool started_ = false;
  bool ended_ = false;
  bool failed_ = false;
};

void reader::read(std::string_view event_name, std::string_view data, std::vector<event>& out) {
  if (failed_ || ended_) return;  // nothing after the end counts
  const auto before = out.size();
  if (!data.empty() && data != "[DONE]") {
    const auto doc = json::document::parse(data, json::limits::of_answers());
    json::object frame;
    if (!doc || doc->root().get(frame) != simdjson::SUCCESS) {
      return fail(unreadable(event_name == "error" ? "the upstream reported an error in its stream" : "a frame is not a JSON object"), out);
    }
    dispatch(json::get_string(frame, "type").value_or(event_name), frame, out);
  }
  if (out.size() == before && !ended_) out.emplace_back(keep_alive{});
}

void reader::dispatch(std::string_view type, json::object frame, std::vector<event>& out) {
  const auto error = json::find(frame, "error");
  if (type == "error" || (error && !json::is_null(*error))) return fail(read_in_band(frame), out);
  const auto response = json::get_object(frame, "response");
  if (type == "response.failed") return fail(response ? read_in_band(*response) : unreadable("a failure without a response"), out);
  if (type == "response.created") {
    if (response) start(*response, out);
  } else if (type == "response.completed" || type == "response.incomplete") {
    finish(frame, out);
  } else if (type == "response.output_item.added") {
    item_added(frame, out);
  } else if (type == "response.output_item.done") {
    item_done(frame, out);
  } else {
    read_delta(type, frame, out);
  }
}

void reader::start(json::object response, std::vector<event>& out) {
  if (std::exchange(started_, true)) return;
  out.emplace_back(answer_start{std::string{json::get_string(response, "id").value_or("")},
                                std::string{json::get_string(response, "model").value_or("")},
                                json::get_uint(response, "created_at").value_or(0)});
}

/// The item of an event; one that was never added begins here.
open_item* reader::item_of(json::object frame, std::vector<event>& out) {
  const auto index = json::get_uint(frame, "output_index");
  if (!index) {
    fail(unreadable("an event without the index of its item"), out);
    return nullptr;
  }
  if (items_.size() >= most_items && !items_.contains(*index)) {
    fail(unreadable("too many items"), out);
    return nullptr;
  }
  return &items_[*index];
}

void reader::item_added(json::object frame, std::vector<event>& out) {
  const auto item = json::get_object(frame, "item");
  if (!item) return fail(unreadable("an item that is none"), out);
  open_item* const now = item_of(frame, out);
  if (now == nullptr || !now->type.empty()) return;
  now->type = json::get_string(*item, "type").value_or("");
  if (now->type != "function_call") return;
  if (calls_ == most_calls) return fail(unreadable("too many tool calls"), out);
  ensure_start(out);
  now->call = calls_++;
  const auto text = [&](std::string_view key) { return std::string{json::get_string(*item, key).value_or("")}; };
  out.emplace_back(tool_call_start{0, *now->call, text("call_id"), text("name"), {}});
}

void reader::read_delta(std::string_view type, json::object frame, std::vector<event>& out) {
  const auto delta = json::get_string(frame, "delta").value_or("");
  if (type == "response.function_call_arguments.delta") return arguments(frame, delta, out);
  if (type == "response.reasoning_summary_text.delta" || type == "response.reasoning_text.delta") return think(frame, out);
  const bool text = type == "response.output_text.delta";
  const bool refusal = type == "response.refusal.delta";
  const bool annotation = type == "response.output_text.annotation.added";
  const bool piece_done = type == "response.reasoning_summary_text.done" || type == "response.reasoning_text.done";
  if (!text && !refusal && !annotation && !piece_done) return;
  open_item* const now = item_of(frame, out);
  if (now == nullptr) return;
  if (piece_done) {
    now->piece_ended = now->grew;
    return;
  }
  ensure_start(out);
  if (annotation) {
    if (const auto a = json::get_object(frame, "annotation")) read_annotation(*a, out);
    return;
  }
  now->grew = now->grew || !delta.empty();
  if (!delta.empty() && text) out.emplace_back(text_delta{0, std::string{delta}});
  if (!delta.empty() && refusal) out.emplace_back(refusal_delta{0, std::string{delta}});
  if (text) read_logprobs(frame, out);
}

void reader::think(json::object frame, std::vector<event>& out) {
  const auto delta = json::get_string(frame, "delta").value_or("");
  open_item* const now = item_of(frame, out);
  if (now == nullptr || delta.empty()) return;
  ensure_start(out);
  now->grew = true;
  out.emplace_back(reasoning_delta{0, (std::exchange(now->piece_ended, false) ? "\n\n" : "") + std::string{delta}, {}});
}

void reader::arguments(json::object frame, std::string_view piece, std::vector<event>& out) {
  open_item* const now = item_of(frame, out);
  if (now == nullptr || piece.empty()) return;
  if (!now->call) return fail(unreadable("arguments of a call that has not begun"), out);
  now->grew = true;
  out.emplace_back(tool_arguments_delta{0, *now->call, std::string{piece}});
}

void reader::item_done(json::object frame, std::vector<event>& out) {
  const auto item = json::get_object(frame, "item");
  if (!item) return fail(unreadable("an item that is none"), out);
  open_item* const now = item_of(frame, out);
  if (now == nullptr) return;
  ensure_start(out);
  rest_of(*now, *item, out);
}

/// What a whole item holds beyond what was told of it piece by piece.
void reader::rest_of(open_item& item, json::object whole, std::vector<event>& out) {
  if (std::exchange(item.done, true)) return;
  if (item.call) {
    auto arguments = item.grew ? std::string{} : openai_chat::read_arguments(whole);
    if (!arguments.empty()) out.emplace_back(tool_arguments_delta{0, *item.call, std::move(arguments)});
  } else if (!item.grew) {
    if (!read_item(whole, calls_, out)) fail(unreadable("too many tool calls"), out);
  } else if (json::get_string(whole, "type") == "reasoning") {
    read_signature(whole, out);
  }
}

/// Servers that follow the form loosely give all items in the last event alone.
void reader::finish(json::object frame, std::vector<event>& out) {
  const auto response = json::get_object(frame, "response");
  if (!response) return fail(unreadable("an end without its response"), out);
  start(*response, out);
  const auto output = items_.empty() ? json::get_array(*response, "output") : std::nullopt;
  if (output) {
    for (const json::value v : *output) {
      json::object item;
      if (v.get(item) == simdjson::SUCCESS && !read_item(item, calls_, out)) return fail(unreadable("too many tool calls"), out);
    }
  }
  ended_ = true;
  read_end(*response, calls_ > 0, out);
}

}  // namespace

std::unique_ptr<stream_reader> make_stream_reader() { return std::make_unique<reader>(); }

}  // namespace naru::dialects::openai_responses
