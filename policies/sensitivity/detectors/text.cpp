#include "policies/sensitivity/detectors/text.hpp"

#include <array>
#include <cmath>
#include <cstdint>

namespace naru::sensitivity::detectors {
namespace {

bool same_word(std::string_view text, std::size_t at, std::string_view word) noexcept {
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (to_lower(text[at + i]) != word[i]) return false;
  }
  return true;
}

/// "userSsn", "ssn_number", "SSN:", but not "lessness" nor "ssns"; the middle of camelCase begins and ends words.
bool is_own_word(std::string_view text, std::size_t at, std::size_t end) noexcept {
  if (at > 0 && is_alpha(text[at - 1]) && !(is_upper(text[at]) && is_lower(text[at - 1]))) return false;
  return end >= text.size() || !is_alpha(text[end]) || (is_upper(text[end]) && is_lower(text[end - 1]));
}

bool stands_at(std::string_view window, std::size_t at, std::string_view word) noexcept {
  if (at + word.size() > window.size() || !same_word(window, at, word)) return false;
  return !is_alpha(word[0]) || is_own_word(window, at, at + word.size());
}

bool ends_with_word(std::string_view text, std::string_view word) noexcept {
  if (text.size() < word.size()) return false;
  const std::size_t at = text.size() - word.size();
  return same_word(text, at, word) && (!is_alpha(word[0]) || at == 0 || !is_alpha(text[at - 1]) || is_upper(text[at]));
}

std::string_view without_punctuation(std::string_view text) noexcept {
  const auto mark = [](char c) { return std::string_view(" \t:#=_\"'.()[]<>-").find(c) != std::string_view::npos; };
  while (!text.empty() && mark(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

bool says(std::string_view window, words any_of) noexcept {
  // One pass over the window; most of its bytes begin no word.
  std::array<bool, 256> first{};
  for (const auto word : any_of) first[static_cast<std::uint8_t>(word[0])] = true;
  for (std::size_t i = 0; i < window.size(); ++i) {
    if (!first[static_cast<std::uint8_t>(to_lower(window[i]))]) continue;
    for (const auto word : any_of) {
      if (stands_at(window, i, word)) return true;
    }
  }
  return false;
}

bool says_near(std::string_view text, std::size_t at, std::size_t end, std::size_t back, std::size_t ahead, words any_of) noexcept {
  return says(before(text, at, back), any_of) || says(after(text, end, ahead), any_of);
}

bool is_called(std::string_view text, std::size_t at, words any_of) noexcept {
  std::string_view left = without_punctuation(before(text, at, 48));
  for (int fillers = 0; fillers < 3; ++fillers) {
    for (const auto word : any_of) {
      if (ends_with_word(left, word)) return true;
    }
    bool skipped = false;
    for (const std::string_view filler : words{"no", "nr", "num", "number", "id", "is", "code", "번호", "코드"}) {
      if (!ends_with_word(left, filler)) continue;
      left = without_punctuation(left.substr(0, left.size() - filler.size()));
      skipped = true;
      break;
    }
    if (!skipped) return false;
  }
  return false;
}

bool varied(std::string_view value, std::size_t least) noexcept {
  std::array<bool, 256> seen{};
  std::size_t different = 0;
  for (const char c : value) {
    bool& s = seen[static_cast<std::uint8_t>(c)];
    if (!s && ++different >= least) return true;
    s = true;
  }
  return different >= least;
}

double entropy(std::string_view value) noexcept {
  std::array<std::uint16_t, 256> counts{};
  for (const char c : value) ++counts[static_cast<std::uint8_t>(c)];
  double bits = 0;
  for (const auto n : counts) {
    if (n == 0) continue;
    const double share = static_cast<double>(n) / static_cast<double>(value.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

bool is_placeholder(std::string_view value) noexcept {
  if (value.empty() || !varied(value, 3)) return true;
  const char first = value.front(), last = value.back();
  if ((first == '<' && last == '>') || (first == '[' && last == ']') || (first == '%' && value.size() <= 3)) return true;
  for (const std::string_view mark : words{"${", "{{", "$(", "%(", "#{", "***", "...", "xxxx", "XXXX", "•••"}) {
    if (value.find(mark) != std::string_view::npos) return true;
  }
  if (first == '{' && last == '}') return true;
  if (first == '$' && length_of(value, 1, [](char c) { return is_upper(c) || is_digit(c) || c == '_'; }) + 1 == value.size()) return true;
  for (const std::string_view word : words{"your", "changeme", "change_me", "change-me", "placeholder", "redacted", "insert", "replace"}) {
    if (contains_word(value, word)) return true;
  }
  for (const std::string_view word : words{"password", "passwd", "pass", "pwd", "secret", "token", "pw", "example"}) {
    if (value.size() == word.size() && same_word(value, 0, word)) return true;
  }
  return false;
}

}  // namespace naru::sensitivity::detectors
