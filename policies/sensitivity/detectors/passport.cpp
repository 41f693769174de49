#include "policies/sensitivity/detectors/digits.hpp"
#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Passport numbers: letters and digits with no check digit outside the machine-readable zone, so the word must stand beside them.
namespace naru::sensitivity::detectors {
namespace {

/// 6-9 characters, most of them digits: KR M12345678 and M123A4567, US A12345678 and 123456789, JP TR1234567, DE C01X00T47, ...
bool is_number(std::string_view word) noexcept {
  if (word.size() < 7 || word.size() > 9) return false;
  std::size_t digits = 0;
  for (const char c : word) {
    if (!is_upper(c) && !is_digit(c)) return false;
    digits += is_digit(c) ? 1 : 0;
  }
  return digits >= 5 && (digits < word.size() || digits >= 8) && varied(word, 3);
}

bool has_number(std::string_view text, std::size_t from, std::size_t within) noexcept {
  const auto in = [](char c) { return is_alnum(c) || c == '_'; };
  for (std::size_t i = from; i < text.size() && i < from + within;) {
    const std::size_t n = length_of(text, i, in, 64);
    if (n > 0 && is_number(text.substr(i, n)) && stands_alone(text, i, i + n)) return true;
    i += n + 1;
  }
  return false;
}

}  // namespace

bool passport(const candidate& c) noexcept {
  if (begins(c.text, c.at, "P<") || begins(c.text, c.at, "p<")) {  // ICAO 9303: 44 characters a line, filled with '<'
    return length_of(c.text, c.at, [](char x) { return is_upper(x) || x == '<'; }, 45) >= 40;
  }
  if (is_alpha(c.text[c.at]) && is_alpha(peek_back(c.text, c.at, 1)) && !is_upper(c.text[c.at])) return false;
  const std::size_t begin = c.at - length_before(c.text, c.at, [](char x) { return x != '\n'; }, 32);
  return has_number(c.text, c.end, 64) || has_number(c.text.substr(0, c.at), begin, 32);
}

}  // namespace naru::sensitivity::detectors
