#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <vector>

#include "policies/routing/plan.hpp"
#include "policies/routing/rules.hpp"

// What one decision costs: 50 rules of which the last matches, then a plan over 20 candidates. Medians and the 99th percentile are of this
// program's own samples: each is the time of one decision, less that of reading the clock.
namespace {

using namespace naru;
using namespace naru::routing;

constexpr std::size_t candidate_count = 20;
constexpr std::size_t rule_count = 50;

struct scene {
  std::deque<deployment> facts;
  std::vector<candidate> candidates;
  rule_book book;
  routing::demand demand;
  requirements require;
  label_scheme labels;
  steady_time now{std::chrono::hours{1}};
  wall_time wall_now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24};

  scene() {
    for (std::size_t i = 0; i < candidate_count; ++i) {
      deployment& d = facts.emplace_back();
      d.id = "provider-" + std::to_string(i) + "/a-model-with-a-name-" + std::to_string(i);
      d.clearance = {3};
      d.region = i % 2 == 0 ? "koreacentral" : "ap-northeast-2";
      d.can = {ability::yes, ability::yes, ability::yes, ability::yes, ability::yes, ability::yes, tokens{128'000}, tokens{16'000}};
      d.price.tariff.rates.input = pricing::rate::of({100'000 + i * 7919 % 900'000});
      d.price.tariff.rates.output = pricing::rate::of({400'000 + i * 104'729 % 4'000'000});
      d.quality = static_cast<std::uint32_t>(300 + i * 37 % 600);
      d.weight = static_cast<std::uint32_t>(1 + i);
      d.retention = std::chrono::days{30};
      d.trains_on_data = ability::no;
      candidate& c = candidates.emplace_back();
      c.facts = &d;
      c.pace = {{0.3F + 0.05F * static_cast<float>(i * 7 % candidate_count), 5, 0}, {0.01F, 5, 0}, now - std::chrono::seconds{i}};
      c.room = {0.1F + 0.04F * static_cast<float>(i), 50'000, 200'000, now - std::chrono::seconds{1}, now + std::chrono::seconds{9}};
    }
    require = {.max_cost = nano_usd{1'000'000'000},
               .max_latency = std::chrono::seconds{30},
               .regions = {"kr", "us"},
               .min_quality = 200,
               .retention = std::chrono::days{60},
               .no_training = true};
    demand.input = {2'000};
    demand.input_upper = {3'000};
    book = {make_rules(), {"x-job", "x-kind"}};
  }

  static std::vector<rule> make_rules() {
    std::vector<rule> rules(rule_count);
    for (std::size_t i = 0; i < rule_count; ++i) {
      rules[i].name = "rule-" + std::to_string(i);
      rules[i].when.teams = {"another-team-" + std::to_string(i), "and-one-more"};
      rules[i].when.headers = {{i % 2, {"batch", "nightly"}}};
      rules[i].when.input_tokens = between<std::uint64_t>{1'000, 50'000};
      rules[i].when.hours = hours{};
    }
    rule& last = rules.back();
    last.when.teams = {"research"};
    last.prefer = {"provider-7", "provider-3/a-model-with-a-name-3"};
    last.deny = {"provider-11", "provider-12"};
    last.require.min_quality = 250;
    return rules;
  }

  plan decide(strategy by, std::uint64_t seed) const {
    const std::vector<std::string_view>& headers = values_;
    const auto found = book.find({.team = "research",
                                  .key = "k",
                                  .user = "u",
                                  .model = "chat",
                                  .api = "chat",
                                  .label = label{1},
                                  .input = demand.input,
                                  .at = wall_now,
                                  .headers = headers});
    return make_plan({.candidates = candidates,
                      .demand = demand,
                      .require = require,
                      .strategy = by,
                      .labels = labels,
                      .seed = seed,
                      .now = now,
                      .wall_now = wall_now,
                      .acted = found.acted});
  }

 private:
  std::vector<std::string_view> values_{"batch", "nightly"};
};

using bench_clock = std::chrono::steady_clock;

double clock_cost() {
  std::vector<double> all;
  for (int i = 0; i < 10'000; ++i) {
    const auto from = bench_clock::now();
    all.push_back(std::chrono::duration<double>(bench_clock::now() - from).count());
  }
  std::ranges::nth_element(all, all.begin() + 5'000);
  return all[5'000];
}

void decision(benchmark::State& state, strategy by) {
  const scene s;
  const double nothing = clock_cost();
  std::vector<double> samples;
  samples.reserve(4'000'000);
  std::uint64_t seed = 0;
  for (auto unused : state) {
    const auto from = bench_clock::now();
    plan made = s.decide(by, ++seed);
    benchmark::DoNotOptimize(made);
    samples.push_back(std::max(0.0, std::chrono::duration<double>(bench_clock::now() - from).count() - nothing));
    if (samples.size() == samples.capacity()) samples.clear();
  }
  if (samples.empty()) return;
  const auto at = [&](double p) {
    const auto place = samples.begin() + static_cast<std::ptrdiff_t>(p * static_cast<double>(samples.size() - 1));
    std::ranges::nth_element(samples, place);
    return *place * 1e6;
  };
  state.counters["median_us"] = at(0.5);
  state.counters["p99_us"] = at(0.99);
}

BENCHMARK_CAPTURE(decision, priority, strategy::priority);
BENCHMARK_CAPTURE(decision, weighted, strategy::weighted);
BENCHMARK_CAPTURE(decision, cheapest, strategy::cheapest);
BENCHMARK_CAPTURE(decision, fastest, strategy::fastest);
BENCHMARK_CAPTURE(decision, balanced, strategy::balanced);

}  // namespace

BENCHMARK_MAIN();
