#include "tests/integration/canary/secrets.hpp"

#include <fmt/format.h>

#include <array>

namespace naru::test::canary {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view lower_and_digits = "abcdefghijklmnopqrstuvwxyz0123456789";

/// A Visa number of 16 digits: any fifteen and the check digit of ISO/IEC 7812-1.
std::string card_digits(generator& random) {
  std::string number = "4" + some_of(random, digits, 14);
  int sum = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const int d = number[number.size() - 1 - i] - '0';
    sum += i % 2 == 0 ? (d > 4 ? d * 2 - 9 : d * 2) : d;
  }
  return number + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string card(generator& random) {
  std::string number = card_digits(random);
  const std::array<std::string_view, 3> gaps{"", " ", "-"};
  const std::string gap(one_of(random, gaps));
  for (const std::size_t at : {12, 8, 4}) number.insert(at, gap);
  return number;
}

std::string rrn(generator& random) {
  return fmt::format("{:02}{:02}{:02}-{}{}", 60 + below(random, 40), 1 + below(random, 12), 1 + below(random, 28), 1 + below(random, 2),
                     some_of(random, digits, 6));
}

/// A digit and a letter stand in it whatever chance says, as they do in real ones.
std::string key_part(generator& random, std::size_t count) { return "a7" + some_of(random, lower_and_digits, count); }

struct maker {
  std::string_view detector;
  std::string (*make)(generator&);
  bool is_word;
};

constexpr std::array makers{
    maker{"card", card, false},
    maker{"kr_rrn", rrn, false},
    maker{"email", [](generator& random) { return "kim." + some_of(random, lower_and_digits, 12) + "@example.com"; }, false},
    maker{"private_key", [](generator& random) { return "-----BEGIN RSA PRIVATE KEY-----\nMIIE" + some_of(random, lower_and_digits, 40); },
          false},
    maker{"openai_key", [](generator& random) { return "sk-" + key_part(random, 30); }, true},
    maker{"anthropic_key", [](generator& random) { return "sk-ant-" + key_part(random, 30); }, true},
    maker{"github_token", [](generator& random) { return "ghp_" + key_part(random, 34); }, true},
    maker{"aws_access_key", [](generator& random) { return "AKIA" + some_of(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16); }, true},
};

}  // namespace

secret make_secret(generator& random, room where) {
  if (where == room::number) return {"card", card_digits(random)};
  while (true) {
    const maker& m = one_of(random, makers);
    if (where == room::text || m.is_word) return {m.detector, m.make(random)};
  }
}

}  // namespace naru::test::canary
