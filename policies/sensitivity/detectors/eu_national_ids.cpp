#include <array>

#include "policies/sensitivity/detectors/digits.hpp"
#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Numbers of persons in the member states of the European Union. Those with letters or a two-digit check stand by themselves; digits
// alone need the country's word beside them. Source of the algorithms: the European Commission's TIN portal and each state's register.
namespace naru::sensitivity::detectors {
namespace {

// Those that carry letters.

/// IT codice fiscale, LLLLLLDDLDDLDDDL: `at` is its first digit (Decree of 12 March 1974; no homocodia, which swaps digits for letters).
bool italian(std::string_view text, std::size_t at) noexcept {
  if (at < 6) return false;
  const std::string_view code = text.substr(at - 6, 16);
  constexpr std::string_view form = "LLLLLLDDLDDLDDDL";
  if (code.size() != form.size()) return false;
  constexpr std::array<int, 26> odd{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  int sum = 0;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const char c = code[i];
    if (form[i] == 'L' ? !is_upper(c) : !is_digit(c)) return false;
    const int place = is_digit(c) ? c - '0' : c - 'A';
    if (i < 15) sum += i % 2 == 0 ? odd[static_cast<std::size_t>(place)] : place;
  }
  if (std::string_view("ABCDEHLMPRST").find(code[8]) == std::string_view::npos) return false;
  const int day = (code[9] - '0') * 10 + code[10] - '0';
  if (day < 1 || (day > 31 && day < 41) || day > 71) return false;
  return 'A' + sum % 26 == code[15] && stands_alone(text, at - 6, at + 10);
}

/// ES DNI (eight digits) and NIE (X, Y or Z and seven), then a letter by mod 23 (Royal Decree 1553/2005).
bool spanish(std::string_view text, std::size_t at, std::size_t digits) noexcept {
  std::size_t begin = at, end = at + digits;
  number n = digits_of(text, at, end);
  std::uint64_t value = n.value(0, digits);
  if (digits == 7) {
    if (peek_back(text, begin, 1) == '-') --begin;
    const char kind = peek_back(text, begin, 1);
    if (kind < 'X' || kind > 'Z') return false;
    --begin;
    value += static_cast<std::uint64_t>(kind - 'X') * 10'000'000;
  }
  if (peek(text, end) == '-') ++end;
  return peek(text, end) == "TRWAGMYFPDXBNJZSQVHLCKE"[value % 23] && varied(n.view(), 3) && stands_alone(text, begin, end + 1);
}

/// FI DDMMYY, the century's sign, NNN and a check character by mod 31 (DVV; signs of 2023 included).
bool finnish(std::string_view text, std::size_t at) noexcept {
  const char sign = peek(text, at + 6);
  if (std::string_view("-+ABCDEFUVWXY").find(sign) == std::string_view::npos || length_of(text, at + 7, is_digit, 3) != 3) return false;
  number n = digits_of(text, at, at + 10);
  if (!is_day(n.value(4, 2), n.value(2, 2), n.value(0, 2))) return false;
  const char check = peek(text, at + 10);
  if (check != "0123456789ABCDEFHJKLMNPRSTUVWXY"[n.value(0, 9) % 31] || !stands_alone(text, at, at + 11)) return false;
  return (is_alpha(check) || sign != '-') || says_near(text, at, at + 11, 64, 32, {"hetu", "henkilötunnus", "finnish", "personbeteckning"});
}

/// IE PPS: seven digits, a check letter by mod 23, and since 2013 a second letter.
bool irish(std::string_view text, std::size_t at) noexcept {
  const char check = peek(text, at + 7), second = peek(text, at + 8);
  if (check < 'A' || check > 'W') return false;
  const bool two = is_upper(second);
  const number n = digits_of(text, at, at + 7);
  const int sum = weighted(n.view(), {8, 7, 6, 5, 4, 3, 2}) + (two && second != 'W' ? (second - 'A' + 1) * 9 : 0);
  if ((sum % 23 == 0 ? 'W' : 'A' + sum % 23 - 1) != check) return false;
  const std::size_t end = at + (two ? 9 : 8);
  return stands_alone(text, at, end) && says_near(text, at, end, 64, 32, {"pps", "ppsn", "personal public service"});
}

// Those whose digits say enough.

/// FR NIR: sex, year, month, place of birth, order, and the key 97 - n mod 97 (INSEE; Corsica's 2A and 2B are not read).
bool french(const number& n) noexcept {
  const std::uint64_t sex = n.value(0, 1), month = n.value(3, 2);
  if ((sex != 1 && sex != 2) || month < 1 || (month > 12 && month < 20) || (month > 42 && month < 50)) return false;
  return 97 - n.value(0, 13) % 97 == n.value(13, 2);
}

/// BE YY.MM.DD-NNN.CC: 97 - n mod 97, with a 2 before the nine digits for those born since 2000.
bool belgian(const number& n) noexcept {
  if (n.value(2, 2) > 12 || n.value(4, 2) > 31) return false;
  const std::uint64_t first = n.value(0, 9), check = n.value(9, 2);
  return 97 - first % 97 == check || 97 - (2'000'000'000 + first) % 97 == check;
}

std::size_t belgian_end(std::string_view text, std::size_t at) noexcept {
  const std::size_t date = match_groups(text, at, {2, 2, 2}, ".");
  if (date == no_end || peek(text, date) != '-') return no_end;
  return match_groups(text, date + 1, {3, 2}, ".");
}

// Those that need their word.

bool is_check(int rest, const number& n) noexcept { return rest == n.digits[n.count - 1] - '0'; }

bool german(const number& n) noexcept {  // Steuer-ID: among the first ten one digit stands twice or thrice, the others at most once
  if (n.digits[0] == '0') return false;
  std::array<int, 10> counts{};
  for (const char c : n.view().substr(0, 10)) ++counts[static_cast<std::size_t>(c - '0')];
  int repeated = 0;
  for (const int k : counts) repeated += k > 3 ? 2 : (k > 1 ? 1 : 0);
  return repeated == 1 && iso7064_mod11_10(n.view());
}
bool dutch(const number& n) noexcept { return weighted(n.view(), {9, 8, 7, 6, 5, 4, 3, 2, -1}) % 11 == 0; }
bool polish(const number& n) noexcept {
  return is_day(n.value(0, 2), n.value(2, 2) % 20, n.value(4, 2)) &&
         is_check((10 - weighted(n.view(), {1, 3, 7, 9, 1, 3, 7, 9, 1, 3}) % 10) % 10, n);
}
bool swedish(const number& n) noexcept {
  const std::size_t skip = n.count - 10;
  const std::uint64_t day = n.value(skip + 4, 2);
  return is_day(n.value(skip, 2), n.value(skip + 2, 2), day > 60 ? day - 60 : day) && luhn(n.view().substr(skip));
}
bool danish(const number& n) noexcept { return is_day(n.value(4, 2), n.value(2, 2), n.value(0, 2)); }  // mod 11 ended in 2007
bool portuguese(const number& n) noexcept {
  const int rest = weighted(n.view(), {9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  return n.digits[0] != '0' && n.digits[0] != '4' && n.digits[0] != '7' && is_check(rest < 2 ? 0 : 11 - rest, n);
}
bool austrian(const number& n) noexcept {
  return weighted(n.view(), {3, 7, 9, 0, 5, 8, 4, 2, 1, 6}) % 11 == n.digits[3] - '0' && n.value(4, 2) <= 31 && n.value(6, 2) <= 15;
}
bool croatian(const number& n) noexcept { return iso7064_mod11_10(n.view()); }
bool romanian(const number& n) noexcept {
  const int rest = weighted(n.view(), {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9}) % 11;
  return n.digits[0] != '0' && is_day(n.value(1, 2), n.value(3, 2), n.value(5, 2)) && is_check(rest == 10 ? 1 : rest, n);
}
bool baltic(const number& n) noexcept {  // EE and LT
  int rest = weighted(n.view(), {1, 2, 3, 4, 5, 6, 7, 8, 9, 1}) % 11;
  if (rest == 10) rest = weighted(n.view(), {3, 4, 5, 6, 7, 8, 9, 1, 2, 3}) % 11 % 10;
  return is_day(n.value(1, 2), n.value(3, 2), n.value(5, 2)) && is_check(rest, n);
}
bool latvian(const number& n) noexcept {
  if (n.value(0, 2) >= 32) return true;  // since 2017 without a date or a check digit
  return is_check((1101 - weighted(n.view(), {1, 6, 3, 7, 9, 10, 5, 8, 4, 2})) % 11 % 10, n);
}
bool bulgarian(const number& n) noexcept {
  const std::uint64_t month = n.value(2, 2);
  return is_day(n.value(0, 2), month > 40 ? month - 40 : (month > 20 ? month - 20 : month), n.value(4, 2)) &&
         is_check(weighted(n.view(), {2, 4, 8, 5, 10, 9, 7, 3, 6}) % 11 % 10, n);
}
bool czech(const number& n) noexcept {
  const std::uint64_t month = n.value(2, 2) % 50;
  return is_day(n.value(0, 2), month > 20 ? month - 20 : month, n.value(4, 2)) && n.value(0, 10) % 11 == 0;
}
bool greek(const number& n) noexcept { return is_day(n.value(4, 2), n.value(2, 2), n.value(0, 2)) && luhn(n.view()); }
bool hungarian(const number& n) noexcept { return is_check(weighted(n.view(), {3, 7, 3, 7, 3, 7, 3, 7}) % 10, n); }
bool slovenian(const number& n) noexcept {
  const int rest = weighted(n.view(), {7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
  return n.value(0, 2) <= 31 && n.value(2, 2) <= 12 && is_check(rest == 0 ? 0 : 11 - rest, n);
}
bool luxembourgish(const number& n) noexcept { return n.value(4, 2) <= 12 && luhn(n.view().substr(0, 12)); }

/// Where the first 9, 10, ... 13 digits from an offset on end, with single separators between them; no_end where more follow.
using plain_ends = std::array<std::size_t, 5>;

/// @return false when no number of these lengths begins at `at`
bool find_ends(std::string_view text, std::size_t at, plain_ends& ends) noexcept {
  ends.fill(no_end);
  if (!begins_alone(text, at)) return false;
  bool any = false;
  std::size_t i = at, n = 0;
  while (n < 13) {
    if (is_digit(peek(text, i))) {
      ++n;
      if (n >= 9 && ends_alone(text, i + 1)) {
        ends[n - 9] = i + 1;
        any = true;
      }
    } else if (std::string_view(" -./+").find(peek(text, i)) == std::string_view::npos || !is_digit(peek(text, i + 1))) {
      break;
    }
    ++i;
  }
  return any;
}

bool is_plain(std::string_view text, std::size_t at, std::size_t end, bool (*valid)(const number&) noexcept, words beside) noexcept {
  if (end == no_end) return false;
  const number n = digits_of(text, at, end);
  return valid(n) && varied(n.view(), 3) && says_near(text, at, end, 64, 32, beside);
}

bool any_plain(std::string_view text, std::size_t at) noexcept {
  plain_ends ends{};
  if (!find_ends(text, at, ends)) return false;
  return is_plain(text, at, ends[0], dutch, {"bsn", "burgerservicenummer", "sofinummer"}) ||
         is_plain(text, at, ends[0], portuguese, {"nif", "contribuinte", "portuguese"}) ||
         is_plain(text, at, ends[0], hungarian, {"taj"}) ||
         is_plain(text, at, ends[1], swedish, {"personnummer", "personnr", "samordningsnummer", "swedish personal"}) ||
         is_plain(text, at, ends[3], swedish, {"personnummer", "personnr", "samordningsnummer", "swedish personal"}) ||
         is_plain(text, at, ends[1], danish, {"cpr", "cpr-nummer", "personnummer"}) ||
         is_plain(text, at, ends[1], austrian, {"svnr", "sozialversicherungsnummer", "sv-nummer"}) ||
         is_plain(text, at, ends[1], bulgarian, {"egn", "егн", "ЕГН"}) ||
         is_plain(text, at, ends[1], czech, {"rodné", "rodne", "birth number"}) ||
         is_plain(text, at, ends[2], german,
                  {"steuer-id", "steuerid", "idnr", "steueridentifikationsnummer", "identifikationsnummer", "steuer"}) ||
         is_plain(text, at, ends[2], polish, {"pesel"}) || is_plain(text, at, ends[2], croatian, {"oib"}) ||
         is_plain(text, at, ends[2], baltic, {"isikukood", "asmens", "personal code"}) ||
         is_plain(text, at, ends[2], latvian, {"personas kods", "personas kodu", "latvian"}) ||
         is_plain(text, at, ends[2], greek, {"amka", "αμκα", "ΑΜΚΑ"}) ||
         is_plain(text, at, ends[2], belgian,
                  {"rijksregister", "rijksregisternummer", "registre national", "numéro national", "niss", "insz"}) ||
         is_plain(text, at, ends[4], romanian, {"cnp", "cod numeric"}) || is_plain(text, at, ends[4], slovenian, {"emso", "emšo"}) ||
         is_plain(text, at, ends[4], luxembourgish, {"matricule", "luxembourg"});
}

}  // namespace

bool eu_national_id(const candidate& c) noexcept {
  const std::string_view text = c.text;
  const std::size_t first = length_of(text, c.at, is_digit, 16);
  if (first == 2 && is_upper(peek(text, c.at + 2))) return italian(text, c.at);
  if (c.digits == nullptr) return false;
  if (first == 7) return spanish(text, c.at, 7) || irish(text, c.at);
  if (first == 8 && spanish(text, c.at, 8)) return true;
  if (first == 6 && finnish(text, c.at)) return true;
  // Any plain form has nine digits; "/" and "+" end what counts as a group.
  const char behind = peek(text, c.at + first);
  if (c.digits->count < 9 && !(first == 6 && (behind == '/' || behind == '+'))) return false;
  std::size_t end = first == 15 ? c.at + 15 : no_end;
  if (first == 1) end = match_groups(text, c.at, {1, 2, 2, 2, 3, 3, 2}, " .-");
  if (first == 13) end = match_groups(text, c.at, {13, 2}, " ");
  if (end != no_end && stands_alone(text, c.at, end) && french(digits_of(text, c.at, end))) return true;
  end = first == 2 ? belgian_end(text, c.at) : no_end;
  if (end != no_end && stands_alone(text, c.at, end) && belgian(digits_of(text, c.at, end))) return true;
  return c.worded && any_plain(text, c.at);
}

}  // namespace naru::sensitivity::detectors
