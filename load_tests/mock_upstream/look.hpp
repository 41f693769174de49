#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"
#include "load_tests/mock_upstream/behaviour.hpp"
#include "load_tests/mock_upstream/facts.hpp"

/// Small readers that the dialects' checks share.
namespace naru::mock {

using words = std::initializer_list<std::string_view>;

inline bool among(std::string_view word, words list) {
  for (const auto w : list) {
    if (w == word) return true;
  }
  return false;
}

/// @return the first key of `o` that is not in `known`; empty when all are
inline std::string_view stranger(json::object o, words known) {
  for (const auto field : o) {
    if (!among(field.key, known)) return field.key;
  }
  return {};
}

inline std::string_view string_of(json::object o, std::string_view key) { return json::get_string(o, key).value_or(std::string_view{}); }
inline bool present(json::object o, std::string_view key) {
  const auto v = json::find(o, key);
  return v && !json::is_null(*v);
}
inline bool flag(json::object o, std::string_view key) {
  const auto v = json::find(o, key);
  return v && v->is_bool() && v->get_bool().value_unsafe();
}
inline bool is_whole(json::value v) { return v.is_int64() || v.is_uint64(); }
inline double number_of(json::value v) {
  double n = 0;
  return v.get_double().get(n) == simdjson::SUCCESS ? n : 0;
}
/// Whether `name` has 1..most characters out of letters, digits and `extra`.
inline bool is_name(std::string_view name, std::size_t most, std::string_view extra = "_-") {
  if (name.empty() || name.size() > most) return false;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && extra.find(c) == std::string_view::npos) return false;
  }
  return true;
}
/// Bytes that a Base64 text stands for; nullopt when it is not Base64.
inline std::optional<std::size_t> base64_size(std::string_view text) {
  std::size_t padding = 0;
  while (padding < 2 && !text.empty() && text.back() == '=') text.remove_suffix(1), ++padding;
  if (text.empty() || (text.size() + padding) % 4 != 0 || !is_name(text, text.size(), "+/")) return std::nullopt;
  return (text.size() + padding) / 4 * 3 - padding;
}
/// "image/png, 68 bytes", as the directive "vision" tells what it saw; empty when `data` is not Base64.
inline std::string image_word(std::string_view type, std::string_view data) {
  const auto size = base64_size(data);
  return size ? std::string(type) + ", " + std::to_string(*size) + " bytes" : std::string{};
}
/// A token count as a vendor should write it, or in one of the shapes of a vendor gone wrong.
inline void write_tokens(json::writer& w, std::string_view key, std::uint64_t n, const behaviour& b) {
  w.key(key);
  switch (b.usage) {
    case usage_form::negative: w.raw("-5"); return;
    case usage_form::huge: w.raw("99999999999999999999"); return;
    case usage_form::text: w.string("many"); return;
    default: w.number(n);
  }
}

}  // namespace naru::mock
