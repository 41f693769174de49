// breaker, overload, a model's hedge: what fails, what is late, what is too much.
#include <catch2/catch.hpp>

#include "tests/config/support.hpp"

using namespace naru::config;
using namespace std::chrono_literals;

TEST_CASE("without a section the breaker's numbers are those of the policy", "[resilience]") {
  const auto s = good("");
  const naru::resilience::breaker_settings usual;
  const auto& b = s->health.breaker;
  CHECK(b.window == usual.window);
  CHECK(b.minimum_calls == usual.minimum_calls);
  CHECK(b.error_share_milli == usual.error_share_milli);
  CHECK(b.slow_call == usual.slow_call);
  CHECK(b.slow_share_milli == usual.slow_share_milli);
  CHECK(b.open_for == usual.open_for);
  CHECK(b.open_max == usual.open_max);
  CHECK(b.probes == usual.probes);
  CHECK(b.probe_timeout == usual.probe_timeout);
  CHECK(s->health.default_cooldown_max == naru::resilience::health_settings{}.default_cooldown_max);
  CHECK(s->overload.requests == 10'000);
  CHECK(s->overload.lag == 500ms);
  CHECK(s->overload.retry_after == 1s);
}

TEST_CASE("a breaker's numbers are taken over", "[resilience]") {
  const auto s = good(
      "breaker: {window: 1m, least_calls: 20, share: 12.5%, slow_call: 8s, slow_share: 90%, cooldown: 500ms, cooldown_max: 4s, probes: 3}\n"
      "overload: {requests: 50, lag: off, retry_after: 3s}\n");
  const auto& b = s->health.breaker;
  CHECK(b.window == 1min);
  CHECK(b.minimum_calls == 20);
  CHECK(b.error_share_milli == 125);
  CHECK(b.slow_call == 8s);
  CHECK(b.slow_share_milli == 900);
  CHECK(b.open_for == 500ms);
  CHECK(b.open_max == 4s);
  CHECK(b.probes == 3);
  CHECK(b.probe_timeout == 4s);
  CHECK(s->overload.requests == 50);
  CHECK(s->overload.lag == 0ms);
  CHECK(s->overload.retry_after == 3s);
  CHECK(good("breaker: {slow_call: off}\n")->health.breaker.slow_call == 0ms);
}

TEST_CASE("a share wants its sign, and says what was probably meant", "[resilience]") {
  CHECK(errors_of("breaker: {share: 50}\n") == "breaker.share (naru.yaml:1:18): want a share with its %, 1%..100%, got 50: write 50%\n");
  CHECK(errors_of("breaker: {share: 0.5}\n") ==
        "breaker.share (naru.yaml:1:18): want a share with its %, 1%..100%, got 0.5: write 0.5% or 50%\n");
  CHECK(errors_of("breaker: {share: 101%}\n") == "breaker.share (naru.yaml:1:18): want a share with its %, 1%..100%, got 101%\n");
  CHECK(errors_of("breaker: {slow_share: most}\n") == "breaker.slow_share (naru.yaml:1:23): want a share with its %, 1%..100%, got most\n");
}

TEST_CASE("the longest cooldown is not below the first", "[resilience]") {
  CHECK(errors_of("breaker: {cooldown: 10s}\n") ==
        "breaker.cooldown_max (naru.yaml:1:10): want at least breaker.cooldown (10000 ms), got 6000 ms\n");
}

TEST_CASE("a model hedges only when it says so", "[resilience]") {
  const auto hedge_of = [](const std::string& line) {
    return good("models: {m: {deployments: [local]" + line + "}}\n")->find_model("m")->hedge;
  };
  CHECK_FALSE(hedge_of(""));
  REQUIRE(hedge_of(", hedge: p95"));
  CHECK_FALSE(hedge_of(", hedge: p95")->after);
  CHECK(hedge_of(", hedge: p95")->share_milli == 100);
  CHECK(hedge_of(", hedge: 800ms")->after == 800ms);
  CHECK(hedge_of(", hedge: {after: 2s, share: 2.5%}")->after == 2s);
  CHECK(hedge_of(", hedge: {after: 2s, share: 2.5%}")->share_milli == 25);
  CHECK_FALSE(hedge_of(", hedge: {share: 5%}")->after);
  CHECK(errors_of("models: {m: {deployments: [local], hedge: {after: p99}}}\n")
            .find("want p95 or a time with its unit, 20ms..10m, got p99") != std::string::npos);
}
