#include "policies/sensitivity/scan/number_rules.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <string>

#include "policies/sensitivity/characters.hpp"

namespace naru::sensitivity::scan {
namespace {

constexpr std::size_t place(unsigned bit) noexcept { return static_cast<std::size_t>(std::countr_zero(bit)); }

/// Places in behind_group by the byte.
constexpr auto behind_places = [] {
  std::array<std::uint8_t, 256> t{};
  for (std::size_t i = 0; i < t.size(); ++i) {
    const char c = static_cast<char>(i);
    if (is_upper(c)) t[i] = place(capital_behind);
    if (is_lower(c) || c == '_') t[i] = place(word_behind);
  }
  t[' '] = place(blank_behind);
  t['-'] = place(dash_behind);
  t['.'] = place(point_behind);
  t['+'] = t['/'] = place(sign_behind);
  return t;
}();
static_assert(place(plain_behind) == 0);

std::size_t behind_place(std::string_view text, const number_look& look) noexcept {
  if (look.wide) return place(gap_behind);
  const std::size_t end = look.at + look.first;
  return end < text.size() ? behind_places[static_cast<unsigned char>(text[end])] : place(plain_behind);
}

std::size_t before_place(std::string_view text, std::size_t at) noexcept {
  if (at == 0) return place(free_before);
  const char c = text[at - 1];
  if (is_alpha(c) || c == '_') return place(letter_before);
  if ((c != '.' && c != '-') || at == 1) return place(free_before);
  const char further = text[at - 2];
  return (c == '.' ? is_alnum(further) : is_digit(further)) ? place(tied_before) : place(free_before);
}

bool is_marked(std::string_view text, std::size_t at) noexcept {
  const std::size_t from = at > 11 ? at - 11 : 0;
  if (text.substr(from, at - from).find('+') != std::string_view::npos) return true;
  return (at > 0 && text[at - 1] == ')') || (at > 1 && text[at - 1] == ' ' && text[at - 2] == ')');
}

}  // namespace

number_rules::number_rules(std::span<const detector> table, detector_bits on) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    const detector& d = table[i];
    if ((on >> i & 1) == 0 || d.starts_at != anchor::digits || (d.shapes & plain_number) == 0) continue;
    if (d.forms.empty()) throw std::invalid_argument("a detector of plain numbers has no form: " + std::string(d.name));
    for (const number_form& form : d.forms) add(form, i);
  }
}

void number_rules::add(const number_form& form, std::size_t row) {
  if (size_ == row_.size()) throw std::invalid_argument("more than 64 forms of numbers");
  const rule_bits rule = rule_bits{1} << size_;
  row_[size_++] = static_cast<std::uint8_t>(row);
  for (std::size_t n = form.least; n < by_count_.size() && (n <= form.most || form.most == 255); ++n) by_count_[n] |= rule;
  const auto set = [rule](auto& by, std::uint32_t wanted) {
    for (std::size_t n = 0; n < by.size(); ++n) {
      if (wanted >> n & 1) by[n] |= rule;
    }
  };
  set(by_first_, form.first);
  set(by_second_, form.second);
  set(by_lead_, form.leads);
  set(by_behind_, form.behind);
  set(by_before_, form.before);
  if (form.marked) marked_ |= rule;
  if (form.worded) worded_ |= rule;
  if (form.unpointed) unpointed_ |= rule;
}

number_rules::rule_bits number_rules::active(detector_bits worded) const noexcept {
  rule_bits rules = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    if ((worded_ >> i & 1) == 0 || (worded >> row_[i] & 1) != 0) rules |= rule_bits{1} << i;
  }
  return rules;
}

detector_bits number_rules::wanting(std::string_view text, const number_look& look, rule_bits active) const noexcept {
  rule_bits rules = active & by_count_[std::min(look.count, counts - 1)] & by_first_[std::min(look.first, lengths - 1)] &
                    by_second_[std::min(look.second, lengths - 1)];
  if (!look.marked) rules &= ~marked_;
  if (look.pointed) rules &= ~unpointed_;
  if (rules == 0) return 0;
  rules &= by_behind_[behind_place(text, look)] & by_before_[before_place(text, look.at)] &
           by_lead_[static_cast<std::size_t>(text[look.at] - '0')];
  if ((rules & marked_) != 0 && !is_marked(text, look.at)) rules &= ~marked_;
  detector_bits rows = 0;
  for (; rules != 0; rules &= rules - 1) rows |= detector_bits{1} << row_[static_cast<std::size_t>(std::countr_zero(rules))];
  return rows;
}

}  // namespace naru::sensitivity::scan
