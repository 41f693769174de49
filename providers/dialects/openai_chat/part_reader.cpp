#include <algorithm>
#include <array>

#include "providers/dialects/openai_chat/extras.hpp"
#include "providers/dialects/openai_chat/request_reader.hpp"

namespace naru::dialects::openai_chat {
namespace {

constexpr std::string_view wanted_url = "an http(s) or data URL";

struct data_url {
  std::string_view media_type;
  std::string_view data;
};

bool starts_with_scheme(std::string_view url, std::string_view scheme) noexcept {
  return url.size() >= scheme.size() &&
         std::ranges::equal(url.substr(0, scheme.size()), scheme, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

/// "data:image/png;base64,iVBOR..." nullopt: not a data URL of base64.
std::optional<data_url> split_data_url(std::string_view url) noexcept {
  if (!starts_with_scheme(url, "data:")) return std::nullopt;
  url.remove_prefix(5);
  const auto comma = url.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  auto head = url.substr(0, comma);
  constexpr std::string_view mark = ";base64";
  if (!head.ends_with(mark) || head.size() == mark.size()) return std::nullopt;
  head.remove_suffix(mark.size());
  return data_url{head, url.substr(comma + 1)};
}

std::string_view read_text(strict& s, const place& at, json::object o, std::string_view key) {
  const auto v = s.required(at, o, key, "a string");
  return v ? s.string(place{at, key}, *v) : std::string_view{};
}

void text(strict& s, const place& at, json::object o, message& m, chat_request& r) {
  m.parts.emplace_back(text_part{read_text(s, at, o, "text")});
  keep_unknown(o, {"type", "text"}, extras::part_member, r);
}

void refusal(strict& s, const place& at, json::object o, message& m, chat_request& r) {
  m.parts.emplace_back(refusal_part{read_text(s, at, o, "refusal")});
  keep_unknown(o, {"type", "refusal"}, extras::part_member, r);
}

void image(strict& s, const place& at, json::object o, message& m, chat_request& r) {
  const place outer{at, "image_url"};
  const auto v = s.required(at, o, "image_url", "an object with url");
  const auto inner = v ? s.object(outer, *v, "an object with url") : std::nullopt;
  if (!inner) return;
  const auto url_value = s.required(outer, *inner, "url", wanted_url);
  if (!url_value) return;
  image_part part;
  read_image_url(s, place{outer, "url"}, *url_value, part);
  if (!s.ok()) return;
  if (const auto detail = member(*inner, "detail")) part.detail = s.string(place{outer, "detail"}, *detail);
  m.parts.emplace_back(part);
  keep_unknown(*inner, {"url", "detail"}, extras::part_member, r);
  keep_unknown(o, {"type", "image_url"}, extras::part_member, r);
}

void audio(strict& s, const place& at, json::object o, message& m, chat_request& r) {
  const place outer{at, "input_audio"};
  const auto v = s.required(at, o, "input_audio", "an object with data and format");
  const auto inner = v ? s.object(outer, *v, "an object with data and format") : std::nullopt;
  if (!inner) return;
  m.parts.emplace_back(audio_part{read_text(s, outer, *inner, "data"), read_text(s, outer, *inner, "format")});
  keep_unknown(*inner, {"data", "format"}, extras::part_member, r);
  keep_unknown(o, {"type", "input_audio"}, extras::part_member, r);
}

void file(strict& s, const place& at, json::object o, message& m, chat_request& r) {
  const place outer{at, "file"};
  const auto v = s.required(at, o, "file", "an object with file_id or file_data");
  const auto inner = v ? s.object(outer, *v, "an object with file_id or file_data") : std::nullopt;
  if (!inner) return;
  file_part part;
  if (const auto id = member(*inner, "file_id")) part.id = s.word(place{outer, "file_id"}, *id);
  if (const auto name = member(*inner, "filename")) part.filename = s.string(place{outer, "filename"}, *name);
  if (const auto data = member(*inner, "file_data")) read_file_data(s, place{outer, "file_data"}, *data, part);
  if (s.ok() && part.id.empty() == part.data.empty()) return s.refuse_rule(outer, "want exactly one of file_id and file_data");
  m.parts.emplace_back(part);
  keep_unknown(*inner, {"file_id", "filename", "file_data"}, extras::part_member, r);
  keep_unknown(o, {"type", "file"}, extras::part_member, r);
}

struct kind {
  std::string_view type;
  void (*read)(strict&, const place&, json::object, message&, chat_request&);
  bool in_user, in_assistant, in_tool;  // system and developer messages hold text alone
};
// OpenAI allows only text in a tool's answer; servers with vision models take images there too, and so do other dialects.
constexpr std::array kinds{kind{"text", text, true, true, true}, kind{"refusal", refusal, false, true, false},
                           kind{"image_url", image, true, false, true}, kind{"input_audio", audio, true, false, false},
                           kind{"file", file, true, false, true}};

bool allowed(const kind& k, role who) noexcept {
  switch (who) {
    case role::user: return k.in_user;
    case role::assistant: return k.in_assistant;
    case role::tool: return k.in_tool;
    case role::system:
    case role::developer: break;
  }
  return k.type == "text";
}

std::string_view wanted_types(role who) noexcept {
  switch (who) {
    case role::user: return "one of text, image_url, input_audio, file";
    case role::assistant: return "text or refusal";
    case role::tool: return "one of text, image_url, file";
    case role::system:
    case role::developer: break;
  }
  return "text";
}

}  // namespace

void read_image_url(strict& s, const place& at, json::value v, image_part& part) {
  const auto url = s.string(at, v, wanted_url);
  if (!s.ok()) return;
  if (const auto content = split_data_url(url)) {
    part.media_type = content->media_type;
    part.data = content->data;
    if (part.data.empty()) s.refuse_rule(at, "want base64 data in the data URL, got none");
  } else if (starts_with_scheme(url, "http://") || starts_with_scheme(url, "https://")) {
    part.url = url;
  } else {
    s.refuse_rule(at, "want an http(s) URL or \"data:<media type>;base64,<data>\", got another kind of text");
  }
}

void read_file_data(strict& s, const place& at, json::value v, file_part& part) {
  part.data = s.word(at, v);
  if (const auto content = split_data_url(part.data)) {
    part.media_type = content->media_type;
    part.data = content->data;
  }
}

// A type that is not known here is refused even where the vendor might know it: its content could not be looked at by any policy.
void read_part(strict& s, const place& at, json::value v, role who, message& m, chat_request& r) {
  const auto o = s.object(at, v, "a part, an object with type");
  if (!o) return;
  const place type_at{at, "type"};
  const auto type_value = s.required(at, *o, "type", wanted_types(who));
  if (!type_value) return;
  const auto type = s.string(type_at, *type_value, wanted_types(who));
  if (!s.ok()) return;
  const auto* found = std::ranges::find(kinds, type, &kind::type);
  if (found == kinds.end() || !allowed(*found, who)) {
    return s.refuse_word(type_at, wanted_types(who));
  }
  found->read(s, at, *o, m, r);
}

}  // namespace naru::dialects::openai_chat
