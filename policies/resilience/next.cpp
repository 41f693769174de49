#include "policies/resilience/next.hpp"

#include <algorithm>

namespace naru::resilience {

std::optional<std::size_t> choose_next(std::span<const prospect> steps, std::uint32_t calls_made, std::uint32_t calls_left,
                                       bool probed) noexcept {
  if (calls_left == 0) return std::nullopt;
  const auto is_sure = [](const prospect& p) { return p.possible && !p.probe && !p.unsure; };
  const auto sure = static_cast<std::uint64_t>(std::ranges::count_if(steps, is_sure));
  const auto passed_over = [&](const prospect& p) {
    if (sure == 0) return false;
    if (p.probe) return probed || (calls_left == 1 && calls_made > 0);
    return p.unsure && calls_left <= sure;
  };
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].possible) continue;
    if (!passed_over(steps[i])) return i;
    if (!first) first = i;
  }
  return first;
}

}  // namespace naru::resilience
