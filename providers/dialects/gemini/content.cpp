#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/request.hpp"

namespace naru::dialects::gemini {
namespace {

void write_inline(json::writer& w, std::string_view media_type, std::string_view data) {
  w.begin_object().key("inlineData").begin_object().field("mimeType", media_type).field("data", data).end_object().end_object();
}

void write_text(json::writer& w, std::string_view text) {
  if (!text.empty()) w.begin_object().field("text", text).end_object();
}

void write(json::writer& w, const text_part& p) { write_text(w, p.text); }
// This form has no refusal in the past tense: the words are what counts for the next turn.
void write(json::writer& w, const refusal_part& p) { write_text(w, p.text); }

void write_file(json::writer& w, std::string_view media_type, std::string_view url) {
  w.begin_object().key("fileData").begin_object();
  if (!media_type.empty()) w.field("mimeType", media_type);
  w.field("fileUri", url).end_object().end_object();
}

void write(json::writer& w, const image_part& p) {
  p.data.empty() ? write_file(w, p.media_type, p.url) : write_inline(w, p.media_type, p.data);
}
void write(json::writer& w, const audio_part& p) { write_inline(w, audio_type(p.format), p.data); }
// The file's name is a decoration that only some models take; OpenAI's form demands one beside the data.
void write(json::writer& w, const file_part& p) {
  p.data.empty() ? write_file(w, p.media_type, p.url) : write_inline(w, p.media_type, p.data);
}

/// Left out: this vendor demands its signatures at function calls alone (see tool_call::signature), where they are kept; a thought
/// of another model, or without its place in the parts, is refused or of no use to it.
void write(json::writer&, const reasoning_part&) {}

}  // namespace

std::string content_part(const part& p) {
  std::string out;
  json::writer w(out);
  std::visit([&](const auto& one) { write(w, one); }, p);
  return out;
}

std::string_view audio_type(std::string_view format) noexcept {
  using named = std::pair<std::string_view, std::string_view>;
  constexpr std::array<named, 6> types{named{"wav", "audio/wav"}, named{"mp3", "audio/mp3"}, named{"aiff", "audio/aiff"},
                                       named{"aac", "audio/aac"}, named{"ogg", "audio/ogg"}, named{"flac", "audio/flac"}};
  const auto at = std::ranges::find(types, format, &named::first);
  return at == types.end() ? std::string_view{} : at->second;
}

std::string_view audio_format(std::string_view media_type) noexcept {
  using named = std::pair<std::string_view, std::string_view>;
  constexpr std::array<named, 10> types{named{"audio/wav", "wav"},     named{"audio/x-wav", "wav"}, named{"audio/wave", "wav"},
                                        named{"audio/mp3", "mp3"},     named{"audio/mpeg", "mp3"},  named{"audio/aiff", "aiff"},
                                        named{"audio/x-aiff", "aiff"}, named{"audio/aac", "aac"},   named{"audio/ogg", "ogg"},
                                        named{"audio/flac", "flac"}};
  const auto at = std::ranges::find(types, media_type, &named::first);
  return at == types.end() ? std::string_view{} : at->second;
}

// Videos of YouTube are read by all; web addresses by the newer models (ai.google.dev, 2026) and by Vertex AI, which opens gs:// too.
bool opens(std::string_view url, const target& t) noexcept {
  const bool cloud = constrained(t, "reads_cloud_storage");
  if (url.starts_with("gs://")) return cloud;
  if (is_files_api(url)) return !cloud;
  if (url.starts_with("https://www.youtube.com/") || url.starts_with("https://youtu.be/")) return true;
  return url.starts_with("https://") && (cloud || is_third_generation(t));
}

bool is_files_api(std::string_view url) noexcept { return url.starts_with("https://generativelanguage.googleapis.com/v1beta/files/"); }

}  // namespace naru::dialects::gemini
