// What `fastest` promises over many requests, with answers from simulated vendors whose times scatter.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/policies/routing/fixture.hpp"

using namespace naru;
using namespace naru::routing;
using namespace naru::routing::testing;

namespace {

/// Vendors with a time to the first token each; every choice is answered and learned from.
class race {
 public:
  race(std::uint64_t seed, std::vector<float> seconds, float scatter) : gen_(seed), seconds_(std::move(seconds)), scatter_(scatter) {
    for (std::size_t i = 0; i < seconds_.size(); ++i) s_.add("v" + std::to_string(i) + "/m");
    s_.strategy = strategy::fastest;
    s_.seed = gen_();
  }

  /// @return who was asked
  std::uint32_t step() {
    ++s_.seed;
    now_ += std::chrono::milliseconds{200};
    const plan p = make_plan({s_.candidates, s_.demand, s_.require, s_.strategy, s_.labels, s_.seed, now_, wall_now, s_.tuning, nullptr});
    explored_ = p.explored;
    const std::uint32_t chosen = p.order[0];
    const float noise = std::exp(std::normal_distribution<float>(0, scatter_)(gen_));
    const float first = seconds_[chosen] * noise;
    pace& known = s_.candidates[chosen].pace;
    known = learn(known, {first, first * (1 + 399 * 0.01F), tokens{400}}, s_.tuning.prior, now_);
    return chosen;
  }
  void run(int requests) {
    for (int i = 0; i < requests; ++i) step();
  }
  /// Requests until, but for exploration, at most one in ten of those that follow goes to another than `wanted` (or, with `away`, to it);
  /// -1: not within `most`.
  int until_settled(std::uint32_t wanted, bool away, int most) {
    constexpr std::ptrdiff_t window = 30;
    std::vector<bool> good;
    for (int i = 0; i < most + window; ++i) {
      const std::uint32_t chosen = step();
      good.push_back(explored_ || (chosen == wanted) != away);
    }
    for (std::ptrdiff_t from = 0; from <= most; ++from) {
      if (std::count(good.begin() + from, good.end(), false) * 10 <= std::ssize(good) - from && good[static_cast<std::size_t>(from)])
        return static_cast<int>(from);
    }
    return -1;
  }
  std::vector<float>& seconds() noexcept { return seconds_; }
  scene& all() noexcept { return s_; }

 private:
  std::mt19937_64 gen_;
  std::vector<float> seconds_;
  float scatter_;
  scene s_;
  steady_time now_ = now;
  bool explored_ = false;
};

}  // namespace

TEST_CASE("fastest leaves a deployment that got three times slower within 50 requests and is back within 200 when it recovers",
          "[routing][fastest][property]") {
  for (const float scatter : {0.0F, 0.1F, 0.25F}) {
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
      CAPTURE(seed, scatter);
      race r(seed, {0.5F, 1.0F, 1.1F}, scatter);
      r.run(300);
      r.seconds()[0] *= 3;
      const int away = r.until_settled(0, true, 50);
      REQUIRE(away >= 0);
      r.run(200);
      r.seconds()[0] /= 3;
      const int back = r.until_settled(0, false, 200);
      REQUIRE(back >= 0);
    }
  }
}

TEST_CASE("without exploration nobody would notice that it recovered", "[routing][fastest]") {
  race r(1, {0.5F, 1.0F, 1.1F}, 0.1F);
  r.all().tuning.explore = 0;
  r.run(300);
  r.seconds()[0] *= 3;
  r.run(200);
  r.seconds()[0] /= 3;
  CHECK(r.until_settled(0, false, 200) == -1);
}

TEST_CASE("exploration takes its share, in every window and from the deployment whose figures are oldest", "[routing][fastest]") {
  for (const std::uint32_t share : {0U, 20U, 50U, 200U, 500U}) {
    scene s;
    for (const char* id : {"a/1", "b/2", "c/3"}) s.add(id);
    s.strategy = strategy::fastest;
    s.tuning.explore = share;
    for (std::size_t i = 0; i < 3; ++i) {
      s.candidates[i].pace.first_token = s.candidates[i].pace.per_token = {0.1F * static_cast<float>(i + 1), 9, 0};
      s.candidates[i].pace.at = now - std::chrono::seconds{i == 2 ? 50 : 10};
    }
    for (const std::uint64_t from : {std::uint64_t{0}, std::uint64_t{123'456'789}, std::uint64_t(-150)}) {
      int explored = 0;
      for (std::uint64_t i = 0; i < 200; ++i) {
        s.seed = from + i;
        const plan p = s.plan();
        explored += p.explored ? 1 : 0;
        REQUIRE(p.order[0] == (p.explored ? 2U : 0U));
      }
      CAPTURE(share, from);
      CHECK(std::abs(explored - static_cast<int>(share) * 200 / 1000) <= 2);
    }
  }
}

TEST_CASE("a deployment that was never measured is explored first", "[routing][fastest]") {
  scene s;
  for (const char* id : {"a/1", "b/2", "c/3"}) s.add(id);
  s.strategy = strategy::fastest;
  s.tuning.explore = 500;
  s.candidates[0].pace.first_token = {0.1F, 9, 0};
  s.candidates[0].pace.at = now;
  s.candidates[1].pace = s.candidates[0].pace;
  s.candidates[1].pace.at = now - 1h;
  for (s.seed = 1; !s.plan().explored; ++s.seed) {
  }
  CHECK(s.plan().order[0] == 2);
}

TEST_CASE("what is explored breaks no tier: nothing near its limits, not known to be able, or less preferred", "[routing][fastest]") {
  scene s;
  s.add("a/1");
  s.add("b/2").can.tools = ability::unknown;
  s.demand.tools = true;
  s.strategy = strategy::fastest;
  s.tuning.explore = 500;
  for (s.seed = 0; s.seed < 100; ++s.seed) {
    const plan p = s.plan();
    REQUIRE_FALSE(p.explored);
    REQUIRE(p.order[0] == 0);
  }
}

TEST_CASE("the expected output decides between a quick start and a quick rest", "[routing][fastest]") {
  scene s;
  s.add("a/quick-start");
  s.add("b/quick-rest");
  s.strategy = strategy::fastest;
  s.tuning.explore = 0;
  s.candidates[0].pace = {{0.2F, 9, 0}, {0.05F, 9, 0}, now};
  s.candidates[1].pace = {{2.0F, 9, 0}, {0.005F, 9, 0}, now};
  s.demand.expected_output = {10};
  CHECK(s.plan().order[0] == 0);
  s.demand.expected_output = {400};
  CHECK(s.plan().order[0] == 1);
  s.demand.max_output = tokens{10};
  CHECK(s.plan().order[0] == 0);
}
