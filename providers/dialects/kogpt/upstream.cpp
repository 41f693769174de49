#include "core/json/writer.hpp"
#include "providers/dialects/answers.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/kogpt/kogpt.hpp"
#include "providers/dialects/places.hpp"
#include "providers/dialects/shared.hpp"

// Source: Kakao Developers' REST reference of KoGPT (archived; read 2026-11).
namespace naru::dialects::kogpt {
namespace {

constexpr std::string_view form = "KoGPT's form";
constexpr field_places has{.several_answers = true};
constexpr std::uint64_t most_answers = 16;
/// The form demands a number; prompt and answer together fit into 2048 tokens.
constexpr std::uint64_t default_max_tokens = 256;

void read_error(json::object o, failure& f) {
  f.message = clean_text(text_at(o, "msg"));
  if (f.message.empty()) f.message = clean_text(text_at(o, "message"));
  if (const auto code = json::find(o, "code"); code && (code->is_int64() || code->is_string())) {
    f.code = clean_word(code->is_string() ? text_at(o, "code") : json::to_text(*code));
  }
}

std::optional<usage> read_usage(json::object answer) {
  const auto given = json::get_object(answer, "usage");
  if (!given) return std::nullopt;
  counts_reader counts;
  std::optional<std::uint64_t> input, output;
  counts.take(*given, "prompt_tokens", input);
  counts.take(*given, "generated_tokens", output);
  if (!counts.any()) return std::nullopt;
  usage u;
  u.input = {input.value_or(0)};
  u.output = {output.value_or(0)};
  u.estimated = counts.odd() || !input || !output;
  return u;
}

class generation_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "kogpt"; }

  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    if (r.stream) return cannot("stream", "KoGPT's form has no stream");
    if (auto e = first_missing(r, t, form, has)) return e;
    if (auto e = out_of_range("temperature", r.temperature, 0, 1)) return e;
    if (auto e = out_of_range("top_p", r.top_p, 0, 1)) return e;
    if (r.n.value_or(1) > most_answers) return cannot("n", "this vendor gives at most 16 answers");
    const auto prompt = only_user_text(r, form);
    return prompt ? std::nullopt : std::optional{prompt.error()};
  }

  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    const auto prompt = only_user_text(r, form);
    if (!prompt) return fail(prompt.error());
    wire_request out{.path = "/v1/inference/kogpt/generation", .headers = {}, .body = {}, .spliced = {}};
    json::writer w(out.body);
    w.begin_object().field("prompt", *prompt);
    w.field("max_tokens", r.max_output_tokens ? *r.max_output_tokens : t.max_output.value_or(default_max_tokens));
    if (r.temperature) w.field("temperature", *r.temperature);
    if (r.top_p) w.field("top_p", *r.top_p);
    if (r.n) w.field("n", *r.n);
    w.end_object();
    return out;
  }

  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override {
    const auto doc = parse_answer(body);
    if (!doc) return fail(doc.error());
    const json::object answer = root_object(*doc);
    const auto all = json::get_array(answer, "generations");
    if (!all || all->size() == 0 || all->size() > most_answers) return garbled_answer("want 1 to 16 `generations`");
    std::vector<event> out{answer_start{text_at(answer, "id"), {}, 0}};
    std::uint32_t choice = 0;
    for (const json::value item : *all) {
      const auto text = item.is_object() ? json::get_string(item.get_object().value_unsafe(), "text") : std::nullopt;
      if (!text) return garbled_answer("want a string `text` in each of `generations`");
      out.emplace_back(text_delta{choice, std::string{*text}});
      out.emplace_back(finished{choice++, finish_reason::stop, {}, {}});
    }
    if (auto u = read_usage(answer)) out.emplace_back(usage_report{std::move(*u)});
    return out;
  }

  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return make_no_stream_reader(); }

  /// {"code":-2,"msg":"..."}; the numbers are not documented for this host, so the status decides.
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    failure f;
    f.status = status;
    f.not_here_again = forbids_retry(headers);
    if (const auto doc = json::document::parse(body); doc && doc->root().is_object()) read_error(root_object(*doc), f);
    f.cls = class_of_status(status);
    f.retry_after = read_retry_after(headers);
    return with_words(std::move(f));
  }
};

}  // namespace

const upstream_dialect& upstream() {
  static const generation_form instance;
  return instance;
}

}  // namespace naru::dialects::kogpt
