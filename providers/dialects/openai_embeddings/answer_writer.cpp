#include <algorithm>

#include "core/json/writer.hpp"
#include "providers/dialects/openai_embeddings/ends.hpp"
#include "providers/dialects/vectors.hpp"

namespace naru::dialects::openai_embeddings {
namespace {

void write_vector(json::writer& w, const embedding_made& e, bool base64) {
  w.begin_object().field("object", "embedding").field("index", e.index).key("embedding");
  if (base64) {
    w.string(vector_as_base64(e.vector));
  } else {
    w.raw(vector_as_json(e.vector));
  }
  w.end_object();
}

}  // namespace

std::string write_answer(const chat_request& asked, const std::vector<event>& events) {
  std::vector<const embedding_made*> vectors;
  std::string_view model = asked.model;
  std::uint64_t used = 0;
  for (const event& e : events) {
    if (const auto* v = std::get_if<embedding_made>(&e)) vectors.push_back(v);
    if (const auto* s = std::get_if<answer_start>(&e); s != nullptr && !s->model.empty()) model = s->model;
    if (const auto* u = std::get_if<usage_report>(&e)) used = u->usage.input.value;
  }
  std::ranges::sort(vectors, {}, [](const embedding_made* v) { return v->index; });
  std::string out;
  json::writer w{out};
  w.begin_object().field("object", "list").key("data").begin_array();
  for (const auto* v : vectors) write_vector(w, *v, asked.embedding.base64);
  w.end_array().field("model", model);
  // Vectors have no output tokens. The object is always there, as the SDKs' types promise it.
  w.key("usage").begin_object().field("prompt_tokens", used).field("total_tokens", used).end_object();
  w.end_object();
  return out;
}

}  // namespace naru::dialects::openai_embeddings
