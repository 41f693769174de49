#include <map>
#include <memory>

#include "providers/dialects/answers.hpp"
#include "providers/dialects/cohere_chat/parts.hpp"

// message-start; content, tool plan, tool calls (each start, deltas, end) and citations; message-end with the reason and the usage. Some
// servers add [DONE]. Events of kinds yet unknown, and `debug`, say nothing.
namespace naru::dialects::cohere_chat {
namespace {

class reader final : public object_reader {
  struct call {
    std::uint32_t index = 0;  // over the whole answer
    bool has_pieces = false;
  };

  bool read_other(std::string_view, std::string_view data) override { return data == "[DONE]"; }

  void read_object(std::string_view event_name, json::object frame, std::vector<event>& out) override {
    const std::string_view type = json::get_string(frame, "type").value_or(event_name);
    if (type.empty() || type == "error") return fail_with(gave_up("ERROR", json::get_string(frame, "message").value_or("")), out);
    if (type == "message-start") return start({text_at(frame, "id"), {}, 0}, out);
    const bool bears = type.starts_with("content-") || type.starts_with("tool-") || type.starts_with("citation-");
    if ((bears || type == "message-end") && !started()) return garbled("content before message-start", out);
    if (type == "message-end") return message_end(frame, out);
    const auto message = message_of(frame);
    if (type == "tool-call-end") return close_call(frame, out);
    if (!message) return;
    if (type == "content-start" || type == "content-delta") return content(*message, out);
    if (type == "tool-plan-delta") return said(text_at(*message, "tool_plan"), out);
    if (type == "tool-call-start") return call_start(frame, *message, out);
    if (type == "tool-call-delta") return call_delta(frame, *message, out);
    if (type == "citation-start") {
      if (const auto c = json::get_object(*message, "citations")) append_citation(*c, out);
    }
  }

  static std::optional<json::object> message_of(json::object frame) {
    const auto delta = json::get_object(frame, "delta");
    return delta ? json::get_object(*delta, "message") : std::nullopt;
  }

  static void said(std::string text, std::vector<event>& out) {
    if (!text.empty()) out.emplace_back(text_delta{0, std::move(text)});
  }

  static void content(json::object message, std::vector<event>& out) {
    const auto piece = json::get_object(message, "content");
    if (!piece) return;
    if (auto thought = text_at(*piece, "thinking"); !thought.empty()) out.emplace_back(reasoning_delta{0, std::move(thought), {}});
    said(text_at(*piece, "text"), out);
  }

  void call_start(json::object frame, json::object message, std::vector<event>& out) {
    const auto place = json::get_uint(frame, "index");
    const auto given = json::get_object(message, "tool_calls");  // an object, not an array
    if (!place || !given || calls_.contains(*place)) return garbled("want a tool-call-start with a new index and a call", out);
    const auto function = json::get_object(*given, "function").value_or(*given);
    call& one = calls_[*place];
    one.index = begun_++;
    out.emplace_back(tool_call_start{0, one.index, text_at(*given, "id"), text_at(function, "name"), {}});
    piece(one, text_at(function, "arguments"), out);
  }

  void call_delta(json::object frame, json::object message, std::vector<event>& out) {
    const auto at = calls_.find(json::get_uint(frame, "index").value_or(~std::uint64_t{0}));
    const auto given = json::get_object(message, "tool_calls");
    const auto function = given ? json::get_object(*given, "function") : std::nullopt;
    if (at == calls_.end()) return garbled("a piece of a tool call that has not begun", out);
    if (function) piece(at->second, text_at(*function, "arguments"), out);
  }

  static void piece(call& one, std::string arguments, std::vector<event>& out) {
    if (arguments.empty()) return;
    one.has_pieces = true;
    out.emplace_back(tool_arguments_delta{0, one.index, std::move(arguments)});
  }

  /// A tool without parameters sends no piece: its arguments are still an object.
  static void complete_call(call& one, std::vector<event>& out) {
    if (!one.has_pieces) piece(one, "{}", out);
  }

  void close_call(json::object frame, std::vector<event>& out) {
    const auto at = calls_.find(json::get_uint(frame, "index").value_or(~std::uint64_t{0}));
    if (at != calls_.end()) complete_call(at->second, out);
  }

  void message_end(json::object frame, std::vector<event>& out) {
    const auto delta = json::get_object(frame, "delta");
    const auto reason = delta ? json::get_string(*delta, "finish_reason") : std::nullopt;
    if (!reason) return garbled("want a finish_reason in message-end", out);
    const end_word end = read_end(*reason);
    const std::string_view words = json::get_string(*delta, "error").value_or("");
    if (end.failed || !words.empty()) return fail_with(gave_up(*reason, words), out);
    for (auto& [place, one] : calls_) complete_call(one, out);
    out.emplace_back(finished{0, end.reason, {}, {}});
    if (auto u = read_usage(*delta)) out.emplace_back(usage_report{std::move(*u)});
    close();
  }

  std::map<std::uint64_t, call> calls_;
  std::uint32_t begun_ = 0;
};

}  // namespace

std::unique_ptr<stream_reader> make_stream_reader() { return std::make_unique<reader>(); }

}  // namespace naru::dialects::cohere_chat
