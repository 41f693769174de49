#include "policies/pricing/token_estimate.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>

using namespace naru;
using namespace naru::pricing;

namespace {

/// The same classes, one byte at a time.
text_bytes slowly(std::string_view text) {
  text_bytes b;
  std::uint64_t leads = 0;
  std::uint64_t high = 0;
  for (char raw : text) {
    const auto c = static_cast<unsigned char>(raw);
    if (c >= 0x80) {
      ++high;
      if (c >= 0xE3 && c <= 0xED) ++leads;
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' || (c >= '\t' && c <= '\r')) {
      ++b.letters;
    } else {
      ++b.dense;
    }
  }
  b.cjk = std::min(3 * leads, high);
  b.other = high - b.cjk;
  return b;
}

token_estimate estimate(std::string_view text) { return estimate_tokens(count_bytes(text)); }

}  // namespace

TEST_CASE("bytes are sorted by how they tokenize", "[pricing]") {
  CHECK(count_bytes("Hello there\n") == text_bytes{12, 0, 0, 0});
  CHECK(count_bytes("{\"a\":12}") == text_bytes{1, 7, 0, 0});
  CHECK(count_bytes("나루터") == text_bytes{0, 0, 9, 0});
  CHECK(count_bytes("東京かな") == text_bytes{0, 0, 12, 0});
  CHECK(count_bytes("é") == text_bytes{0, 0, 0, 2});
  CHECK(count_bytes("😀") == text_bytes{0, 0, 0, 4});
  CHECK(count_bytes("") == text_bytes{});
}

TEST_CASE("any bytes are counted, whole or broken, over every block length", "[pricing][property]") {
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    std::mt19937_64 gen{seed};
    std::string text(seed + (gen() % 3) * 255, '\0');
    for (char& c : text) c = static_cast<char>(gen());
    INFO("seed " << seed);
    REQUIRE(count_bytes(text) == slowly(text));
    REQUIRE(count_bytes(text).total() == text.size());
  }
  CHECK(count_bytes("\xE3\xED\xE5") == text_bytes{0, 0, 3, 0});  // leads without tails: never more than there are bytes
}

TEST_CASE("English prose is about four bytes a token, Hangul about 0.8 tokens a syllable", "[pricing]") {
  const std::string prose = "The quick brown fox jumps over the lazy dog, and everyone who crosses the river goes through the landing.";
  const auto e = estimate(prose).expected.value;
  CHECK(e >= prose.size() / 5);
  CHECK(e <= prose.size() / 3);
  const auto hangul = estimate("나루를건너는모든사람은나루터를지나간다").expected.value;  // 19 syllables
  CHECK(hangul >= 12);
  CHECK(hangul <= 19);
}

TEST_CASE("the upper figure is never below the expected one and never above one token a byte", "[pricing][property]") {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    std::mt19937_64 gen{seed};
    const text_bytes b{gen() % 100'000, gen() % 100'000, gen() % 100'000, gen() % 100'000};
    const token_estimate e = estimate_tokens(b);
    INFO("seed " << seed);
    REQUIRE(e.expected <= e.upper);
    REQUIRE(e.upper.value <= b.total() + 4);  // each class is rounded up
  }
}

TEST_CASE("messages cost their framing", "[pricing]") {
  CHECK(estimate_tokens({}, 3).expected == tokens{12});
  CHECK(estimate_tokens({}, 3).upper == tokens{24});
  text_bytes sum = count_bytes("abc");
  sum += count_bytes("12");
  CHECK(sum == count_bytes("abc12"));
}
