#include "providers/dialects/openai_chat/frame_template.hpp"

#include <simdjson.h>

#include <algorithm>

namespace naru::dialects::openai_chat {
namespace {

constexpr std::size_t longest_frame = 4096;  // what is longer is not the usual content frame, and not worth keeping a copy of

/// Length of the plain JSON string content at the front of `s`, up to its closing quote. nullopt: not plain, or not closed.
std::optional<std::size_t> plain_string(std::string_view s) noexcept {
  bool ascii = true;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const auto c = static_cast<unsigned char>(s[i]);
    if (c == '"') return ascii || simdjson::validate_utf8(s.substr(0, i)) ? std::optional{i} : std::nullopt;
    if (c == '\\' || c < 0x20) return std::nullopt;
    ascii = ascii && c < 0x80;
  }
  return std::nullopt;
}

bool space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

// Without any backslash in the frame, the bytes `"content"` are a whole string token (inside of a string a quote would be escaped), and
// a key when a colon follows.
std::optional<frame_template::hole> frame_template::find_only(std::string_view data, std::string_view key, bool& many) noexcept {
  std::optional<hole> found;
  for (auto at = data.find(key); at != std::string_view::npos; at = data.find(key, at + 1)) {
    auto i = at + key.size();
    while (i < data.size() && space(data[i])) ++i;
    if (i == data.size() || data[i] != ':') continue;
    do ++i;
    while (i < data.size() && space(data[i]));
    if (i == data.size() || data[i] != '"') continue;
    many = many || found.has_value();
    found = hole{i + 1, data.find('"', i + 1)};
  }
  return found;
}

bool frame_template::learn(std::string_view data) {
  if (data.size() > longest_frame || data.find('\\') != std::string_view::npos) return false;
  bool many = false;
  const auto text = find_only(data, "\"content\"", many);
  const auto padding = find_only(data, "\"obfuscation\"", many);
  if (!text || many) return false;
  padded_ = padding.has_value();
  padding_first_ = padded_ && padding->begin < text->begin;
  const hole first = padding_first_ ? *padding : *text;
  const hole second = !padded_ ? first : padding_first_ ? *text : *padding;
  before_.assign(data.substr(0, first.begin));
  between_.assign(padded_ ? data.substr(first.end, second.begin - first.end) : std::string_view{});
  after_.assign(data.substr(second.end));
  known_ = true;
  return true;
}

std::optional<std::string_view> frame_template::match(std::string_view data) const noexcept {
  if (!known_ || !data.starts_with(before_)) return std::nullopt;
  auto rest = data.substr(before_.size());
  const auto length = plain_string(rest);
  if (!length) return std::nullopt;
  const auto first = rest.substr(0, *length);
  rest.remove_prefix(*length);
  if (!padded_) return rest == after_ ? std::optional{first} : std::nullopt;
  if (!rest.starts_with(between_)) return std::nullopt;
  rest.remove_prefix(between_.size());
  const auto second_length = plain_string(rest);
  if (!second_length || rest.substr(*second_length) != after_) return std::nullopt;
  return padding_first_ ? rest.substr(0, *second_length) : first;
}

}  // namespace naru::dialects::openai_chat
