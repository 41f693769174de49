#include "policies/sensitivity/scan/digit_rows.hpp"

#include <algorithm>
#include <cstring>

#include "policies/sensitivity/characters.hpp"

namespace naru::sensitivity::scan {
namespace {

constexpr bool is_separator(char c) noexcept { return c == ' ' || c == '-' || c == '.'; }

/// Separators between two digits from `at` on: 0 when a fourth follows, or no digit.
std::size_t gap_at(std::string_view text, std::size_t at) noexcept {
  for (std::size_t n = 0; n <= 3 && at + n < text.size(); ++n) {
    if (is_digit(text[at + n])) return n;
    if (!is_separator(text[at + n])) return 0;
  }
  return 0;
}

}  // namespace

digit_row read_row(std::string_view text, std::size_t at) noexcept {
  digit_row row{at, at, 0, false};
  while (at < text.size()) {
    if (is_digit(text[at])) {
      ++row.digits;
      row.end = ++at;
      continue;
    }
    const std::size_t gap = gap_at(text, at);
    if (gap == 0) break;
    row.wide = row.wide || gap > 1;
    at += gap;
  }
  return row;
}

digit_group read_group(std::string_view text, std::size_t at) noexcept {
  digit_group g;
  while (at < text.size() && g.count <= longest_number) {
    if (is_digit(text[at])) {
      if (g.count < g.digits.size()) g.digits[g.count] = text[at];
      ++g.count;
      g.end = ++at;
      continue;
    }
    if (!is_separator(text[at]) || at + 1 >= text.size() || !is_digit(text[at + 1])) break;
    if (g.first_gap == 0) g.first_gap = g.count;
    ++at;
  }
  if (g.first_gap == 0) g.first_gap = g.count;
  return g;
}

number_look look_at_text(std::string_view text, std::size_t at, std::size_t end) noexcept {
  number_look look{.at = at};
  std::size_t groups = 1;
  while (at < end && look.count <= longest_number) {
    if (is_digit(text[at])) {
      ++look.count;
      if (groups == 1) ++look.first;
      if (groups == 2) ++look.second;
      ++at;
      continue;
    }
    if (!is_digit(text[at + 1])) {  // a row ends with a digit
      look.wide = groups == 1;
      break;
    }
    look.pointed = look.pointed || text[at] == '.';
    ++groups;
    ++at;
  }
  return look;
}

narrowed_row::narrowed_row(std::string_view text, const digit_row& row, gaps left) noexcept {
  const std::size_t before = std::min(row.begin, around);
  append(text.substr(row.begin - before, before));
  row_ = {size_, size_, row.digits, false};
  for (std::size_t at = row.begin; at < row.end;) {
    if (is_digit(text[at])) {
      append(text.substr(at++, 1));
      continue;
    }
    const std::size_t gap = gap_at(text, at);
    at += gap;
    if (left == gaps::none) continue;
    const std::string_view separators = text.substr(at - gap, gap);
    const std::size_t sign = separators.find_first_not_of(' ');  // "4111 - 1111": the dash is what was meant
    append(separators.substr(sign == std::string_view::npos ? 0 : sign, 1));
  }
  row_.end = size_;
  append(text.substr(row.end, around));
}

void narrowed_row::append(std::string_view part) noexcept {
  std::memcpy(bytes_.data() + size_, part.data(), part.size());
  size_ += part.size();
}

}  // namespace naru::sensitivity::scan
