#include "providers/dialects/bedrock.hpp"
#include "providers/dialects/bedrock_converse/answer.hpp"
#include "providers/dialects/bedrock_converse/bedrock_converse.hpp"
#include "providers/dialects/bedrock_converse/request.hpp"

namespace naru::dialects::bedrock_converse {
namespace {

class converse_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "bedrock_converse"; }
  [[nodiscard]] framing frames() const noexcept override { return framing::aws_events; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    return bedrock_converse::cannot_carry(r, t);
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    return bedrock_converse::write_request(r, t);
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override { return bedrock_converse::read_answer(body); }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return bedrock_converse::make_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return bedrock::read_failure(status, headers, body);
  }
};

}  // namespace

const upstream_dialect& upstream() {
  static const converse_form form;
  return form;
}

}  // namespace naru::dialects::bedrock_converse
