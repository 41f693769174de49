#include <array>
#include <memory>
#include <string>

#include "providers/dialects/answers.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/shared.hpp"
#include "providers/dialects/tgi/parts.hpp"
#include "providers/dialects/tgi/tgi.hpp"

namespace naru::dialects::tgi {
namespace {

/// What an error inside a 200 would have had for a status (the router's source).
constexpr std::array<named_status, 6> statuses{{{"validation", 422},
                                                {"template_error", 422},
                                                {"tool_error", 422},
                                                {"generation", 424},
                                                {"overloaded", 429},
                                                {"incomplete_generation", 500}}};

bool is_failure(json::object o) noexcept {
  const auto e = json::find(o, "error");
  return e && !json::is_null(*e);
}

failure read_inside(json::object o) {
  failure f = openai_chat::read_inband_failure(o);  // which knows the words for a prompt that is too long
  f.status = status_named(statuses, json::get_string(o, "error_type").value_or(""));
  const bool by_status = f.status != 0 && f.status != 424;  // 424: the model failed, which another try may not
  if (by_status && f.cls == failure_class::transient) f.cls = class_of_status(f.status);
  return f;
}

void append_end(json::object details, std::vector<event>& out) {
  const auto word = json::get_string(details, "finish_reason").value_or("");
  finished end{0, word == "length" ? finish_reason::length : finish_reason::stop, {}, {}};
  if (word == "stop_sequence") end.vendor_reason = "stop_sequence";
  out.emplace_back(std::move(end));
  counts_reader counts;
  std::optional<std::uint64_t> input, output;
  counts.take(details, "input_length", input);
  counts.take(details, "generated_tokens", output);
  if (!counts.any()) return;
  usage u;
  u.input = {input.value_or(0)};  // a whole answer tells it in a header alone
  u.output = {output.value_or(0)};
  u.estimated = counts.odd() || !input || !output;
  out.emplace_back(usage_report{std::move(u)});
}

/// Tokens; the last frame holds the whole text again, and the details.
class reader final : public object_reader {
  void read_object(std::string_view, json::object frame, std::vector<event>& out) override {
    if (is_failure(frame)) return fail_with(read_inside(frame), out);
    const auto token = json::get_object(frame, "token");
    if (!token) return garbled("want a token", out);
    start({}, out);
    bool special = false;
    if (const auto s = json::find(*token, "special")) special = s->get(special) == simdjson::SUCCESS && special;
    if (auto text = text_at(*token, "text"); !special && !text.empty()) out.emplace_back(text_delta{0, std::move(text)});
    if (!json::get_string(frame, "generated_text")) return;
    const auto details = json::get_object(frame, "details");
    if (!details) return garbled("want details with the generated text", out);
    append_end(*details, out);
    close();
  }
};

class generate_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "tgi"; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override { return tgi::cannot_carry(r, t); }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    return tgi::write_request(r, t);
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override { return tgi::read_answer(body); }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return tgi::make_stream_reader(); }
  /// {"error","error_type"}: the reader of OpenAI's form knows it, as TGI's other side answers so.
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return with_words(openai_chat::read_failure(status, headers, body));
  }
};

}  // namespace

result<std::vector<event>> read_answer(std::string_view body) {
  const auto doc = json::document::parse(body, json::limits::of_answers());
  if (!doc) return garbled_answer(doc.error().message);
  json::value root = doc->root();
  if (root.is_array()) {  // the bare path `/` wraps it
    const json::array all = root.get_array().value_unsafe();
    if (all.size() == 0) return garbled_answer("want an object, got an empty array");
    root = all.at(0).value_unsafe();
  }
  if (!root.is_object()) return garbled_answer("want an object");
  const json::object answer = root.get_object().value_unsafe();
  std::vector<event> out;
  if (is_failure(answer)) {
    out.emplace_back(answer_failed{read_inside(answer)});
    return out;
  }
  const auto text = json::get_string(answer, "generated_text");
  const auto details = json::get_object(answer, "details");
  if (!text) return garbled_answer("want a string `generated_text`");
  if (!details) return garbled_answer("want an object `details`");
  out.emplace_back(answer_start{});
  out.emplace_back(text_delta{0, std::string{*text}});
  append_end(*details, out);
  return out;
}

std::unique_ptr<stream_reader> make_stream_reader() { return std::make_unique<reader>(); }

const upstream_dialect& upstream() {
  static const generate_form instance;
  return instance;
}

}  // namespace naru::dialects::tgi
