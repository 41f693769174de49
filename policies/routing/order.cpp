#include "policies/routing/order.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace naru::routing {
namespace {

/// splitmix64 (Steele, Lea, Flood 2014): a stream of numbers from one seed.
class draws {
 public:
  explicit draws(std::uint64_t seed) noexcept : state_(seed) {}
  /// Even over 0..n-1 to within n / 2^64 (multiply-shift, Lemire 2019).
  std::uint64_t below(std::uint64_t n) noexcept {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t x = state_;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    x ^= x >> 31U;
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(x) * n) >> 64U);
  }

 private:
  std::uint64_t state_;
};

/// Draws without replacement: the first place falls to each in exact proportion to its weight, the second among the rest, and so on.
/// Those of weight 0 come last, in order.
void draw_by_weight(std::span<std::uint32_t> order, const question& q, draws& from) noexcept {
  const auto weight = [&](std::uint32_t i) { return std::uint64_t{q.candidates[i].facts->weight}; };
  std::uint64_t total = 0;
  for (std::uint32_t i : order) total += weight(i);
  for (std::size_t place = 0; place < order.size() && total > 0; ++place) {
    std::uint64_t ticket = from.below(total);
    std::size_t drawn = place;
    while (ticket >= weight(order[drawn])) ticket -= weight(order[drawn++]);
    total -= weight(order[drawn]);
    // Rotated, not swapped: the rest keeps the settings' order, which is what those of weight 0 are tried in.
    const auto at = [&](std::size_t i) { return order.begin() + static_cast<std::ptrdiff_t>(i); };
    std::rotate(at(place), at(drawn), at(drawn + 1));
  }
}

/// An unknown price is dearer than every known one; among unknown ones nothing is compared.
auto cost_key(const judgement& j) noexcept { return std::tuple{!j.predicted.known, j.predicted.known ? j.predicted.amount : nano_usd{}}; }

}  // namespace

void sort_by_strategy(std::span<std::uint32_t> order, std::span<const judgement> judgements, const question& q) noexcept {
  const auto unsure = [&](std::uint32_t i) { return !judgements[i].sure; };
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return std::pair{unsure(i), i}; });
  const auto sure = static_cast<std::size_t>(std::ranges::find_if(order, unsure) - order.begin());

  draws from{q.seed};
  for (std::span<std::uint32_t> group : {order.first(sure), order.subspan(sure)}) {
    switch (q.strategy) {
      case strategy::priority: break;
      case strategy::weighted: draw_by_weight(group, q, from); break;
      case strategy::cheapest: std::ranges::sort(group, {}, [&](std::uint32_t i) { return std::tuple{cost_key(judgements[i]), i}; }); break;
      case strategy::automatic:
        std::ranges::sort(group, {}, [&](std::uint32_t i) {
          const candidate& c = q.candidates[i];
          const int worse = -static_cast<int>(class_of(c.facts->quality));
          return std::tuple{worse, cost_key(judgements[i]), c.in_flight, i};
        });
        break;
    }
  }
}

}  // namespace naru::routing
