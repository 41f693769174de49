#include <algorithm>

#include "core/json/writer.hpp"
#include "providers/dialects/answers.hpp"
#include "providers/dialects/hf_feature_extraction/hf_feature_extraction.hpp"
#include "providers/dialects/openai_chat/failure_reader.hpp"
#include "providers/dialects/vectors.hpp"

namespace naru::dialects::hf_feature_extraction {
namespace {

constexpr std::string_view form = "Hugging Face's feature extraction";

/// "org/name" of the words of a path, so that a model's name cannot lead elsewhere.
bool is_path_safe(std::string_view model) noexcept {
  return !model.empty() && model.find("..") == std::string_view::npos && std::ranges::all_of(model, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
  });
}

class extraction_form final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "hf_feature_extraction"; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target&) const override {
    return embedding_obstacle(r, form, {.dimensions = false, .purpose = false, .texts = 0});
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override {
    if (!is_path_safe(t.model)) return fail(error_code::bad_request, "want a model of this vendor, org/name", "model");
    std::string path = "/hf-inference/models/" + std::string{t.model} + "/pipeline/feature-extraction";
    wire_request out{.path = std::move(path), .headers = {}, .body = {}, .spliced = {}};
    json::writer w(out.body);
    w.begin_object().key("inputs").begin_array();
    for (const message& m : r.messages) w.string(embedded_text(m));
    w.end_array().end_object();
    return out;
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override {
    const auto doc = json::document::parse(body, json::limits::of_answers());
    if (!doc) return garbled_answer(doc.error().message);
    if (doc->root().is_object()) return std::vector<event>{answer_failed{openai_chat::read_inband_failure(root_object(*doc))}};
    if (!doc->root().is_array()) return garbled_answer("want an array of vectors");
    std::vector<event> out{answer_start{}};
    // One level deeper are the vectors of tokens: how to make one of them is the model's matter, not ours.
    if (!append_vectors(doc->root().get_array().value_unsafe(), out)) return garbled_answer("want one array of numbers for each text");
    append_embedding_end(std::nullopt, out);
    return out;
  }
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return make_no_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return with_words(openai_chat::read_failure(status, headers, body));
  }
};

}  // namespace

const upstream_dialect& upstream() {
  static const extraction_form instance;
  return instance;
}

}  // namespace naru::dialects::hf_feature_extraction
