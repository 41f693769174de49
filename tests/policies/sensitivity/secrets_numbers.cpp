#include <algorithm>
#include <array>

#include "policies/sensitivity/detectors/hashes.hpp"
#include "tests/policies/sensitivity/secrets.hpp"

// Numbers with check digits. The digits are found by trying all ten (or by the definition), not by the detectors' own code.
namespace naru::test {
namespace {

using rng = std::mt19937_64;

std::string_view pick(rng& r, std::initializer_list<std::string_view> all) { return *(all.begin() + r() % all.size()); }
std::string digits(std::size_t n, rng& r) { return random_of(decimal, n, r); }
std::string between(unsigned least, unsigned most, std::size_t width, rng& r) {
  std::string s = std::to_string(least + r() % (most - least + 1));
  while (s.size() < width) s.insert(s.begin(), '0');
  return s;
}
made_secret in(std::string_view left, std::string secret, std::string_view right = "") {
  std::string text(left);
  text += secret;
  text += right;
  return {std::move(text), std::move(secret)};
}
std::string grouped(std::string_view number, std::initializer_list<std::size_t> lengths, std::string_view separator) {
  std::string s;
  std::size_t at = 0;
  for (const std::size_t n : lengths) {
    if (at > 0) s += separator;
    s += number.substr(at, n);
    at += n;
  }
  return s;
}

std::string with_luhn(std::string number) {
  int sum = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const int d = (number[number.size() - 1 - i] - '0') * (i % 2 == 0 ? 2 : 1);
    sum += d / 10 + d % 10;
  }
  return number + static_cast<char>('0' + (10 - sum % 10) % 10);
}

int weights_sum(std::string_view number, std::initializer_list<int> weights) {
  int sum = 0;
  std::size_t i = 0;
  for (const int w : weights) sum += (number[i++] - '0') * w;
  return sum;
}

made_secret rrn(rng& r) {
  const bool young = r() % 3 == 0;
  const std::string date = (young ? between(0, 24, 2, r) : between(40, 99, 2, r)) + between(1, 12, 2, r) + between(1, 28, 2, r);
  const std::string rest = std::string(young ? pick(r, {"3", "4", "7", "8"}) : pick(r, {"1", "2", "5", "6"})) + digits(6, r);
  if (r() % 4 == 0) return in("주민등록번호 ", date + rest, "을 확인해 주세요");
  return in(pick(r, {"주민번호: ", "RRN ", "고객 ", "please check "}), date + "-" + rest);
}

made_secret business(rng& r) {
  std::string n = between(101, 999, 3, r) + between(1, 99, 2, r) + digits(4, r);
  const int sum = weights_sum(n, {1, 3, 7, 1, 3, 7, 1, 3, 5}) + (n[8] - '0') * 5 / 10;
  n += static_cast<char>('0' + (10 - sum % 10) % 10);
  return r() % 4 == 0 ? in("사업자등록번호 ", n) : in("사업자 ", grouped(n, {3, 2, 5}, "-"), " 세금계산서");
}

made_secret driver(rng& r) {
  return in("면허번호는 ", between(11, 26, 2, r) + "-" + digits(2, r) + "-" + digits(6, r) + "-" + digits(2, r), "입니다");
}

made_secret passport_number(rng& r) {
  switch (r() % 3) {
    case 0: return in("여권번호: ", std::string(pick(r, {"M", "S", "R"})) + digits(8, r));
    case 1: return in("My passport number is ", "M" + digits(3, r) + "A" + digits(4, r), ".");
    default: return in("US passport ", between(1, 9, 1, r) + digits(8, r));
  }
}

made_secret ssn(rng& r) {
  const std::string n = between(1, 665, 3, r) + "-" + between(1, 99, 2, r) + "-" + between(1, 9999, 4, r);
  return in("my SSN is ", n, ", is that safe?");
}
made_secret itin(rng& r) { return in("ITIN ", "9" + digits(2, r) + "-" + between(70, 88, 2, r) + "-" + digits(4, r)); }
made_secret nino(rng& r) {
  const std::string prefix = std::string(pick(r, {"A", "B", "C", "E", "J", "S"})) + std::string(pick(r, {"A", "B", "C", "E", "H", "W"}));
  const std::string n = digits(6, r);
  const std::string suffix(pick(r, {"A", "B", "C", "D"}));
  if (r() % 2 == 0) return in("NI number ", prefix + n + suffix);
  return in("National Insurance: ", prefix + " " + grouped(n, {2, 2, 2}, " ") + " " + suffix);
}

made_secret my_number(rng& r) {
  std::string n = digits(11, r);
  int sum = 0;
  for (int k = 1; k <= 11; ++k) sum += (n[static_cast<std::size_t>(11 - k)] - '0') * (k <= 6 ? k + 1 : k - 5);
  const int rest = sum % 11;
  n += static_cast<char>('0' + (rest <= 1 ? 0 : 11 - rest));
  return in("マイナンバーは", r() % 2 == 0 ? n : grouped(n, {4, 4, 4}, " "), "です");
}

/// Verhoeff by his published tables, the check digit by trial.
bool verhoeff_valid(std::string_view n) {
  static constexpr std::array<std::string_view, 10> d{"0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
                                                      "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"};
  static constexpr std::array<std::string_view, 8> p{"0123456789", "1576283094", "5803796142", "8916043527",
                                                     "9453126870", "4286573901", "2793806415", "7046913258"};
  std::size_t c = 0;
  for (std::size_t i = 0; i < n.size(); ++i) {
    const auto digit = static_cast<std::size_t>(n[n.size() - 1 - i] - '0');
    c = static_cast<std::size_t>(d[c][static_cast<std::size_t>(p[i % 8][digit] - '0')] - '0');
  }
  return c == 0;
}

made_secret aadhaar(rng& r) {
  const std::string head = between(2, 9, 1, r) + digits(10, r);
  std::string n;
  for (char c = '0'; c <= '9'; ++c) {
    if (verhoeff_valid(head + c)) n = head + c;
  }
  return in("Aadhaar no ", r() % 2 == 0 ? n : grouped(n, {4, 4, 4}, " "));
}

made_secret eu_id(rng& r) {
  switch (r() % 5) {
    case 0: {
      const std::string n = digits(8, r);
      return in("DNI ", n + "TRWAGMYFPDXBNJZSQVHLCKE"[std::stoul(n) % 23]);
    }
    case 1: {
      const std::string n = between(1, 2, 1, r) + digits(2, r) + between(1, 12, 2, r) + between(1, 95, 2, r) + digits(6, r);
      const std::string k = between(97 - static_cast<unsigned>(std::stoull(n) % 97), 97 - static_cast<unsigned>(std::stoull(n) % 97), 2, r);
      return in("numéro de sécurité sociale ", grouped(n + k, {1, 2, 2, 2, 3, 3, 2}, " "));
    }
    case 2: {
      for (;;) {
        const std::string n = digits(9, r);
        if (n[0] != '0' && weights_sum(n, {9, 8, 7, 6, 5, 4, 3, 2, -1}) % 11 == 0) return in("mijn BSN is ", n);
      }
    }
    case 3: {
      const std::string head = between(10, 99, 2, r) + between(1, 12, 2, r) + between(1, 28, 2, r) + digits(4, r);
      return in("PESEL: ", head + static_cast<char>('0' + (10 - weights_sum(head, {1, 3, 7, 9, 1, 3, 7, 9, 1, 3}) % 10) % 10));
    }
    default: {
      const std::string head = between(10, 99, 2, r) + between(1, 12, 2, r) + between(1, 28, 2, r) + digits(3, r);
      const std::string n = with_luhn(head);
      return in("personnummer ", n.substr(0, 6) + "-" + n.substr(6));
    }
  }
}

made_secret card_number(rng& r) {
  if (r() % 5 == 0) return in("amex ", grouped(with_luhn("37" + digits(12, r)), {4, 6, 5}, " "));
  std::string head(pick(r, {"4", "51", "55", "2221", "6011", "3530", "62", "9410"}));
  while (head.size() < 15) head += decimal[r() % 10];
  const std::string full = with_luhn(head);
  const std::string_view separator = pick(r, {"", " ", "-"});
  return in("charge my card ", separator.empty() ? full : grouped(full, {4, 4, 4, 4}, separator), pick(r, {"", " 12/27", ", thanks"}));
}

made_secret iban_number(rng& r) {
  struct form {
    std::string_view country;
    std::size_t digits;
  };
  static constexpr std::array<form, 6> forms{{{"DE", 18}, {"FR", 23}, {"ES", 20}, {"NO", 11}, {"BE", 12}, {"PL", 24}}};
  const form& f = forms[r() % forms.size()];
  const std::string account = digits(f.digits, r);
  int rest = 0;
  const auto add = [&](int value, int base) { rest = (rest * base + value) % 97; };
  for (const char c : account) add(c - '0', 10);
  for (const char c : f.country) add(c - 'A' + 10, 100);
  add(0, 100);
  const std::string full =
      std::string(f.country) + between(98 - static_cast<unsigned>(rest), 98 - static_cast<unsigned>(rest), 2, r) + account;
  if (r() % 2 == 0) return in("transfer to ", full);
  std::string spaced;
  for (std::size_t i = 0; i < full.size(); ++i) {
    if (i > 0 && i % 4 == 0) spaced += ' ';
    spaced += full[i];
  }
  return in("IBAN: ", spaced, ".");
}

made_secret kr_account(rng& r) {
  const auto bank = pick(r, {"국민은행 ", "신한 ", "카카오뱅크 ", "농협 ", "계좌번호: "});
  if (r() % 3 == 0) return in(bank, "3" + digits(11, r));
  return in(bank, between(110, 999, 3, r) + "-" + digits(3, r) + "-" + digits(6, r), " 예금주 김나루");
}

made_secret bic(rng& r) {
  const std::string code =
      random_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 4, r) + std::string(pick(r, {"DE", "KR", "US", "GB"})) + random_of(upper_alnum, 2, r);
  return in(pick(r, {"SWIFT: ", "BIC code ", "swift code is "}), code + std::string(pick(r, {"", "XXX"})));
}

std::string base58(std::string bytes) {
  static constexpr std::string_view alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  const auto hash = [](std::string_view of) {
    const auto digest = sensitivity::detectors::sha256(of);
    return std::string(digest.begin(), digest.end());
  };
  bytes += hash(hash(bytes)).substr(0, 4);
  std::string out;
  std::size_t zeros = 0;
  while (zeros < bytes.size() && bytes[zeros] == 0) ++zeros;
  std::string number = bytes;
  while (std::any_of(number.begin(), number.end(), [](char c) { return c != 0; })) {
    unsigned rest = 0;
    for (char& c : number) {
      rest = rest * 256 + static_cast<unsigned char>(c);
      c = static_cast<char>(rest / 58);
      rest %= 58;
    }
    out += alphabet[rest];
  }
  out.append(zeros, '1');
  std::reverse(out.begin(), out.end());
  return out;
}

made_secret wallet(rng& r) {
  if (r() % 2 == 0) return in("my ETH wallet: ", "0x" + random_of(lower_hex, 40, r));
  std::string bytes(1, static_cast<char>(r() % 2 == 0 ? 0x00 : 0x05));
  for (int i = 0; i < 20; ++i) bytes += static_cast<char>(r());
  return in("send it to ", base58(bytes), " please");
}

made_secret mail(rng& r) {
  return in("write to ",
            random_of("abcdefghijklmnopqrstuvwxyz", 6, r) + "." + digits(2, r) + "@" + random_of("abcdefghijklmnop", 7, r) +
                std::string(pick(r, {".co.kr", ".com", ".io"})),
            " today");
}

made_secret telephone(rng& r) {
  switch (r() % 4) {
    case 0: return in("제 번호는 ", "010-" + between(2000, 9999, 4, r) + "-" + digits(4, r), "이에요");
    case 1: return in("call ", "(" + between(201, 989, 3, r) + ") " + between(200, 999, 3, r) + "-" + digits(4, r));
    case 2: return in("+", "82 10 " + between(2000, 9999, 4, r) + " " + digits(4, r), " 로 연락");
    default: return in("Tel. +", "49 30 " + between(1000000, 9999999, 7, r));
  }
}

made_secret address(rng& r) {
  if (r() % 3 == 0)
    return in("ssh root@",
              "2a01:4f8:" + random_of("123456789abcdef", 3, r) + ":" + between(1000, 9999, 4, r) + "::" + between(1, 99, 1, r));
  return in("the server at ",
            between(11, 99, 1, r) + "." + between(1, 255, 1, r) + "." + between(1, 255, 1, r) + "." + between(1, 254, 1, r), " is down");
}

made_secret street(rng& r) {
  const std::string number = between(1, 999, 1, r);
  if (r() % 2 == 0) return in("배송지: ", "서울특별시 강남구 테헤란로 " + number, ", 3층");
  return in("주소는 ", "경기 성남시 분당구 판교역로" + between(1, 99, 1, r) + "번길 " + number, "입니다");
}

const std::array<secret_kind, 19> kinds{{
    {"kr_rrn", rrn},
    {"kr_business_number", business},
    {"kr_driver_licence", driver},
    {"passport", passport_number},
    {"us_ssn", ssn},
    {"us_itin", itin},
    {"uk_nino", nino},
    {"jp_my_number", my_number},
    {"in_aadhaar", aadhaar},
    {"eu_national_id", eu_id},
    {"card", card_number},
    {"iban", iban_number},
    {"kr_bank_account", kr_account},
    {"swift", bic},
    {"crypto_wallet", wallet},
    {"email", mail},
    {"phone", telephone},
    {"ip", address},
    {"street_address_kr", street},
}};

}  // namespace

const secret_kind* find_number_kind(std::string_view detector) {
  const auto it = std::find_if(kinds.begin(), kinds.end(), [&](const secret_kind& k) { return k.detector == detector; });
  return it == kinds.end() ? nullptr : &*it;
}

}  // namespace naru::test
