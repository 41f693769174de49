#include "policies/sensitivity/detectors/digits.hpp"
#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Numbers of persons in the United States, the United Kingdom, Japan and India.
namespace naru::sensitivity::detectors {
namespace {

/// Where nine digits of a social security number end: 3-2-4, with spaces or in a row only where the word is near (`loose` is set).
std::size_t ssn_end(const candidate& c, bool& loose) noexcept {
  std::size_t end = match_groups(c.text, c.at, {3, 2, 4}, "-");
  loose = end == no_end;
  if (loose) end = match_groups(c.text, c.at, {3, 2, 4}, " ");
  if (end == no_end) end = match_groups(c.text, c.at, {9}, "");
  return end != no_end && stands_alone(c.text, c.at, end) ? end : no_end;
}

bool is_twelve(const candidate& c, std::size_t& end, bool& spaced) noexcept {
  end = match_groups(c.text, c.at, {4, 4, 4}, " ");
  spaced = end != no_end;
  if (!spaced) end = match_groups(c.text, c.at, {4, 4, 4}, "-");
  if (end == no_end) end = match_groups(c.text, c.at, {12}, "");
  if (end == no_end || !stands_alone(c.text, c.at, end)) return false;
  // A window of a longer row of groups (a card, a table) is not a number of its own.
  const auto digit_beside = [&](char gap, char digit) { return (gap == ' ' || gap == '-') && is_digit(digit); };
  if (digit_beside(peek(c.text, end), peek(c.text, end + 1))) spaced = false;
  if (digit_beside(peek_back(c.text, c.at, 1), peek_back(c.text, c.at, 2))) spaced = false;
  return true;
}

}  // namespace

bool us_ssn(const candidate& c) noexcept {
  // Never given out: area 000, 666, 900-999, group 00, serial 0000 (SSA, randomization since 2011).
  if (c.text[c.at] == '9') return false;
  bool loose = false;
  const std::size_t end = ssn_end(c, loose);
  if (end == no_end) return false;
  const number n = digits_of(c.text, c.at, end);
  if (n.value(0, 3) == 0 || n.value(0, 3) == 666 || n.value(3, 2) == 0 || n.value(5, 4) == 0) return false;
  return !loose ||
         (c.worded && says_near(c.text, c.at, end, 48, 32, {"ssn", "social security", "social-security", "social_security", "사회보장"}));
}

bool us_itin(const candidate& c) noexcept {
  // 9XX-GG-XXXX with groups 50-65, 70-88, 90-92, 94-99 (IRS Publication 1915, IRM 3.21.263).
  if (c.text[c.at] != '9') return false;
  bool loose = false;
  const std::size_t end = ssn_end(c, loose);
  if (end == no_end) return false;
  const std::uint64_t group = digits_of(c.text, c.at, end).value(3, 2);
  if (group < 50 || (group > 65 && group < 70) || group == 89 || group == 93) return false;
  return !loose || says_near(c.text, c.at, end, 48, 32, {"itin", "taxpayer", "tin", "tax id"});
}

bool uk_nino(const candidate& c) noexcept {
  // AB123456C, often AB 12 34 56 C (HMRC NIM39110): some letters and pairs are never used, the suffix is A to D.
  const std::string_view text = c.text;
  std::size_t end = match_groups(text, c.at, {6}, "");
  if (end == no_end) end = match_groups(text, c.at, {2, 2, 2}, " -");
  if (end == no_end) return false;
  std::size_t begin = c.at;
  if (peek_back(text, begin, 1) == ' ' || peek_back(text, begin, 1) == '-') --begin;
  if (begin < 2) return false;
  begin -= 2;
  const char first = text[begin], second = text[begin + 1];
  if (!is_upper(first) || !is_upper(second) || std::string_view("DFIQUV").find(first) != std::string_view::npos ||
      std::string_view("DFIOQUV").find(second) != std::string_view::npos || !begins_alone(text, begin)) {
    return false;
  }
  for (const std::string_view never : words{"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}) {
    if (begins(text, begin, never)) return false;
  }
  if (peek(text, end) == ' ' || peek(text, end) == '-') ++end;
  const char suffix = peek(text, end);
  return suffix >= 'A' && suffix <= 'D' && ends_alone(text, end + 1);
}

bool jp_my_number(const candidate& c) noexcept {
  // Twelve digits, the last a check digit (Order of the Ministry of Internal Affairs 85 of 2014, article 5).
  std::size_t end = 0;
  bool spaced = false;
  if (!is_twelve(c, end, spaced)) return false;
  const number n = digits_of(c.text, c.at, end);
  const int rest = weighted(n.view(), {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
  if ((rest <= 1 ? 0 : 11 - rest) != n.digits[11] - '0' || !varied(n.view(), 3)) return false;
  return spaced || says_near(c.text, c.at, end, 64, 32,
                             {"マイナンバー", "個人番号", "my number", "mynumber", "my_number", "individual number", "마이넘버"});
}

bool in_aadhaar(const candidate& c) noexcept {
  // Twelve digits, the first 2 to 9, Verhoeff over all (UIDAI).
  if (c.text[c.at] < '2') return false;
  std::size_t end = 0;
  bool spaced = false;
  if (!is_twelve(c, end, spaced)) return false;
  const number n = digits_of(c.text, c.at, end);
  if (!verhoeff(n.view()) || !varied(n.view(), 3)) return false;
  return spaced || says_near(c.text, c.at, end, 64, 32, {"aadhaar", "aadhar", "adhaar", "uidai", "uid", "आधार"});
}

}  // namespace naru::sensitivity::detectors
