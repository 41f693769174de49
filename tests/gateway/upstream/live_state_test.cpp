#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "gateway/upstream/live_state.hpp"

using namespace naru;
using namespace std::chrono_literals;
using upstream::live_state;

namespace {

const steady_time now{std::chrono::hours{100}};

failure of(failure_class cls, int status = 0) {
  failure f;
  f.cls = cls;
  f.status = status;
  return f;
}

live_state::call admit(const std::shared_ptr<live_state>& s, steady_time at = now) {
  auto call = live_state::admit(s, at);
  REQUIRE(call.has_value());
  return std::move(*call);
}

/// As many failures as a breaker needs to open, so that one outcome more or less is seen.
resilience::health_settings settings() {
  resilience::health_settings s;
  s.breaker.minimum_calls = 5;
  return s;
}

}  // namespace

TEST_CASE("names that clients invent are remembered for a while, each for itself", "[upstream]") {
  naru::upstream::passing_states states;
  const auto one = states.get("farm/one");
  CHECK(states.get("farm/one") == one);
  CHECK(states.get("farm/two") != one);
  for (std::size_t i = 0; i < 2 * naru::upstream::passing_states::most; ++i) (void)states.get("farm/" + std::to_string(i));
  CHECK(states.size() == naru::upstream::passing_states::most);
  CHECK(states.get("farm/one") != one);
}

TEST_CASE("a call in flight is counted from its admission to its outcome", "[upstream]") {
  const auto s = std::make_shared<live_state>();
  auto a = admit(s);
  auto b = admit(s);
  CHECK(s->in_flight() == 2);
  a.succeeded(now);
  CHECK(s->in_flight() == 1);
  b.failed(of(failure_class::transient, 500), now);
  CHECK(s->in_flight() == 0);
}

TEST_CASE("an outcome counts once, whatever is said later", "[upstream]") {
  const auto s = std::make_shared<live_state>(settings());
  {
    auto call = admit(s);
    call.succeeded(now);
    call.failed(of(failure_class::account, 401), now);
    call.abandoned();
  }
  CHECK(s->in_flight() == 0);
  CHECK(s->view(now).is == resilience::standing::up);
  for (int i = 0; i < 3; ++i) {
    auto call = admit(s);
    call.failed(of(failure_class::transient, 500), now);
    call.failed(of(failure_class::transient, 500), now);  // counted twice, the breaker would open here
  }
  CHECK(s->view(now).is == resilience::standing::up);
}

TEST_CASE("a call that goes without an outcome is abandoned", "[upstream]") {
  const auto s = std::make_shared<live_state>(settings());
  for (int i = 0; i < 20; ++i) {
    const auto call = admit(s);
    CHECK(s->in_flight() == 1);
  }
  CHECK(s->in_flight() == 0);
  CHECK(s->view(now).is == resilience::standing::up);
}

TEST_CASE("a call that was moved owes its outcome once", "[upstream]") {
  const auto s = std::make_shared<live_state>();
  auto a = admit(s);
  {
    auto b = std::move(a);
    CHECK(s->in_flight() == 1);
  }
  CHECK(s->in_flight() == 0);
  a.succeeded(now);  // NOLINT(bugprone-use-after-move): says nothing any more
  CHECK(s->in_flight() == 0);
}

TEST_CASE("an abandoned probe lets the next one through", "[upstream]") {
  const auto s = std::make_shared<live_state>();
  admit(s).failed(of(failure_class::account, 401), now);
  REQUIRE(s->view(now).is == resilience::standing::off);
  const auto refused = live_state::admit(s, now);
  REQUIRE_FALSE(refused.has_value());
  const steady_time later = refused.error();
  CHECK(later > now);
  {
    const auto probe = admit(s, later);
    CHECK_FALSE(live_state::admit(s, later).has_value());  // one probe at a time
  }
  admit(s, later).succeeded(later);
  CHECK(s->view(later).is == resilience::standing::up);
}

TEST_CASE("a refused admission leaves nothing in flight and says when to ask again", "[upstream]") {
  const auto s = std::make_shared<live_state>();
  auto limited = of(failure_class::limited, 429);
  limited.retry_after = 5s;
  admit(s).failed(limited, now);
  const auto refused = live_state::admit(s, now + 1s);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error() == now + 5s);
  CHECK(s->in_flight() == 0);
  CHECK(live_state::admit(s, now + 5s).has_value());
}

TEST_CASE("draining is kept apart from health", "[upstream]") {
  const auto s = std::make_shared<live_state>();
  CHECK_FALSE(s->draining());
  s->set_draining(true);
  s->reset_health();
  CHECK(s->draining());
  CHECK(s->view(now).is == resilience::standing::up);
  s->set_draining(false);
  CHECK_FALSE(s->draining());
}

TEST_CASE("states are kept by id over a reload, and their faults are forgiven", "[upstream]") {
  upstream::live_states all;
  const auto a = all.get("openai/a");
  CHECK(all.get("openai/a") == a);
  CHECK(all.get("openai/b") != a);
  admit(a).failed(of(failure_class::settings, 404), now);
  CHECK(a->view(now).is == resilience::standing::off);
  auto running = admit(all.get("openai/b"));
  all.reset_health();
  CHECK(a->view(now).is == resilience::standing::up);
  CHECK(all.get("openai/b")->in_flight() == 1);  // what runs goes on
}

TEST_CASE("a state outlives its table while a call holds it", "[upstream]") {
  auto all = std::make_unique<upstream::live_states>();
  auto call = admit(all->get("openai/a"));
  all.reset();
  call.succeeded(now);
}

TEST_CASE("shards that call at once leave nothing in flight", "[upstream]") {
  const auto s = std::make_shared<live_state>();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) {
        auto call = live_state::admit(s, now);
        if (!call) continue;
        if ((i + t) % 3 == 0) call->succeeded(now);
        if ((i + t) % 3 == 1) call->failed(of(failure_class::request, 400), now);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(s->in_flight() == 0);
}
