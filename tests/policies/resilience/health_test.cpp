#include "policies/resilience/health.hpp"

#include <catch2/catch.hpp>

using namespace naru;
using namespace naru::resilience;
using namespace std::chrono_literals;

namespace {

const steady_time start{1h};

failure failed_as(failure_class c, std::optional<std::chrono::milliseconds> wait = {}) {
  failure f;
  f.cls = c;
  f.retry_after = wait;
  return f;
}
void fail(health& h, failure_class c, steady_time at, std::optional<std::chrono::milliseconds> wait = {}) {
  h.failed(h.admit(at), failed_as(c, wait), at);
}

}  // namespace

TEST_CASE("a limited deployment rests for the wait that the vendor named", "[resilience]") {
  health h;
  fail(h, failure_class::limited, start, 7s);
  CHECK(h.view(start).is == standing::cooling);
  CHECK(h.view(start).until == start + 7s);
  CHECK_FALSE(h.admit(start + 7s - 1ms).granted);
  CHECK(h.admit(start + 7s).granted);
}

TEST_CASE("without a named wait the rest doubles with each wave of refusals, not with each refusal", "[resilience]") {
  health h;
  const auto a = h.admit(start);
  const auto b = h.admit(start);
  h.failed(a, failed_as(failure_class::limited), start);
  h.failed(b, failed_as(failure_class::limited), start + 100ms);
  CHECK(h.view(start + 100ms).until == start + 1s);
  fail(h, failure_class::limited, start + 1s);
  CHECK(h.view(start + 1s).until == start + 3s);
  h.succeeded(h.admit(start + 3s), start + 3s);
  fail(h, failure_class::limited, start + 4s);
  CHECK(h.view(start + 4s).until == start + 5s);
}

TEST_CASE("a shorter wait never cuts a longer one, and an absurd one is cut", "[resilience]") {
  health h;
  const auto a = h.admit(start);
  const auto b = h.admit(start);
  h.failed(a, failed_as(failure_class::limited, 30s), start);
  h.failed(b, failed_as(failure_class::limited, 2s), start);
  CHECK(h.view(start).until == start + 30s);
  health other;
  fail(other, failure_class::limited, start, 240h);
  CHECK(other.view(start).until == start + 10min);
}

TEST_CASE("a refused account turns a deployment off until a probe finds out", "[resilience]") {
  health h;
  fail(h, failure_class::account, start);
  CHECK(h.view(start).is == standing::off);
  CHECK(h.view(start).why == failure_class::account);
  CHECK_FALSE(h.admit(start + 59s).granted);
  const auto probe = h.admit(start + 60s);
  CHECK(probe.probe);
  CHECK_FALSE(h.admit(start + 61s).granted);
  h.failed(probe, failed_as(failure_class::account), start + 62s);
  CHECK(h.view(start + 62s).until == start + 62s + 120s);
  h.succeeded(h.admit(start + 182s), start + 183s);
  CHECK(h.view(start + 183s).is == standing::up);
}

TEST_CASE("calls that were running when the account was refused do not lengthen the wait", "[resilience]") {
  health h;
  const auto a = h.admit(start);
  const auto b = h.admit(start);
  h.failed(a, failed_as(failure_class::account), start);
  h.failed(b, failed_as(failure_class::account), start + 1s);
  CHECK(h.view(start + 1s).until == start + 60s);
}

TEST_CASE("a probe that is refused for its request proves that the account works", "[resilience]") {
  health h;
  fail(h, failure_class::settings, start);
  h.failed(h.admit(start + 60s), failed_as(failure_class::request), start + 60s);
  CHECK(h.view(start + 60s).is == standing::up);
  fail(h, failure_class::settings, start + 61s);
  h.failed(h.admit(start + 121s), failed_as(failure_class::limited, 5s), start + 121s);
  CHECK(h.view(start + 121s).is == standing::cooling);
  CHECK(h.view(start + 126s).is == standing::up);
}

TEST_CASE("a probe that breaks off or is abandoned says nothing about the account", "[resilience]") {
  health h;
  fail(h, failure_class::account, start);
  h.failed(h.admit(start + 60s), failed_as(failure_class::transient), start + 60s);
  CHECK(h.view(start + 60s).is == standing::off);
  CHECK(h.view(start + 120s).is == standing::up);
  h.abandoned(h.admit(start + 120s));
  CHECK(h.admit(start + 120s).probe);
}

TEST_CASE("only what the table says counts against the breaker", "[resilience]") {
  for (const auto& [cls, opens] : {std::pair{failure_class::transient, true},
                                   {failure_class::broken_stream, true},
                                   {failure_class::busy, false},
                                   {failure_class::request, false},
                                   {failure_class::content_policy, false},
                                   {failure_class::too_small, false},
                                   {failure_class::canceled, false}}) {
    health h;
    for (int i = 0; i < 50; ++i) fail(h, cls, start);
    INFO(to_string(cls));
    CHECK((h.view(start).is == standing::open) == opens);
    CHECK((h.view(start).is == standing::up) == !opens);
  }
}

TEST_CASE("a refused request is an answer: it closes a half-open breaker", "[resilience]") {
  health h;
  for (int i = 0; i < 5; ++i) fail(h, failure_class::transient, start);
  CHECK(h.view(start).until == start + 2s);
  CHECK(h.view(start + 2s).probe);
  const auto probe = h.admit(start + 2s);
  REQUIRE(probe.probe);
  h.failed(probe, failed_as(failure_class::request), start + 2s);
  CHECK(h.admit(start + 2s).granted);
  CHECK(h.admit(start + 2s).granted);
}

TEST_CASE("an overloaded vendor that names a wait is left alone for it, but not for hours", "[resilience]") {
  health h;
  fail(h, failure_class::transient, start, 3s);
  CHECK(h.view(start).is == standing::cooling);
  CHECK(h.view(start).until == start + 3s);
  CHECK(h.view(start + 3s).is == standing::up);
  fail(h, failure_class::transient, start + 3s, 24h);
  CHECK(h.view(start + 3s).until == start + 63s);
}

TEST_CASE("what is slow is judged by the first content, and a whole answer by its length too", "[resilience]") {
  const auto opens = [](timing took) {
    health h;
    for (int i = 0; i < 5; ++i) h.succeeded(h.admit(start), start, took);
    return h.view(start).is == standing::open;
  };
  CHECK_FALSE(opens({.until_content = 30s}));
  CHECK(opens({.until_content = 30s + 1ms}));
  CHECK_FALSE(opens({.until_content = 80s, .tokens = 1000}));
  CHECK(opens({.until_content = 80s + 1ms, .tokens = 1000}));
  CHECK_FALSE(opens({.until_content = 10h, .tokens = ~std::uint64_t{0}}));
}

TEST_CASE("a call that was outrun counts as slow only if it had waited for so long", "[resilience]") {
  health h;
  for (int i = 0; i < 20; ++i) h.outrun(h.admit(start), start, 5s);
  CHECK(h.view(start).is == standing::up);
  for (int i = 0; i < 5; ++i) h.outrun(h.admit(start), start, 31s);
  CHECK(h.view(start).is == standing::open);
}

TEST_CASE("a probe that was outrun makes room for the next", "[resilience]") {
  health h;
  fail(h, failure_class::account, start);
  h.outrun(h.admit(start + 60s), start + 61s, 1s);
  CHECK(h.view(start + 61s).probe);
  CHECK(h.admit(start + 61s).probe);
}

TEST_CASE("a reload forgets everything", "[resilience]") {
  health h;
  fail(h, failure_class::account, start);
  h.reset();
  CHECK(h.view(start).is == standing::up);
  CHECK(h.admit(start).granted);
}
