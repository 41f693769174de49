#include "gateway/net/clock.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <vector>

using namespace naru;
using namespace naru::net;
using namespace std::chrono_literals;

namespace {

struct hand_clock final : clock {
  [[nodiscard]] steady_time now() const noexcept override { return at; }
  [[nodiscard]] wall_time wall_now() const noexcept override { return {}; }
  void wake_at(steady_time when) noexcept override { asked = when; }
  void go(std::chrono::milliseconds to) { sweep(at = steady_time{} + to); }
  using clock::earliest;
  using clock::idle;
  steady_time at{};
  steady_time asked = steady_time::max();
};

steady_time ms(int n) { return steady_time{} + std::chrono::milliseconds{n}; }

}  // namespace

TEST_CASE("an alarm fires once, when its time has come and not before", "[clock]") {
  hand_clock c;
  int fired = 0;
  net::alarm a{c, [&] { ++fired; }};
  a.arm(ms(100));
  CHECK(c.asked == ms(100));
  c.go(99ms);
  CHECK(fired == 0);
  c.go(100ms);
  CHECK(fired == 1);
  CHECK_FALSE(a.armed());
  c.go(200ms);
  CHECK(fired == 1);
}

TEST_CASE("arming again replaces the time, later or sooner", "[clock]") {
  hand_clock c;
  int fired = 0;
  net::alarm a{c, [&] { ++fired; }};
  a.arm(ms(100));
  a.arm(ms(300));
  c.go(200ms);
  CHECK(fired == 0);
  a.arm(ms(250));
  c.go(250ms);
  CHECK(fired == 1);
}

TEST_CASE("an action may destroy its own alarm and any other", "[clock]") {
  hand_clock c;
  std::vector<std::unique_ptr<net::alarm>> alarms(5);
  int fired = 0;
  std::vector<std::shared_ptr<int>> alive;
  for (auto& a : alarms) {
    auto token = std::make_shared<int>(7);
    alive.push_back(token);
    a = std::make_unique<net::alarm>(c, [&, token] {
      ++fired;
      for (auto& other : alarms) other.reset();
      CHECK(*token == 7);  // what the action holds lives as long as it runs
    });
    a->arm(ms(10));
  }
  c.go(10ms);
  CHECK(fired == 1);
  CHECK(c.idle());
  for (const auto& token : alive) CHECK(token.use_count() == 1);
}

TEST_CASE("an alarm that arms itself for now does not hold the sweep", "[clock]") {
  hand_clock c;
  int fired = 0;
  std::unique_ptr<net::alarm> a;
  a = std::make_unique<net::alarm>(c, [&] {
    ++fired;
    a->arm(c.now());
  });
  a->arm(ms(1));
  c.go(5ms);
  CHECK(fired == 1);
  c.go(6ms);
  CHECK(fired == 2);
}

TEST_CASE("random arming, disarming and sweeping fires exactly what a plain list would", "[clock]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random{seed};
  hand_clock c;
  constexpr std::size_t count = 40;
  std::vector<int> fired(count, 0);
  std::vector<int> wanted(count, 0);
  std::vector<int> due(count, -1);
  std::vector<std::unique_ptr<net::alarm>> alarms;
  for (std::size_t i = 0; i < count; ++i) alarms.push_back(std::make_unique<net::alarm>(c, [&fired, i] { ++fired[i]; }));
  int now = 0;
  for (int step = 0; step < 20'000; ++step) {
    const std::size_t i = random() % count;
    switch (random() % 4) {
      case 0:
      case 1:
        due[i] = now + static_cast<int>(random() % 50);
        alarms[i]->arm(ms(due[i]));
        break;
      case 2:
        due[i] = -1;
        alarms[i]->disarm();
        break;
      default:
        now += static_cast<int>(random() % 10);
        for (std::size_t k = 0; k < count; ++k) {
          if (due[k] >= 0 && due[k] <= now) ++wanted[k], due[k] = -1;
        }
        c.go(std::chrono::milliseconds{now});
        REQUIRE(fired == wanted);
    }
  }
}
