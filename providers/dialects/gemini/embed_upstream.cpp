#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/json/writer.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/answer.hpp"
#include "providers/dialects/gemini/embed.hpp"
#include "providers/dialects/gemini/gemini.hpp"
#include "providers/dialects/gemini/request.hpp"
#include "providers/dialects/shared.hpp"

namespace naru::dialects::gemini {
namespace {

constexpr std::string_view embed_form = "Google's batchEmbedContents form";
constexpr std::size_t most_dimensions = 1 << 20;

struct purpose {
  std::string_view canonical;
  std::string_view google;
};
constexpr std::array purposes{purpose{"query", "RETRIEVAL_QUERY"}, purpose{"document", "RETRIEVAL_DOCUMENT"},
                              purpose{"classification", "CLASSIFICATION"}, purpose{"clustering", "CLUSTERING"}};

result<std::vector<event>> garbled(std::string why) {
  return fail(error_code::upstream_failed, "the vendor's answer cannot be read: " + std::move(why));
}

/// A field of a client of this form that its own body alone brings along, as it came.
bool is_own_extra(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 3> fields{"title", "taskType", "autoTruncate"};
  return name.starts_with("requests[") || name.starts_with("content.") || std::ranges::find(fields, name) != fields.end();
}

/// nullopt: no array of numbers.
std::optional<std::vector<float>> vector_of(json::object embedding) {
  const auto values = json::get_array(embedding, "values");
  if (!values || values->size() > most_dimensions) return std::nullopt;
  std::vector<float> all;
  all.reserve(values->size());
  for (const json::value one : *values) {
    double d = 0;
    if (one.get(d) != simdjson::SUCCESS || !std::isfinite(static_cast<float>(d))) return std::nullopt;
    all.push_back(static_cast<float>(d));
  }
  if (all.empty()) return std::nullopt;
  return all;
}

/// Reads one embedding after the other; what they say of tokens is summed.
class embeddings_reader {
 public:
  std::vector<event> events{answer_start{}};

  [[nodiscard]] bool add(json::value v) {
    json::object o;
    if (v.get(o) != simdjson::SUCCESS) return false;
    if (const auto inner = json::get_object(o, "embeddings")) o = *inner;  // Vertex AI's predict
    auto vector = vector_of(o);
    if (!vector) return false;
    events.emplace_back(embedding_made{count_++, std::move(*vector)});
    if (const auto statistics = json::get_object(o, "statistics")) add_tokens(*statistics, "token_count");
    return true;
  }
  void add_tokens(json::object from, std::string_view key) {
    const auto v = json::find(from, key);
    const auto n = v ? token_count(*v) : std::nullopt;
    if (n) tokens_ = tokens_.value_or(0) + *n;
  }
  [[nodiscard]] std::vector<event> done() {
    if (tokens_) {
      usage u;
      u.input = {*tokens_};
      events.emplace_back(usage_report{u});
    }
    events.emplace_back(finished{});
    return std::move(events);
  }

 private:
  std::uint32_t count_ = 0;
  std::optional<std::uint64_t> tokens_;
};

class embed_form_end final : public upstream_dialect {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "gemini_embed"; }
  [[nodiscard]] std::optional<error> cannot_carry(const chat_request& r, const target& t) const override {
    return embed_cannot_carry(r, t);
  }
  [[nodiscard]] result<wire_request> write_request(const chat_request& r, const target& t) const override { return write_embed(r, t); }
  [[nodiscard]] std::optional<wire_request> splice_request(std::string_view client_dialect, std::string_view body, const chat_request&,
                                                           const target& t) const override {
    return splice_embed(client_dialect, body, t);
  }
  [[nodiscard]] result<std::vector<event>> read_answer(std::string_view body) const override { return read_embeddings(body); }
  // There is no stream of vectors: whatever would come as one is read as the form's other streams, and is never whole.
  [[nodiscard]] std::unique_ptr<stream_reader> make_stream_reader() const override { return gemini::make_stream_reader(); }
  [[nodiscard]] failure read_failure(int status, const std::vector<header>& headers, std::string_view body) const override {
    return gemini::read_failure(status, headers, body);
  }
};

}  // namespace

std::optional<error> embed_cannot_carry(const chat_request& r, const target&) {
  if (r.kind != request_kind::embedding) return cannot("messages", std::string{embed_form} + " makes vectors of texts and nothing else");
  const auto& purpose = r.embedding.purpose;
  if (!purpose.empty() && std::ranges::find(purposes, purpose, &purpose::canonical) == purposes.end()) {
    return cannot("input_type", "want query, document, classification or clustering");
  }
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    const auto& parts = r.messages[i].parts;
    if (parts.size() == 1 && std::holds_alternative<text_part>(parts.front())) continue;
    if (parts.empty() && !r.extra.empty()) continue;  // what it holds is one of the extras
    return cannot(message_path(i), "this vendor wants one text");
  }
  for (const auto& e : r.extra) {
    if (!json::is_null(e.value) && !is_own_extra(e.name))
      return cannot(std::string{e.name}, std::string{embed_form} + " has no such field");
  }
  return std::nullopt;
}

result<wire_request> write_embed(const chat_request& r, const target& t) {
  for (const auto& e : r.extra) {
    if (!is_own_extra(e.name)) continue;
    return fail(cannot(std::string{e.name}, "goes on only in a body whose keys are spelled without escapes"));
  }
  wire_request out{"/v1beta/models/" + percent_encoded(t.model) + ":batchEmbedContents", {}, {}, {}};
  const auto* found = std::ranges::find(purposes, r.embedding.purpose, &purpose::canonical);
  json::writer w(out.body);
  w.begin_object().key("requests").begin_array();
  for (const auto& m : r.messages) {
    w.begin_object().field("model", "models/" + std::string{t.model});
    w.key("content").begin_object().key("parts").begin_array();
    for (const auto& p : m.parts) {
      if (const auto* text = std::get_if<text_part>(&p)) w.begin_object().field("text", text->text).end_object();
    }
    w.end_array().end_object();
    if (found != purposes.end()) w.field("taskType", found->google);
    if (r.embedding.dimensions) w.field("outputDimensionality", *r.embedding.dimensions);
    w.end_object();
  }
  w.end_array().end_object();
  return out;
}

std::optional<wire_request> splice_embed(std::string_view client_dialect, std::string_view body, const target& t) {
  const bool batch = client_dialect == batch_embed_dialect_name;
  if (!batch && client_dialect != embed_dialect_name) return std::nullopt;
  const std::string path = "/v1beta/models/" + percent_encoded(t.model) + (batch ? ":batchEmbedContents" : ":embedContent");
  auto spliced = batch ? rename_in_elements(body, "requests", t.model) : rename_model(body, t.model);
  if (!spliced) return std::nullopt;
  return wire_request{.path = path, .headers = {}, .body = std::move(*spliced), .spliced = {}};
}

result<std::vector<event>> read_embeddings(std::string_view body) {
  const auto doc = json::document::parse(body, json::limits::of_answers());
  if (!doc) return garbled(doc.error().message);
  json::object root;
  if (doc->root().get(root) != simdjson::SUCCESS) return garbled(fmt::format("want an object, got {}", json::type_name(doc->root())));
  embeddings_reader reader;
  const auto single = json::find(root, "embedding");
  auto list = json::get_array(root, "embeddings");
  if (!list) list = json::get_array(root, "predictions");
  if (!single && !list) return garbled("want embedding, embeddings or predictions");
  if (single && !reader.add(*single)) return garbled("want an embedding with values");
  if (list && !single) {
    for (const json::value one : *list) {
      if (!reader.add(one)) return garbled("want embeddings with values");
    }
  }
  if (const auto used = json::get_object(root, "usageMetadata")) reader.add_tokens(*used, "promptTokenCount");
  return reader.done();
}

std::string write_embeddings(const std::vector<event>& events, bool batch) {
  std::vector<const embedding_made*> made;
  std::optional<usage> used;
  for (const auto& e : events) {
    if (const auto* one = std::get_if<embedding_made>(&e)) made.push_back(one);
    if (const auto* report = std::get_if<usage_report>(&e)) used = report->usage;
  }
  std::ranges::sort(made, {}, [](const embedding_made* one) { return one->index; });
  std::string out;
  json::writer w(out);
  const auto vector = [&](const embedding_made& one) {
    w.begin_object().key("values").begin_array();
    // A float's own shortest digits: those of the double that holds it are mostly noise.
    for (const float value : one.vector) w.raw(fmt::format("{}", value));
    w.end_array().end_object();
  };
  w.begin_object().key(batch ? "embeddings" : "embedding");
  if (batch) w.begin_array();
  for (const auto* one : made) {
    vector(*one);
    if (!batch) break;
  }
  if (batch) w.end_array();
  if (!batch && made.empty()) w.begin_object().key("values").begin_array().end_array().end_object();
  if (used && !used->estimated) w.key("usageMetadata").begin_object().field("promptTokenCount", used->input.value).end_object();
  w.end_object();
  return out;
}

const upstream_dialect& embed_upstream() {
  static const embed_form_end form;
  return form;
}

}  // namespace naru::dialects::gemini
