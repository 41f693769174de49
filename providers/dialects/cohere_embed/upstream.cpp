#include <algorithm>
#include <array>

#include "core/json/writer.hpp"
#include "providers/dialects/answers.hpp"
#include "providers/dialects/cohere_chat/parts.hpp"
#include "providers/dialects/cohere_embed/cohere_embed.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/shared.hpp"
#include "providers/dialects/vectors.hpp"

namespace naru::dialects::cohere_embed {
namespace {

constexpr std::string_view form = "Cohere's embeddings form";
constexpr embedding_places has{.dimensions = true, .purpose = true, .texts = 96};
constexpr std::array<std::uint64_t, 4> lengths{256, 512, 1024, 1536};

/// The vendor demands the word; OpenAI's form has none. What is embedded by the thousands is documents.
std::string_view input_type(std::string_view purpose) noexcept {
  if (purpose == "query") return "search_query";
  if (purpose == "classification" || purpose == "clustering") return purpose;
  return "search_document";
}

class embed_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "cohere_embed"; }

  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target&) const override {
    if (auto e = embedding_obstacle(r, form, has)) return e;
    if (r.embedding.dimensions && std::ranges::find(lengths, *r.embedding.dimensions) == lengths.end()) {
      return cannot("dimensions", "this vendor's vectors have 256, 512, 1024 or 1536 numbers");
    }
    return std::nullopt;
  }

  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    wire_request out{.path = "/v2/embed", .headers = {}, .body = {}, .spliced = {}};
    json::writer w(out.body);
    w.begin_object().field("model", t.model).field("input_type", input_type(r.embedding.purpose));
    w.key("texts").begin_array();
    for (const message& m : r.messages) w.string(embedded_text(m));
    w.end_array();
    w.key("embedding_types").begin_array().string("float").end_array();
    if (r.embedding.dimensions) w.field("output_dimension", *r.embedding.dimensions);
    // A text that is too long is refused, as OpenAI's form does; left to itself the vendor would cut it silently.
    w.field("truncate", "NONE").end_object();
    return out;
  }

  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override {
    const auto doc = parse_answer(body);
    if (!doc) return fail(doc.error());
    const json::object answer = root_object(*doc);
    const auto by_type = json::get_object(answer, "embeddings");
    const auto vectors = by_type ? json::get_array(*by_type, "float") : std::nullopt;
    if (!vectors) return garbled_answer("want an array `embeddings.float`");
    std::vector<event> out{answer_start{text_at(answer, "id"), {}, 0}};
    if (!append_vectors(*vectors, out)) return garbled_answer("want arrays of numbers in `embeddings.float`");
    append_embedding_end(billed(answer), out);
    return out;
  }

  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return make_no_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return cohere_chat::read_failure(status, headers, body);
  }

 private:
  static std::optional<std::uint64_t> billed(json::object answer) {
    const auto meta = json::get_object(answer, "meta");
    const auto units = meta ? json::get_object(*meta, "billed_units") : std::nullopt;
    std::optional<std::uint64_t> input;
    counts_reader counts;
    if (units) counts.take(*units, "input_tokens", input);
    return input;
  }
};

}  // namespace

const upstream_dialect& upstream() {
  static const embed_form instance;
  return instance;
}

}  // namespace naru::dialects::cohere_embed
