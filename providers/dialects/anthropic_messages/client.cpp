#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/anthropic_messages/client_answer.hpp"
#include "providers/dialects/anthropic_messages/client_request.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

class towards_clients : public client_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return dialect_name; }
  [[nodiscard]] std::string_view header_prefix() const noexcept override { return anthropic_messages::header_prefix; }
  [[nodiscard]] std::string_view answer_id_prefix() const noexcept override { return "msg_"; }
  using client_dialect::read_request;
  [[nodiscard]] result<chat_request> read_request(const json::document& doc, const addressed& to) const override {
    return anthropic_messages::read_request(doc, to, request_kind::chat);
  }
  [[nodiscard]] std::string place(std::string_view in_openai_chat) const override { return field_place(in_openai_chat); }
  [[nodiscard]] std::string place_in(const chat_request& asked, const json::document&, std::string_view in_openai_chat) const override {
    return anthropic_messages::place_in(asked, in_openai_chat);
  }
  [[nodiscard]] std::string write_answer(const chat_request& asked, const std::vector<event>& events, std::string_view fallback_id,
                                         std::uint64_t) const override {
    return anthropic_messages::write_answer(events, asked.model, fallback_id);
  }
  [[nodiscard]] std::unique_ptr<stream_writer> make_stream_writer(const chat_request& asked, std::string_view fallback_id,
                                                                  std::uint64_t) const override {
    return anthropic_messages::make_stream_writer(asked.model, fallback_id);
  }
  [[nodiscard]] std::string write_error(const error& e, std::string_view request_id) const override {
    return anthropic_messages::write_error(e, request_id);
  }
  [[nodiscard]] std::string write_failure(const failure& f, std::string_view request_id) const override {
    return anthropic_messages::write_failure(f, request_id);
  }
};

class counting final : public towards_clients {
 public:
  using client_dialect::read_request;
  [[nodiscard]] result<chat_request> read_request(const json::document& doc, const addressed& to) const override {
    return anthropic_messages::read_request(doc, to, request_kind::token_count);
  }
  [[nodiscard]] std::string write_answer(const chat_request&, const std::vector<event>& events, std::string_view,
                                         std::uint64_t) const override {
    return write_count(events);
  }
};

}  // namespace

const client_dialect& client() {
  static const towards_clients instance;
  return instance;
}

const client_dialect& count_tokens_client() {
  static const counting instance;
  return instance;
}

}  // namespace naru::dialects::anthropic_messages
