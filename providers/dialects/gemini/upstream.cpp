#include "providers/dialects/gemini/answer.hpp"
#include "providers/dialects/gemini/gemini.hpp"
#include "providers/dialects/gemini/request.hpp"

namespace naru::dialects::gemini {
namespace {

class generate_content_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return dialect_name; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    return gemini::cannot_carry(r, t);
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    return gemini::write_request(r, t);
  }
  [[nodiscard]] std::optional<wire_request> splice_request(std::string_view client_dialect, std::string_view body, const chat_request& r,
                                                           const target& t) const override {
    return r.kind == request_kind::token_count ? splice_count(client_dialect, body, r, t) : splice_generate(client_dialect, body, r, t);
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override { return gemini::read_answer(body); }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return gemini::make_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return gemini::read_failure(status, headers, body);
  }
};

}  // namespace

const upstream_dialect& upstream() {
  static const generate_content_form form;
  return form;
}

}  // namespace naru::dialects::gemini
