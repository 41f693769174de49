#include "providers/dialects/anthropic_messages/answer.hpp"
#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/anthropic_messages/request.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

class messages_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return dialect_name; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    return anthropic_messages::cannot_carry(r, t);
  }
  [[nodiscard]] std::optional<error> cannot_take(const chat_request& r, const target& t) const override {
    return anthropic_messages::cannot_take(r, t);
  }
  [[nodiscard]] std::optional<wire_request> splice_request(std::string_view client_dialect, std::string_view body, const chat_request& r,
                                                           const target& t) const override {
    if (client_dialect != dialect_name) return std::nullopt;
    return anthropic_messages::splice_request(body, r, t);
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    return anthropic_messages::write_request(r, t);
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override {
    return anthropic_messages::read_answer(body);
  }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return anthropic_messages::make_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return anthropic_messages::read_failure(status, headers, body);
  }
};

}  // namespace

const upstream_dialect& upstream() {
  static const messages_form form;
  return form;
}

}  // namespace naru::dialects::anthropic_messages
