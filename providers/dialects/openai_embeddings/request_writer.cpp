#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/json/writer.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/openai_embeddings/ends.hpp"
#include "providers/dialects/vectors.hpp"

namespace naru::dialects::openai_embeddings {
namespace {

/// Extras that servers of this form know (vLLM, TEI, 2026-08): carried when the body is written anew.
constexpr std::array<std::string_view, 6> servers{
    "truncate_prompt_tokens", "priority", "add_special_tokens", "normalize", "truncate", "input_type"};

const extra_field* find_extra(const chat_request& r, std::string_view name) noexcept {
  const auto found = std::ranges::find(r.extra, name, &extra_field::name);
  return found == r.extra.end() ? nullptr : &*found;
}

void write_input(json::writer& w, const chat_request& r) {
  w.key("input");
  if (const auto* tokens = find_extra(r, "input")) {
    w.raw(json::to_text(tokens->value));
    return;
  }
  if (r.messages.size() == 1) {
    w.string(embedded_text(r.messages.front()));
    return;
  }
  w.begin_array();
  for (const message& m : r.messages) w.string(embedded_text(m));
  w.end_array();
}

}  // namespace

std::optional<error> cannot_carry(const chat_request& r, const target& t) {
  if (r.embedding.dimensions && constrained(t, "no_dimensions")) return cannot("dimensions", "this model's vectors have one length");
  // A client of this form said it in a field of its own, which goes on to the vendor as it is.
  if (!r.embedding.purpose.empty() && find_extra(r, "input_type") == nullptr) {
    return cannot("input_type", "OpenAI's embeddings form has no word for what the vectors are for");
  }
  return std::nullopt;
}

result<wire_request> write_request(const chat_request& r, const target& t) {
  wire_request out{.path = "/embeddings", .headers = {}, .body = {}, .spliced = {}};
  json::writer w{out.body};
  w.begin_object().field("model", t.model);
  write_input(w, r);
  if (r.embedding.dimensions) w.field("dimensions", *r.embedding.dimensions);
  // Said, because servers differ in their default; a client that wants base64 has it made of the numbers.
  w.field("encoding_format", "float");
  if (!r.user.empty()) w.field("user", r.user);
  for (const extra_field& e : r.extra) {
    if (e.name == "input") continue;
    if (std::ranges::find(servers, e.name) == servers.end()) return fail(cannot(std::string{e.name}, "no field of this form"));
    w.key(e.name).raw(json::to_text(e.value));
  }
  w.end_object();
  return out;
}

}  // namespace naru::dialects::openai_embeddings
