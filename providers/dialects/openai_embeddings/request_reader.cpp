#include <algorithm>
#include <array>

#include "providers/dialects/openai_embeddings/ends.hpp"
#include "providers/dialects/strict.hpp"

namespace naru::dialects::openai_embeddings {
namespace {

constexpr std::string_view wanted_input = "a text, an array of texts, or an array of token numbers";

void add_text(strict& s, const place& at, json::value v, chat_request& r) {
  message m;
  m.role = role::user;
  m.parts.emplace_back(text_part{s.string(at, v, "a string")});
  r.messages.push_back(std::move(m));
}

/// Numbers of tokens, of one text or of several: they mean something to the model's own tokenizer alone, so only this form carries them.
bool is_token_array(json::array list) noexcept {
  const json::value first = list.at(0).value_unsafe();
  return first.is_int64() || first.is_uint64() || first.is_array();
}

void check_tokens(strict& s, const place& at, json::array list, bool nested) {
  std::size_t index = 0;
  for (const json::value item : list) {
    const place here{at, index++};
    if (!nested) {
      (void)s.whole(here, item, 0);
    } else if (const auto inner = s.array(here, item, "an array of token numbers like the others")) {
      if (inner->size() == 0) s.refuse_rule(here, "want at least one token number, got an empty array");
      check_tokens(s, here, *inner, false);
    }
    if (!s.ok()) return;
  }
}

void read_input(strict& s, const place& at, json::value v, chat_request& r) {
  if (v.is_string()) return add_text(s, at, v, r);
  const auto list = s.array(at, v, wanted_input);
  if (!list) return;
  if (list->size() == 0) return s.refuse_rule(at, "want at least one text, got an empty array");
  if (is_token_array(*list)) {
    check_tokens(s, at, *list, list->at(0).value_unsafe().is_array());
    r.extra.push_back({"input", v});
    return;
  }
  std::size_t index = 0;
  for (const json::value item : *list) {
    const place here{at, index++};
    add_text(s, here, item, r);
    if (!s.ok()) return;
  }
}

void read_encoding(strict& s, const place& at, json::value v, chat_request& r) {
  const std::string_view word = s.word(at, v, "\"float\" or \"base64\"");
  if (!s.ok()) return;
  if (word != "float" && word != "base64") return s.refuse_rule(at, "want \"float\" or \"base64\", got another word");
  r.embedding.base64 = word == "base64";
}

struct purpose_word {
  std::string_view word;
  std::string_view purpose;
};
constexpr std::array purposes{purpose_word{"search_query", "query"},       purpose_word{"query", "query"},
                              purpose_word{"search_document", "document"}, purpose_word{"document", "document"},
                              purpose_word{"passage", "document"},         purpose_word{"classification", "classification"},
                              purpose_word{"clustering", "clustering"}};

/// Not a field of OpenAI's, but of those whose models embed a question otherwise than a document. It goes on as it is where the vendor
/// speaks this form, and as the purpose where another form has a word for it.
void read_input_type(strict& s, const place& at, json::value v, chat_request& r) {
  const std::string_view word = s.word(at, v);
  if (!s.ok()) return;
  const auto* known = std::ranges::find(purposes, word, &purpose_word::word);
  if (known != purposes.end()) r.embedding.purpose = known->purpose;
  r.extra.push_back({"input_type", v});
}

struct field {
  std::string_view name;
  void (*read)(strict&, const place&, json::value, chat_request&);
};
constexpr std::array fields{
    field{"model",
          [](strict& s, const place& at, json::value v, chat_request& r) { r.model = s.word(at, v, "the name of a model, a string"); }},
    field{"input", read_input},
    field{"input_type", read_input_type},
    field{"encoding_format", read_encoding},
    field{"dimensions", [](strict& s, const place& at, json::value v, chat_request& r) { r.embedding.dimensions = s.whole(at, v, 1); }},
    field{"user", [](strict& s, const place& at, json::value v, chat_request& r) { r.user = s.string(at, v); }},
};

}  // namespace

result<chat_request> read_request(const json::document& doc) {
  chat_request r;
  r.kind = request_kind::embedding;
  json::object root;
  if (doc.root().get(root) != simdjson::SUCCESS) {
    return fail(error_code::bad_request,
                "want a JSON object with \"model\" and \"input\", got " + std::string{json::type_name(doc.root())});
  }
  strict s;
  for (const auto& member : root) {
    if (json::is_null(member.value)) continue;  // the same as absent, as everywhere at this vendor
    const auto* known = std::ranges::find(fields, member.key, &field::name);
    if (known == fields.end()) {
      r.extra.push_back({member.key, member.value});
    } else {
      known->read(s, place{member.key}, member.value, r);
    }
    if (!s.ok()) return fail(s.take());
  }
  if (!member(root, "model")) s.missing(place{"model"}, "the name of a model, a string");
  if (!member(root, "input")) s.missing(place{"input"}, wanted_input);
  if (!s.ok()) return fail(s.take());
  return r;
}

}  // namespace naru::dialects::openai_embeddings
