#include "gateway/upstream/latency_window.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <vector>

using namespace naru;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using upstream::latency_window;

namespace {
const steady_time start{100h};
}

TEST_CASE("a few observations have no quantile", "[upstream][latency]") {
  latency_window w;
  CHECK_FALSE(w.quantile(950, start));
  for (std::uint32_t i = 1; i < latency_window::enough; ++i) w.add(100ms, start);
  CHECK_FALSE(w.quantile(950, start));
  w.add(100ms, start);
  CHECK(w.quantile(950, start));
}

TEST_CASE("a quantile is at most a fifth above the true one and never below it", "[upstream][latency][property]") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    std::mt19937_64 gen{seed};
    std::lognormal_distribution<double> spread(6.0, 1.2);
    latency_window w;
    std::vector<std::int64_t> all;
    for (int i = 0; i < 500; ++i) {
      all.push_back(1 + static_cast<std::int64_t>(spread(gen)));
      w.add(milliseconds{all.back()}, start);
    }
    std::ranges::sort(all);
    for (const std::uint32_t q : {500U, 950U, 990U}) {
      const std::int64_t exact = all[(500 * q + 999) / 1000 - 1];
      const auto found = w.quantile(q, start);
      CAPTURE(seed, q, exact);
      REQUIRE(found);
      CHECK(found->count() >= exact);
      CHECK(found->count() <= std::max(exact + 1, exact * 6 / 5 + 1));
    }
  }
}

TEST_CASE("what is older than ten minutes is forgotten, what is younger than five is not", "[upstream][latency]") {
  latency_window w;
  for (int i = 0; i < 100; ++i) w.add(10s, start);
  CHECK(w.quantile(950, start + 5min).value_or(0ms) >= 10s);
  CHECK_FALSE(w.quantile(950, start + 10min));
  for (int i = 0; i < 100; ++i) w.add(100ms, start + 10min);
  CHECK(w.quantile(950, start + 10min).value_or(1h) < 200ms);
}

TEST_CASE("times beyond every bound are counted too", "[upstream][latency]") {
  latency_window w;
  for (int i = 0; i < 30; ++i) w.add(240h, start);
  for (int i = 0; i < 30; ++i) w.add(0ms, start);
  CHECK(w.quantile(250, start) == 1ms);
  CHECK(w.quantile(950, start).value_or(0ms) > 10min);
}
