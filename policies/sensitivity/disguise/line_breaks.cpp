#include <algorithm>

#include "policies/sensitivity/characters.hpp"
#include "policies/sensitivity/disguise/undo.hpp"

// Line breaks that stand in the middle of something, and not behind a word of prose.
namespace naru::sensitivity::disguise::detail {
namespace {

constexpr std::size_t as_far = 20;  ///< bytes that are looked at on either side

constexpr bool visible(char c) noexcept { return c > ' ' && c < 0x7F; }
constexpr bool in_run(char c) noexcept { return is_base64(c) || c == '='; }

/// What stands on one side of the break up to the next blank.
struct side {
  std::size_t word = 0;  ///< visible ASCII in a row
  std::size_t run = 0;   ///< of these, [A-Za-z0-9+/_=-] in a row from the break on
  bool digit = false, letter = false, at_sign = false;
  std::size_t dashes = 0;

  void add(char c) noexcept {
    if (run == word && in_run(c)) {
      ++run;
      digit = digit || is_digit(c);
      letter = letter || is_alpha(c);
      if (c == '-') ++dashes;
    }
    at_sign = at_sign || c == '@';
    ++word;
  }
};

side look_left(std::string_view text, std::size_t end) noexcept {
  side s;
  while (s.word < as_far && s.word < end && visible(text[end - 1 - s.word])) s.add(text[end - 1 - s.word]);
  return s;
}
side look_right(std::string_view text, std::size_t begin) noexcept {
  side s;
  while (s.word < as_far && begin + s.word < text.size() && visible(text[begin + s.word])) s.add(text[begin + s.word]);
  return s;
}

/// A line of a log begins with a date: what stands before it ended.
bool is_date(std::string_view text) noexcept {
  return text.size() >= 8 && (text.starts_with("19") || text.starts_with("20")) && is_digit(text[2]) && is_digit(text[3]) &&
         (text[4] == '-' || text[4] == '/' || text[4] == '.') && is_digit(text[5]) && is_digit(text[6]) && text[7] == text[4];
}

bool number_part(char c) noexcept { return is_digit(c) || c == '-' || c == '.'; }

/// Digits on both sides. A column of numbers is one number a line; a broken number has other text on one of its lines.
bool breaks_number(std::string_view text, std::size_t begin, std::size_t end, const side& left, const side& right) noexcept {
  if (!number_part(text[begin - 1]) || !number_part(text[end]) || !left.digit || !right.digit) return false;
  const bool fills_left = begin == left.word || text[begin - left.word - 1] == '\n';
  const bool fills_right = end + right.word == text.size() || text[end + right.word] == '\n' || text[end + right.word] == '\r';
  const bool nothing_else = begin == left.word && end + right.word == text.size();
  return nothing_else || !(fills_left && fills_right);
}

/// "-----BEGIN RSA PRIV\nATE KEY-----": upper-case words with five dashes near.
bool breaks_armour(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  if (!is_upper(text[begin - 1]) && text[begin - 1] != '-' && text[begin - 1] != ' ') return false;
  constexpr std::string_view dashes = "-----";
  const std::size_t from = begin > 40 ? begin - 40 : 0;
  return text.substr(from, begin - from).find(dashes) != std::string_view::npos &&
         text.substr(end, 40).find(dashes) != std::string_view::npos;
}

}  // namespace

std::optional<undone> undo_line_break(std::string_view text, std::size_t at) noexcept {
  std::size_t begin = at;
  const std::size_t end = at + 1;
  if (begin > 0 && text[begin - 1] == '\r') --begin;
  if (begin == 0 || end == text.size()) return std::nullopt;
  const undone joined{begin, end, {}, 0};
  const char before = text[begin - 1], after = text[end];
  if (!visible(before) || !visible(after)) {
    return before == ' ' && is_upper(after) && breaks_armour(text, begin, end) ? std::optional(joined) : std::nullopt;
  }
  if (before == '=' && begin > 1 && in_run(after)) return undone{begin - 1, end, {}, 0};  // RFC 2045 6.7: a soft break
  const side left = look_left(text, begin), right = look_right(text, end);
  if (is_date(text.substr(end, 8))) return std::nullopt;
  const bool token = left.run + right.run >= as_far && (left.digit || right.digit) && (left.letter || right.letter);
  const bool address = left.at_sign || right.at_sign;
  if (token || address || breaks_number(text, begin, end, left, right) || breaks_armour(text, begin, end)) return joined;
  return std::nullopt;
}

}  // namespace naru::sensitivity::disguise::detail
