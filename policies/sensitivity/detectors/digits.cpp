#include "policies/sensitivity/detectors/digits.hpp"

#include "policies/sensitivity/detectors/text.hpp"

namespace naru::sensitivity::detectors {

std::uint64_t number::value(std::size_t from, std::size_t n) const noexcept {
  std::uint64_t v = 0;
  for (std::size_t i = from; i < from + n && i < digits.size(); ++i) v = v * 10 + static_cast<std::uint64_t>(digits[i] - '0');
  return v;
}

number digits_of(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  number n;
  n.end = end;
  for (std::size_t i = begin; i < end && i < text.size() && n.count < n.digits.size(); ++i) {
    if (is_digit(text[i])) n.digits[n.count++] = text[i];
  }
  return n;
}

std::size_t match_groups(std::string_view text, std::size_t at, std::initializer_list<std::uint8_t> lengths,
                         std::string_view separators) noexcept {
  char separator = '\0';
  std::size_t i = at;
  for (const auto* length = lengths.begin(); length != lengths.end(); ++length) {
    if (length != lengths.begin()) {
      const char c = peek(text, i);
      if (separator == '\0' && separators.find(c) != std::string_view::npos) separator = c;
      if (c == '\0' || c != separator) return no_end;
      ++i;
    }
    if (length_of(text, i, is_digit, *length + std::size_t{1}) != *length) return no_end;
    i += *length;
  }
  return i;
}

bool begins_alone(std::string_view text, std::size_t begin) noexcept {
  const char c = peek_back(text, begin, 1);
  if (is_alnum(c) || c == '_') return false;
  if ((c != '.' && c != '-') || !is_alnum(peek_back(text, begin, 2))) return true;
  if (c == '.') return false;
  const std::size_t word = length_before(text, begin - 1, is_alpha, 32);
  const std::size_t all = length_before(text, begin - 1, [](char x) { return is_alnum(x) || x == '_'; }, 33);
  if (word < 2 || word != all) return false;
  return length_before(text, begin - 1, is_hex, 33) < word;  // part of a UUID or a hash otherwise
}

bool ends_alone(std::string_view text, std::size_t end) noexcept {
  const char c = peek(text, end);
  if (is_alnum(c) || c == '_') return false;
  return (c != '.' && c != '-') || !is_alnum(peek(text, end + 1));
}

bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  return begins_alone(text, begin) && ends_alone(text, end);
}

bool is_day(std::uint64_t year, std::uint64_t month, std::uint64_t day) noexcept {
  if (month < 1 || month > 12 || day < 1) return false;
  constexpr std::array<std::uint64_t, 13> days{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day <= days[month] + (month == 2 && year % 4 == 0 ? 1 : 0);
}

bool luhn(std::string_view digits) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int d = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) d = d > 4 ? d * 2 - 9 : d * 2;
    sum += d;
  }
  return sum % 10 == 0;
}

int weighted(std::string_view digits, std::initializer_list<int> weights) noexcept {
  int sum = 0;
  std::size_t i = 0;
  for (const int w : weights) {
    if (i < digits.size()) sum += w * (digits[i] - '0');
    ++i;
  }
  return sum;
}

bool iso7064_mod11_10(std::string_view digits) noexcept {
  int product = 10;
  for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
    int sum = (digits[i] - '0' + product) % 10;
    if (sum == 0) sum = 10;
    product = sum * 2 % 11;
  }
  return (product + digits.back() - '0') % 10 == 1;
}

bool verhoeff(std::string_view digits) noexcept {
  // The dihedral group of order 10, and the permutation applied once more at every place from the right.
  const auto times = [](int a, int b) noexcept {
    if (a < 5) return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
    return b < 5 ? 5 + (a - b) % 5 : (a - b + 5) % 5;
  };
  constexpr std::array<int, 10> permutation{1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
  int check = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int d = digits[digits.size() - 1 - i] - '0';
    for (std::size_t k = i % 8; k > 0; --k) d = permutation[static_cast<std::size_t>(d)];
    check = times(check, d);
  }
  return check == 0;
}

}  // namespace naru::sensitivity::detectors
