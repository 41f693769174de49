#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/bedrock_embed/bedrock_embed.hpp"
#include "providers/dialects/bedrock_embed/forms.hpp"
#include "providers/dialects/foreign.hpp"

// Sources: AWS user guide, "Amazon Titan Text Embeddings", "Cohere Embed v3" and "v4"; Nova user guide, "Embeddings schema" (2026-11).
namespace naru::dialects::bedrock_embed {
namespace {

using bedrock::family;

constexpr std::size_t cohere_texts = 96;

bool is_one_of(std::uint64_t n, std::span<const std::uint64_t> all) noexcept { return std::ranges::find(all, n) != all.end(); }

std::optional<error> dimensions_trouble(const chat_request& r, family f, std::string_view model) {
  if (!r.embedding.dimensions) return std::nullopt;
  const std::uint64_t n = *r.embedding.dimensions;
  constexpr std::array<std::uint64_t, 1> titan_v1{1536};
  constexpr std::array<std::uint64_t, 3> titan{256, 512, 1024};
  constexpr std::array<std::uint64_t, 4> nova{256, 384, 1024, 3072};
  constexpr std::array<std::uint64_t, 1> cohere_v3{1024};
  constexpr std::array<std::uint64_t, 4> cohere_v4{256, 512, 1024, 1536};
  switch (f) {
    case family::titan_embed_v1: return is_one_of(n, titan_v1) ? std::nullopt : std::optional{cannot("dimensions", "this model has 1536")};
    case family::titan_embed: return is_one_of(n, titan) ? std::nullopt : std::optional{cannot("dimensions", "want 256, 512 or 1024")};
    case family::nova_embed: return is_one_of(n, nova) ? std::nullopt : std::optional{cannot("dimensions", "want 256, 384, 1024 or 3072")};
    default: break;
  }
  if (model.contains("-v4")) {
    return is_one_of(n, cohere_v4) ? std::nullopt : std::optional{cannot("dimensions", "want 256, 512, 1024 or 1536")};
  }
  return is_one_of(n, cohere_v3) ? std::nullopt : std::optional{cannot("dimensions", "this model's are fixed")};
}

std::optional<error> texts_trouble(const chat_request& r, family f) {
  if (r.messages.empty()) return cannot("input", "want a text");
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    const auto text = only_text(r.messages[i]);
    const std::string place = "input[" + std::to_string(i) + "]";
    if (!text) return cannot(place, "this form takes texts alone");
    if (text->empty()) return cannot(place, "this vendor wants a text that is not empty");
  }
  if (f != family::cohere_embed && r.messages.size() > 1) {
    error e = cannot("input", "this model takes one text a call");
    e.reason = one_text_a_call;
    return e;
  }
  if (r.messages.size() > cohere_texts) return cannot("input", "this model takes at most 96 texts a call");
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> only_text(const message& m) noexcept {
  const auto* text = m.parts.size() == 1 ? std::get_if<text_part>(&m.parts[0]) : nullptr;
  return text != nullptr ? std::optional{text->text} : std::nullopt;
}

/// `purpose` is no trouble where a model has none: its one vector serves them all.
std::optional<error> cannot_carry(const chat_request& r, const target& t) {
  const family f = bedrock::family_of(t.model);
  if (r.kind != request_kind::embedding) return cannot("model", "this form is for embeddings");
  if (f != family::titan_embed_v1 && f != family::titan_embed && f != family::nova_embed && f != family::cohere_embed) {
    return cannot("model", "of Bedrock's embedding models, Titan Text, Nova Multimodal and Cohere Embed are known here");
  }
  if (auto e = first_refused(r, t, "Bedrock's embedding form")) return e;
  if (auto e = dimensions_trouble(r, f, t.model)) return e;
  return texts_trouble(r, f);
}

}  // namespace naru::dialects::bedrock_embed
