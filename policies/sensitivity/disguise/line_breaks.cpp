#include <algorithm>
#include <array>
#include <cstdint>

#include "policies/sensitivity/characters.hpp"
#include "policies/sensitivity/disguise/glance.hpp"
#include "policies/sensitivity/disguise/undo.hpp"

// Line breaks that stand in the middle of something, and not behind a word of prose, a statement or a line of a log.
namespace naru::sensitivity::disguise::detail {
namespace {

constexpr std::size_t as_far = 20;  ///< bytes that are looked at on either side

constexpr bool number_part(char c) noexcept { return is_digit(c) || c == '-' || c == '.'; }

/// What a byte is, as bits of `traits`.
enum trait : std::uint8_t { middle = 1, digit = 2, at_sign = 4, path = 8, no_number = 16, no_capital = 32 };
constexpr bytes_table traits = [] {
  bytes_table t{};
  for (std::size_t i = 0; i < t.size(); ++i) {
    const char c = static_cast<char>(i);
    t[i] = static_cast<std::uint8_t>((goes_on(c) ? middle : 0) | (is_digit(c) ? digit : 0) | (c == '@' ? at_sign : 0) |
                                     (c == '/' || c == '_' || c == '=' ? path : 0) | (number_part(c) ? 0 : no_number) |
                                     (is_upper(c) ? 0 : no_capital));
  }
  return t;
}();
/// The word on one side of the break: what goes on, at most `as_far` of it.
struct side {
  std::size_t size = 0;
  std::uint8_t any = 0;  ///< traits of one of its bytes or more

  [[nodiscard]] bool has(trait t) const noexcept { return (any & t) != 0; }
  [[nodiscard]] bool number() const noexcept { return !has(no_number); }
  [[nodiscard]] bool capitals() const noexcept { return !has(no_capital); }
  bool add(char c) noexcept {
    const std::uint8_t t = of(traits, c);
    if ((t & middle) == 0) return false;
    any |= t;
    ++size;
    return true;
  }
};

side look_left(std::string_view text, std::size_t end) noexcept {
  side s;
  while (s.size < as_far && s.size < end && s.add(text[end - 1 - s.size])) {
  }
  return s;
}
side look_right(std::string_view text, std::size_t begin) noexcept {
  side s;
  while (s.size < as_far && begin + s.size < text.size() && s.add(text[begin + s.size])) {
  }
  return s;
}

/// A line of a log begins with a date: what stands before it ended.
bool is_date(std::string_view text) noexcept {
  return text.size() >= 8 && (text.starts_with("19") || text.starts_with("20")) && is_digit(text[2]) && is_digit(text[3]) &&
         (text[4] == '-' || text[4] == '/' || text[4] == '.') && is_digit(text[5]) && is_digit(text[6]) && text[7] == text[4];
}

/// "... in 2020.\nThe ...": a plain word or number and a full stop, then a capital and a small letter.
bool ends_sentence(std::string_view text, std::size_t begin, std::size_t end, const side& left) noexcept {
  if (text[begin - 1] != '.' || !is_upper(text[end]) || end + 1 == text.size() || !is_lower(text[end + 1])) return false;
  const std::string_view word = text.substr(begin - left.size, left.size - 1);
  return std::ranges::all_of(word, is_digit) || (word.size() > 1 && std::ranges::all_of(word, is_lower));
}

/// "2. ", "12) ": the next point of a list.
bool is_list_mark(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < 3 && i < text.size() && is_digit(text[i])) ++i;
  return i > 0 && i + 1 < text.size() && (text[i] == '.' || text[i] == ')') && text[i + 1] == ' ';
}

/// "/// and so", "// next", "## Title", "* point": what begins a line of comment or of a list.
bool is_line_mark(std::string_view text, std::size_t size) noexcept {
  constexpr std::string_view marks = "/#*";
  return size <= 4 && marks.find(text[0]) != std::string_view::npos && text.substr(0, size).find_first_not_of(text[0]) == text.npos &&
         text.size() > size && text[size] == ' ';
}

/// A column of numbers is one number a line; a broken number has other text on one of its lines, or is all that there is.
bool in_column(std::string_view text, std::size_t begin, std::size_t end, const side& left, const side& right) noexcept {
  if (!left.number() || !right.number()) return false;
  const std::size_t from = begin - left.size, to = end + right.size;
  const bool fills_left = from == 0 || text[from - 1] == '\n', fills_right = to == text.size() || text[to] == '\n' || text[to] == '\r';
  return fills_left && fills_right && !(from == 0 && to == text.size());
}

/// "(212\n) 555-0123"
bool breaks_brackets(char before, char after) noexcept {
  return (is_digit(before) && after == ')') || ((before == '(' || before == ')') && is_digit(after));
}

/// "-----BEGIN RSA PRIV\nATE KEY-----": capitals with five dashes near.
bool breaks_armour(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  if (!in_armour(text[begin - 1]) || !in_armour(text[end])) return false;
  constexpr std::string_view dashes = "---";
  const std::size_t from = begin > 40 ? begin - 40 : 0;
  return text.substr(from, begin - from).find(dashes) != std::string_view::npos ||
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
  if (!may_stand_between(before, after)) return std::nullopt;
  // RFC 2045 6.7: a soft break. An assignment's '=' has a blank before it or behind.
  if (before == '=' && begin > 1 && text[begin - 2] != ' ' && after != '=' && (after > ' ' || after < 0))
    return undone{begin - 1, end, {}, 0};
  if (breaks_armour(text, begin, end)) return joined;
  if (breaks_brackets(before, after)) return joined;
  if (!goes_on(before) || !goes_on(after) || is_date(text.substr(end, 8)) || (!is_digit(before) && is_list_mark(text.substr(end, 5))))
    return std::nullopt;
  const side left = look_left(text, begin), right = look_right(text, end);
  if (is_line_mark(text.substr(end), right.size) || in_column(text, begin, end, left, right) || ends_sentence(text, begin, end, left))
    return std::nullopt;
  constexpr std::size_t shortest = 7, no_word = 20;  // of what any detector looks for; longer than what prose has
  const std::size_t size = left.size + right.size;
  const bool number = number_part(before) && number_part(after) && left.has(digit) && right.has(digit);
  const bool token = size >= shortest &&
                     (left.has(digit) || right.has(digit) || left.has(path) || right.has(path) || (left.capitals() && right.capitals()));
  // "S\nH 84 63 83 C", "F\nR68 7883": of a number with letters in it.
  const auto mark = [](char c) { return is_upper(c) || is_digit(c); };
  const bool lettered = mark(before) && mark(after);
  if (number || lettered || token || size >= no_word || left.has(at_sign) || right.has(at_sign)) return joined;
  return std::nullopt;
}

}  // namespace naru::sensitivity::disguise::detail
