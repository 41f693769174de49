#include <array>

#include "policies/sensitivity/characters.hpp"
#include "policies/sensitivity/detector.hpp"
#include "policies/sensitivity/validators.hpp"

namespace naru::sensitivity {
namespace {

constexpr std::array<std::string_view, 1> private_key_literals{"-----BEGIN "};
constexpr std::array<std::string_view, 2> aws_literals{"AKIA", "ASIA"};
constexpr std::array<std::string_view, 1> sk_literals{"sk-"};
constexpr std::array<std::string_view, 6> github_literals{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"};

/// The key's characters in a longer run: "secret=/abc" begins before it.
bool aws_secret(const candidate& c) noexcept {
  const auto part = [](char each) { return is_alnum(each) || each == '+' || each == '/'; };
  for (std::size_t begin = c.at; begin < c.end;) {
    std::size_t end = begin;
    while (end < c.end && part(c.text[end])) ++end;
    if (end - begin == 40 && is_aws_secret_key(c.text, begin, end)) return true;
    begin = end + 1;
  }
  return false;
}

constexpr std::array table{
    detector{.name = "private_key", .summary = "the header of a PEM, OpenSSH or PGP private key", .literals = private_key_literals,
             .found = [](const candidate& c) noexcept { return is_private_key(c.text, c.at); }},
    detector{.name = "aws_access_key", .summary = "AKIA or ASIA and 16 characters of base32, alone", .literals = aws_literals,
             .found = [](const candidate& c) noexcept { return is_aws_access_key(c.text, c.at + 2); }},
    detector{.name = "aws_secret_key", .summary = "40 characters of base64 with `aws`, `secret` or an access key shortly before",
             .starts_at = anchor::run, .found = aws_secret},
    detector{.name = "openai_key", .summary = "`sk-` and at least 20 characters with letters and digits", .literals = sk_literals,
             .found = [](const candidate& c) noexcept { return find_sk_key(c.text, c.at + 2) == sk_key::openai; }},
    detector{.name = "anthropic_key", .summary = "`sk-ant-` and the same", .literals = sk_literals,
             .found = [](const candidate& c) noexcept { return find_sk_key(c.text, c.at + 2) == sk_key::anthropic; }},
    detector{.name = "github_token", .summary = "`ghp_` `gho_` `ghu_` `ghs_` `ghr_` and at least 36, `github_pat_` and at least 22",
             .literals = github_literals,
             .found = [](const candidate& c) noexcept { return is_github_token(c.text, c.at + (c.text[c.at + 2] == 't' ? 6 : 3)); }},
    detector{.name = "kr_rrn", .group = detector_group::ids,
             .summary = "a Korean resident registration number: a date and seven digits; its check digit means nothing since October 2020",
             .starts_at = anchor::digits, .least_digits = 13, .most_digits = 13,
             .found = [](const candidate& c) noexcept { return is_kr_rrn(c.text, c.at, *c.digits); }},
    detector{.name = "card", .group = detector_group::finance, .summary = "13 to 19 digits of a known issuer, Luhn good, standing alone",
             .starts_at = anchor::digits, .least_digits = 13, .most_digits = 19,
             .found = [](const candidate& c) noexcept { return is_card(c.text, c.at, *c.digits); }},
    detector{.name = "email", .group = detector_group::contact, .raises_to = usual_label::default_label,
             .summary = "an address as people write it", .starts_at = anchor::at_sign,
             .found = [](const candidate& c) noexcept { return is_email(c.text, c.at); }},
};

}  // namespace

std::span<const detector> all_detectors() noexcept { return table; }

}  // namespace naru::sensitivity
