#include "providers/dialects/gemini/proto.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace naru::dialects::gemini {

bool spells(std::string_view key, std::string_view camel) noexcept {
  if (key == camel) return true;
  std::size_t k = 0;
  for (const char c : camel) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && (k >= key.size() || key[k++] != '_')) return false;
    if (k >= key.size() || key[k++] != (upper ? static_cast<char>(c - 'A' + 'a') : c)) return false;
  }
  return k == key.size();
}

std::optional<json::value> members::take(std::string_view camel) {
  known_.push_back(camel);
  std::optional<json::value> found;
  std::string_view first;
  for (const auto& one : object_) {
    if (!spells(one.key, camel)) continue;
    if (!first.empty()) {
      strict_.refuse_rule(at(camel), fmt::format("given twice, as \"{}\" and as \"{}\": want one of them", first, one.key));
      return std::nullopt;
    }
    first = one.key;
    if (!json::is_null(one.value)) found = one.value;
  }
  return found;
}

bool members::is_known(std::string_view key) const noexcept {
  return std::ranges::any_of(known_, [&](std::string_view camel) { return spells(key, camel); });
}

std::optional<std::int64_t> read_whole(strict& s, const place& at, json::value v, std::int64_t least, std::int64_t most) {
  std::int64_t n = 0;
  bool whole = v.get(n) == simdjson::SUCCESS;
  if (double d = 0; !whole && v.is_double() && v.get(d) == simdjson::SUCCESS && d == std::floor(d) && std::abs(d) < 1e15) {
    n = static_cast<std::int64_t>(d);
    whole = true;
  }
  if (std::string_view text; !whole && v.get(text) == simdjson::SUCCESS) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    whole = error == std::errc{} && end == text.data() + text.size();
  }
  if (whole && n >= least && n <= most) return n;
  const auto wanted = fmt::format("a whole number from {} to {}", least, most);
  if (whole || v.is_number()) {
    s.refuse_rule(at, fmt::format("want {}, got another number", wanted));
  } else {
    s.refuse(at, wanted, v);
  }
  return std::nullopt;
}

}  // namespace naru::dialects::gemini
