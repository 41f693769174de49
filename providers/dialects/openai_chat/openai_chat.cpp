#include "providers/dialects/openai_chat/openai_chat.hpp"

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/openai_chat/answer_reader.hpp"
#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/openai_chat/request_reader.hpp"
#include "providers/dialects/openai_chat/request_writer.hpp"
#include "providers/dialects/openai_chat/stream_reader.hpp"
#include "providers/dialects/openai_chat/writers.hpp"

namespace naru::dialects::openai_chat {
namespace {

class towards_vendors final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return dialect_name; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    if (r.kind != request_kind::chat) return cannot("model", "this form has no " + std::string(to_string(r.kind)));
    if (!r.form.empty() && r.form != dialect_name) {
      if (auto e = find_foreign(r)) return e;
    }
    return find_obstacle(r, t);
  }
  [[nodiscard]] std::optional<error> cannot_take(const chat_request& r, const target& t) const override { return find_obstacle(r, t); }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    auto body = write_body(r, t);
    if (!body) return naru::fail(std::move(body.error()));
    return wire_request{.path = std::string{chat_path}, .headers = {}, .body = std::move(*body), .spliced = {}};
  }
  [[nodiscard]] std::optional<wire_request> splice_request(std::string_view client_dialect, std::string_view body, const chat_request& r,
                                                           const target& t) const override {
    if (client_dialect != dialect_name) return std::nullopt;
    auto spliced = splice_body(body, r, t);
    if (!spliced) return std::nullopt;
    return wire_request{.path = std::string{chat_path}, .headers = {}, .body = {}, .spliced = std::move(*spliced)};
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override { return openai_chat::read_answer(body); }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override {
    return std::make_unique<chunk_reader>(chunk_reader::speed::fast);
  }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return openai_chat::read_failure(status, headers, body);
  }
};

class towards_clients final : public client_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return dialect_name; }
  [[nodiscard]] std::string_view answer_id_prefix() const noexcept override { return "chatcmpl-"; }
  using client_dialect::read_request;
  [[nodiscard]] result<chat_request> read_request(const json::document& doc, const addressed&) const override {
    return openai_chat::read_request(doc);
  }
  [[nodiscard]] std::string write_answer(const chat_request&, const std::vector<event>& events, std::string_view fallback_id,
                                         std::uint64_t created) const override {
    return openai_chat::write_answer(events, fallback_id, created);
  }
  [[nodiscard]] std::unique_ptr<stream_writer> make_stream_writer(const chat_request& asked, std::string_view fallback_id,
                                                                  std::uint64_t created) const override {
    return make_chunk_writer(asked, fallback_id, created);
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

std::unique_ptr<stream_reader> make_slow_stream_reader() { return std::make_unique<chunk_reader>(chunk_reader::speed::full); }

}  // namespace naru::dialects::openai_chat
