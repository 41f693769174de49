#include "policies/sensitivity/detectors/digits.hpp"
#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Numbers of the Republic of Korea.
namespace naru::sensitivity::detectors {
namespace {

/// YYMMDD and G, the century and sex: 1, 2, 5, 6 for those born 1900-1999, 3, 4, 7, 8 since.
bool is_birth(const number& n) noexcept {
  const char kind = n.digits[6];
  if (kind < '1' || kind > '8') return false;
  const bool this_century = kind == '3' || kind == '4' || kind == '7' || kind == '8';
  return is_day((this_century ? 2000 : 1900) + n.value(0, 2), n.value(2, 2), n.value(4, 2));
}

}  // namespace

bool kr_rrn(const candidate& c) noexcept {
  // YYMMDD-GNNNNNN. The check digit means nothing since October 2020 (the last six digits are random), so it is not looked at.
  const std::string_view text = c.text;
  if (!begins_alone(text, c.at)) return false;
  const std::size_t first = length_of(text, c.at, is_digit, 14);
  if (first == 6) {
    const std::size_t gap = length_of(text, c.at + 6, [](char x) { return x == ' ' || x == '-'; }, 4);
    if (gap == 0 || gap > 3 || length_of(text, c.at + 6 + gap, is_digit, 8) != 7) return false;
    const std::size_t end = c.at + 13 + gap;
    return is_birth(digits_of(text, c.at, end)) && ends_alone(text, end);
  }
  if (first != 13 || !ends_alone(text, c.at + 13)) return false;
  const number n = digits_of(text, c.at, c.at + 13);
  if (!is_birth(n)) return false;
  if (says_near(text, c.at, n.end, 64, 32, {"주민", "등록번호", "rrn", "resident", "생년월일", "jumin", "ssn"})) return true;
  // Thirteen digits in a row: a time in milliseconds looks the same until 2033 (15... to 19...), and few born in 2015 or 1915 write.
  // Nobody puts blanks between all digits of a time.
  if (!c.apart && n.digits[0] == '1' && n.digits[6] != '3' && n.digits[6] != '4') return false;
  return !is_called(text, c.at,
                    {"order", "ord", "invoice", "tracking", "barcode", "ean", "sku", "gtin", "주문", "송장", "운송장", "바코드"});
}

bool kr_business_number(const candidate& c) noexcept {
  // XXX-XX-XXXXX with a check digit (National Tax Service). Without the dashes any tenth number passes: the word must be near.
  const std::string_view text = c.text;
  std::size_t end = match_groups(text, c.at, {3, 2, 5}, "-");
  const bool dashed = end != no_end;
  if (!dashed) end = match_groups(text, c.at, {10}, "");
  if (end == no_end || !stands_alone(text, c.at, end)) return false;
  const number n = digits_of(text, c.at, end);
  if (n.value(0, 3) < 101 || n.value(3, 2) == 0) return false;
  const int sum = weighted(n.view(), {1, 3, 7, 1, 3, 7, 1, 3, 5}) + (n.digits[8] - '0') * 5 / 10;
  if ((10 - sum % 10) % 10 != n.digits[9] - '0') return false;
  return dashed || says_near(text, c.at, end, 64, 32, {"사업자", "등록번호", "business", "brn", "biz"});
}

bool kr_driver_licence(const candidate& c) noexcept {
  // RR-YY-NNNNNN-CC: R the licence office (11 Seoul ... 28 Sejong and the agencies), Y the year. Older ones write the office's name.
  const std::string_view text = c.text;
  std::size_t end = match_groups(text, c.at, {2, 2, 6, 2}, "-");
  const bool dashed = end != no_end;
  if (!dashed) end = match_groups(text, c.at, {2, 2, 6, 2}, " ");
  if (end == no_end) end = match_groups(text, c.at, {12}, "");
  if (end != no_end) {
    const number n = digits_of(text, c.at, end);
    const std::uint64_t office = n.value(0, 2);
    if (office < 11 || office > 28 || office == 27 || !stands_alone(text, c.at, end)) return false;
    return dashed || says_near(text, c.at, end, 64, 32, {"면허", "driver", "licence", "license"});
  }
  end = match_groups(text, c.at, {2, 6, 2}, "-");
  if (end == no_end || !ends_alone(text, end)) return false;
  return says(before(text, c.at, 16), {"서울", "부산", "경기", "강원", "충북", "충남", "전북", "전남", "경북", "경남", "제주", "대구",
                                       "인천", "광주", "대전", "울산"});
}

}  // namespace naru::sensitivity::detectors
