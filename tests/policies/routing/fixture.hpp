#pragma once
#include <deque>
#include <string>
#include <vector>

#include "policies/routing/plan.hpp"

namespace naru::routing::testing {

using namespace std::chrono_literals;

inline const steady_time now{1h};
inline const wall_time wall_now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h;

/// USD per million tokens, in micro-dollars: 100'000 is 0.10.
inline pricing::price priced(std::uint64_t input, std::uint64_t output) {
  pricing::price p;
  p.tariff.rates.input = pricing::rate::of({input});
  p.tariff.rates.output = pricing::rate::of({output});
  return p;
}

/// Candidates with their facts, and a question about them.
struct scene {
  std::deque<deployment> facts;  // stable addresses
  std::vector<candidate> candidates;
  naru::routing::demand demand;
  requirements require;
  label_scheme labels;
  naru::routing::strategy strategy = strategy::priority;
  std::uint64_t seed = 1;
  naru::routing::tuning tuning;
  const rule* acted = nullptr;

  /// Cleared for everything, up, able to do everything, 128k context, 1 and 4 USD per million.
  deployment& add(std::string id) {
    deployment d;
    d.id = std::move(id);
    d.clearance = {3};
    d.region = "kr";
    d.can = {ability::yes, ability::yes, ability::yes, ability::yes, ability::yes, ability::yes, tokens{128'000}, tokens{16'000}};
    d.price = priced(1'000'000, 4'000'000);
    facts.push_back(std::move(d));
    candidates.emplace_back().facts = &facts.back();
    return facts.back();
  }
  [[nodiscard]] question ask() const { return {candidates, demand, require, strategy, labels, seed, now, wall_now, tuning, acted}; }
  [[nodiscard]] naru::routing::plan plan() const { return make_plan(ask()); }
};

}  // namespace naru::routing::testing
