#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "policies/sensitivity/detectors.hpp"

using namespace naru::sensitivity;

namespace {
struct sample {
  detector what;
  std::string text;
};
// Made up for these tests; none was ever a live credential.
const std::vector<sample> positives{
    {detector::private_key, "-----BEGIN RSA PRIVATE KEY-----\nMIIE"},
    {detector::private_key, "x -----BEGIN OPENSSH PRIVATE KEY-----"},
    {detector::private_key, "-----BEGIN PGP PRIVATE KEY BLOCK-----"},
    {detector::private_key, "-----BEGIN PRIVATE KEY-----"},
    {detector::aws_access_key, "AKIAIOSFODNN7EXAMPLE"},
    {detector::aws_access_key, "key=ASIAQWERTYUIOP234567;"},
    {detector::aws_secret_key, "aws_secret_access_key = wJalrXUtnFEMIaK7MDENGabPxRfiCYEXAMPLEKEY"},
    {detector::aws_secret_key, "Secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'"},
    {detector::openai_key, "sk-abcdefghij0123456789ABCDEFGHIJ"},
    {detector::openai_key, "Authorization: Bearer sk-proj-a1_b2-c3d4e5f6g7h8i9j0"},
    {detector::anthropic_key, "sk-ant-api03-abcdefghij0123456789"},
    {detector::github_token, "ghp_0123456789abcdefghijABCDEFGHIJ012345"},
    {detector::github_token, "github_pat_11ABCDEFG0abcdefghij_xyz"},
    {detector::card, "4111111111111111"},
    {detector::card, "my card: 4111 1111 1111 1111."},
    {detector::card, "5500-0000-0000-0004"},
    {detector::card, "378282246310005"},
    {detector::card, "(6011111111111117)"},
    {detector::kr_rrn, "900101-1234567"},
    {detector::kr_rrn, "주민번호 9001011234567 입니다"},
    {detector::kr_rrn, "150101-3456789"},
    {detector::email, "write to kim.minsu+naru@example.co.kr please"},
    {detector::email, "a@b.io"},
    {detector::email, "Ask bob@example.com."},
};
const std::vector<std::string> negatives{
    "",
    "an ordinary sentence about keys, cards and mail",
    "sk-learn and task-0123456789012345678901234567",
    "sk-this-is-a-long-kebab-case-name-without-digits",
    "550e8400-e29b-41d4-a716-446655440000",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709 secret",
    "4111111111111112",
    "0000 0000 0000 0000",
    "v4.1111.1111.1111.1111",
    "id_4111111111111111",
    "order 1234567890123456",
    "1711112345678",
    "991301-1234567",
    "900132-1234567",
    "2026-11-24 10:44:00",
    "@decorator and foo@ and @bar",
    "x@y",
    "a@b.1",
    "user@-host.com.",
    "-----BEGIN CERTIFICATE-----",
    "AKIA but not a key, AKIA12",
    "BAKIAIOSFODNN7EXAMPLE",
    "gh_ ghp_short github_pat_short",
    "978-3-16-148410-0",
};
}  // namespace

TEST_CASE("every detector finds what it is for", "[sensitivity]") {
  for (const auto& s : positives) {
    INFO(s.text);
    CHECK(detect(s.text).has(s.what));
  }
}

TEST_CASE("ordinary text raises nothing", "[sensitivity]") {
  for (const auto& text : negatives) {
    INFO(text);
    CHECK(detect(text).empty());
  }
}

TEST_CASE("a finding does not depend on where in the text it stands", "[sensitivity][property]") {
  // The scan goes 16 bytes at a time: every alignment, with every kind of neighbour.
  for (const auto& s : positives) {
    for (std::size_t before = 0; before < 40; ++before) {
      for (std::size_t after = 0; after < 20; after += 3) {
        const std::string text = std::string(before, ' ') + s.text + std::string(after, ' ');
        INFO(text);
        CHECK(detect(text).has(s.what));
      }
    }
  }
}

TEST_CASE("generated cards and numbers of persons are found among other numbers", "[sensitivity][property]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 rng(seed);
  const auto digit = [&] { return static_cast<char>('0' + rng() % 10); };
  for (int i = 0; i < 5000; ++i) {
    std::string card = "4";
    while (card.size() < 15) card += digit();
    int sum = 0;
    for (std::size_t k = 0; k < 15; ++k) {
      const int d = card[14 - k] - '0';
      sum += k % 2 == 0 ? (d > 4 ? 2 * d - 9 : 2 * d) : d;
    }
    card += static_cast<char>('0' + (10 - sum % 10) % 10);
    std::string shown;
    const char separator = "\0 -"[rng() % 3];
    for (std::size_t k = 0; k < 16; ++k) {
      if (k != 0 && k % 4 == 0 && separator != '\0') shown += separator;
      shown += card[k];
    }
    INFO(shown);
    CHECK(detect("paid 17.50 with " + shown + ", thanks").has(detector::card));
    shown[shown.size() - 1] = static_cast<char>('0' + (shown.back() - '0' + 1) % 10);
    CHECK_FALSE(detect("paid 17.50 with " + shown + ", thanks").has(detector::card));
  }
}

TEST_CASE("any bytes may be scanned", "[sensitivity][property]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 rng(seed);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes;
    for (std::size_t n = rng() % 80; n > 0; --n) bytes += rng() % 3 == 0 ? "@-_I0123456789skgh"[rng() % 18] : static_cast<char>(rng());
    (void)detect(bytes);
  }
}
