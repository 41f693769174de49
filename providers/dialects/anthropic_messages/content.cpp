#include <algorithm>
#include <string>

#include "providers/dialects/anthropic_messages/request.hpp"
#include "providers/dialects/anthropic_messages/shapes.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/reasoning_marks.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

void write_base64(json::writer& w, std::string_view media_type, std::string_view data) {
  w.key("source").begin_object().field("type", "base64").field("media_type", media_type).field("data", data).end_object();
}

// Blocks of white space alone are refused with 400 and carry no words.
void write_text(json::writer& w, std::string_view text, cache_mark cache = {}) {
  if (trim_blank(text).empty()) return;
  w.begin_object().field("type", "text").field("text", text);
  write_cache_mark(w, cache);
  w.end_object();
}

void write(json::writer& w, const text_part& p) { write_text(w, p.text, p.cache); }
// This form has no refusal in the past tense: the words are what counts for the next turn.
void write(json::writer& w, const refusal_part& p) { write_text(w, p.text); }

void write(json::writer& w, const image_part& p) {
  w.begin_object().field("type", "image");
  if (p.data.empty()) {
    w.key("source").begin_object().field("type", "url").field("url", p.url).end_object();
  } else {
    write_base64(w, p.media_type, p.data);
  }
  write_cache_mark(w, p.cache);
  w.end_object();
}

void write(json::writer&, const audio_part&) {}  // refused by cannot_carry

void write_source(json::writer& w, const file_part& p) {
  if (!p.id.empty()) {
    w.key("source").begin_object().field("type", "file").field("file_id", p.id).end_object();
  } else if (!p.url.empty()) {
    w.key("source").begin_object().field("type", "url").field("url", p.url).end_object();
  } else if (p.media_type == "text/plain") {
    // Content that is no base64 is refused in write_messages, where the client's place is known.
    const std::string text = decode_base64(p.data).value_or(std::string{});
    w.key("source").begin_object().field("type", "text").field("media_type", "text/plain").field("data", text).end_object();
  } else {
    write_base64(w, p.media_type, p.data);
  }
}

void write(json::writer& w, const file_part& p) {
  w.begin_object().field("type", "document");
  write_source(w, p);
  if (!p.filename.empty()) w.field("title", p.filename);
  if (p.citations) w.key("citations").begin_object().field("enabled", *p.citations).end_object();
  write_cache_mark(w, p.cache);
  w.end_object();
}

/// Thinking is proved by this vendor's signature and must come back unchanged while tools are in use. Without a signature, or with
/// another vendor's, it is another model's scratch paper, which no vendor takes: left out, as OpenAI's form does.
void write(json::writer& w, const reasoning_part& p) {
  // Through a form of OpenAI's a redacted block comes back under its mark.
  const bool marked = p.signature.starts_with(redacted_thinking_mark);
  const std::string_view own = marked ? p.signature.substr(redacted_thinking_mark.size()) : p.signature;
  if (own.empty() || is_foreign_state(own)) return;
  w.begin_object();
  if (p.redacted || marked)
    w.field("type", "redacted_thinking").field("data", own);
  else
    w.field("type", "thinking").field("thinking", p.text).field("signature", p.signature);
  w.end_object();
}

bool allowed_in_id(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

void write_cache_mark(json::writer& w, cache_mark mark) {
  if (mark.empty()) return;
  w.key("cache_control").begin_object().field("type", "ephemeral");
  if (mark != "5m") w.field("ttl", mark);  // what is meant without a word
  w.end_object();
}

std::string content_block(const part& p) {
  std::string out;
  json::writer w(out);
  std::visit([&](const auto& one) { write(w, one); }, p);
  return out;
}

std::string tool_id(std::string_view id) {
  if (std::ranges::all_of(id, allowed_in_id)) return std::string{id};
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (const char c : id) {
    if (allowed_in_id(c)) {
      out += c;
    } else {
      out += '_';
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 0xF];
    }
  }
  return out;
}

}  // namespace naru::dialects::anthropic_messages
