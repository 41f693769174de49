// Both ends of the openai_chat form over arbitrary bytes. The first byte picks the end:
//   'r' a client's body: read; what reads is written, and what is written must read again; splicing must give JSON
//   's' frames of a stream, a line each: the short cut and the full reader must agree; the events are written as a stream
//   'a' a whole answer: read, written, read again
//   'f' a failed answer's body
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "providers/dialects/openai_chat/openai_chat.hpp"

namespace {

using namespace naru;
namespace openai_chat = dialects::openai_chat;

void require(bool holds) {
  if (!holds) std::abort();
}

void request(std::string_view body) {
  const auto doc = json::document::parse(body);
  if (!doc) return;
  const auto r = openai_chat::client().read_request(*doc);
  if (!r) {
    require(!r.error().message.empty());
    return;
  }
  const dialects::target t{.model = "target", .constraints = {"max_completion_tokens_only"}, .max_output = std::nullopt};
  if (const auto spliced = openai_chat::upstream().splice_request("openai_chat", body, *r, t)) {
    const auto again = json::document::parse(spliced->text());
    require(again.has_value());
    const auto read = openai_chat::client().read_request(*again);
    require(read.has_value() && read->model == "target");
  }
  if (openai_chat::upstream().cannot_carry(*r, t)) return;
  const auto wire = openai_chat::upstream().write_request(*r, t);
  if (!wire) return;
  const auto again = json::document::parse(wire->body);
  require(again.has_value());
  require(openai_chat::client().read_request(*again).has_value());
}

void write_all(const std::vector<event>& events) {
  const auto w = openai_chat::client().make_stream_writer({}, "id", 1);
  std::string out;
  for (const auto& e : events) w->write(e, out);
  w->finish(out);
  // Log probabilities go through as the vendor wrote them, twin keys and all.
  require(json::document::parse(openai_chat::client().write_answer({}, events, "id", 1), json::limits::of_answers()).has_value());
}

void stream(std::string_view lines) {
  const auto fast = openai_chat::upstream().make_stream_reader();
  const auto slow = openai_chat::make_slow_stream_reader();
  std::vector<event> a, b;
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(line.size() < lines.size() ? line.size() + 1 : line.size());
    const std::string_view name = line.starts_with('!') ? "error" : "";
    fast->read(name, line, a);
    slow->read(name, line, b);
    require(a.size() == b.size() && fast->complete() == slow->complete());
    require(fast->last_frame_is_usage_only() == slow->last_frame_is_usage_only());
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    require(a[i].index() == b[i].index());
    if (const auto* text = std::get_if<text_delta>(&a[i])) {
      const auto& other = std::get<text_delta>(b[i]);
      require(text->text == other.text && text->choice == other.choice);
    }
    if (const auto* used = std::get_if<usage_report>(&a[i])) require(used->usage == std::get<usage_report>(b[i]).usage);
  }
  write_all(a);
}

void answer(std::string_view body) {
  const auto events = openai_chat::upstream().read_answer(body);
  if (!events) return;
  write_all(*events);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest{reinterpret_cast<const char*>(data) + 1, size - 1};
  switch (data[0]) {
    case 'r': request(rest); break;
    case 's': stream(rest); break;
    case 'a': answer(rest); break;
    case 'f': {
      const auto f = openai_chat::upstream().read_failure(400, {}, rest);
      require(json::document::parse(openai_chat::client().write_failure(f, "id")).has_value());
      break;
    }
    default: break;
  }
  return 0;
}
