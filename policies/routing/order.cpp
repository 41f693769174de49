#include "policies/routing/order.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "policies/routing/rules.hpp"

namespace naru::routing {
namespace {

constexpr double last = std::numeric_limits<double>::infinity();

/// What a draw is for: each use of one seed has numbers of its own.
enum class purpose : std::uint64_t { weight = 1, crowding = 2 };

/// Even over (0, 1): a mix of seed, purpose and candidate (the finaliser of splitmix64: Steele, Lea, Flood 2014).
double draw(std::uint64_t seed, purpose why, std::uint32_t candidate) noexcept {
  std::uint64_t x = seed + 0x9e3779b97f4a7c15U * (static_cast<std::uint64_t>(why) * 1'000'003U + candidate + 1U);
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  x ^= x >> 31U;
  return (static_cast<double>(x >> 11U) + 0.5) * 0x1.0p-53;
}

/// Steps of the golden ratio: of seeds that count up, every window explores alike, to within one request.
bool explores(const question& q) noexcept {
  const std::uint64_t spread = q.seed * 0x9e3779b97f4a7c15U;
  return static_cast<double>(spread >> 11U) * 0x1.0p-53 < static_cast<double>(q.tuning.explore) / 1000.0;
}

/// Draws without replacement by sorting: the first place falls to each in proportion to its weight, the second among the rest, and so
/// on (Efraimidis, Spirakis 2006). Those of weight 0 come last, in order.
double weighted_score(const question& q, std::uint32_t i) noexcept {
  const std::uint32_t weight = q.candidates[i].facts->weight;
  return weight == 0 ? last : -std::log(draw(q.seed, purpose::weight, i)) / weight;
}

double cost_of(const judgement& j) noexcept { return static_cast<double>(std::max(j.predicted.amount, least_cost).value); }

/// The sum of logarithms: what two candidates lose against each other does not depend on who else is there.
class balance_scorer {
 public:
  balance_scorer(std::span<const std::uint32_t> order, std::span<const judgement> judgements, const question& q) noexcept : q_(q) {
    const balance& b = q.tuning.balance;
    const double sum = std::max(1.0, static_cast<double>(b.cost) + b.latency + b.quality);
    cost_ = b.cost / sum;
    latency_ = b.latency / sum;
    quality_ = b.quality / sum;
    for (const std::uint32_t i : order) {
      if (judgements[i].predicted.known) dearest_ = std::max(dearest_, cost_of(judgements[i]));
    }
  }
  [[nodiscard]] double score(const judgement& j, std::uint32_t i) const noexcept {
    constexpr double one_class = 200;  // thousandths of quality that are worth a factor of two
    const deployment& facts = *q_.candidates[i].facts;
    // What nobody knows the price of is thought to be twice as dear as the dearest.
    const double cost = facts.provisioned ? static_cast<double>(least_cost.value) : j.predicted.known ? cost_of(j) : 2 * dearest_;
    return cost_ * std::log2(cost) + latency_ * std::log2(std::max(static_cast<double>(j.total), 1e-3)) -
           quality_ * static_cast<double>(facts.quality) / one_class;
  }

 private:
  const question& q_;
  double cost_ = 0, latency_ = 0, quality_ = 0;
  double dearest_ = static_cast<double>(least_cost.value);
};

double score(const question& q, const judgement& j, std::uint32_t i, const balance_scorer& balanced) noexcept {
  switch (q.strategy) {
    case strategy::priority: return 0;
    case strategy::weighted: return weighted_score(q, i);
    case strategy::cheapest: return j.predicted.known ? static_cast<double>(j.predicted.amount.value) : last;
    case strategy::fastest: return static_cast<double>(j.total);
    case strategy::balanced: return balanced.score(j, i);
  }
  return 0;
}

tokens needed(const demand& d) noexcept { return std::max(d.input, d.input_upper) + d.expected_output; }

std::uint32_t tier(const question& q, const judgement& j, std::uint32_t i) noexcept {
  const deployment& facts = *q.candidates[i].facts;
  const std::uint32_t preferred = q.acted == nullptr ? 0 : q.acted->preference(facts.id);
  return (j.crowded ? 1U << 24U : 0U) | preferred << 8U | (j.sure ? 0U : 2U) | (facts.provisioned ? 0U : 1U);
}

/// Of the first tier, the one whose figures are oldest takes the first place; those without any are the oldest of all.
bool explore(std::span<std::uint32_t> order, std::span<const judgement> judgements, const question& q) noexcept {
  const auto same = std::ranges::find_if(order, [&](std::uint32_t i) { return judgements[i].tier != judgements[order[0]].tier; });
  if (same - order.begin() < 2 || !explores(q)) return false;
  const auto age = [&](std::uint32_t i) {
    const pace& p = q.candidates[i].pace;
    return p.first_token.evidence > 0 ? p.at : steady_time::min();
  };
  const auto oldest = std::ranges::min_element(order.begin() + 1, same, {}, age);
  std::rotate(order.begin(), oldest, oldest + 1);
  return true;
}

}  // namespace

bool sort_by_strategy(std::span<std::uint32_t> order, std::span<judgement> judgements, const question& q) noexcept {
  const balance_scorer balanced(order, judgements, q);
  const tokens need = needed(q.demand);
  for (const std::uint32_t i : order) {
    judgement& j = judgements[i];
    const float pressed = pressure(q.candidates[i].room, need, q.now);
    j.crowded = pressed > 0 && draw(q.seed, purpose::crowding, i) < static_cast<double>(pressed);
    j.tier = tier(q, j, i);
    j.score = score(q, j, i, balanced);
  }
  std::ranges::sort(order, {}, [&](std::uint32_t i) {
    const judgement& j = judgements[i];
    const std::uint32_t busy = q.strategy == strategy::balanced ? q.candidates[i].in_flight : 0;
    return std::tuple{j.tier, j.score, busy, i};
  });
  return q.strategy == strategy::fastest && explore(order, judgements, q);
}

}  // namespace naru::routing
