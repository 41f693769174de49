#include "core/json/writer.hpp"
#include "providers/dialects/answers.hpp"
#include "providers/dialects/clova/parts.hpp"
#include "providers/dialects/clova_embed/clova_embed.hpp"
#include "providers/dialects/shared.hpp"
#include "providers/dialects/vectors.hpp"

namespace naru::dialects::clova_embed {
namespace {

constexpr std::string_view form = "CLOVA Studio's embeddings form";

/// The second version has one model; the first names it in the path.
std::string path_of(std::string_view model) {
  const bool first_version = model == "clir-emb-dolphin" || model == "clir-sts-dolphin";
  return "/v1/api-tools/embedding/" + std::string{first_version ? model : "v2"};
}

class embed_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "clova_embed"; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target&) const override {
    return embedding_obstacle(r, form, {.dimensions = false, .purpose = false, .texts = 1});
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    if (r.messages.empty()) return fail(error_code::bad_request, "want a text", "messages");
    wire_request out{.path = path_of(t.model), .headers = {}, .body = {}, .spliced = {}};
    json::writer w(out.body);
    w.begin_object().field("text", embedded_text(r.messages.front())).end_object();
    return out;
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override {
    const auto doc = parse_answer(body);
    if (!doc) return fail(doc.error());
    if (auto f = clova::failure_inside(root_object(*doc))) return std::vector<event>{answer_failed{std::move(*f)}};
    const auto answer = json::get_object(root_object(*doc), "result");
    const auto given = answer ? json::find(*answer, "embedding") : std::nullopt;
    auto vector = given ? read_vector(*given) : std::nullopt;
    if (!vector) return garbled_answer("want numbers in `result.embedding`");
    std::vector<event> out{answer_start{}, embedding_made{0, std::move(*vector)}};
    counts_reader counts;
    std::optional<std::uint64_t> input;
    counts.take(*answer, "inputTokens", input);
    append_embedding_end(input, out);
    return out;
  }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return make_no_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return clova::read_failure(status, headers, body);
  }
};

}  // namespace

const upstream_dialect& upstream() {
  static const embed_form instance;
  return instance;
}

}  // namespace naru::dialects::clova_embed
