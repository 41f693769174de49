#include <string>

#include "providers/dialects/anthropic_messages/client_request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

// Citations of an earlier answer that comes back decorate it; they say nothing to a model.
void read_text(strict& s, const place& at, json::object block, message& m, chat_request& r) {
  m.parts.emplace_back(text_part{text_member(s, at, block, "text"), read_cache_mark(s, at, block)});
  keep_unknown(at, block, {"type", "text", "cache_control", "citations"}, r);
}

/// A source of base64 or an address into the fields that images and documents share. False: another kind.
template <class Part>
bool read_source(strict& s, const place& at, json::object from, std::string_view type, Part& part) {
  if (type == "base64") {
    part.media_type = text_member(s, at, from, "media_type");
    part.data = text_member(s, at, from, "data");
    if (s.ok() && part.data.empty()) s.refuse_rule(place{at, "data"}, "want base64, got an empty string");
    return true;
  }
  if (type == "url") {
    part.url = text_member(s, at, from, "url");
    if (s.ok() && part.url.empty()) s.refuse_rule(place{at, "url"}, "want an http(s) address, got an empty string");
    return true;
  }
  return false;
}

/// False: the file of a vendor's own store, which no other vendor knows.
bool read_image(strict& s, const place& at, json::object block, message& m, chat_request& r) {
  const place source_at{at, "source"};
  const auto v = s.required(at, block, "source", "an object with type");
  const auto source = v ? s.object(source_at, *v) : std::nullopt;
  const auto type = source ? type_of(s, source_at, *source, "base64, url or file") : std::string_view{};
  if (!s.ok()) return true;
  image_part part;
  if (!read_source(s, source_at, *source, type, part)) return false;
  part.cache = read_cache_mark(s, at, block);
  m.parts.emplace_back(part);
  keep_unknown(at, block, {"type", "source", "cache_control"}, r);
  return true;
}

/// The text of a document that is given in blocks. nullopt: there is something else in it.
std::optional<std::string> joined_text(json::value content) {
  if (content.is_string()) return std::string{content.get_string().value_unsafe()};
  if (!content.is_array()) return std::nullopt;
  std::string out;
  for (const json::value item : content.get_array().value_unsafe()) {
    if (!item.is_object()) return std::nullopt;
    const auto block = item.get_object().value_unsafe();
    const auto text = json::get_string(block, "text");
    if (!text || json::get_string(block, "type") != "text") return std::nullopt;
    if (!out.empty()) out += "\n\n";
    out += *text;
  }
  return out;
}

/// A document's source. False: one that has no place in a file_part.
bool read_document_source(strict& s, const place& at, json::object source, file_part& part, chat_request& r) {
  const auto type = type_of(s, at, source, "base64, text, content, url or file");
  if (!s.ok()) return true;
  if (type == "url") part.media_type = "application/pdf";  // what an address of a document leads to in this form
  if (read_source(s, at, source, type, part)) return true;
  if (type == "file") {
    part.id = text_member(s, at, source, "file_id");
    return true;
  }
  std::optional<std::string> text;
  if (type == "text") text = std::string{text_member(s, at, source, "data")};
  // Blocks are what its citations count: with those it is more than its text.
  if (type == "content" && !part.citations.value_or(false)) {
    if (const auto content = member(source, "content")) text = joined_text(*content);
  }
  if (!text) return false;
  part.media_type = "text/plain";
  part.data = keep(r, encode_base64(*text));
  return true;
}

bool read_document(strict& s, const place& at, json::object block, message& m, chat_request& r) {
  const place source_at{at, "source"};
  const auto v = s.required(at, block, "source", "an object with type");
  const auto source = v ? s.object(source_at, *v) : std::nullopt;
  if (!source) return true;
  file_part part;
  part.filename = optional_text(s, at, block, "title");
  if (const auto citations = member(block, "citations")) {
    const place here{at, "citations"};
    const auto o = s.object(here, *citations);
    const auto enabled = o ? member(*o, "enabled") : std::nullopt;
    if (enabled) part.citations = s.boolean(place{here, "enabled"}, *enabled);
  }
  if (!read_document_source(s, source_at, *source, part, r)) return false;
  part.cache = read_cache_mark(s, at, block);
  m.parts.emplace_back(part);
  keep_unknown(at, block, {"type", "source", "title", "citations", "cache_control"}, r);
  return true;
}

}  // namespace

bool read_part(strict& s, const place& at, json::object block, std::string_view type, message& m, chat_request& r) {
  if (type == "text") {
    read_text(s, at, block, m, r);
    return true;
  }
  if (type == "image") return read_image(s, at, block, m, r);
  return type == "document" && m.role != role::assistant && read_document(s, at, block, m, r);
}

// A hint: a time that is not known yet is one too, and travels on as it is.
cache_mark read_cache_mark(strict& s, const place& at, json::value v) {
  const auto mark = s.object(at, v, "an object with type");
  const auto type = mark ? type_of(s, at, *mark, "ephemeral") : std::string_view{};
  if (!s.ok()) return {};
  if (type != "ephemeral") s.refuse_word(place{at, "type"}, "ephemeral");
  const auto ttl = optional_text(s, at, *mark, "ttl");
  return ttl.empty() ? cache_mark{"5m"} : cache_mark{ttl};
}

cache_mark read_cache_mark(strict& s, const place& at, json::object o) {
  const auto v = member(o, "cache_control");
  return v ? read_cache_mark(s, place{at, "cache_control"}, *v) : cache_mark{};
}

}  // namespace naru::dialects::anthropic_messages
