#include <algorithm>
#include <string>

#include "providers/dialects/anthropic_messages/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

void write_base64(json::writer& w, std::string_view media_type, std::string_view data) {
  w.key("source").begin_object().field("type", "base64").field("media_type", media_type).field("data", data).end_object();
}

// Blocks of white space alone are refused with 400 and carry no words.
void write_text(json::writer& w, std::string_view text) {
  if (trim_blank(text).empty()) return;
  w.begin_object().field("type", "text").field("text", text).end_object();
}

void write(json::writer& w, const text_part& p) { write_text(w, p.text); }
// This form has no refusal in the past tense: the words are what counts for the next turn.
void write(json::writer& w, const refusal_part& p) { write_text(w, p.text); }

void write(json::writer& w, const image_part& p) {
  w.begin_object().field("type", "image");
  if (p.data.empty()) {
    w.key("source").begin_object().field("type", "url").field("url", p.url).end_object();
  } else {
    write_base64(w, p.media_type, p.data);
  }
  w.end_object();
}

void write(json::writer&, const audio_part&) {}  // refused by cannot_carry

void write(json::writer& w, const file_part& p) {
  w.begin_object().field("type", "document");
  if (p.media_type == "text/plain") {
    // Content that is no base64 is refused in write_messages, where the client's place is known.
    const std::string text = decode_base64(p.data).value_or(std::string{});
    w.key("source").begin_object().field("type", "text").field("media_type", "text/plain").field("data", text).end_object();
  } else {
    write_base64(w, p.media_type, p.data);
  }
  if (!p.filename.empty()) w.field("title", p.filename);
  w.end_object();
}

/// Thinking is proved by this vendor's signature and must come back unchanged while tools are in use. Without a signature, or with one
/// that is not base64 (another vendor's), it is another model's scratch paper, which no vendor takes: left out, as OpenAI's form does.
void write(json::writer& w, const reasoning_part& p) {
  if (p.redacted || p.signature.starts_with(redacted_mark)) {
    const std::string_view data = p.signature.starts_with(redacted_mark) ? p.signature.substr(redacted_mark.size()) : p.signature;
    w.begin_object().field("type", "redacted_thinking").field("data", data).end_object();
  } else if (!p.signature.empty() && p.signature.find(':') == std::string_view::npos) {
    w.begin_object().field("type", "thinking").field("thinking", p.text).field("signature", p.signature).end_object();
  }
}

bool allowed_in_id(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

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
