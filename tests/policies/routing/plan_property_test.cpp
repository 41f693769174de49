// What must hold of every plan, over random scenes; and that each of these checks finds a planner with a planted defect.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <set>

#include "policies/routing/regions.hpp"
#include "tests/policies/routing/fixture.hpp"

using namespace naru;
using namespace naru::routing;
using namespace naru::routing::testing;

namespace {

using planner = plan (*)(const question&);
using check = bool (*)(const question&, const plan&);

constexpr std::array strategies{strategy::priority, strategy::weighted, strategy::cheapest, strategy::automatic};

ability any_ability(std::mt19937_64& gen) { return static_cast<ability>(gen() % 3); }

scene random_scene(std::uint64_t seed) {
  std::mt19937_64 gen{seed};
  const auto one_in = [&](std::uint64_t n) { return gen() % n == 0; };
  static constexpr std::array<std::string_view, 6> regions{"kr", "koreacentral", "us", "eu-west-1", "global", ""};
  scene s;
  s.strategy = strategies[gen() % strategies.size()];
  s.seed = gen();
  s.demand.label = {static_cast<std::uint8_t>(gen() % 4)};
  s.demand.tools = one_in(3);
  s.demand.images = one_in(5);
  s.demand.json_schema = one_in(5);
  s.demand.choices = one_in(6) ? 2 : 1;
  s.demand.input = {gen() % 150'000};
  s.demand.input_upper = {s.demand.input.value * 3 / 2};
  if (one_in(2)) s.demand.max_output = tokens{gen() % 20'000};
  if (one_in(3)) s.require.max_cost = nano_usd{gen() % 300'000'000};
  if (one_in(3)) s.require.regions = {"kr"};
  if (one_in(4)) s.require.min_quality = 400;
  for (std::uint64_t n = gen() % 12; n > 0; --n) {
    deployment& d = s.add("p/m");
    d.clearance = {static_cast<std::uint8_t>(gen() % 4)};
    d.region = regions[gen() % regions.size()];
    d.can = {any_ability(gen), any_ability(gen), any_ability(gen), any_ability(gen), any_ability(gen), any_ability(gen), {}, {}};
    if (one_in(2)) d.can.context = tokens{gen() % 300'000};
    if (one_in(3)) d.can.max_output = tokens{gen() % 30'000};
    d.price = one_in(5) ? pricing::price{} : priced(gen() % 4 * 500'000, gen() % 4 * 2'000'000);
    d.price.free = one_in(8);
    d.quality = static_cast<std::uint32_t>(gen() % 1001);
    d.weight = static_cast<std::uint32_t>(gen() % 4);
    candidate& c = s.candidates.back();
    c.off = one_in(8);
    c.draining = one_in(8);
    if (one_in(8)) c.cannot_carry = "seed";
    if (one_in(4)) c.health = {static_cast<resilience::standing>(1 + gen() % 3), now + std::chrono::milliseconds{1 + gen() % 9000}, {}};
    c.in_flight = static_cast<std::uint32_t>(gen() % 3);
  }
  return s;
}

/// The hard limits, written again from the design, on their own.
bool breaks_a_hard_limit(const candidate& c, const question& q) {
  const deployment& d = *c.facts;
  const demand& w = q.demand;
  if (d.clearance.rank < w.label.rank) return true;
  if (c.off || c.draining || !c.cannot_carry.empty() || c.health.is != resilience::standing::up) return true;
  if (w.tools && d.can.tools == ability::no) return true;
  if (w.images && d.can.vision == ability::no) return true;
  if (w.json_schema && d.can.json_schema == ability::no) return true;
  if (w.choices > 1 && d.can.many_choices == ability::no) return true;
  if (d.can.context && w.input.value + (w.max_output ? w.max_output->value : 1) > d.can.context->value) return true;
  if (d.can.max_output && w.max_output && *w.max_output > *d.can.max_output) return true;
  if (!q.require.regions.empty() && !in_region(q.require.regions[0], d.region)) return true;
  if (d.quality < q.require.min_quality) return true;
  if (q.require.max_cost) {
    const std::uint64_t out = (w.max_output ? *w.max_output : w.expected_output).value * w.choices;
    const auto charge = pricing::predict(d.price, std::max(w.input, w.input_upper), {out}, q.wall_now);
    if (!charge.known || charge.amount > *q.require.max_cost) return true;
  }
  return false;
}

bool within_hard_limits(const question& q, const plan& p) {
  return std::ranges::none_of(p.order, [&](std::uint32_t i) { return breaks_a_hard_limit(q.candidates[i], q); });
}

/// Everyone who may be tried is, once; and there is a refusal exactly when there is nobody.
bool complete(const question& q, const plan& p) {
  const std::set<std::uint32_t> chosen{p.order.begin(), p.order.end()};
  std::size_t allowed = 0;
  for (const candidate& c : q.candidates) allowed += breaks_a_hard_limit(c, q) ? 0 : 1;
  return chosen.size() == p.order.size() && chosen.size() == allowed && p.judgements.size() == q.candidates.size() &&
         p.refusal.has_value() == p.order.empty();
}

/// Under cheapest, nobody is tried before one that is as sure, has a known price and would cost less.
bool cheapest_never_beaten(const question& q, const plan& p) {
  if (q.strategy != strategy::cheapest) return true;
  for (std::size_t i = 1; i < p.order.size(); ++i) {
    const judgement& before = p.judgements[p.order[i - 1]];
    const judgement& after = p.judgements[p.order[i]];
    if (before.sure != after.sure || !after.predicted.known) continue;
    if (!before.predicted.known || after.predicted.amount < before.predicted.amount) return false;
  }
  return true;
}

/// What is known to be able comes before what may be.
bool sure_first(const question&, const plan& p) {
  return std::ranges::is_sorted(p.order, {}, [&](std::uint32_t i) { return !p.judgements[i].sure; });
}

bool best_class_first(const question& q, const plan& p) {
  if (q.strategy != strategy::automatic) return true;
  return std::ranges::is_sorted(p.order, {}, [&](std::uint32_t i) {
    return std::pair{!p.judgements[i].sure, -static_cast<int>(class_of(q.candidates[i].facts->quality))};
  });
}

bool same_again(const question& q, const plan& p) { return make_plan(q).order == p.order; }

std::optional<std::uint64_t> first_broken(planner make, check holds, std::uint64_t runs) {
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const scene s = random_scene(seed);
    const question q = s.ask();
    if (!holds(q, make(q))) return seed;
  }
  return std::nullopt;
}

// Planted defects.
plan with_everyone(const question& q) {
  plan p = make_plan(q);
  for (std::uint32_t i = 0; i < q.candidates.size(); ++i) {
    if (std::ranges::find(p.order, i) == p.order.end()) p.order.push_back(i);
  }
  return p;
}
/// Takes the label for one rank lower.
plan lenient_with_labels(const question& q) {
  demand d = q.demand;
  if (d.label.rank > 0) --d.label.rank;
  return make_plan({q.candidates, d, q.require, q.strategy, q.labels, q.seed, q.now, q.wall_now});
}
plan forgets_max_cost(const question& q) {
  requirements r = q.require;
  r.max_cost.reset();
  return make_plan({q.candidates, q.demand, r, q.strategy, q.labels, q.seed, q.now, q.wall_now});
}
plan without_the_last(const question& q) {
  plan p = make_plan(q);
  if (!p.order.empty()) p.order.pop_back();
  return p;
}
plan backwards(const question& q) {
  plan p = make_plan(q);
  std::ranges::reverse(p.order);
  return p;
}
plan drawn_anew(const question& q) {
  return make_plan({q.candidates, q.demand, q.require, q.strategy, q.labels, q.seed + 1, q.now, q.wall_now});
}

/// Weights 5, 3, 1, 1: how often each was first and each came second after the first.
double worst_share_error(std::uint64_t seeds_from, std::uint64_t (*seed_of)(std::uint64_t)) {
  scene s;
  s.strategy = strategy::weighted;
  const std::array<std::uint32_t, 4> weights{5, 3, 1, 1};
  for (std::uint32_t w : weights) s.add("p/m").weight = w;
  constexpr std::uint64_t runs = 10'000;
  std::array<double, 4> first{};
  double second_is_1_after_0 = 0;
  for (std::uint64_t i = 0; i < runs; ++i) {
    s.seed = seed_of(seeds_from + i);
    const auto order = s.plan().order;
    first[order[0]] += 1;
    if (order[0] == 0 && order[1] == 1) second_is_1_after_0 += 1;
  }
  double worst = 0;
  for (std::size_t i = 0; i < 4; ++i) worst = std::max(worst, std::abs(first[i] / runs - weights[i] / 10.0));
  return std::max(worst, std::abs(second_is_1_after_0 / first[0] - 3.0 / 5.0));
}

}  // namespace

TEST_CASE("no strategy ever chooses a deployment that a hard limit excludes", "[routing][property]") {
  const auto broken = first_broken(&make_plan, &within_hard_limits, 30'000);
  INFO("seed " << broken.value_or(0));
  CHECK_FALSE(broken);
  CHECK(first_broken(&with_everyone, &within_hard_limits, 1000));
  CHECK(first_broken(&lenient_with_labels, &within_hard_limits, 1000));
  CHECK(first_broken(&forgets_max_cost, &within_hard_limits, 1000));
}

TEST_CASE("everyone who may be tried is in the plan once, and a refusal stands exactly where nobody is", "[routing][property]") {
  const auto broken = first_broken(&make_plan, &complete, 30'000);
  INFO("seed " << broken.value_or(0));
  CHECK_FALSE(broken);
  CHECK(first_broken(&without_the_last, &complete, 1000));
}

TEST_CASE("cheapest is never beaten", "[routing][property]") {
  const auto broken = first_broken(&make_plan, &cheapest_never_beaten, 30'000);
  INFO("seed " << broken.value_or(0));
  CHECK_FALSE(broken);
  CHECK(first_broken(&backwards, &cheapest_never_beaten, 1000));
}

TEST_CASE("the known come before the unknown, and automatic's best class before the rest", "[routing][property]") {
  for (check holds : {&sure_first, &best_class_first}) {
    const auto broken = first_broken(&make_plan, holds, 30'000);
    INFO("seed " << broken.value_or(0));
    CHECK_FALSE(broken);
    CHECK(first_broken(&backwards, holds, 1000));
  }
}

TEST_CASE("the same question has the same plan", "[routing][property]") {
  CHECK_FALSE(first_broken(&make_plan, &same_again, 5000));
  CHECK(first_broken(&drawn_anew, &same_again, 5000));
}

TEST_CASE("over 10,000 requests each deployment gets its weight within 2 %", "[routing][property]") {
  for (std::uint64_t from : {0ULL, 1'000'000ULL, 0x9e3779b97f4a7c15ULL}) {
    INFO("seeds from " << from);
    CHECK(worst_share_error(from, [](std::uint64_t i) { return i; }) < 0.02);
  }
  // A generator that ever gives the same few seeds must be seen.
  CHECK(worst_share_error(0, [](std::uint64_t i) { return i % 3; }) > 0.02);
}

TEST_CASE("every refusal says something and has a code that a client can be told", "[routing][property]") {
  std::set<error_code> seen;
  for (std::uint64_t seed = 1; seed <= 30'000; ++seed) {
    const scene s = random_scene(seed);
    const plan p = s.plan();
    if (!p.refusal) continue;
    INFO("seed " << seed);
    REQUIRE_FALSE(p.refusal->message.empty());
    REQUIRE(http_status(p.refusal->code) >= 400);
    seen.insert(p.refusal->code);
    for (const judgement& j : p.judgements) REQUIRE_FALSE(describe(j, s.labels, now).empty());
  }
  CHECK(seen == std::set{error_code::nothing_cleared, error_code::nothing_available, error_code::context_too_long,
                         error_code::unsupported_field, error_code::payment_required, error_code::upstream_limited});
}
