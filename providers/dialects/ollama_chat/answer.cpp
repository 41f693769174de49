#include <memory>
#include <string>
#include <utility>

#include "providers/dialects/answers.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/ollama_chat/ollama_chat.hpp"
#include "providers/dialects/ollama_chat/parts.hpp"
#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::ollama_chat {
namespace {

/// A whole answer is one line of a stream, the last: both are told by this.
class teller {
 public:
  /// @return what is wrong with the line; empty: nothing
  std::string_view line(json::object o, std::vector<event>& out) {
    if (const auto m = json::get_object(o, "message")) message(*m, out);
    if (const auto pieces = json::get_array(o, "logprobs"); pieces && pieces->size() > 0) {
      out.emplace_back(logprobs_piece{0, R"({"content":)" + json::to_text(*json::find(o, "logprobs")) + R"(,"refusal":null})"});
    }
    const auto done = json::find(o, "done");
    bool ended = false;
    if (!done || done->get(ended) != simdjson::SUCCESS) return "want `done`, true or false";
    if (ended) end(o, out);
    return {};
  }
  [[nodiscard]] bool ended() const noexcept { return ended_; }

 private:
  void message(json::object m, std::vector<event>& out) {
    if (auto thought = text_at(m, "thinking"); !thought.empty()) out.emplace_back(reasoning_delta{0, std::move(thought), {}});
    if (auto text = text_at(m, "content"); !text.empty()) out.emplace_back(text_delta{0, std::move(text)});
    const auto calls = json::get_array(m, "tool_calls");
    if (!calls) return;
    for (const json::value item : *calls) {
      if (item.is_object()) call(item.get_object().value_unsafe(), out);
    }
  }

  /// Calls come whole.
  void call(json::object c, std::vector<event>& out) {
    const auto function = json::get_object(c, "function");
    if (!function) return;
    out.emplace_back(tool_call_start{0, calls_, text_at(c, "id"), text_at(*function, "name"), {}});
    const auto arguments = json::find(*function, "arguments");
    out.emplace_back(tool_arguments_delta{0, calls_++, arguments && arguments->is_object() ? json::to_text(*arguments) : "{}"});
  }

  void end(json::object o, std::vector<event>& out) {
    ended_ = true;
    finish_reason reason = json::get_string(o, "done_reason") == "length" ? finish_reason::length : finish_reason::stop;
    if (calls_ > 0 && reason == finish_reason::stop) reason = finish_reason::tool_calls;
    out.emplace_back(finished{0, reason, {}, {}});
    counts_reader counts;
    std::optional<std::uint64_t> input, output;
    counts.take(o, "prompt_eval_count", input);
    counts.take(o, "eval_count", output);
    if (!counts.any()) return;
    usage u;
    u.input = {input.value_or(0)};
    u.output = {output.value_or(0)};
    u.estimated = counts.odd() || !input || !output;  // a prompt that is wholly in its cache is not counted by some versions
    out.emplace_back(usage_report{std::move(u)});
  }

  std::uint32_t calls_ = 0;
  bool ended_ = false;
};

bool is_failure(json::object o) noexcept {
  const auto e = json::find(o, "error");
  return e && !json::is_null(*e);
}

/// "2026-11-23T12:00:00Z" is of no use without a clock's help, so an answer has no time of its own.
answer_start who(json::object o) { return {{}, text_at(o, "model"), 0}; }

class reader final : public object_reader {
  void read_object(std::string_view, json::object frame, std::vector<event>& out) override {
    if (is_failure(frame)) return fail_with(openai_chat::read_inband_failure(frame), out);
    start(who(frame), out);
    if (const auto wrong = teller_.line(frame, out); !wrong.empty()) return garbled(wrong, out);
    if (teller_.ended()) close();
  }
  teller teller_;
};

class chat_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "ollama_chat"; }
  [[nodiscard]] framing frames() const noexcept override { return framing::ndjson; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    return ollama_chat::cannot_carry(r, t);
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    return ollama_chat::write_request(r, t);
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override { return ollama_chat::read_answer(body); }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return ollama_chat::make_stream_reader(); }
  /// {"error":"text"}, which the reader of OpenAI's form knows too, as servers of that form answer so.
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return with_words(openai_chat::read_failure(status, headers, body));
  }
};

}  // namespace

result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = parse_answer(body);
  if (!doc) return fail(doc.error());
  const json::object answer = root_object(*doc);
  std::vector<event> out;
  if (is_failure(answer)) {
    out.emplace_back(answer_failed{openai_chat::read_inband_failure(answer)});
    return out;
  }
  if (!json::get_object(answer, "message")) return garbled_answer("want an object `message`");
  out.emplace_back(who(answer));
  teller told;
  if (const auto wrong = told.line(answer, out); !wrong.empty()) return garbled_answer(wrong);
  if (!told.ended()) return garbled_answer("want `done`: true");
  return out;
}

std::unique_ptr<stream_reader> make_stream_reader() { return std::make_unique<reader>(); }

const upstream_dialect& upstream() {
  static const chat_form instance;
  return instance;
}

}  // namespace naru::dialects::ollama_chat
