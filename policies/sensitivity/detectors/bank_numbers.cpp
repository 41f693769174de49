#include <array>

#include "policies/sensitivity/detectors/digits.hpp"
#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Accounts and the codes of banks.
namespace naru::sensitivity::detectors {
namespace {

struct iban_form {
  std::string_view country;
  std::uint8_t length;
};
/// SWIFT's IBAN registry, release 99.
constexpr std::array<iban_form, 88> iban_forms{{
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22}, {"BI", 27}, {"BR", 29},
    {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29},
    {"ES", 24}, {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28},
    {"HN", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20},
    {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19},
    {"MN", 20}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24}, {"PL", 28}, {"PS", 29},
    {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24}, {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24},
    {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20},
}};

char to_upper(char c) noexcept { return is_lower(c) ? static_cast<char>(c - 32) : c; }

/// By both letters; 0: none of them.
constexpr auto iban_lengths = [] {
  std::array<std::uint8_t, 26UL * 26UL> t{};
  for (const auto& form : iban_forms) t[static_cast<std::size_t>((form.country[0] - 'A') * 26 + (form.country[1] - 'A'))] = form.length;
  return t;
}();
/// @param a, b  letters
std::size_t iban_length(char a, char b) noexcept {
  return iban_lengths[static_cast<std::size_t>((to_upper(a) - 'A') * 26 + (to_upper(b) - 'A'))];
}

/// The two letters at 4 and 5 of a BIC are a country's (ISO 3166-1).
bool is_country(char a, char b) noexcept {
  constexpr std::string_view codes =
      "AD AE AF AG AI AL AM AO AR AS AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI "
      "CK CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL "
      "GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ "
      "LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI "
      "NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN "
      "SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK "
      "YE YT ZA ZM ZW";
  for (std::size_t i = 0; i + 1 < codes.size(); i += 3) {
    if (codes[i] == a && codes[i + 1] == b) return true;
  }
  return false;
}

/// AAAABBCC or AAAABBCCDDD in capitals at `at`: bank, country, place, branch (ISO 9362).
bool is_bic(std::string_view text, std::size_t at, std::size_t n) noexcept {
  if ((n != 8 && n != 11) || glued_before(text, at) || glued_after(text, at + n)) return false;
  for (std::size_t i = 0; i < n; ++i) {
    if (!is_upper(text[at + i]) && (i < 6 || !is_digit(text[at + i]))) return false;
  }
  return is_country(text[at + 4], text[at + 5]);
}

/// Words of eight or eleven letters with a country's at the right place, as they follow "SWIFT" or "Swift" in headings.
bool is_word_like_bic(std::string_view code) noexcept {
  for (const std::string_view word : words{"MESSAGES", "LANGUAGE", "COMPILER", "PACKAGES", "DOCUMENT", "CODEBASE", "INTEGRATION",
                                           "INSTRUCTION", "DEVELOPMENT", "REGULATIONS", "PERFORMANCE"}) {
    if (code == word) return true;
  }
  return false;
}

/// A word in capitals may look like a code ("SWIFT MESSAGES"): something must say that it is one.
bool is_introduced(std::string_view between, std::string_view code) noexcept {
  for (const char c : between) {
    if (c == ':' || c == '=' || c == '#' || c == '(' || c == '"' || c == '|') return true;
  }
  if (says(between, {"code", "코드", "is", "bic", "swift", "number"})) return true;
  for (const char c : code) {
    if (is_digit(c)) return true;
  }
  if (code.size() == 11 && code.substr(8) == "XXX") return true;
  return between == " " && !is_word_like_bic(code);
}

}  // namespace

bool iban(const candidate& c) noexcept {
  // Two letters, two check digits, then letters and digits, often in fours; mod 97 over all (ISO 13616).
  const std::string_view text = c.text;
  if (c.at < 2) return false;
  const std::size_t begin = c.at - 2;
  if (!is_alpha(text[begin]) || !is_alpha(text[begin + 1]) || is_upper(text[begin]) != is_upper(text[begin + 1])) return false;
  if (glued_before(text, begin) || peek_back(text, begin, 1) == '_') return false;
  const std::size_t length = iban_length(text[begin], text[begin + 1]);
  if (length == 0 || length_of(text, c.at, is_digit, 2) < 2) return false;
  std::array<char, 34> code{};
  std::size_t n = 0, i = begin;
  while (n < length && i < text.size()) {
    if (is_alnum(text[i])) {
      code[n++] = to_upper(text[i]);
    } else if ((text[i] != ' ' && text[i] != '-') || !is_alnum(peek(text, i + 1))) {
      return false;
    }
    ++i;
  }
  if (n < length || glued_after(text, i)) return false;
  unsigned rest = 0;
  for (std::size_t k = 0; k < length; ++k) {
    const char x = code[(k + 4) % length];
    rest = is_digit(x) ? (rest * 10 + static_cast<unsigned>(x - '0')) % 97 : (rest * 100 + static_cast<unsigned>(x - 'A' + 10)) % 97;
  }
  return rest == 1;
}

bool kr_bank_account(const candidate& c) noexcept {
  // 10 to 14 digits in two to four groups, divided as each bank likes, no check digit: the bank's name or the word must be near.
  if (!c.worded) return false;
  const std::string_view text = c.text;
  std::size_t i = c.at, groups = 1, digits = 0;
  for (; is_digit(peek(text, i)) || (peek(text, i) == '-' && is_digit(peek(text, i + 1))); ++i) {
    if (text[i] == '-') {
      ++groups;
    } else {
      ++digits;
    }
    if (digits > 16) return false;
  }
  if (digits < 10 || digits > 14 || groups > 4 || !stands_alone(text, c.at, i)) return false;
  if (match_groups(text, c.at, {3, 4, 4}, "-") != no_end && begins(text, c.at, "01")) return false;  // a telephone
  if (match_groups(text, c.at, {6, 7}, "-") != no_end || (groups == 1 && begins(text, c.at, "010"))) return false;
  if (begins(text, i, "원") || begins(text, i, "만") || begins(text, i, " KRW") || begins(text, i, " won")) return false;
  if (says_near(text, c.at, i, 64, 48, bank_words)) return true;
  // Names of banks that are words of every day count only right before: "국민 123456-01-234567".
  return groups >= 3 && text[c.at] != '0' &&
         is_called(
             text, c.at,
             {"국민", "우리", "하나", "기업", "제일", "씨티", "카카오", "토스", "산업", "부산", "대구", "광주", "전북", "경남", "제주"});
}

bool swift(const candidate& c) noexcept {
  const std::string_view text = c.text;
  if (is_alpha(text[c.at]) && (is_alpha(peek_back(text, c.at, 1)) || is_lower(peek(text, c.end)))) return false;
  const std::size_t last = c.end + 40;
  for (std::size_t i = c.end; i < text.size() && i < last;) {
    const std::size_t n = length_of(text, i, is_alnum, 16);
    if (is_bic(text, i, n) && is_introduced(text.substr(c.end, i - c.end), text.substr(i, n))) return true;
    i += n + 1;
  }
  // "DEUTDEFF (BIC)"
  const char bracket = peek_back(text, c.at, 1);
  if (bracket != '(' && bracket != '[') return false;
  std::size_t end = c.at - 1;
  if (peek_back(text, end, 1) == ' ') --end;
  const std::size_t n = length_before(text, end, is_alnum, 12);
  return is_bic(text, end - n, n);
}

}  // namespace naru::sensitivity::detectors
