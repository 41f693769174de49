#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

#include "providers/dialects/bedrock_converse/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::bedrock_converse {
namespace {

using bedrock::family;

constexpr std::size_t longest_name = 200;

using format_word = std::pair<std::string_view, std::string_view>;

constexpr std::array<format_word, 5> images{
    {{"image/png", "png"}, {"image/jpeg", "jpeg"}, {"image/jpg", "jpeg"}, {"image/gif", "gif"}, {"image/webp", "webp"}}};
constexpr std::array<format_word, 9> documents{{
    {"application/pdf", "pdf"},
    {"text/csv", "csv"},
    {"application/msword", "doc"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
    {"application/vnd.ms-excel", "xls"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
    {"text/html", "html"},
    {"text/plain", "txt"},
    {"text/markdown", "md"},
}};
constexpr std::array<format_word, 6> sounds{
    {{"wav", "wav"}, {"mp3", "mp3"}, {"flac", "flac"}, {"aac", "aac"}, {"ogg", "ogg"}, {"opus", "opus"}}};

std::string_view word_of(std::span<const format_word> all, std::string_view name) noexcept {
  const auto found = std::ranges::find(all, name, &format_word::first);
  return found == all.end() ? std::string_view{} : found->second;
}

bool has_cache(family f) noexcept { return f == family::claude || f == family::nova || f == family::nova_2; }

/// {"image":{"format":..., "source":{"bytes":...}}} and its like; `more` writes what stands beside.
template <class More>
std::string media_block(std::string_view kind, std::string_view format, std::string_view data, More&& more) {
  std::string out;
  json::writer w(out);
  w.begin_object().key(kind).begin_object().field("format", format);
  more(w);
  w.key("source").begin_object().field("bytes", data).end_object().end_object().end_object();
  return out;
}
void nothing(json::writer&) {}

struct block_writer {
  family of;
  document_names& names;
  std::vector<std::string>& out;

  void text(std::string_view words) const {
    if (trim_blank(words).empty()) return;  // blank text is refused with 400 and says nothing
    std::string block;
    json::writer(block).begin_object().field("text", words).end_object();
    out.push_back(std::move(block));
  }
  void mark(cache_mark cache) const {
    if (out.empty()) return;
    if (std::string point = cache_point(cache, of); !point.empty()) out.push_back(std::move(point));
  }

  void operator()(const text_part& p) const { text(p.text), mark(p.cache); }
  // This form has no refusal in the past tense: the words are what counts for the next turn.
  void operator()(const refusal_part& p) const { text(p.text); }
  void operator()(const image_part& p) const {
    out.push_back(media_block("image", image_format(p.media_type), p.data, nothing));
    mark(p.cache);
  }
  void operator()(const audio_part& p) const { out.push_back(media_block("audio", audio_format(p.format), p.data, nothing)); }
  void operator()(const file_part& p) const {
    out.push_back(media_block("document", document_format(p.media_type), p.data, [&](json::writer& w) {
      w.field("name", names.next(p.filename));
      if (p.citations) w.key("citations").begin_object().field("enabled", *p.citations).end_object();
    }));
    mark(p.cache);
  }
  /// Claude's own thinking comes back unchanged, with the signature that proves it; another model's is scratch paper that no vendor takes.
  /// Thinking whose text the vendor has kept to itself is refused when it comes back, and left out.
  void operator()(const reasoning_part& p) const {
    if (of != family::claude || p.signature.empty()) return;
    std::string block;
    json::writer w(block);
    const bool hidden = p.redacted || p.signature.starts_with(bedrock::redacted_mark);
    if (hidden) {
      const auto data = p.signature.starts_with(bedrock::redacted_mark) ? p.signature.substr(bedrock::redacted_mark.size()) : p.signature;
      w.begin_object().key("reasoningContent").begin_object().field("redactedContent", data).end_object().end_object();
    } else if (!p.text.empty() && !p.signature.contains(':')) {
      w.begin_object().key("reasoningContent").begin_object().key("reasoningText");
      w.begin_object().field("text", p.text).field("signature", p.signature).end_object().end_object().end_object();
    }
    if (!block.empty()) out.push_back(std::move(block));
  }
};

}  // namespace

std::string_view image_format(std::string_view media_type) noexcept { return word_of(images, media_type); }
std::string_view document_format(std::string_view media_type) noexcept {
  return word_of(documents, trim_blank(media_type.substr(0, media_type.find(';'))));
}
std::string_view audio_format(std::string_view format) noexcept { return word_of(sounds, format); }

std::string document_names::next(std::string_view filename) {
  std::string name;
  filename = filename.substr(0, filename.rfind('.'));
  for (const char c : filename) {
    const bool kept = std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view{"-()[]"}.contains(c);
    if (kept) {
      name += c;
    } else if (!name.empty() && name.back() != ' ') {
      name += ' ';
    }
    if (name.size() == longest_name - 8) break;  // room for a number
  }
  name = trim_blank(name);
  if (name.empty()) name = "document";
  std::string one = name;
  for (int n = 2; std::ranges::find(given_, one) != given_.end(); ++n) one = name + " " + std::to_string(n);
  return given_.emplace_back(std::move(one));
}

std::vector<std::string> content_blocks(const part& p, family f, document_names& names) {
  std::vector<std::string> out;
  std::visit(block_writer{f, names, out}, p);
  return out;
}

/// Five minutes is what a point means that says nothing; Nova knows no other.
std::string cache_point(cache_mark mark, family f) {
  if (mark.empty() || !has_cache(f)) return {};
  if (f == family::claude && mark == "1h") return R"({"cachePoint":{"type":"default","ttl":"1h"}})";
  return R"({"cachePoint":{"type":"default"}})";
}

}  // namespace naru::dialects::bedrock_converse
