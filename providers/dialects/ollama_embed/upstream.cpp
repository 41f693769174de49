#include "core/json/writer.hpp"
#include "providers/dialects/answers.hpp"
#include "providers/dialects/ollama_embed/ollama_embed.hpp"
#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/shared.hpp"
#include "providers/dialects/vectors.hpp"

namespace naru::dialects::ollama_embed {
namespace {

constexpr std::string_view form = "Ollama's embeddings form";

class embed_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "ollama_embed"; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target&) const override {
    return embedding_obstacle(r, form, {.dimensions = true, .purpose = false, .texts = 0});
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    wire_request out{.path = "/api/embed", .headers = {}, .body = {}, .spliced = {}};
    json::writer w(out.body);
    w.begin_object().field("model", t.model).key("input").begin_array();
    for (const message& m : r.messages) w.string(embedded_text(m));
    w.end_array();
    if (r.embedding.dimensions) w.field("dimensions", *r.embedding.dimensions);
    // Left to itself the server cuts a text that is too long and says nothing.
    w.field("truncate", false).end_object();
    return out;
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override {
    const auto doc = parse_answer(body);
    if (!doc) return fail(doc.error());
    const json::object answer = root_object(*doc);
    if (const auto e = json::find(answer, "error"); e && !json::is_null(*e)) {
      return std::vector<event>{answer_failed{openai_chat::read_inband_failure(answer)}};
    }
    const auto vectors = json::get_array(answer, "embeddings");
    if (!vectors) return garbled_answer("want an array `embeddings`");
    std::vector<event> out{answer_start{{}, text_at(answer, "model"), 0}};
    if (!append_vectors(*vectors, out)) return garbled_answer("want arrays of numbers in `embeddings`");
    counts_reader counts;
    std::optional<std::uint64_t> input;
    counts.take(answer, "prompt_eval_count", input);
    append_embedding_end(input, out);
    return out;
  }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return make_no_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return with_words(openai_chat::read_failure(status, headers, body));
  }
};

}  // namespace

const upstream_dialect& upstream() {
  static const embed_form instance;
  return instance;
}

}  // namespace naru::dialects::ollama_embed
