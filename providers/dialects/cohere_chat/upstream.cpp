#include "providers/dialects/cohere_chat/cohere_chat.hpp"
#include "providers/dialects/cohere_chat/parts.hpp"

namespace naru::dialects::cohere_chat {
namespace {

class chat_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "cohere_chat"; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    return cohere_chat::cannot_carry(r, t);
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    return cohere_chat::write_request(r, t);
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override { return cohere_chat::read_answer(body); }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return cohere_chat::make_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return cohere_chat::read_failure(status, headers, body);
  }
};

}  // namespace

const upstream_dialect& upstream() {
  static const chat_form instance;
  return instance;
}

}  // namespace naru::dialects::cohere_chat
