#include "policies/sensitivity/detectors/digits.hpp"
#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// How to reach a person by mail or telephone.
namespace naru::sensitivity::detectors {
namespace {

bool in_atom(char c) noexcept { return is_alnum(c) || std::string_view("!#$%&'*+/=?^_`{|}~.-").find(c) != std::string_view::npos || c < 0; }

bool in_atom_of_name(char c) noexcept { return is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+'; }

/// A domain's last label says that it is a file: icon@2x.png.
bool is_file_kind(std::string_view label) noexcept {
  for (const std::string_view kind : words{"png", "jpg", "jpeg", "gif", "webp", "svg", "css", "html", "json", "exe"}) {
    if (label.size() == kind.size() && contains_word(label, kind)) return true;
  }
  return false;
}

/// The local part is the user or password of a URL (https://x:y@host), or git's of a repository's address (git@host:path).
bool is_part_of_address(std::string_view text, std::size_t at, std::size_t end) noexcept {
  const std::string_view left = before(text, at, length_before(text, at, [](char c) { return c > ' ' && c != '"' && c != '<'; }, 200));
  if (left.find("://") != std::string_view::npos) return true;
  return ends(text, at, "git") && !in_atom_of_name(peek_back(text, at, 4)) && peek(text, end) == ':';
}

/// Country calling codes of the ITU that have one digit or two; all others have three.
std::size_t country_code_length(std::string_view digits) noexcept {
  if (digits[0] == '1' || digits[0] == '7') return 1;
  constexpr std::string_view two =
      "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98";
  for (std::size_t i = 0; i < two.size(); i += 3) {
    if (two.substr(i, 2) == digits.substr(0, 2)) return 2;
  }
  return digits[0] == '0' ? 0 : 3;
}

/// +CC and the national number, 8 to 15 digits in all (ITU-T E.164), single separators, perhaps a (0).
bool is_international(const candidate& c) noexcept {
  const std::string_view text = c.text;
  // A bracket ends a group of digits: "+82 (0)10-..." is called at the 10.
  const std::size_t begin =
      c.at - length_before(text, c.at, [](char x) { return is_digit(x) || x == ' ' || x == '-' || x == '(' || x == ')'; }, 10);
  if (peek_back(text, begin, 1) != '+' || !is_digit(peek(text, begin))) return false;
  const char left = peek_back(text, begin, 2);
  if (is_alnum(left) || left == '_' || left == '+' || left == '/' || left == '=') return false;
  number n;
  std::size_t i = begin;
  for (; i < text.size() && n.count < 16; ++i) {
    if (is_digit(text[i])) {
      n.digits[n.count++] = text[i];
    } else if (text[i] == '(' || text[i] == ')') {
      if (!is_digit(peek(text, i + 1)) && peek(text, i + 1) != ' ' && peek(text, i + 1) != '-') break;
    } else if ((text[i] != ' ' && text[i] != '-' && text[i] != '.') || (!is_digit(peek(text, i + 1)) && peek(text, i + 1) != '(')) {
      break;
    }
  }
  if (n.count < 8 || is_alnum(peek(text, i)) || peek(text, i) == '_' || !varied(n.view(), 3)) return false;
  const std::size_t country = country_code_length(n.view());
  if (country == 0) return false;
  // What follows a number with a space may be another: the shortest reading counts, so no upper bound once there are enough.
  if (n.digits[0] == '1') return n.count >= 11 && n.digits[1] >= '2' && n.digits[4] >= '2';
  if (begins(n.view(), 0, "82")) return n.count >= 10;
  return n.count - country >= 6;
}

/// 010-1234-5678, 02-123-4567, 031 123 4567, 070-..., 0505-...; in a row only mobiles.
bool is_korean(const candidate& c) noexcept {
  const std::string_view text = c.text;
  if (text[c.at] != '0' || !begins_alone(text, c.at)) return false;
  const char second = peek(text, c.at + 1), third = peek(text, c.at + 2);
  std::size_t end = no_end;
  const auto try_groups = [&](std::initializer_list<std::uint8_t> lengths) noexcept {
    if (end == no_end) end = match_groups(text, c.at, lengths, "- .");
  };
  if (second == '2') {
    try_groups({2, 4, 4});
    try_groups({2, 3, 4});
  } else if ((second >= '3' && second <= '6' && third >= '1' && third <= '5') || (second == '7' && third == '0') ||
             (second == '1' && std::string_view("016789").find(third) != std::string_view::npos)) {
    try_groups({3, 4, 4});
    try_groups({3, 3, 4});
  } else if (second == '5' && third == '0') {
    try_groups({3, 4, 4});
    try_groups({4, 4, 4});
    try_groups({4, 3, 4});
  }
  if (end == no_end && second == '1' && third == '0') {
    end = match_groups(text, c.at, {11}, "");
    if (end != no_end && text[c.at + 3] < '2') return false;
  }
  return end != no_end && ends_alone(text, end) && varied(text.substr(c.at, end - c.at), 4);
}

/// (02) 123-4567, (031)1234-5678: called at the group behind the bracket.
bool is_korean_in_brackets(const candidate& c) noexcept {
  const std::string_view text = c.text;
  std::size_t end = match_groups(text, c.at, {4, 4}, "- .");
  if (end == no_end) end = match_groups(text, c.at, {3, 4}, "- .");
  if (end == no_end || !ends_alone(text, end)) return false;
  const std::size_t close = peek_back(text, c.at, 1) == ' ' ? c.at - 1 : c.at;
  if (peek_back(text, close, 1) != ')') return false;
  const std::size_t area = length_before(text, close - 1, is_digit, 4);
  if (area < 2 || area > 3 || peek_back(text, close, area + 2) != '(') return false;
  const std::string_view code = text.substr(close - 1 - area, area);
  return code == "02" || (area == 3 && code[0] == '0' && code[1] >= '1' && code[1] <= '7');
}

bool is_exchange(std::string_view text, std::size_t at) noexcept { return peek(text, at) >= '2' && peek(text, at) <= '9'; }

/// NANP: area and exchange begin with 2 to 9. 212-555-0123, 212.555.0123, (212) 555-0123, 1-212-555-0123; in a row beside a word.
bool is_american(const candidate& c) noexcept {
  const std::string_view text = c.text;
  if (!is_exchange(text, c.at)) {
    const std::size_t end = match_groups(text, c.at, {1, 3, 3, 4}, "-.");
    return text[c.at] == '1' && end != no_end && is_exchange(text, c.at + 2) && is_exchange(text, c.at + 6) &&
           stands_alone(text, c.at, end);
  }
  std::size_t end = match_groups(text, c.at, {3, 4}, "-. ");
  if (end != no_end && ends_alone(text, end)) {
    std::size_t open = c.at;
    if (peek_back(text, open, 1) == ' ') --open;
    return peek_back(text, open, 1) == ')' && length_before(text, open - 1, is_digit, 4) == 3 && peek_back(text, open, 5) == '(' &&
           is_exchange(text, open - 4);
  }
  end = match_groups(text, c.at, {3, 3, 4}, "-.");
  if (end != no_end) return is_exchange(text, c.at + 4) && stands_alone(text, c.at, end) && varied(text.substr(c.at, end - c.at), 4);
  end = match_groups(text, c.at, {3, 3, 4}, " ");
  const std::size_t exchange = end == no_end ? 3 : 4;
  if (end == no_end) end = match_groups(text, c.at, {10}, "");
  return end != no_end && is_exchange(text, c.at + exchange) && stands_alone(text, c.at, end) &&
         says_near(text, c.at, end, 32, 16,
                   {"phone", "telephone", "tel", "call", "mobile", "cell", "fax", "text me at", "전화", "연락처", "휴대폰"});
}

}  // namespace

bool email(const candidate& c) noexcept {
  // RFC 5321 as people write it: a local part of atoms, a domain of labels with a top level of letters.
  const std::string_view text = c.text;
  const std::size_t at = c.at;
  if (at == 0 || !in_atom(text[at - 1]) || text[at - 1] == '.' || !is_alnum(peek(text, at + 1))) return false;
  std::size_t end = at + 1;
  while (end < text.size() && end < at + 256 && (is_alnum(text[end]) || text[end] == '-' || text[end] == '.')) {
    if (text[end] == '.' && (end == at + 1 || text[end - 1] == '.' || text[end - 1] == '-')) return false;
    ++end;
  }
  while (end > at && (text[end - 1] == '.' || text[end - 1] == '-')) --end;  // the full stop of a sentence
  const std::size_t dot = text.substr(0, end).rfind('.');
  if (dot == std::string_view::npos || dot <= at + 1 || end < dot + 3) return false;
  const std::string_view top = text.substr(dot + 1, end - dot - 1);
  if (length_of(top, 0, [](char x) { return is_alnum(x) || x == '-'; }) < top.size() || !is_alpha(top[0])) return false;
  return !is_file_kind(top) && !is_part_of_address(text, at, end);
}

bool phone(const candidate& c) noexcept {
  if (before(c.text, c.at, 11).find('+') != std::string_view::npos && is_international(c)) return true;
  const char first = c.text[c.at], left = peek_back(c.text, c.at, 1);
  const bool bracket = left == ')' || (left == ' ' && peek_back(c.text, c.at, 2) == ')');
  if (bracket && (is_korean_in_brackets(c) || is_american(c))) return true;
  if (first == '0') return is_korean(c);
  // An American number begins with its 1, with three digits, or is ten in a row.
  const std::size_t digits = c.digits->first_gap;
  return (digits == 3 || digits == 10 || (digits == 1 && first == '1')) && is_american(c);
}

}  // namespace naru::sensitivity::detectors
