#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "providers/dialects/answers.hpp"
#include "providers/dialects/clova/parts.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::clova {
namespace {

constexpr std::uint64_t first_ms = 100'000'000'000;  // documented in milliseconds, sampled in seconds: told apart by size

std::uint64_t created_at(json::object o) {
  const std::uint64_t at = json::get_uint(o, "created").value_or(0);
  return at >= first_ms ? at / 1000 : at;
}

finish_reason to_reason(std::string_view word) noexcept {
  if (word == "length") return finish_reason::length;
  if (word == "tool_calls") return finish_reason::tool_calls;
  return finish_reason::stop;
}

std::optional<usage> read_usage(json::object holder) {
  const auto given = json::get_object(holder, "usage");
  if (!given) return std::nullopt;
  counts_reader counts;
  std::optional<std::uint64_t> input, output, thought;
  counts.take(*given, "promptTokens", input);
  counts.take(*given, "completionTokens", output);
  if (const auto details = json::get_object(*given, "completionTokensDetails")) counts.take(*details, "thinkingTokens", thought);
  if (!counts.any()) return std::nullopt;
  usage u;
  u.input = {input.value_or(0)};
  u.output = {output.value_or(0)};
  u.reasoning = {std::min(thought.value_or(0), u.output.value)};
  u.estimated = counts.odd() || !input || !output;
  return u;
}

/// The messages of a stream, piece by piece, and a whole one: both have the same fields.
class teller {
 public:
  void message(json::object m, std::vector<event>& out) {
    if (auto thought = text_at(m, "thinkingContent"); !thought.empty()) out.emplace_back(reasoning_delta{0, std::move(thought), {}});
    if (auto text = text_at(m, "content"); !text.empty()) out.emplace_back(text_delta{0, std::move(text)});
    const auto calls = json::get_array(m, "toolCalls");
    if (!calls) return;
    for (const json::value c : *calls) {
      if (c.is_object()) call(c.get_object().value_unsafe(), out);
    }
  }
  /// A tool without input sends no piece: its arguments are still an object.
  void close(std::vector<event>& out) {
    if (begun_ > 0 && !has_pieces_) out.emplace_back(tool_arguments_delta{0, begun_ - 1, "{}"});
    has_pieces_ = true;
  }
  [[nodiscard]] bool called() const noexcept { return begun_ > 0; }

 private:
  /// Pieces have no index: a new id, or a name, begins a call.
  void call(json::object c, std::vector<event>& out) {
    const auto function = json::get_object(c, "function");
    if (!function) return;
    std::string id = text_at(c, "id");
    std::string name = text_at(*function, "name");
    const bool fresh = begun_ == 0 || (!id.empty() && id != id_) || (id.empty() && !name.empty());
    if (fresh) {
      close(out);
      has_pieces_ = false;
      id_ = id;
      out.emplace_back(tool_call_start{0, begun_++, std::move(id), std::move(name), {}});
    }
    std::string piece = text_at(*function, "partialJson");
    if (const auto whole = json::get_object(*function, "arguments")) piece = json::to_text(*json::find(*function, "arguments"));
    if (piece.empty()) return;
    has_pieces_ = true;
    out.emplace_back(tool_arguments_delta{0, begun_ - 1, std::move(piece)});
  }

  std::uint32_t begun_ = 0;
  std::string id_;
  bool has_pieces_ = true;
};

void append_end(std::string_view word, const teller& told, json::object holder, std::vector<event>& out) {
  finish_reason reason = to_reason(word);
  if (told.called() && reason == finish_reason::stop) reason = finish_reason::tool_calls;
  out.emplace_back(finished{0, reason, {}, {}});
  if (auto u = read_usage(holder)) out.emplace_back(usage_report{std::move(*u)});
}

/// token (pieces), result (the whole message again, with reason and usage), signal ([DONE]), error.
class reader final : public object_reader {
 public:
  // A stream that ends behind its result lacks nothing.
  [[nodiscard]] bool complete() const noexcept override { return resulted_ && !failed(); }

 private:
  void read_object(std::string_view event_name, json::object frame, std::vector<event>& out) override {
    if (event_name == "error") {
      if (auto f = failure_inside(frame)) return fail_with(std::move(*f), out);
      return garbled("an error event without a status", out);
    }
    if (event_name == "signal") return resulted_ ? close() : garbled("the end signal before the result", out);
    if (auto f = failure_inside(frame)) return fail_with(std::move(*f), out);
    if (event_name == "token") return token(frame, out);
    if (event_name == "result") return result(frame, out);
  }

  void token(json::object frame, std::vector<event>& out) {
    if (resulted_) return garbled("a token after the result", out);
    const auto message = json::get_object(frame, "message");
    if (!message) return;
    start({{}, {}, created_at(frame)}, out);
    const std::size_t before = out.size();
    told_.message(*message, out);
    told_any_ = told_any_ || out.size() > before;
  }

  void result(json::object frame, std::vector<event>& out) {
    if (resulted_) return garbled("a second result", out);
    const auto reason = json::get_string(frame, "finishReason");
    const auto message = json::get_object(frame, "message");
    if (!reason || !message) return garbled("want a message and a finishReason in the result", out);
    resulted_ = true;
    start({{}, {}, created_at(frame)}, out);
    if (!told_any_) told_.message(*message, out);  // it repeats what the tokens said, unless there were none
    told_.close(out);
    append_end(*reason, told_, frame, out);
  }

  teller told_;
  bool told_any_ = false;
  bool resulted_ = false;
};

}  // namespace

naru::result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = parse_answer(body);
  if (!doc) return fail(doc.error());
  std::vector<event> out;
  if (auto f = failure_inside(root_object(*doc))) {
    out.emplace_back(answer_failed{std::move(*f)});
    return out;
  }
  const auto answer = json::get_object(root_object(*doc), "result");
  const auto message = answer ? json::get_object(*answer, "message") : std::nullopt;
  const auto reason = answer ? json::get_string(*answer, "finishReason") : std::nullopt;
  if (!message || !reason) return garbled_answer("want `result` with a message and a finishReason");
  out.emplace_back(answer_start{{}, {}, created_at(*answer)});
  teller told;
  told.message(*message, out);
  told.close(out);
  append_end(*reason, told, *answer, out);
  return out;
}

std::unique_ptr<stream_reader> make_stream_reader() { return std::make_unique<reader>(); }

}  // namespace naru::dialects::clova
