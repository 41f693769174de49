#include "providers/dialects/openai_responses/openai_responses.hpp"

#include "core/json/writer.hpp"
#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/openai_chat/writers.hpp"
#include "providers/dialects/openai_responses/answer.hpp"
#include "providers/dialects/openai_responses/request.hpp"
#include "providers/dialects/openai_responses/response.hpp"

namespace naru::dialects::openai_responses {
namespace {

class towards_vendors final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return dialect_name; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    return openai_responses::cannot_carry(r, t);
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    return openai_responses::write_request(r, t);
  }
  [[nodiscard]] std::optional<wire_request> splice_request(std::string_view client_dialect, std::string_view body, const chat_request& r,
                                                           const target& t) const override {
    if (client_dialect != dialect_name && client_dialect != input_tokens_name) return std::nullopt;
    return openai_responses::splice_request(body, r, t);
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override { return openai_responses::read_answer(body); }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return openai_responses::make_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return openai_chat::read_failure(status, headers, body);
  }
};

/// What both paths of clients share.
class towards_clients : public client_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return dialect_name; }
  [[nodiscard]] std::string_view answer_id_prefix() const noexcept override { return "resp_"; }
  using client_dialect::read_request;
  [[nodiscard]] result<chat_request> read_request(const json::document& doc, const addressed&) const override {
    return openai_responses::read_request(doc);
  }
  [[nodiscard]] std::string place(std::string_view in_openai_chat) const override { return place_of(nullptr, in_openai_chat); }
  [[nodiscard]] std::string place_in(const chat_request& asked, const json::document&, std::string_view in_openai_chat) const override {
    return place_of(&asked, in_openai_chat);
  }
  [[nodiscard]] std::string write_answer(const chat_request& asked, const std::vector<event>& events, std::string_view fallback_id,
                                         std::uint64_t created) const override {
    return openai_responses::write_answer(asked, events, fallback_id, created);
  }
  [[nodiscard]] std::unique_ptr<stream_writer> make_stream_writer(const chat_request& asked, std::string_view fallback_id,
                                                                  std::uint64_t created) const override {
    return openai_responses::make_stream_writer(asked, fallback_id, created);
  }
  [[nodiscard]] std::string write_error(const error& e, std::string_view request_id) const override {
    return openai_chat::write_error(e, request_id);
  }
  [[nodiscard]] std::string write_failure(const failure& f, std::string_view request_id) const override {
    return openai_chat::write_failure(f, request_id);
  }
};

class counting final : public towards_clients {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return input_tokens_name; }
  using client_dialect::read_request;
  [[nodiscard]] result<chat_request> read_request(const json::document& doc, const addressed& to) const override {
    auto r = towards_clients::read_request(doc, to);
    if (!r) return r;
    r->kind = request_kind::token_count;
    r->stream = false;
    return r;
  }
  [[nodiscard]] std::string write_answer(const chat_request&, const std::vector<event>& events, std::string_view,
                                         std::uint64_t) const override {
    std::uint64_t count = 0;
    for (const event& e : events) {
      if (const auto* report = std::get_if<usage_report>(&e)) count = report->usage.input.value;
    }
    std::string out;
    json::writer{out}.begin_object().field("object", "response.input_tokens").field("input_tokens", count).end_object();
    return out;
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

const client_dialect& input_tokens_client() {
  static const counting instance;
  return instance;
}

}  // namespace naru::dialects::openai_responses
