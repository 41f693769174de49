#include "providers/dialects/limits_left.hpp"

#include <catch2/catch.hpp>

using namespace naru;
using namespace naru::dialects;
using namespace std::chrono_literals;

namespace {

const wall_time noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h;

std::optional<limits_left> read(std::vector<header> headers) { return read_limits_left(headers, noon); }

}  // namespace

TEST_CASE("OpenAI's headers: the narrowest limit counts, with its own reset", "[limits_left]") {
  const auto l = read({{"date", "x"},
                       {"x-ratelimit-limit-requests", "5000"},
                       {"x-ratelimit-remaining-requests", "4999"},
                       {"x-ratelimit-reset-requests", "12ms"},
                       {"x-ratelimit-limit-tokens", "2000000"},
                       {"x-ratelimit-remaining-tokens", "100000"},
                       {"x-ratelimit-reset-tokens", "6m0s"}});
  REQUIRE(l);
  CHECK(l->share == Approx(0.05));
  CHECK(l->resets_in == 6min);
  CHECK((l->tokens_left == 100'000 && l->tokens_limit == 2'000'000));
}

TEST_CASE("Azure's headers: no reset, a negative number says nothing, provisioned capacity says how full it is", "[limits_left]") {
  const auto l = read({{"x-ratelimit-remaining-requests", "0"}});
  REQUIRE(l);
  CHECK((l->share == 0 && !l->resets_in && l->tokens_limit == 0));
  CHECK_FALSE(read({{"x-ratelimit-remaining-requests", "99"}, {"x-ratelimit-remaining-tokens", "-1"}, {"x-ratelimit-limit-tokens", "-1"}}));
  const auto full = read({{"azure-openai-deployment-utilization", "93.5%"}});
  REQUIRE(full);
  CHECK(full->share == Approx(0.065));
  CHECK(read({{"azure-openai-deployment-utilization", "140%"}})->share == 0);
  CHECK_FALSE(read({{"azure-openai-deployment-utilization", "much"}}));
}

TEST_CASE("Anthropic's headers: four limits, resets as a date", "[limits_left]") {
  const auto l = read({{"anthropic-ratelimit-requests-limit", "1000"},
                       {"anthropic-ratelimit-requests-remaining", "900"},
                       {"anthropic-ratelimit-requests-reset", "2026-11-24T12:00:01Z"},
                       {"anthropic-ratelimit-input-tokens-limit", "400000"},
                       {"anthropic-ratelimit-input-tokens-remaining", "200000"},
                       {"anthropic-ratelimit-output-tokens-limit", "80000"},
                       {"anthropic-ratelimit-output-tokens-remaining", "8000"},
                       {"anthropic-ratelimit-output-tokens-reset", "2026-11-24T12:00:54Z"}});
  REQUIRE(l);
  CHECK(l->share == Approx(0.1));
  CHECK(l->resets_in == 54s);
  CHECK((l->tokens_left == 200'000 && l->tokens_limit == 400'000));
  CHECK(read({{"anthropic-ratelimit-requests-limit", "10"},
              {"anthropic-ratelimit-requests-remaining", "1"},
              {"anthropic-ratelimit-requests-reset", "2020-01-01T00:00:00Z"}})
            ->resets_in == 0ms);
}

TEST_CASE("what is no such header, or no number, says nothing", "[limits_left]") {
  CHECK_FALSE(read({}));
  CHECK_FALSE(read({{"retry-after", "3"},
                    {"x-ratelimit-", "1"},
                    {"x-ratelimit-limit", "1"},
                    {"anthropic-ratelimit-", "1"},
                    {"anthropic-ratelimit-requests", "1"}}));
  CHECK_FALSE(read({{"x-ratelimit-limit-requests", "100"}}));
  CHECK_FALSE(read({{"x-ratelimit-limit-requests", "100"}, {"x-ratelimit-remaining-requests", "many"}}));
  CHECK_FALSE(read({{"x-ratelimit-limit-requests", "1e3"}, {"x-ratelimit-remaining-requests", ""}}));
  CHECK(read({{"x-ratelimit-limit-tokens", "99999999999999"}, {"x-ratelimit-remaining-tokens", "99999999999999"}})->tokens_left ==
        0xffff'ffffU);
}

TEST_CASE("durations as Go writes them", "[limits_left]") {
  CHECK(read_go_duration("1s") == 1000ms);
  CHECK(read_go_duration("6m0s") == 6min);
  CHECK(read_go_duration("2m59.56s") == 179'560ms);
  CHECK(read_go_duration("20ms") == 20ms);
  CHECK(read_go_duration("1h2m3s") == 3'723'000ms);
  CHECK(read_go_duration("1500us") == 2ms);
  CHECK(read_go_duration("7") == 7s);
  CHECK(read_go_duration("999999h") == 24h);
  for (const char* bad : {"", "s", "1x", "1s2", "-1s", "1..2s", "ms"}) {
    CAPTURE(bad);
    CHECK_FALSE(read_go_duration(bad));
  }
}

TEST_CASE("dates of RFC 3339", "[limits_left]") {
  CHECK(read_rfc3339("2026-11-24T12:00:00Z") == noon);
  CHECK(read_rfc3339("2026-11-24T12:00:00.123456Z") == noon);
  CHECK(read_rfc3339("2026-11-24T21:00:00+09:00") == noon);
  CHECK(read_rfc3339("2026-11-24T06:30:00-05:30") == noon);
  const std::string good = "2026-11-24T12:00:00Z";
  for (std::size_t size = 0; size < good.size(); ++size) CHECK_FALSE(read_rfc3339(good.substr(0, size)));
  for (const char* bad : {"2026-13-24T12:00:00Z", "2026-02-30T12:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24 12:00:00Z",
                          "2026-11-24T12:00:00+9:00", "2026-11-24T12:00:00Zx"}) {
    CAPTURE(bad);
    CHECK_FALSE(read_rfc3339(bad));
  }
}
