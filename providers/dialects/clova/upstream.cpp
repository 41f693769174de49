#include <fmt/format.h>

#include <algorithm>

#include "providers/dialects/answers.hpp"
#include "providers/dialects/clova/clova.hpp"
#include "providers/dialects/clova/parts.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::clova {
namespace {

constexpr std::string_view in_order = "20000";

/// The code's first three digits are a status: "42901" is a 429. 0: no such code.
int status_of(std::string_view code) noexcept {
  const bool digits = code.size() == 5 && std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
  return digits ? (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0') : 0;
}

/// The table of the API guide (2026-09), where one status means several things.
failure_class classify(const failure& f) noexcept {
  if (f.code == "40003") return failure_class::too_small;
  if (f.code == "40080" || f.code == "40082" || f.code == "40083") return failure_class::settings;  // missing, retired, not enabled
  return f.status == 0 ? failure_class::transient : class_of_status(f.status);
}

void fill(json::object status, failure& f) {
  f.code = clean_word(text_at(status, "code"));
  f.message = clean_text(text_at(status, "message"));
}

class chat_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "clova"; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    return clova::cannot_carry(r, t);
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    return clova::write_request(r, t);
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override { return clova::read_answer(body); }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return clova::make_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return clova::read_failure(status, headers, body);
  }
};

}  // namespace

std::optional<failure> failure_inside(json::object answer) {
  const auto status = json::get_object(answer, "status");
  if (!status || json::get_string(*status, "code") == in_order) return std::nullopt;
  failure f;
  fill(*status, f);
  f.status = status_of(f.code);
  if (f.message.empty()) f.message = fmt::format("the vendor failed with the code {}", f.code.empty() ? "(none)" : f.code);
  f.cls = classify(f);
  return f;
}

failure read_failure(int status, const std::vector<header>& headers, std::string_view body) {
  failure f;
  f.status = status;
  f.not_here_again = forbids_retry(headers);
  if (const auto doc = json::document::parse(body); doc && doc->root().is_object()) {
    if (const auto inside = json::get_object(root_object(*doc), "status")) fill(*inside, f);
    // The gateway before the service, and the OpenAI-compatible side, speak of an `error`.
    if (const auto error = json::get_object(root_object(*doc), "error"); error && f.message.empty()) fill(*error, f);
  }
  f.cls = classify(f);
  f.retry_after = read_retry_after(headers);
  return with_words(std::move(f));
}

const upstream_dialect& upstream() {
  static const chat_form instance;
  return instance;
}

}  // namespace naru::dialects::clova
