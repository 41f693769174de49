#include "policies/resilience/decide.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <random>

using namespace naru;
using namespace naru::resilience;
using namespace std::chrono_literals;

namespace {

failure failed_as(failure_class c, int status = 0, std::string code = {}) {
  failure f;
  f.cls = c;
  f.status = status;
  f.code = std::move(code);
  return f;
}
attempt_state first_of(std::uint32_t others) {
  attempt_state s;
  s.left = 60s;
  s.others_left = others;
  return s;
}
decision decided(const failure& f, const attempt_state& s) { return decide(f, s, 7); }
bool goes_on(const decision& d) { return std::holds_alternative<next_deployment>(d); }
std::optional<std::chrono::milliseconds> waits(const decision& d) {
  const auto* r = std::get_if<retry_here>(&d);
  return r == nullptr ? std::nullopt : std::optional{r->after};
}
error told(const decision& d) {
  const auto* s = std::get_if<stop>(&d);
  REQUIRE(s != nullptr);
  return s->told;
}

}  // namespace

TEST_CASE("the table has one row for each class", "[resilience]") {
  CHECK(rules().size() == 10);
  for (const rule& r : rules()) CHECK(&rule_of(r.cls) == &r);
  const std::string page = print_table();
  CHECK(std::ranges::count(page, '\n') == 12);
  CHECK(page.find("| 429 with or without a wait | limited |") != std::string::npos);
  CHECK(page.find("| rests for that long | 429 `rate_limit_exceeded` |") != std::string::npos);
}

TEST_CASE("a reset is retried here once, then the next deployment is asked", "[resilience]") {
  attempt_state s = first_of(1);
  const auto wait = waits(decided(failed_as(failure_class::transient, 0, "reset"), s));
  REQUIRE(wait);
  CHECK(*wait >= 250ms);
  CHECK(*wait <= 500ms);
  s.tries_here = 2;
  s.calls_made = 2;
  CHECK(goes_on(decided(failed_as(failure_class::transient, 0, "reset"), s)));
}

TEST_CASE("what is overloaded, refuses connections or timed out is left alone while others are up", "[resilience]") {
  for (const failure& f :
       {failed_as(failure_class::transient, 503), failed_as(failure_class::transient, 529), failed_as(failure_class::transient, 504),
        failed_as(failure_class::transient, 0, "connect"), failed_as(failure_class::transient, 0, "timeout")}) {
    CHECK(goes_on(decided(f, first_of(1))));
    CHECK(waits(decided(f, first_of(0))));
  }
}

TEST_CASE("where the vendor says that asking again cannot help, it is not asked again, but the next one is", "[resilience]") {
  failure passing = failed_as(failure_class::transient, 500);
  failure limited = failed_as(failure_class::limited, 429);
  limited.retry_after = 1s;
  REQUIRE(waits(decided(passing, first_of(1))));
  REQUIRE(waits(decided(passing, first_of(0))));
  REQUIRE(waits(decided(limited, first_of(0))));
  passing.not_here_again = limited.not_here_again = true;
  CHECK(goes_on(decided(passing, first_of(1))));
  CHECK(goes_on(decided(limited, first_of(1))));
  CHECK(told(decided(passing, first_of(0))).code == error_code::upstream_failed);
  CHECK(told(decided(limited, first_of(0))).code == error_code::upstream_limited);
}

TEST_CASE("the last call that is allowed is spent on another deployment", "[resilience]") {
  attempt_state s = first_of(1);
  s.call_limit = 2;
  CHECK(goes_on(decided(failed_as(failure_class::transient, 500), s)));
}

TEST_CASE("nothing is retried here that would cost another deployment its call", "[resilience]") {
  attempt_state s = first_of(2);
  CHECK(goes_on(decided(failed_as(failure_class::transient, 500), s)));  // three calls, three deployments
  s.call_limit = 4;
  CHECK(waits(decided(failed_as(failure_class::transient, 500), s)));
}

TEST_CASE("waits double, keep to their ceiling and fit the deadline", "[resilience]") {
  attempt_state s = first_of(0);
  s.call_limit = 100;
  for (std::uint32_t tries = 1; tries <= 40; ++tries) {
    s.tries_here = s.calls_made = tries;
    const auto step = std::min<std::chrono::milliseconds>(500ms * (1LL << std::min(tries - 1, 10U)), 8s);
    const auto wait = waits(decided(failed_as(failure_class::transient, 500), s));
    REQUIRE(wait);
    CHECK(*wait >= step / 2);
    CHECK(*wait <= step);
  }
  s.left = 3s;
  CHECK(told(decided(failed_as(failure_class::transient, 500), s)).code == error_code::upstream_failed);
}

TEST_CASE("a limited deployment gives way at once; the only one is waited for while the deadline allows", "[resilience]") {
  failure f = failed_as(failure_class::limited, 429);
  f.retry_after = 2s;
  CHECK(goes_on(decided(f, first_of(1))));
  attempt_state alone = first_of(0);
  const auto wait = waits(decided(f, alone));
  REQUIRE(wait);
  CHECK(*wait >= 2s);
  CHECK(*wait <= 2200ms);
  alone.left = 2s;
  const error e = told(decided(f, alone));
  CHECK(e.code == error_code::upstream_limited);
  CHECK(e.retry_after == 2s);
  f.retry_after = 10min;
  alone.left = 1h;
  CHECK(told(decided(f, alone)).retry_after == 10min);
}

TEST_CASE("429 is told when everything was limited, with the soonest wait; otherwise 502", "[resilience]") {
  failure f = failed_as(failure_class::limited, 429);
  f.retry_after = 30s;
  attempt_state s = first_of(0);
  s.calls_made = s.call_limit;
  s.soonest_wait = 4s;
  CHECK(told(decided(f, s)).code == error_code::upstream_limited);
  CHECK(told(decided(f, s)).retry_after == 4s);
  s.all_limited_before = false;
  CHECK(told(decided(f, s)).code == error_code::upstream_failed);
}

TEST_CASE("a refused credential is never shown to the client", "[resilience]") {
  for (int status : {401, 403, 402}) {
    failure f = failed_as(failure_class::account, status, "invalid_api_key");
    f.message = "Incorrect API key provided: sk-proj-abc";
    CHECK(goes_on(decided(f, first_of(1))));
    const error e = told(decided(f, first_of(0)));
    CHECK(e.code == error_code::upstream_failed);
    CHECK(http_status(e.code) == 502);
    CHECK(e.message.find("sk-") == std::string::npos);
    CHECK(e.message.find(std::to_string(status)) == std::string::npos);
    CHECK(e.reason.empty());
  }
}

TEST_CASE("a refusal of the request is relayed in the vendor's words and asks nobody else", "[resilience]") {
  failure f = failed_as(failure_class::request, 422, "invalid_value");
  f.message = "temperature: want 0..2";
  f.param = "temperature";
  const error e = told(decided(f, first_of(5)));
  CHECK(e.code == error_code::unprocessable);
  CHECK(e.message == "temperature: want 0..2");
  CHECK(e.field == "temperature");
  CHECK(e.reason == "invalid_value");
  CHECK(told(decided(failed_as(failure_class::request, 413), first_of(5))).code == error_code::payload_too_large);
  CHECK(told(decided(failed_as(failure_class::request, 415), first_of(5))).code == error_code::unsupported_media);
  CHECK_FALSE(told(decided(failed_as(failure_class::request, 400), first_of(5))).message.empty());
}

TEST_CASE("refused content is relayed unless a rule lets it fall over", "[resilience]") {
  attempt_state s = first_of(2);
  CHECK(told(decided(failed_as(failure_class::content_policy, 400), s)).code == error_code::content_policy);
  s.content_policy_falls_over = true;
  CHECK(goes_on(decided(failed_as(failure_class::content_policy, 400), s)));
}

TEST_CASE("too small a context goes to a deployment that is known to be larger, else the vendor's refusal is told", "[resilience]") {
  attempt_state s = first_of(2);
  CHECK(told(decided(failed_as(failure_class::too_small, 400), s)).code == error_code::context_too_long);
  CHECK(told(decided(failed_as(failure_class::too_small, 400), s)).reason == "context_length_exceeded");
  s.larger_left = 1;
  const decision d = decided(failed_as(failure_class::too_small, 400), s);
  REQUIRE(goes_on(d));
  CHECK(std::get<next_deployment>(d).larger_only);
}

TEST_CASE("a full local queue gives way, and alone says when to come back", "[resilience]") {
  CHECK(goes_on(decided(failed_as(failure_class::busy, 503), first_of(1))));
  const error e = told(decided(failed_as(failure_class::busy, 503), first_of(0)));
  CHECK(e.code == error_code::overloaded);
  CHECK(e.retry_after == 1s);
}

TEST_CASE("after content nothing is tried any more, whatever failed", "[resilience]") {
  for (const rule& r : rules()) {
    attempt_state s = first_of(3);
    s.larger_left = 3;
    s.content_sent = true;
    const error e = told(decided(failed_as(r.cls, 500), s));
    CHECK(e.code == (r.cls == failure_class::canceled ? error_code::canceled : error_code::stream_broken));
  }
}

TEST_CASE("a passed deadline is a timeout, a client that left is canceled", "[resilience]") {
  attempt_state s = first_of(1);
  s.left = 0ms;
  CHECK(told(decided(failed_as(failure_class::transient, 500), s)).code == error_code::upstream_timeout);
  CHECK(told(decided(failed_as(failure_class::canceled), s)).code == error_code::upstream_timeout);
  CHECK(told(decided(failed_as(failure_class::canceled), first_of(1))).code == error_code::canceled);
  CHECK(told(decided(failed_as(failure_class::transient, 504),
                     [] {
                       attempt_state t = first_of(0);
                       t.calls_made = t.call_limit;
                       return t;
                     }()))
            .code == error_code::upstream_timeout);
}

TEST_CASE("the same seed decides the same, another one another wait", "[resilience]") {
  const failure f = failed_as(failure_class::transient, 500);
  CHECK(waits(decide(f, first_of(0), 1)) == waits(decide(f, first_of(0), 1)));
  bool differs = false;
  for (std::uint64_t seed = 2; seed < 20; ++seed)
    differs = differs || waits(decide(f, first_of(0), seed)) != waits(decide(f, first_of(0), 1));
  CHECK(differs);
}

namespace {

using decider = decision (*)(const failure&, const attempt_state&, std::uint64_t, const retry_settings&);

/// Plays an exchange in which every call fails, as the flow would: obeys each decision, keeps the count, moves the clock.
/// @return whether it ended within its limits.
bool ends_within_limits(decider ask, std::uint64_t seed) {
  std::mt19937_64 gen{seed};
  attempt_state s;
  s.call_limit = 1 + static_cast<std::uint32_t>(gen() % 6);
  s.others_left = static_cast<std::uint32_t>(gen() % 6);
  s.left = std::chrono::milliseconds{gen() % 30'000};
  std::uint32_t calls = 0;
  for (;;) {
    if (++calls > s.call_limit) return false;
    s.calls_made = calls;
    s.larger_left = s.others_left == 0 ? 0 : static_cast<std::uint32_t>(gen() % s.others_left);
    s.left -= std::chrono::milliseconds{gen() % 3000};
    failure f;
    f.cls = static_cast<failure_class>(gen() % 10);
    f.status = std::array{0, 200, 400, 429, 500, 502, 503, 504, 529}[gen() % 9];
    if (gen() % 3 == 0) f.retry_after = std::chrono::milliseconds{gen() % 40'000};
    s.content_sent = gen() % 20 == 0;
    const decision d = ask(f, s, gen(), {});
    if (std::holds_alternative<stop>(d)) return true;
    if (s.content_sent) return false;
    if (const auto* again = std::get_if<retry_here>(&d)) {
      if (again->after >= s.left || again->after < f.retry_after.value_or(0ms)) return false;
      s.left -= again->after;
      ++s.tries_here;
    } else {
      if (s.others_left == 0 || s.left <= 0ms) return false;
      --s.others_left;
      s.tries_here = 1;
    }
    s.all_limited_before = s.all_limited_before && f.cls == failure_class::limited;
  }
}

std::optional<std::uint64_t> first_excess(decider ask, std::uint64_t runs) {
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    if (!ends_within_limits(ask, seed)) return seed;
  }
  return std::nullopt;
}

// Planted defects.
decision one_call_more(const failure& f, const attempt_state& s, std::uint64_t seed, const retry_settings& r) {
  attempt_state t = s;
  ++t.call_limit;
  return decide(f, t, seed, r);
}
decision past_the_deadline(const failure& f, const attempt_state& s, std::uint64_t seed, const retry_settings& r) {
  attempt_state t = s;
  t.left += 2s;
  return decide(f, t, seed, r);
}
decision after_content(const failure& f, const attempt_state& s, std::uint64_t seed, const retry_settings& r) {
  attempt_state t = s;
  t.content_sent = false;
  return decide(f, t, seed, r);
}
decision too_early(const failure& f, const attempt_state& s, std::uint64_t seed, const retry_settings& r) {
  failure g = f;
  g.retry_after.reset();
  return decide(g, s, seed, r);
}

}  // namespace

TEST_CASE("an exchange never makes more calls than its limit, nor any past its deadline, after content or before a wait is over",
          "[resilience][property]") {
  const auto broken = first_excess(&decide, 50'000);
  INFO("seed " << broken.value_or(0));
  CHECK_FALSE(broken);
}

TEST_CASE("the exchange's property finds planted defects", "[resilience][property]") {
  CHECK(first_excess(&one_call_more, 5000));
  CHECK(first_excess(&past_the_deadline, 5000));
  CHECK(first_excess(&after_content, 5000));
  CHECK(first_excess(&too_early, 5000));
}
