#include "policies/resilience/hedge.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace naru;
using namespace naru::resilience;
using namespace std::chrono_literals;

namespace {

const steady_time start{100h};
const hedge_settings tenth{.after = std::nullopt, .share_milli = 100};

}  // namespace

TEST_CASE("a hedge is due at the settings' time, else at what is usual, else never", "[resilience][hedge]") {
  CHECK(hedge_due({.after = 800ms}, std::nullopt) == 800ms);
  CHECK(hedge_due({.after = 800ms}, 3s) == 800ms);
  CHECK(hedge_due({}, 3s) == 3s);
  CHECK(hedge_due({}, std::nullopt) == std::nullopt);
  CHECK(hedge_due({}, 1ms) == 20ms);
}

TEST_CASE("nothing is hedged before there is anything to have a share of", "[resilience][hedge]") {
  hedge_budget b;
  CHECK_FALSE(b.take(tenth, {}, start));
  b.paid(9, {9000}, start);
  CHECK_FALSE(b.take(tenth, {100}, start));
  b.paid(1, {1000}, start);
  CHECK(b.take(tenth, {100}, start));
  CHECK_FALSE(b.take(tenth, {100}, start));
}

TEST_CASE("a dear hedge is held to its share of the money, a free one to its share of the calls", "[resilience][hedge]") {
  hedge_budget b;
  b.paid(100, {10'000}, start);
  CHECK_FALSE(b.take(tenth, {1001}, start));
  CHECK(b.take(tenth, {1000}, start));
  CHECK_FALSE(b.take(tenth, {1}, start));
  b.settle({1000}, {400});  // the loser cost less than was thought
  CHECK(b.take(tenth, {600}, start));
  hedge_budget free;
  free.paid(20, {}, start);
  CHECK(free.take(tenth, {}, start));
  CHECK(free.take(tenth, {}, start));
  CHECK_FALSE(free.take(tenth, {}, start));
}

TEST_CASE("old calls give no right to many hedges at once", "[resilience][hedge]") {
  hedge_budget b;
  b.paid(1000, {1'000'000}, start);
  int taken = 0;
  while (b.take(tenth, {1}, start + 60min)) ++taken;
  CHECK(taken == 1);  // six halvings: 15 calls are left
}

TEST_CASE("over random histories hedges never exceed their share", "[resilience][hedge][property]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 gen{seed};
    hedge_budget b;
    const hedge_settings s{.after = 1ms, .share_milli = static_cast<std::uint32_t>(gen() % 500)};
    std::uint64_t calls = 0, cost = 0, hedges = 0, extra = 0;
    for (int i = 0; i < 500; ++i) {
      const std::uint64_t price = gen() % 1000;
      if (gen() % 3 == 0 && b.take(s, {price}, start)) {
        ++hedges;
        const std::uint64_t real = gen() % (price + 1);
        b.settle({price}, {real});
        extra += real;
      } else {
        ++calls;
        cost += price;
        b.paid(1, {price}, start);
      }
      REQUIRE(hedges * 1000 <= calls * s.share_milli);
      REQUIRE(extra * 1000 <= cost * s.share_milli);
    }
  }
}
