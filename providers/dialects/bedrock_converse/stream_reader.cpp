#include <fmt/format.h>

#include <map>
#include <string>

#include "providers/dialects/bedrock.hpp"
#include "providers/dialects/bedrock_converse/answer.hpp"
#include "providers/dialects/foreign.hpp"

// The stream: messageStart, blocks (start of tools and pictures alone, deltas, stop), messageStop, metadata with the usage; an exception
// anywhere. What breaks this order is a garbled stream, never a short answer; frames and blocks of kinds yet unknown are skipped.
// `p` in a payload is padding against reading lengths, without meaning.
namespace naru::dialects::bedrock_converse {
namespace {

enum class block_kind : std::uint8_t { words, tool, picture, other };

struct open_block {
  block_kind kind = block_kind::words;
  std::uint32_t call = 0;        // tool: index over the whole answer
  bool has_pieces = false;       // tool
  std::string format;            // picture
  std::uint64_t text_begin = 0;  // words: where its text begins in the answer's
};

class reader final : public stream_reader {
 public:
  void read(std::string_view event_name, std::string_view data, std::vector<event>& out) override {
    if (failed_ || told_) return;  // nothing after an end counts
    const std::size_t before = out.size();
    read_frame(event_name, data, out);
    if (out.size() == before) out.emplace_back(keep_alive{});
  }
  void end(std::vector<event>&) override {}  // everything is told as it comes; a cut shows in complete()
  /// The metadata behind messageStop holds the usage alone: an answer without it is whole, and its cost is estimated.
  [[nodiscard]] bool complete() const noexcept override { return finished_ && !failed_; }

 private:
  void read_frame(std::string_view name, std::string_view data, std::vector<event>& out);
  void dispatch(std::string_view name, json::object frame, std::vector<event>& out);
  void message_start(std::vector<event>& out);
  void block_start(json::object frame, std::vector<event>& out);
  void block_delta(json::object frame, std::vector<event>& out);
  void block_stop(json::object frame, std::vector<event>& out);
  void message_stop(json::object frame, std::vector<event>& out);
  void metadata(json::object frame, std::vector<event>& out);
  void read_delta(json::object delta, open_block& block, std::vector<event>& out);
  void reasoning(json::object thought, std::vector<event>& out);
  static void close(open_block& block, std::vector<event>& out);

  void fail_with(failure f, std::vector<event>& out) {
    failed_ = true;
    out.emplace_back(answer_failed{std::move(f)});
  }
  void garbled(std::string why, std::vector<event>& out) { fail_with(unreadable(std::move(why)).failure, out); }

  std::map<std::uint64_t, open_block> open_;
  std::uint32_t calls_ = 0;
  text_length length_;
  bool started_ = false;
  bool finished_ = false;  ///< messageStop was read
  bool told_ = false;      ///< and the metadata behind it
  bool failed_ = false;
};

void reader::read_frame(std::string_view name, std::string_view data, std::vector<event>& out) {
  if (bedrock::is_failure(name)) return fail_with(bedrock::read_exception(name, data), out);
  if (trim_blank(data).empty()) return;  // a frame without content shows that the vendor lives
  const auto doc = json::document::parse(data, json::limits::of_answers());
  if (!doc) return garbled("a frame is not JSON: " + doc.error().message, out);
  if (!doc->root().is_object()) return garbled(fmt::format("want an object, got {}", json::type_name(doc->root())), out);
  dispatch(name, doc->root().get_object().value_unsafe(), out);
}

void reader::dispatch(std::string_view name, json::object frame, std::vector<event>& out) {
  if (name == "messageStart") return message_start(out);
  if (name == "metadata") return metadata(frame, out);
  const bool of_block = name.starts_with("contentBlock");
  if (!of_block && name != "messageStop") return;
  if (!started_) return garbled(fmt::format("{} before messageStart", clean_text(name, 64)), out);
  if (finished_) return garbled(fmt::format("{} after messageStop", clean_text(name, 64)), out);
  if (name == "contentBlockStart") return block_start(frame, out);
  if (name == "contentBlockDelta") return block_delta(frame, out);
  if (name == "contentBlockStop") return block_stop(frame, out);
  if (name == "messageStop") return message_stop(frame, out);
}

void reader::message_start(std::vector<event>& out) {
  if (started_) return garbled("want one messageStart", out);
  started_ = true;
  out.emplace_back(answer_start{});  // neither id nor model: the request's id is a header
}

void reader::block_start(json::object frame, std::vector<event>& out) {
  const auto index = json::get_uint(frame, "contentBlockIndex");
  const auto start = json::get_object(frame, "start");
  if (!index || !start || open_.contains(*index)) return garbled("want a contentBlockStart with a new index and a start", out);
  open_block& block = open_[*index];
  block.text_begin = length_.characters();
  if (start->size() == 0) return;
  block.kind = block_kind::other;
  if (const auto image = json::get_object(*start, "image")) {
    block.kind = block_kind::picture;
    block.format = json::get_string(*image, "format").value_or("");
  }
  const auto use = json::get_object(*start, "toolUse");
  if (!use || json::get_string(*use, "type") == "server_tool_use") return;  // the vendor's own tools are not the client's
  block.kind = block_kind::tool;
  block.call = calls_++;
  out.emplace_back(tool_call_start{0,
                                   block.call,
                                   std::string{json::get_string(*use, "toolUseId").value_or("")},
                                   std::string{json::get_string(*use, "name").value_or("")},
                                   {}});
}

void reader::block_delta(json::object frame, std::vector<event>& out) {
  const auto index = json::get_uint(frame, "contentBlockIndex");
  const auto delta = json::get_object(frame, "delta");
  if (!index || !delta) return garbled("want a contentBlockDelta with an index and a delta", out);
  const auto [at, is_new] = open_.try_emplace(*index);  // blocks of words have no start
  if (is_new) at->second.text_begin = length_.characters();
  read_delta(*delta, at->second, out);
}

void reader::read_delta(json::object delta, open_block& block, std::vector<event>& out) {
  if (const auto use = json::get_object(delta, "toolUse")) {
    if (block.kind == block_kind::words) return garbled("input of a tool that has not begun", out);
    const auto piece = json::get_string(*use, "input").value_or("");
    if (block.kind != block_kind::tool || piece.empty()) return;
    block.has_pieces = true;
    out.emplace_back(tool_arguments_delta{0, block.call, std::string{piece}});
    return;
  }
  if (const auto image = json::get_object(delta, "image")) {
    const auto source = json::get_object(*image, "source");
    if (source && block.kind == block_kind::picture) append_image(block.format, *source, out);
    return;
  }
  if (block.kind != block_kind::words) return;
  if (const auto words = json::get_string(delta, "text")) {
    length_.add(*words);
    out.emplace_back(text_delta{0, std::string{*words}});
  } else if (const auto thought = json::get_object(delta, "reasoningContent")) {
    reasoning(*thought, out);
  } else if (const auto cited = json::get_object(delta, "citation")) {
    append_citation(*cited, block.text_begin, length_.characters(), out);
  }
}

void reader::reasoning(json::object thought, std::vector<event>& out) {
  const auto piece = [&](std::string_view key) { return std::string{json::get_string(thought, key).value_or("")}; };
  if (const std::string hidden = piece("redactedContent"); !hidden.empty()) {
    out.emplace_back(reasoning_delta{0, {}, std::string{bedrock::redacted_mark} + hidden, true});
    return;
  }
  reasoning_delta r{0, piece("text"), piece("signature")};
  if (!r.text.empty() || !r.signature.empty()) out.emplace_back(std::move(r));
}

/// A tool without input sends no piece, or only empty ones: its arguments are still an object.
void reader::close(open_block& block, std::vector<event>& out) {
  if (block.kind != block_kind::tool || block.has_pieces) return;
  block.has_pieces = true;
  out.emplace_back(tool_arguments_delta{0, block.call, "{}"});
}

void reader::block_stop(json::object frame, std::vector<event>& out) {
  const auto index = json::get_uint(frame, "contentBlockIndex");
  if (!index) return garbled("want a contentBlockStop with an index", out);
  const auto at = open_.find(*index);
  if (at == open_.end()) return;  // a block of words that had none
  close(at->second, out);
  open_.erase(at);
}

void reader::message_stop(json::object frame, std::vector<event>& out) {
  const auto reason = json::get_string(frame, "stopReason");
  if (!reason) return garbled("want a string `stopReason`", out);
  for (auto& [index, block] : open_) close(block, out);
  open_.clear();
  append_end(*reason, frame, out);
  failed_ = std::holds_alternative<answer_failed>(out.back());
  finished_ = !failed_;
}

/// Told as it comes, also before the end: what a stream that is left has cost so far.
void reader::metadata(json::object frame, std::vector<event>& out) {
  usage_counts counts;
  if (const auto u = json::get_object(frame, "usage")) counts.overwrite(*u);
  counts.take_tier(frame);
  if (counts.any()) out.emplace_back(usage_report{counts.total()});
  told_ = finished_;
}

}  // namespace

std::unique_ptr<stream_reader> make_stream_reader() { return std::make_unique<reader>(); }

}  // namespace naru::dialects::bedrock_converse
