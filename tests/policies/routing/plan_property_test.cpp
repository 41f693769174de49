// What must hold of every plan, over random scenes; and that each of these checks finds a planner with a planted defect.
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <set>

#include "policies/routing/regions.hpp"
#include "policies/routing/rules.hpp"
#include "tests/policies/routing/fixture.hpp"

using namespace naru;
using namespace naru::routing;
using namespace naru::routing::testing;

namespace {

using planner = plan (*)(const question&);
using check = bool (*)(const question&, const plan&);

constexpr std::array strategies{strategy::priority, strategy::weighted, strategy::cheapest, strategy::fastest, strategy::balanced};

ability any_ability(std::mt19937_64& gen) { return static_cast<ability>(gen() % 3); }

/// Lives for ever: a scene only points at it.
const rule* random_rule(std::mt19937_64& gen) {
  static std::deque<rule> all;
  rule& r = all.emplace_back();
  r.name = "some rule";
  if (gen() % 2 == 0) r.deny = {"a", "b/m1"};
  if (gen() % 2 == 0) r.prefer = {"c/m2", "d"};
  if (gen() % 3 == 0) r.require.max_cost = nano_usd{gen() % 300'000'000};
  if (gen() % 3 == 0) r.require.regions = {"us"};
  if (gen() % 3 == 0) r.require.min_quality = 600;
  if (gen() % 3 == 0) r.require.no_training = true;
  return &r;
}

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
  if (one_in(5)) s.require.max_latency = std::chrono::milliseconds{gen() % 4000};
  if (one_in(5)) s.require.retention = std::chrono::days{30};
  if (one_in(5)) s.require.no_training = true;
  if (one_in(3)) s.acted = random_rule(gen);
  s.tuning.explore = static_cast<std::uint32_t>(gen() % 501);
  s.tuning.balance = {1 + static_cast<std::uint32_t>(gen() % 900), static_cast<std::uint32_t>(gen() % 900),
                      static_cast<std::uint32_t>(gen() % 900)};
  for (std::uint64_t n = gen() % 12; n > 0; --n) {
    deployment& d = s.add(std::string(1, static_cast<char>('a' + gen() % 4)) + "/m" + std::to_string(gen() % 3));
    if (one_in(2)) d.retention = std::chrono::days{gen() % 60};
    d.trains_on_data = any_ability(gen);
    d.provisioned = one_in(6);
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
    if (one_in(2)) {
      c.pace.first_token = {static_cast<float>(1 + gen() % 5000) / 1000.0F, static_cast<float>(1 + gen() % 9), 0};
      c.pace.per_token = {static_cast<float>(1 + gen() % 50) / 1000.0F, static_cast<float>(1 + gen() % 9), 0};
      c.pace.at = now - std::chrono::seconds{gen() % 3000};
    }
    if (one_in(3)) c.room = {static_cast<float>(gen() % 100) / 100.0F, 1000, one_in(2) ? 200'000U : 0U, now - 1s, now + 9s};
  }
  return s;
}

bool breaks(const requirements& r, const candidate& c, const question& q) {
  const deployment& d = *c.facts;
  const demand& w = q.demand;
  if (!r.regions.empty() && !in_region(r.regions[0], d.region)) return true;
  if (d.quality < r.min_quality) return true;
  if (r.no_training && d.trains_on_data != ability::no) return true;
  if (r.retention && (!d.retention || *d.retention > *r.retention)) return true;
  if (r.max_latency) {
    const expected_pace p = predict(c.pace, q.tuning.prior, q.now);
    if (p.evidence >= 0.5F && std::chrono::milliseconds{static_cast<std::int64_t>(p.first_token * 1000)} > *r.max_latency) return true;
  }
  if (!r.max_cost) return false;
  const std::uint64_t out = (w.max_output ? *w.max_output : w.expected_output).value * w.choices;
  const auto charge = pricing::predict(d.price, std::max(w.input, w.input_upper), {out}, q.wall_now);
  return !charge.known || charge.amount > *r.max_cost;
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
  if (breaks(q.require, c, q)) return true;
  if (q.acted == nullptr) return false;
  if (!q.acted->deny.empty() && (d.id[0] == 'a' || d.id == "b/m1")) return true;
  return breaks(q.acted->require, c, q);
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

/// Candidates that only the strategy sets apart: as sure, as near to their limits, as much preferred, paid for alike.
bool alike(const question& q, const plan& p, std::uint32_t a, std::uint32_t b) {
  const auto preferred = [&](std::uint32_t i) { return q.acted == nullptr ? 0U : q.acted->preference(q.candidates[i].facts->id); };
  return p.judgements[a].sure == p.judgements[b].sure && p.judgements[a].crowded == p.judgements[b].crowded &&
         preferred(a) == preferred(b) && q.candidates[a].facts->provisioned == q.candidates[b].facts->provisioned;
}

/// Under cheapest, nobody is tried before one that has a known price, would cost less, and is as much in hand.
bool cheapest_never_beaten(const question& q, const plan& p) {
  if (q.strategy != strategy::cheapest) return true;
  for (std::size_t i = 1; i < p.order.size(); ++i) {
    const judgement& before = p.judgements[p.order[i - 1]];
    const judgement& after = p.judgements[p.order[i]];
    if (!alike(q, p, p.order[i - 1], p.order[i]) || !after.predicted.known) continue;
    if (!before.predicted.known || after.predicted.amount < before.predicted.amount) return false;
  }
  return true;
}

/// Under fastest nobody is tried before one that is as much in hand and would be faster, but for the one that is explored.
bool fastest_never_beaten(const question& q, const plan& p) {
  if (q.strategy != strategy::fastest) return true;
  for (std::size_t i = p.explored ? 2 : 1; i < p.order.size(); ++i) {
    if (alike(q, p, p.order[i - 1], p.order[i]) && p.judgements[p.order[i]].total < p.judgements[p.order[i - 1]].total) return false;
  }
  return true;
}

/// What has room, then what the rule prefers in its order, then what is known to be able, then what is paid for anyway.
bool tiers_hold(const question& q, const plan& p) {
  const auto key = [&](std::uint32_t i) {
    const judgement& j = p.judgements[i];
    return std::tuple{j.crowded, q.acted == nullptr ? 0U : q.acted->preference(q.candidates[i].facts->id), !j.sure,
                      !q.candidates[i].facts->provisioned};
  };
  return std::ranges::is_sorted(p.order, {}, key);
}

/// Only what its vendor reports as tight is put last for it.
bool crowded_only_when_tight(const question& q, const plan& p) {
  for (std::uint32_t i : p.order) {
    const room& r = q.candidates[i].room;
    if (p.judgements[i].crowded && r.left >= 0.2F && r.tokens_limit == 0) return false;
  }
  return true;
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
  return make_plan({q.candidates, d, q.require, q.strategy, q.labels, q.seed, q.now, q.wall_now, q.tuning, q.acted});
}
plan forgets_max_cost(const question& q) {
  requirements r = q.require;
  r.max_cost.reset();
  return make_plan({q.candidates, q.demand, r, q.strategy, q.labels, q.seed, q.now, q.wall_now, q.tuning, q.acted});
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
plan all_crowded(const question& q) {
  plan p = make_plan(q);
  for (judgement& j : p.judgements) j.crowded = true;
  return p;
}
plan forgets_the_rule(const question& q) {
  return make_plan({q.candidates, q.demand, q.require, q.strategy, q.labels, q.seed, q.now, q.wall_now, q.tuning, nullptr});
}
plan drawn_anew(const question& q) {
  return make_plan({q.candidates, q.demand, q.require, q.strategy, q.labels, q.seed + 1, q.now, q.wall_now, q.tuning, q.acted});
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
  CHECK(first_broken(&forgets_the_rule, &within_hard_limits, 1000));
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

TEST_CASE("fastest is never beaten but by what it explores", "[routing][property]") {
  const auto broken = first_broken(&make_plan, &fastest_never_beaten, 30'000);
  INFO("seed " << broken.value_or(0));
  CHECK_FALSE(broken);
  CHECK(first_broken(&backwards, &fastest_never_beaten, 1000));
}

TEST_CASE("room, preference, ability and what is paid for come before the strategy, in this order", "[routing][property]") {
  for (check holds : {&tiers_hold, &crowded_only_when_tight}) {
    const auto broken = first_broken(&make_plan, holds, 30'000);
    INFO("seed " << broken.value_or(0));
    CHECK_FALSE(broken);
  }
  CHECK(first_broken(&backwards, &tiers_hold, 1000));
  CHECK(first_broken(&all_crowded, &crowded_only_when_tight, 1000));
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
                         error_code::unsupported_field, error_code::payment_required, error_code::upstream_limited, error_code::forbidden});
}
