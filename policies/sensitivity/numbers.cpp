#include "policies/sensitivity/characters.hpp"
#include "policies/sensitivity/validators.hpp"

namespace naru::sensitivity {
namespace {

int number(const digit_group& g, std::size_t from, std::size_t count) noexcept {
  int n = 0;
  for (std::size_t i = from; i < from + count; ++i) n = n * 10 + (g.digits[i] - '0');
  return n;
}

/// ISO/IEC 7812-1 annex B.
bool luhn(const digit_group& g) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < g.count; ++i) {
    int d = g.digits[g.count - 1 - i] - '0';
    if (i % 2 == 1) d = d > 4 ? d * 2 - 9 : d * 2;
    sum += d;
  }
  return sum % 10 == 0;
}

/// Issuer ranges and their lengths, as the networks publish them.
bool known_issuer(const digit_group& g) noexcept {
  const int two = number(g, 0, 2), three = number(g, 0, 3), four = number(g, 0, 4);
  const std::size_t n = g.count;
  if (g.digits[0] == '4') return n == 13 || n == 16 || n == 19;                                          // Visa
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return n == 16;                        // Mastercard
  if (two == 34 || two == 37) return n == 15;                                                            // American Express
  if (two == 65 || four == 6011 || (three >= 644 && three <= 649)) return n >= 16 && n <= 19;            // Discover
  if (four >= 3528 && four <= 3589) return n >= 16 && n <= 19;                                           // JCB
  if (two == 36 || two == 38 || two == 39 || (three >= 300 && three <= 305)) return n >= 14 && n <= 19;  // Diners Club
  if (two == 62 || two == 81) return n >= 16 && n <= 19;                                                 // UnionPay
  if (two == 50 || (two >= 56 && two <= 58) || two == 67 || two == 63) return n >= 13 && n <= 19;        // Maestro
  if (two == 94 || two == 93) return n == 16;                                                            // Korean domestic cards
  return false;
}

/// A number inside a longer word or number is not one of its own: hashes, UUIDs, versions, amounts.
bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  if (begin > 0) {
    const char before = text[begin - 1];
    if (is_alnum(before) || before == '_') return false;
    if (begin > 1 && (before == '.' || before == '-') && is_alnum(text[begin - 2])) return false;
  }
  if (end < text.size()) {
    const char after = text[end];
    if (is_alnum(after) || after == '_') return false;
    if (end + 1 < text.size() && (after == '.' || after == '-') && is_alnum(text[end + 1])) return false;
  }
  return true;
}

}  // namespace

bool is_card(std::string_view text, std::size_t begin, const digit_group& g) noexcept {
  if (g.count < 13 || g.count > 19) return false;
  bool all_same = true;
  for (std::size_t i = 1; i < g.count; ++i) all_same = all_same && g.digits[i] == g.digits[0];
  return !all_same && known_issuer(g) && luhn(g) && stands_alone(text, begin, g.end);
}

bool is_kr_rrn(std::string_view text, std::size_t begin, const digit_group& g) noexcept {
  // YYMMDD-GNNNNNN. The check digit means nothing since October 2020 (the last six digits are random), so it is not looked at.
  if (g.count != 13 || (g.first_gap != 6 && g.first_gap != 13)) return false;
  const int year = number(g, 0, 2), month = number(g, 2, 2), day = number(g, 4, 2), kind = g.digits[6] - '0';
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  if (!stands_alone(text, begin, g.end)) return false;
  if (g.first_gap == 6) return true;
  // Thirteen digits in a row: a time in milliseconds looks the same. Those begin with 1 now; a person born in 2010-19 has kind 3, 4, 7
  // or 8, one born in 1910-19 hardly writes to anybody.
  const bool this_century = kind == 3 || kind == 4 || kind == 7 || kind == 8;
  if (year / 10 == 1 || year == 0) return this_century;
  return true;
}

}  // namespace naru::sensitivity
