#include "providers/dialects/openai_embeddings/openai_embeddings.hpp"

#include "providers/dialects/answers.hpp"
#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/openai_chat/writers.hpp"
#include "providers/dialects/openai_embeddings/ends.hpp"

namespace naru::dialects::openai_embeddings {
namespace {

class towards_vendors final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return dialect_name; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    return openai_embeddings::cannot_carry(r, t);
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    return openai_embeddings::write_request(r, t);
  }
  [[nodiscard]] std::optional<wire_request> splice_request(std::string_view client_dialect, std::string_view body, const chat_request&,
                                                           const target& t) const override {
    if (client_dialect != dialect_name) return std::nullopt;
    auto spliced = splice_model(body, t.model);
    if (!spliced) return std::nullopt;
    return wire_request{.path = "/embeddings", .headers = {}, .body = {}, .spliced = std::move(*spliced)};
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override {
    return openai_embeddings::read_answer(body);
  }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return make_no_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return with_words(openai_chat::read_failure(status, headers, body));
  }
};

class towards_clients final : public client_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return dialect_name; }
  [[nodiscard]] std::string_view answer_id_prefix() const noexcept override { return "embd-"; }
  using client_dialect::read_request;
  [[nodiscard]] result<chat_request> read_request(const json::document& doc, const addressed&) const override {
    return openai_embeddings::read_request(doc);
  }
  /// "messages[2].content[0]" is the text "input[2]".
  [[nodiscard]] std::string place(std::string_view in_openai_chat) const override {
    constexpr std::string_view messages = "messages";
    if (!in_openai_chat.starts_with(messages)) return std::string{in_openai_chat};
    const auto end = in_openai_chat.find(']');
    const auto index = end == std::string_view::npos ? std::string_view{} : in_openai_chat.substr(0, end + 1).substr(messages.size());
    return "input" + std::string{index};
  }
  [[nodiscard]] std::string write_answer(const chat_request& asked, const std::vector<event>& events, std::string_view,
                                         std::uint64_t) const override {
    return openai_embeddings::write_answer(asked, events);
  }
  [[nodiscard]] std::unique_ptr<stream_writer> make_stream_writer(const chat_request& asked, std::string_view fallback_id,
                                                                  std::uint64_t created) const override {
    return make_whole_answer_writer(*this, asked, fallback_id, created);
  }
  [[nodiscard]] std::string write_error(const error& e, std::string_view request_id) const override {
    return openai_chat::write_error(e, request_id);
  }
  [[nodiscard]] std::string write_failure(const failure& f, std::string_view request_id) const override {
    return openai_chat::write_failure(f, request_id);
  }
};

}  // namespace

const upstream_dialect& upstream() {
  static const towards_vendors instance;
  return instance;
}

const client_dialect& client() {
  static const towards_clients instance;
  return instance;
}

}  // namespace naru::dialects::openai_embeddings
