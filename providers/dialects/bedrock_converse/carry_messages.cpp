#include <algorithm>
#include <string>

#include "providers/dialects/bedrock_converse/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::bedrock_converse {
namespace {

using bedrock::family;

std::optional<error> trouble(const text_part&, const std::string&, family) { return std::nullopt; }
std::optional<error> trouble(const refusal_part&, const std::string&, family) { return std::nullopt; }
std::optional<error> trouble(const reasoning_part&, const std::string&, family) { return std::nullopt; }
/// `detail` is left out: the models scale pictures by themselves.
std::optional<error> trouble(const image_part& p, const std::string& at, family f) {
  if (f == family::titan_text) return cannot(at, "this model sees no pictures");
  if (p.data.empty()) return cannot(at + ".image_url.url", "this vendor fetches no pictures; send a data URL");
  if (image_format(p.media_type).empty()) return cannot(at + ".image_url.url", "this vendor takes image/jpeg, png, gif and webp");
  return std::nullopt;
}
std::optional<error> trouble(const audio_part& p, const std::string& at, family f) {
  if (f == family::titan_text || f == family::claude || f == family::gpt_oss)
    return cannot(at + ".input_audio", "this model hears no sound");
  if (audio_format(p.format).empty()) return cannot(at + ".input_audio.format", "this vendor takes wav, mp3, flac, aac, ogg and opus");
  return std::nullopt;
}
std::optional<error> trouble(const file_part& p, const std::string& at, family f) {
  if (f == family::titan_text) return cannot(at, "this model takes words alone");
  if (p.data.empty()) return cannot(at + ".file.file_id", "files of another place cannot be named here; send file_data");
  if (document_format(p.media_type).empty()) {
    return cannot(at + ".file.file_data", "this vendor takes PDF, CSV, Word, Excel, HTML, plain text and Markdown");
  }
  return std::nullopt;
}

bool is_words(const part& p) noexcept { return std::holds_alternative<text_part>(p) || std::holds_alternative<refusal_part>(p); }
bool has_words(const message& m) noexcept {
  return std::ranges::any_of(m.parts, [](const part& p) {
    const auto* t = std::get_if<text_part>(&p);
    return t != nullptr && !trim_blank(t->text).empty();
  });
}

/// A document is refused in a turn without words. The turn is all of the user's messages in a row.
std::optional<error> document_alone(const chat_request& r, std::size_t index) {
  const message& m = r.messages[index];
  const auto document = std::ranges::find_if(m.parts, [](const part& p) { return std::holds_alternative<file_part>(p); });
  if (m.role != role::user || document == m.parts.end()) return std::nullopt;
  const auto words_from = [&](std::size_t i, int step) {
    for (; i < r.messages.size(); i += static_cast<std::size_t>(step)) {  // below 0 it wraps round and ends
      const message& other = r.messages[i];
      if (other.role == role::assistant && says_something(other)) return false;
      if (other.role == role::user && has_words(other)) return true;
    }
    return false;
  };
  if (words_from(index, 1) || words_from(index, -1)) return std::nullopt;
  const auto part = static_cast<std::size_t>(document - m.parts.begin());
  return cannot(part_path(index, part), "this vendor wants text beside a document");
}

std::optional<error> titan_message(const chat_request& r, std::size_t index) {
  const message& m = r.messages[index];
  if (is_system(m)) return cannot(message_path(index), "this model knows no system message");
  if (!m.calls.empty()) return cannot(message_path(index) + ".tool_calls", "this model knows no tools");
  if (m.role == role::tool) return cannot(message_path(index), "this model knows no tools");
  return std::nullopt;
}

/// Calls in a conversation whose request names no tools are refused with 400.
std::optional<error> calls_without_tools(const chat_request& r, std::size_t index) {
  const message& m = r.messages[index];
  if (!r.tools.empty()) return std::nullopt;
  constexpr auto why = "this vendor wants the tools beside a conversation that has used them";
  if (!m.calls.empty()) return cannot(message_path(index) + ".tool_calls", why);
  if (m.role == role::tool) return cannot(message_path(index), why);
  return std::nullopt;
}

std::optional<error> bad_message(const chat_request& r, std::size_t index, family f) {
  const message& m = r.messages[index];
  for (std::size_t j = 0; j < m.parts.size(); ++j) {
    if (auto e = cannot_carry_part(m, index, j, f)) return e;
  }
  if (f == family::titan_text) {
    if (auto e = titan_message(r, index)) return e;
  }
  if (auto e = calls_without_tools(r, index)) return e;
  // Whether a result is a failure is said to these models alone (API reference, ToolResultBlock).
  if (m.tool_error && f != family::claude && f != family::nova && f != family::nova_2) {
    return cannot(message_path(index) + ".is_error", "this model cannot be told that a tool failed, but by words");
  }
  return document_alone(r, index);
}

}  // namespace

std::optional<error> cannot_carry_part(const message& m, std::size_t message, std::size_t part_index, family f) {
  const part& p = m.parts[part_index];
  if (is_system(m) && !is_words(p)) return cannot(part_path(message, part_index), "a system message holds text alone");
  if (m.role == role::assistant && !is_words(p) && !std::holds_alternative<reasoning_part>(p)) {
    return cannot(part_path(message, part_index), "an assistant message holds text alone here");
  }
  if (m.role == role::tool && std::holds_alternative<audio_part>(p)) {
    return cannot(part_path(message, part_index), "a tool result holds text, pictures and documents");
  }
  return std::visit([&](const auto& one) { return trouble(one, part_path(message, part_index), f); }, p);
}

std::optional<error> cannot_carry_messages(const chat_request& r, family f) {
  bool begun = false;
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    if (auto e = bad_message(r, i, f)) return e;
    const message& m = r.messages[i];
    if (begun || is_system(m) || !says_something(m)) continue;
    begun = true;
    if (m.role == role::assistant) return cannot(message_path(i) + ".role", "this vendor's conversations begin with a user message");
  }
  if (!begun) return cannot("messages", "this vendor wants a user message with text in it");
  return std::nullopt;
}

}  // namespace naru::dialects::bedrock_converse
