#include "providers/dialects/gemini/embed.hpp"
#include "providers/dialects/gemini/gemini.hpp"
#include "providers/dialects/gemini/request_reader.hpp"
#include "providers/dialects/gemini/writers.hpp"

namespace naru::dialects::gemini {
namespace {

/// What the ends towards clients share: one error object, and ids that are as good as any.
class google_end : public client_dialect {
 public:
  [[nodiscard]] std::string_view answer_id_prefix() const noexcept override { return {}; }
  using client_dialect::read_request;
  [[nodiscard]] std::unique_ptr<stream_writer> make_stream_writer(const chat_request& asked, std::string_view fallback_id,
                                                                  std::uint64_t) const override {
    return make_frame_writer(asked, fallback_id);
  }
  [[nodiscard]] std::string write_error(const error& e, std::string_view request_id) const override {
    return gemini::write_error(e, request_id);
  }
  [[nodiscard]] std::string write_failure(const failure& f, std::string_view request_id) const override {
    return gemini::write_failure(f, request_id);
  }
};

using reader = result<chat_request> (*)(const json::document&, const addressed&, std::vector<origin>*);

/// A body of contents: generateContent and countTokens.
class contents_end : public google_end {
 public:
  explicit contents_end(reader read) noexcept : read_(read) {}
  [[nodiscard]] result<chat_request> read_request(const json::document& doc, const addressed& to) const override {
    return read_(doc, to, nullptr);
  }
  [[nodiscard]] std::string place(std::string_view in_openai_chat) const override { return own_place(in_openai_chat); }
  [[nodiscard]] std::string place_in(const chat_request&, const json::document& body, std::string_view in_openai_chat) const override {
    std::vector<origin> origins;
    // The body was read before: what it says of the model is no matter here.
    addressed to;
    to.model = "any";
    const auto again = read_(body, to, &origins);
    return again ? own_place(in_openai_chat, origins) : own_place(in_openai_chat);
  }

 private:
  reader read_;
};

class generate_end final : public contents_end {
 public:
  generate_end() noexcept : contents_end(read_generate) {}
  [[nodiscard]] std::string_view name() const noexcept override { return "gemini"; }
  [[nodiscard]] std::string write_answer(const chat_request&, const std::vector<event>& events, std::string_view fallback_id,
                                         std::uint64_t) const override {
    return gemini::write_answer(events, fallback_id);
  }
};

class count_end final : public contents_end {
 public:
  count_end() noexcept : contents_end(read_count) {}
  [[nodiscard]] std::string_view name() const noexcept override { return count_dialect_name; }
  [[nodiscard]] std::string write_answer(const chat_request&, const std::vector<event>& events, std::string_view,
                                         std::uint64_t) const override {
    return write_count(events);
  }
};

class embed_end final : public google_end {
 public:
  explicit embed_end(bool batch) noexcept : batch_(batch) {}
  [[nodiscard]] std::string_view name() const noexcept override { return batch_ ? batch_embed_dialect_name : embed_dialect_name; }
  [[nodiscard]] result<chat_request> read_request(const json::document& doc, const addressed& to) const override {
    return batch_ ? read_batch_embed(doc, to) : read_embed(doc, to);
  }
  [[nodiscard]] std::string place(std::string_view in_openai_chat) const override { return embed_place(in_openai_chat, batch_); }
  [[nodiscard]] std::string write_answer(const chat_request&, const std::vector<event>& events, std::string_view,
                                         std::uint64_t) const override {
    return write_embeddings(events, batch_);
  }

 private:
  bool batch_;
};

}  // namespace

const client_dialect& client() {
  static const generate_end instance;
  return instance;
}

const client_dialect& count_tokens_client() {
  static const count_end instance;
  return instance;
}

const client_dialect& embed_client() {
  static const embed_end instance{false};
  return instance;
}

const client_dialect& batch_embed_client() {
  static const embed_end instance{true};
  return instance;
}

}  // namespace naru::dialects::gemini
