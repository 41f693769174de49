#include "policies/routing/plan.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "policies/routing/judge.hpp"
#include "policies/routing/order.hpp"
#include "policies/routing/refusal.hpp"

namespace naru::routing {
namespace {

constexpr std::array<std::string_view, 5> class_words{"tiny", "small", "middle", "large", "frontier"};
constexpr std::array<std::uint32_t, 5> class_priors{50, 300, 500, 700, 900};
constexpr std::array<std::uint32_t, 4> class_borders{150, 400, 600, 800};
constexpr std::array<std::string_view, 5> strategy_words{"priority", "weighted", "cheapest", "fastest", "balanced"};

std::optional<steady_time> sooner(std::optional<steady_time> a, std::optional<steady_time> b) noexcept {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

/// What only waits for its cooldown frees soonest; only where there is none does the probe of one that is off count.
std::optional<steady_time> soonest(std::span<const judgement> judgements) noexcept {
  std::optional<steady_time> waiting;
  std::optional<steady_time> off;
  for (const judgement& j : judgements) {
    if (only_waits(j.verdict)) waiting = sooner(waiting, j.frees_at);
    if (j.verdict == verdict::off) off = sooner(off, j.frees_at);
  }
  return waiting ? waiting : off;
}

}  // namespace

quality_class class_of(std::uint32_t quality) noexcept {
  const auto above = std::ranges::upper_bound(class_borders, quality) - class_borders.begin();
  return static_cast<quality_class>(above);
}
std::uint32_t quality_prior(quality_class c) noexcept { return class_priors[static_cast<std::size_t>(c)]; }
std::string_view to_string(quality_class c) noexcept { return class_words[static_cast<std::size_t>(c)]; }

std::string_view to_string(strategy s) noexcept { return strategy_words[static_cast<std::size_t>(s)]; }
std::optional<strategy> find_strategy(std::string_view word) noexcept {
  const auto at = std::ranges::find(strategy_words, word);
  if (at == strategy_words.end()) return std::nullopt;
  return static_cast<strategy>(at - strategy_words.begin());
}

plan make_plan(const question& q) {
  plan p;
  p.judgements.reserve(q.candidates.size());
  p.order.reserve(q.candidates.size());
  for (const candidate& c : q.candidates) {
    assert(c.facts != nullptr);
    p.judgements.push_back(judge(c, q));
    if (p.judgements.back().verdict == verdict::allowed) p.order.push_back(static_cast<std::uint32_t>(p.judgements.size() - 1));
  }
  if (p.order.empty()) {
    p.frees_at = soonest(p.judgements);
    p.refusal = explain_nothing_left(q, p.judgements, p.frees_at);
    return p;
  }
  p.explored = sort_by_strategy(p.order, p.judgements, q);
  return p;
}

}  // namespace naru::routing
