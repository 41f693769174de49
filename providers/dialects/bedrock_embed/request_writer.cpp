#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/json/writer.hpp"
#include "providers/dialects/bedrock_embed/forms.hpp"

namespace naru::dialects::bedrock_embed {
namespace {

using bedrock::family;

struct purpose_words {
  std::string_view purpose;
  std::string_view cohere;
  std::string_view nova;
};
/// Both makers want one; the first row is what a client that says nothing is given: text that is kept to be searched.
constexpr std::array<purpose_words, 4> purposes{{{"document", "search_document", "GENERIC_INDEX"},
                                                 {"query", "search_query", "GENERIC_RETRIEVAL"},
                                                 {"classification", "classification", "CLASSIFICATION"},
                                                 {"clustering", "clustering", "CLUSTERING"}}};

const purpose_words& words_for(std::string_view purpose) noexcept {
  const auto* found = std::ranges::find(purposes, purpose, &purpose_words::purpose);
  return found == purposes.end() ? purposes.front() : *found;
}

std::string_view text_of(const message& m) noexcept { return only_text(m).value_or(std::string_view{}); }

void write_titan(const chat_request& r, family f, json::writer& w) {
  w.begin_object().field("inputText", text_of(r.messages[0]));
  if (f == family::titan_embed && r.embedding.dimensions) w.field("dimensions", *r.embedding.dimensions);
  w.end_object();
}

/// A text that is too long is refused instead of cut: the vector of a part would pass for that of the whole.
void write_nova(const chat_request& r, json::writer& w) {
  w.begin_object().field("schemaVersion", "nova-multimodal-embed-v1").field("taskType", "SINGLE_EMBEDDING");
  w.key("singleEmbeddingParams").begin_object().field("embeddingPurpose", words_for(r.embedding.purpose).nova);
  if (r.embedding.dimensions) w.field("embeddingDimension", *r.embedding.dimensions);
  w.key("text").begin_object().field("truncationMode", "NONE").field("value", text_of(r.messages[0])).end_object();
  w.end_object().end_object();
}

void write_cohere(const chat_request& r, std::string_view model, json::writer& w) {
  w.begin_object().field("input_type", words_for(r.embedding.purpose).cohere).key("texts").begin_array();
  for (const auto& m : r.messages) w.string(text_of(m));
  w.end_array().key("embedding_types").begin_array().string("float").end_array().field("truncate", "NONE");
  if (r.embedding.dimensions && model.contains("-v4")) w.field("output_dimension", *r.embedding.dimensions);
  w.end_object();
}

}  // namespace

result<wire_request> write_request(const chat_request& r, const target& t) {
  const family f = bedrock::family_of(t.model);
  wire_request out{bedrock::model_path(t.model, "invoke"), {}, {}, {}};
  json::writer w(out.body);
  if (f == family::cohere_embed) {
    write_cohere(r, t.model, w);
  } else if (f == family::nova_embed) {
    write_nova(r, w);
  } else {
    write_titan(r, f, w);
  }
  return out;
}

}  // namespace naru::dialects::bedrock_embed
