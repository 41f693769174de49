#include "policies/sensitivity/opaque.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace naru::sensitivity {
namespace {

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& words, std::string_view word) noexcept {
  return std::ranges::find(words, word) != words.end();
}

bool has_text(json::object o, std::string_view key) noexcept {
  const auto text = json::get_string(o, key);
  return text && !text->empty();
}

/// OpenAI chat: {type: image_url, image_url: {url}}; responses: {type: input_image, image_url: "..."}; Anthropic: {type: image, source}.
bool opaque_type(json::object o, std::string_view type) noexcept {
  static constexpr std::array<std::string_view, 8> always{"image_url",   "input_image", "input_audio",       "input_file",
                                                          "input_video", "video_url",   "redacted_thinking", "container_upload"};
  if (one_of(always, type)) return true;
  if (type == "file") return json::get_object(o, "file").has_value();
  if (type != "image" && type != "document" && type != "audio" && type != "video") return false;
  const auto source = json::get_object(o, "source");
  if (!source) return has_text(o, "data") || has_text(o, "file_id");
  const auto kind = json::get_string(*source, "type");
  return kind && *kind != "text" && *kind != "content";  // a document may be plain text, or blocks that are looked at themselves
}

/// The value of a key that holds bytes or says where they are.
bool opaque_field(std::string_view key, json::value v) noexcept {
  static constexpr std::array<std::string_view, 8> blocks{"inline_data", "inlineData",  "file_data",  "fileData",
                                                          "image_url",   "input_audio", "inputAudio", "video_url"};
  static constexpr std::array<std::string_view, 6> bytes{"data", "url", "file_uri", "fileUri", "file_id", "uri"};
  if (key == "encrypted_content" || key == "encryptedContent") return v.is_string() && !v.get_string().value_unsafe().empty();
  if (!one_of(blocks, key)) return false;
  if (v.is_string()) return !v.get_string().value_unsafe().empty();
  if (!v.is_object()) return false;
  const json::object o = v.get_object().value_unsafe();
  return std::ranges::any_of(bytes, [o](std::string_view each) { return has_text(o, each); });
}

}  // namespace

bool is_opaque(json::object o) noexcept {
  for (const auto& field : o) {
    if (field.key == "type" && field.value.is_string()) {
      if (opaque_type(o, field.value.get_string().value_unsafe())) return true;
    } else if (opaque_field(field.key, field.value)) {
      return true;
    }
  }
  return false;
}

}  // namespace naru::sensitivity
