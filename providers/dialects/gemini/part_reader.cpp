#include <algorithm>
#include <array>

#include "providers/dialects/gemini/request.hpp"
#include "providers/dialects/gemini/request_reader.hpp"

namespace naru::dialects::gemini {
namespace {

/// Protocol buffers take base64 in either alphabet; everybody else wants the first of RFC 4648.
std::string_view plain_base64(chat_request& r, std::string_view data) {
  if (data.find_first_of("-_") == std::string_view::npos) return data;
  std::string text{data};
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  return keep(r, std::move(text));
}

std::string_view text_of(reading& in, members& m, std::string_view key) {
  const auto v = m.take(key);
  return v ? in.faults.string(m.at(key), *v) : std::string_view{};
}

std::optional<part> read_inline(reading& in, const place& at, json::value v) {
  const auto o = in.faults.object(at, v, "an object with mimeType and data");
  if (!o) return std::nullopt;
  members m{in.faults, &at, *o};
  const auto type = text_of(in, m, "mimeType");
  const auto name = text_of(in, m, "displayName");
  const auto data = plain_base64(in.request, text_of(in, m, "data"));
  if (type.empty()) in.faults.missing(m.at("mimeType"), "a media type like image/png");
  if (data.empty()) in.faults.missing(m.at("data"), "base64");
  if (!in.faults.ok()) return std::nullopt;
  in.keep_left(m);
  if (type.starts_with("image/")) return image_part{{}, type, data, {}};
  if (const auto format = audio_format(type); !format.empty()) return audio_part{data, format};
  return file_part{{}, name, type, data};
}

std::optional<part> read_file(reading& in, const place& at, json::value v) {
  const auto o = in.faults.object(at, v, "an object with fileUri");
  if (!o) return std::nullopt;
  members m{in.faults, &at, *o};
  const auto type = text_of(in, m, "mimeType");
  const auto name = text_of(in, m, "displayName");
  const auto uri = text_of(in, m, "fileUri");
  if (uri.empty()) in.faults.missing(m.at("fileUri"), "the address of a file");
  // What only Google can open (gs://, its Files API) is nothing for anybody else.
  if (!in.faults.ok() || !(uri.starts_with("https://") || uri.starts_with("http://")) || is_files_api(uri)) return std::nullopt;
  in.keep_left(m);
  if (type.starts_with("image/")) return image_part{uri, type, {}, {}};
  return file_part{{}, name, type, {}, uri};
}

}  // namespace

part_kind kind_of(members& part) {
  constexpr std::array<std::string_view, 5> kinds{"text", "inlineData", "fileData", "functionCall", "functionResponse"};
  for (const auto name : kinds) {
    if (const auto v = part.take(name)) return {name, *v};
  }
  return {};
}

std::optional<part> read_media(reading& in, const place& at, const part_kind& kind) {
  const place here{at, kind.name};
  return kind.name == "inlineData" ? read_inline(in, here, kind.value) : read_file(in, here, kind.value);
}

}  // namespace naru::dialects::gemini
