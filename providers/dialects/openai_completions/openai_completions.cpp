#include "providers/dialects/openai_completions/openai_completions.hpp"

#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/openai_chat/writers.hpp"

namespace naru::dialects::openai_completions {
namespace {

class towards_vendors final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return dialect_name; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    return openai_completions::cannot_carry(r, t);
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    return openai_completions::write_request(r, t);
  }
  [[nodiscard]] std::optional<wire_request> splice_request(std::string_view client_dialect, std::string_view body, const chat_request& r,
                                                           const target& t) const override {
    return client_dialect == dialect_name ? openai_completions::splice_request(body, r, t) : std::nullopt;
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override {
    return openai_completions::read_answer(body);
  }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return openai_completions::make_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return openai_chat::read_failure(status, headers, body);
  }
};

class towards_clients final : public client_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return dialect_name; }
  [[nodiscard]] std::string_view answer_id_prefix() const noexcept override { return "cmpl-"; }
  using client_dialect::read_request;
  [[nodiscard]] result<chat_request> read_request(const json::document& doc, const addressed&) const override {
    return openai_completions::read_request(doc);
  }
  [[nodiscard]] std::string place(std::string_view in_openai_chat) const override {
    if (in_openai_chat.starts_with("messages")) return "prompt";
    return in_openai_chat == "max_completion_tokens" ? "max_tokens" : std::string{in_openai_chat};
  }
  [[nodiscard]] std::string write_answer(const chat_request&, const std::vector<event>& events, std::string_view fallback_id,
                                         std::uint64_t created) const override {
    return openai_completions::write_answer(events, fallback_id, created);
  }
  [[nodiscard]] std::unique_ptr<stream_writer> make_stream_writer(const chat_request& asked, std::string_view fallback_id,
                                                                  std::uint64_t created) const override {
    return openai_completions::make_stream_writer(asked, fallback_id, created);
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

}  // namespace naru::dialects::openai_completions
