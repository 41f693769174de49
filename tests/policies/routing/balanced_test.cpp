// What a weight of `balanced` means, and what nearness to a limit does to a deployment's share.
#include <catch2/catch.hpp>

#include <random>

#include "tests/policies/routing/fixture.hpp"

using namespace naru;
using namespace naru::routing;
using namespace naru::routing::testing;

namespace {

using order = few<std::uint32_t>;

/// Two candidates of equal quality; the second is `cheaper` times cheaper and `slower` times slower.
scene trade(double cheaper, double slower, balance b) {
  scene s;
  s.strategy = strategy::balanced;
  s.tuning.balance = b;
  s.demand.input = {0};
  s.demand.expected_output = {1000};
  const auto add = [&](const char* id, double cost_factor, double time_factor) {
    s.add(id).price = priced(0, static_cast<std::uint64_t>(64'000'000 * cost_factor));
    pace& p = s.candidates.back().pace;
    p = {{1.0F * static_cast<float>(time_factor), 9, 0}, {0.01F * static_cast<float>(time_factor), 9, 0}, now};
  };
  // The prior draws figures towards itself: here it lies so low that it draws both alike.
  s.tuning.prior = {1e-6F, 1e-8F};
  add("a/1", 1, 1);
  add("b/2", 1 / cheaper, slower);
  return s;
}

}  // namespace

TEST_CASE("a weight means what its page says: with equal weights half the cost is worth half the time", "[routing][balanced]") {
  for (const double factor : {1.5, 2.0, 8.0, 30.0}) {
    CAPTURE(factor);
    CHECK(trade(factor * 1.02, factor, {300, 300, 0}).plan().order == order{1, 0});
    CHECK(trade(factor / 1.02, factor, {300, 300, 0}).plan().order == order{0, 1});
    // Twice the weight: its factor counts twice.
    CHECK(trade(factor * 1.02, factor * factor, {600, 300, 0}).plan().order == order{1, 0});
    CHECK(trade(factor / 1.02, factor * factor, {600, 300, 0}).plan().order == order{0, 1});
    // Only the proportion counts.
    CHECK(trade(factor * 1.02, factor, {7, 7, 0}).plan().order == order{1, 0});
  }
}

TEST_CASE("0.2 of quality is worth a factor of two", "[routing][balanced]") {
  for (const balance b : {balance{500, 0, 500}, balance{0, 500, 500}}) {
    scene s = b.cost > 0 ? trade(2.05, 1, b) : trade(1, 1 / 2.05, b);
    s.facts[0].quality = 700;
    s.facts[1].quality = 500;
    CHECK(s.plan().order == order{1, 0});
    s.facts[1].quality = 480;
    CHECK(s.plan().order == order{0, 1});
  }
}

TEST_CASE("who else is there does not change the order of two", "[routing][balanced][property]") {
  std::mt19937_64 gen{11};
  for (int run = 0; run < 2000; ++run) {
    scene s;
    s.strategy = strategy::balanced;
    s.tuning.balance = {1 + static_cast<std::uint32_t>(gen() % 500), static_cast<std::uint32_t>(gen() % 500),
                        static_cast<std::uint32_t>(gen() % 500)};
    for (int i = 0; i < 6; ++i) {
      deployment& d = s.add("p/" + std::to_string(i));
      d.price = priced(gen() % 9'000'000, gen() % 30'000'000);
      d.quality = static_cast<std::uint32_t>(gen() % 1001);
      s.candidates.back().pace = {
          {0.1F + static_cast<float>(gen() % 1000) / 300.0F, 9, 0}, {0.001F + static_cast<float>(gen() % 30) / 1000.0F, 9, 0}, now};
    }
    const plan all = s.plan();
    const std::size_t out = gen() % 6;
    s.candidates[out].draining = true;
    order without;
    for (const std::uint32_t i : all.order) {
      if (i != out) without.push_back(i);
    }
    REQUIRE(s.plan().order == without);
  }
}

TEST_CASE("quality first puts any vendor before the small local model, however much cheaper and quicker that is", "[routing][balanced]") {
  scene s;
  s.strategy = strategy::balanced;
  s.tuning.balance = quality_first;
  deployment& local = s.add("local/tiny");
  local.quality = quality_prior(quality_class::tiny);
  local.price.free = true;
  s.candidates[0].pace = {{0.1F, 9, 0}, {0.002F, 9, 0}, now};
  s.add("vendor/small").quality = quality_prior(quality_class::small);
  s.facts[1].price = priced(300'000, 1'400'000);
  s.candidates[1].pace = {{3.0F, 9, 0}, {0.03F, 9, 0}, now};
  for (const std::uint64_t input : {10U, 1000U, 100'000U}) {
    s.demand.input = {input};
    CHECK(s.plan().order == order{1, 0});
  }
  s.candidates[1].draining = true;
  CHECK(s.plan().order == order{0});
}

TEST_CASE("nothing is cheaper than next to nothing, and an unknown price is twice the dearest", "[routing][balanced]") {
  scene s;
  s.strategy = strategy::balanced;
  s.tuning.balance = {1000, 0, 1};
  s.add("a/free").price.free = true;
  s.add("b/tiny").price = priced(1, 1);
  s.add("c/unknown").price = {};
  s.add("d/known");
  s.facts[1].quality = 600;
  CHECK(s.plan().order == order{1, 0, 3, 2});
}

TEST_CASE("pressure begins at a fifth of a limit and is whole at nothing; limits refill evenly", "[room]") {
  room r{1, 0, 0, now, now + 10s};
  CHECK(pressure(r, {1000}, now) == 0);
  r.left = 0.2F;
  CHECK(pressure(r, {1000}, now) == 0);
  r.left = 0.1F;
  CHECK(pressure(r, {1000}, now) == Approx(0.5));
  r.left = 0;
  CHECK(pressure(r, {1000}, now) == 1);
  CHECK(pressure(r, {1000}, now + 1s) == Approx(0.5));
  CHECK(pressure(r, {1000}, now + 2s) == Approx(0).margin(1e-6));
  CHECK(pressure(r, {1000}, now + 10s) == 0);
  CHECK(pressure(room{}, {1'000'000}, now) == 0);
}

TEST_CASE("a request that the token limit cannot hold goes elsewhere, a small one stays", "[room]") {
  const room r{0.5F, 5'000, 10'000, now, now + 10s};
  CHECK(pressure(r, {4'000}, now) == 0);
  CHECK(pressure(r, {6'000}, now) == 1);
  CHECK(pressure(r, {6'000}, now + 4s) == 0);
}

TEST_CASE("near its limit a deployment loses its share, whatever the strategy", "[room][routing]") {
  for (const auto st : {strategy::priority, strategy::cheapest, strategy::fastest, strategy::balanced, strategy::weighted}) {
    scene s;
    s.strategy = st;
    s.tuning.explore = 0;
    s.add("a/1").price = priced(1'000, 1'000);
    s.add("b/2").weight = 0;
    s.candidates[0].pace = {{0.1F, 9, 0}, {0.001F, 9, 0}, now};
    for (const float left : {1.0F, 0.15F, 0.1F, 0.05F, 0.0F}) {
      s.candidates[0].room = {left, 0, 0, now, now + 60s};
      int first = 0;
      for (s.seed = 0; s.seed < 4000; ++s.seed) first += s.plan().order[0] == 0 ? 1 : 0;
      CAPTURE(to_string(st), left);
      CHECK(first / 4000.0 == Approx(std::min(1.0F, left * 5)).margin(0.025));
    }
  }
}

TEST_CASE("provisioned capacity comes first while it has room, and spills over to what is paid by use", "[room][routing]") {
  scene s;
  s.strategy = strategy::cheapest;
  s.add("pay/as-you-go").price = priced(1, 1);
  s.add("azure/provisioned").provisioned = true;
  CHECK(s.plan().order == order{1, 0});
  s.candidates[1].room = {0, 0, 0, now, now + 10s};
  CHECK(s.plan().order == order{0, 1});
  CHECK(describe(s.plan().judgements[1], s.labels, now) == "allowed, tried last: near the vendor's limits");
  s.candidates[1].room = {0.1F, 0, 0, now, now + 10s};
  int provisioned = 0;
  for (s.seed = 0; s.seed < 2000; ++s.seed) provisioned += s.plan().order[0] == 1 ? 1 : 0;
  CHECK(provisioned / 2000.0 == Approx(0.5).margin(0.04));
}
