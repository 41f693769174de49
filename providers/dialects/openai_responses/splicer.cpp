#include <algorithm>

#include "providers/dialects/body_edits.hpp"
#include "providers/dialects/openai_chat/request_writer.hpp"
#include "providers/dialects/openai_responses/request.hpp"
#include "providers/dialects/reasoning_marks.hpp"

namespace naru::dialects::openai_responses {
namespace {

/// Whether an item's encrypted content was written by this program: another vendor's, or this one's from an answer in another form.
std::string_view marked_content(json::value item) noexcept {
  json::object o;
  if (item.get(o) != simdjson::SUCCESS || json::get_string(o, "type") != "reasoning") return {};
  const auto content = json::get_string(o, "encrypted_content").value_or("");
  return content.starts_with(foreign_reasoning_mark) || content.starts_with(call_signature_mark) ? content : std::string_view{};
}

/// The vendor refuses encrypted content that it cannot decrypt: what another vendor signed is left out, its own is written as it gave it.
void write_item(json::writer& w, json::value item) {
  const auto content = marked_content(item);
  if (content.empty()) {
    w.raw(json::to_text(item));
    return;
  }
  if (content.starts_with(call_signature_mark)) return;
  const auto own = read_openai_reasoning(content.substr(foreign_reasoning_mark.size()));
  if (!own || own->encrypted.empty()) return;
  const auto summary = json::find(item.get_object().value_unsafe(), "summary");
  write_reasoning_item(w, own->id, summary ? json::to_text(*summary) : "[]", own->encrypted);
}

/// The value of `input` without what the vendor cannot read; nullopt: there is nothing of the kind in it, which costs one search.
std::optional<std::string> clean_input(std::string_view input) {
  if (input.find(foreign_reasoning_mark) == std::string_view::npos && input.find(call_signature_mark) == std::string_view::npos) {
    return std::nullopt;
  }
  const auto doc = json::document::parse(input);
  json::array items;
  if (!doc || doc->root().get(items) != simdjson::SUCCESS) return std::nullopt;
  if (std::ranges::none_of(items, [](json::value item) { return !marked_content(item).empty(); })) return std::nullopt;
  std::string out;
  json::writer w{out};
  w.begin_array();
  for (const json::value item : items) write_item(w, item);
  w.end_array();
  return out;
}

}  // namespace

std::optional<wire_request> splice_request(std::string_view body, const chat_request& r, const target& t) {
  body_edits edits{body};
  if (edits.has_escaped_key()) return std::nullopt;
  edits.set("model", json::quoted(t.model));
  if (const auto input = edits.raw("input")) {
    if (auto clean = clean_input(*input)) edits.set("input", std::move(*clean));
  }
  if (openai_chat::omits_neutral_sampling(r, t)) {
    if (r.temperature == 1) edits.remove("temperature");
    if (r.top_p == 1) edits.remove("top_p");
  }
  wire_request out;
  out.path = r.kind == request_kind::token_count ? input_tokens_path : responses_path;
  out.spliced = std::move(edits).apply();
  return out;
}

}  // namespace naru::dialects::openai_responses
