#include <algorithm>
#include <cstring>

#include "core/json/document.hpp"

namespace naru::json {
namespace {

bool space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::size_t skip_space(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && space(text[at])) ++at;
  return at;
}

/// `at` is on an opening quote; one past the closing one. memchr finds quotes at memory speed; an escaped one has an odd run of
/// backslashes before it.
std::size_t skip_string(std::string_view text, std::size_t at) noexcept {
  std::size_t from = at + 1;
  while (from < text.size()) {
    const void* hit = std::memchr(text.data() + from, '"', text.size() - from);
    if (hit == nullptr) return text.size();
    const std::size_t quote = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
    std::size_t slashes = 0;
    while (quote - slashes > at + 1 && text[quote - slashes - 1] == '\\') ++slashes;
    if (slashes % 2 == 0) return quote + 1;
    from = quote + 1;
  }
  return text.size();
}

std::size_t skip_value(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return text.size();
  if (text[at] == '"') return skip_string(text, at);
  if (text[at] != '{' && text[at] != '[') {
    while (at < text.size() && text[at] != ',' && text[at] != '}' && text[at] != ']' && !space(text[at])) ++at;
    return at;
  }
  std::size_t open = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    if (c == '{' || c == '[') ++open;
    if ((c == '}' || c == ']') && --open == 0) return at + 1;
    ++at;
  }
  return text.size();
}

/// Calls `visit(key without quotes, span, separator_begin)` for each top-level field.
template <class Visit>
void each_field(std::string_view text, Visit visit) {
  std::size_t at = skip_space(text, 0);
  if (at >= text.size() || text[at] != '{') return;
  at = skip_space(text, at + 1);
  while (at < text.size() && text[at] == '"') {
    span s;
    s.key_begin = at;
    const std::size_t key_end = skip_string(text, at);
    s.value_begin = skip_space(text, skip_space(text, key_end) + 1);
    s.value_end = skip_value(text, s.value_begin);
    visit(text.substr(s.key_begin + 1, key_end - s.key_begin - 2), s);
    at = skip_space(text, s.value_end);
    if (at >= text.size() || text[at] != ',') return;
    at = skip_space(text, at + 1);
  }
}

template <class Range, class Key>
auto find_in(const Range& range, std::string_view key, Key key_of) {
  auto at = range.begin();
  while (at != range.end() && key_of(*at) != key) ++at;
  return at;
}

std::string join(std::span<const std::string_view> views) {
  std::size_t size = 0;
  for (const std::string_view v : views) size += v.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view v : views) out += v;
  return out;
}

}  // namespace

field_list list_fields(std::string_view text) {
  field_list all;
  each_field(text, [&](std::string_view key, const span& at) { all.push_back({key, at}); });
  return all;
}

std::string splice(std::string_view text, const std::vector<std::pair<std::string_view, std::string_view>>& set,
                   const std::vector<std::string_view>& remove) {
  const field_list fields = list_fields(text);
  return join(splice_views(text, {fields.data(), fields.size()}, set, remove));
}

std::string pieces::text() const { return join(views); }

std::vector<std::string_view> splice_views(std::string_view text, std::span<const field> fields,
                                           std::span<const std::pair<std::string_view, std::string_view>> set,
                                           std::span<const std::string_view> remove) {
  std::vector<std::string_view> out;
  out.reserve(4 + 4 * set.size() + remove.size());
  boost::container::small_vector<bool, 8> used(set.size(), false);
  bool first = true;
  std::size_t pending = skip_space(text, 0);  // what lies from here to `copied` goes along as it came
  std::size_t copied = pending + 1;           // one past '{'
  const auto flush = [&](std::size_t up_to) {
    if (up_to > pending) out.push_back(text.substr(pending, up_to - pending));
    pending = up_to;
  };
  for (const field& f : fields) {
    const span& s = f.at;
    if (std::ranges::find(remove, f.key) != remove.end()) {
      flush(copied);
      copied = pending = s.value_end;  // drops the field and what stood before it since the last kept one
      continue;
    }
    // What stands between fields goes along as it came, but a comma must not follow nothing.
    const std::string_view between = text.substr(copied, s.key_begin - copied);
    if (first && between.find(',') != std::string_view::npos) {
      flush(copied);
      pending = s.key_begin;
    }
    const auto hit = find_in(set, f.key, [](const auto& pair) { return pair.first; });
    if (hit != set.end()) {
      used[static_cast<std::size_t>(hit - set.begin())] = true;
      flush(s.value_begin);
      out.push_back(hit->second);
      pending = s.value_end;
    }
    first = false;
    copied = s.value_end;
  }
  flush(copied);
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (used[i]) continue;
    out.insert(out.end(), {std::string_view(first ? "\"" : ",\""), set[i].first, "\":", set[i].second});
    first = false;
  }
  flush(text.size());  // white space and the closing brace: nothing else can follow the last field
  return out;
}

}  // namespace naru::json
