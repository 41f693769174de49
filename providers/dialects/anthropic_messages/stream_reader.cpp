#include <fmt/format.h>

#include <map>
#include <string>

#include "providers/dialects/anthropic_messages/answer.hpp"
#include "providers/dialects/anthropic_messages/shapes.hpp"
#include "providers/dialects/foreign.hpp"

// The stream is a small grammar: message_start, blocks (each start, deltas, stop), message_delta, message_stop, with pings and an error
// anywhere. What breaks it is a garbled stream, never a short answer; events and blocks of kinds yet unknown are skipped, as the
// vendor's versioning rules demand.
namespace naru::dialects::anthropic_messages {
namespace {

enum class block_kind : std::uint8_t { text, thinking, tool, other };

struct open_block {
  block_kind kind = block_kind::other;
  std::uint32_t call = 0;   // tool: index over the whole answer
  std::string whole_input;  // tool: input that came with the start instead of in pieces
  bool has_pieces = false;
  std::uint64_t text_begin = 0;     // text: characters before it
  std::vector<citation> citations;  // text: told when it ends, whichever comes first in it
};

class reader final : public stream_reader {
 public:
  void read(std::string_view event_name, std::string_view data, std::vector<event>& out) override {
    if (failed_ || stopped_) return;  // nothing after an end counts
    const std::size_t before = out.size();
    read_frame(event_name, data, out);
    if (out.size() == before) out.emplace_back(keep_alive{});
  }
  void end(std::vector<event>&) override {}  // every event is told as it comes; a cut shows in complete()
  [[nodiscard]] bool complete() const noexcept override { return stopped_ && !failed_; }

 private:
  void read_frame(std::string_view event_name, std::string_view data, std::vector<event>& out);
  void dispatch(std::string_view type, json::object frame, std::vector<event>& out);
  void message_start(json::object frame, std::vector<event>& out);
  void block_start(json::object frame, std::vector<event>& out);
  void block_delta(json::object frame, std::vector<event>& out);
  void block_stop(json::object frame, std::vector<event>& out);
  void message_delta(json::object frame, std::vector<event>& out);
  void message_stop(std::vector<event>& out);
  void start_tool(json::object block, open_block& state, std::vector<event>& out);
  void tool_piece(open_block& block, std::string_view piece, std::vector<event>& out);
  void text(std::string_view piece, std::vector<event>& out);
  void close(open_block& block, std::vector<event>& out) const;
  open_block* find_block(json::object frame, std::vector<event>& out);

  void fail_with(failure f, std::vector<event>& out) {
    failed_ = true;
    out.emplace_back(answer_failed{std::move(f)});
  }
  void garbled(std::string why, std::vector<event>& out) { fail_with(unreadable(std::move(why)).failure, out); }

  std::map<std::uint64_t, open_block> open_;
  std::uint32_t calls_ = 0;
  usage_counts counts_;
  text_length text_;
  bool started_ = false;
  bool finished_ = false;
  bool stopped_ = false;
  bool failed_ = false;
};

void reader::read_frame(std::string_view event_name, std::string_view data, std::vector<event>& out) {
  if (trim_blank(data).empty()) {
    if (event_name == "error") garbled("an error event without data", out);
    return;
  }
  const auto doc = json::document::parse(data, json::limits::of_answers());
  if (!doc) return garbled("a frame is not JSON: " + doc.error().message, out);
  if (!doc->root().is_object()) return garbled(fmt::format("want an object, got {}", json::type_name(doc->root())), out);
  const json::object frame = doc->root().get_object().value_unsafe();
  dispatch(json::get_string(frame, "type").value_or(event_name), frame, out);
}

void reader::dispatch(std::string_view type, json::object frame, std::vector<event>& out) {
  if (type == "error" || json::get_object(frame, "error")) {
    const auto error = json::get_object(frame, "error");
    return error ? fail_with(read_error_in_band(*error), out) : garbled("an error event without an error", out);
  }
  if (type == "message_start") return message_start(frame, out);
  const bool of_message = type.starts_with("content_block_") || type.starts_with("message_");
  if (of_message && !started_) return garbled(fmt::format("{} before message_start", clean_text(type, 64)), out);
  if (type.starts_with("content_block_") && finished_) return garbled("content after the stop reason", out);
  if (type == "content_block_start") return block_start(frame, out);
  if (type == "content_block_delta") return block_delta(frame, out);
  if (type == "content_block_stop") return block_stop(frame, out);
  if (type == "message_delta") return message_delta(frame, out);
  if (type == "message_stop") return message_stop(out);
}

void reader::message_start(json::object frame, std::vector<event>& out) {
  const auto message = json::get_object(frame, "message");
  if (started_ || !message) return garbled("want one message_start with a message", out);
  started_ = true;
  out.emplace_back(answer_start{std::string{json::get_string(*message, "id").value_or("")},
                                std::string{json::get_string(*message, "model").value_or("")}, 0});
  if (const auto u = json::get_object(*message, "usage")) counts_.overwrite(*u);
  // Told at once: what a stream that is left early has cost so far.
  if (counts_.any()) out.emplace_back(usage_report{counts_.total()});
}

void reader::start_tool(json::object block, open_block& state, std::vector<event>& out) {
  state.kind = block_kind::tool;
  state.call = calls_++;
  if (const auto input = json::get_object(block, "input"); input && input->size() != 0)
    state.whole_input = json::to_text(*json::find(block, "input"));
  out.emplace_back(tool_call_start{0,
                                   state.call,
                                   std::string{json::get_string(block, "id").value_or("")},
                                   std::string{json::get_string(block, "name").value_or("")},
                                   {}});
}

void reader::block_start(json::object frame, std::vector<event>& out) {
  const auto index = json::get_uint(frame, "index");
  const auto block = json::get_object(frame, "content_block");
  if (!index || !block || open_.contains(*index)) return garbled("want a content_block_start with a new index and a block", out);
  open_block& state = open_[*index];
  const std::string_view type = json::get_string(*block, "type").value_or("");
  if (type == "text") {
    state.kind = block_kind::text;
    state.text_begin = text_.characters();
    if (const auto given = json::get_string(*block, "text"); given && !given->empty()) text(*given, out);
  } else if (type == "thinking") {
    state.kind = block_kind::thinking;
    const auto thought = json::get_string(*block, "thinking").value_or("");
    const auto signature = json::get_string(*block, "signature").value_or("");
    if (!thought.empty() || !signature.empty()) out.emplace_back(reasoning_delta{0, std::string{thought}, std::string{signature}});
  } else if (type == "redacted_thinking") {  // whole in its start: no deltas follow
    out.emplace_back(reasoning_delta{0, {}, std::string{json::get_string(*block, "data").value_or("")}, true});
  } else if (type == "tool_use") {
    start_tool(*block, state, out);
  }
}

open_block* reader::find_block(json::object frame, std::vector<event>& out) {
  const auto index = json::get_uint(frame, "index");
  const auto at = index ? open_.find(*index) : open_.end();
  if (at != open_.end()) return &at->second;
  garbled("an event for a content block that is not open", out);
  return nullptr;
}

void reader::tool_piece(open_block& block, std::string_view piece, std::vector<event>& out) {
  if (block.kind != block_kind::tool || piece.empty()) return;  // input of server tools is not the client's
  block.has_pieces = true;
  out.emplace_back(tool_arguments_delta{0, block.call, std::string{piece}});
}

void reader::block_delta(json::object frame, std::vector<event>& out) {
  open_block* const block = find_block(frame, out);
  if (block == nullptr) return;
  const auto delta = json::get_object(frame, "delta");
  if (!delta) return garbled("want a delta object", out);
  const std::string_view type = json::get_string(*delta, "type").value_or("");
  const auto piece = [&](std::string_view key) { return json::get_string(*delta, key).value_or(""); };
  if (type == "text_delta") {
    if (block->kind == block_kind::text) text(piece("text"), out);
  } else if (type == "citations_delta") {
    const auto given = json::get_object(*delta, "citation");
    auto cited = given ? read_citation(*given, 0, 0) : std::nullopt;
    if (cited && block->kind == block_kind::text) block->citations.push_back(std::move(*cited));
  } else if (type == "input_json_delta") {
    tool_piece(*block, piece("partial_json"), out);
  } else if (type == "thinking_delta") {
    out.emplace_back(reasoning_delta{0, std::string{piece("thinking")}, {}});
  } else if (type == "signature_delta") {
    out.emplace_back(reasoning_delta{0, {}, std::string{piece("signature")}});
  }
}

void reader::text(std::string_view piece, std::vector<event>& out) {
  text_.add(piece);
  out.emplace_back(text_delta{0, std::string{piece}});
}

/// A tool without input sends no piece, or only empty ones: its arguments are still an object.
void reader::close(open_block& block, std::vector<event>& out) const {
  for (citation& c : block.citations) {
    if (!c.url.empty()) c.begin = block.text_begin, c.end = text_.characters();
    out.emplace_back(std::move(c));
  }
  block.citations.clear();
  if (block.kind != block_kind::tool || block.has_pieces) return;
  block.has_pieces = true;
  out.emplace_back(tool_arguments_delta{0, block.call, block.whole_input.empty() ? "{}" : block.whole_input});
}

void reader::block_stop(json::object frame, std::vector<event>& out) {
  open_block* const block = find_block(frame, out);
  if (block == nullptr) return;
  close(*block, out);
  open_.erase(*json::get_uint(frame, "index"));
}

void reader::message_delta(json::object frame, std::vector<event>& out) {
  const auto delta = json::get_object(frame, "delta");
  if (const auto reason = delta ? json::get_string(*delta, "stop_reason") : std::nullopt; reason && !finished_) {
    for (auto& [index, block] : open_) close(block, out);
    finished_ = true;
    append_end(*reason, *delta, out);
  }
  if (const auto u = json::get_object(frame, "usage")) {
    counts_.overwrite(*u);
    if (counts_.any()) out.emplace_back(usage_report{counts_.total()});
  }
}

void reader::message_stop(std::vector<event>& out) {
  if (!finished_) return garbled("message_stop without a stop reason", out);
  stopped_ = true;
}

}  // namespace

std::unique_ptr<stream_reader> make_stream_reader() { return std::make_unique<reader>(); }

}  // namespace naru::dialects::anthropic_messages
