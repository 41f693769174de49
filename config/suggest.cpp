#include "config/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace naru::config {
namespace {

constexpr std::size_t longest = 64;
using row = std::array<std::size_t, longest + 1>;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == '-' ? '_' : c; }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  if (a.size() > longest || b.size() > longest) return std::max(a.size(), b.size());
  row before_last{};
  row last{};
  row now{};
  for (std::size_t k = 0; k <= b.size(); ++k) last[k] = k;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const std::size_t replaced = last[k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1);
      now[k] = std::min({last[k] + 1, now[k - 1] + 1, replaced});
      if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1]) now[k] = std::min(now[k], before_last[k - 2] + 1);
    }
    before_last = std::exchange(last, now);
  }
  return last[b.size()];
}

std::string did_you_mean(std::string_view got, std::span<const std::string> known) {
  if (got.size() < 3) return {};  // every other short word would be near
  std::string mine(got);
  std::ranges::transform(mine, mine.begin(), lower);
  const std::string* nearest = nullptr;
  std::size_t distance = std::min<std::size_t>(3, std::max<std::size_t>(1, got.size() / 3)) + 1;  // the farthest that still counts, and one
  for (const std::string& word : known) {
    std::string other = word;
    std::ranges::transform(other, other.begin(), lower);
    const std::size_t d = edit_distance(mine, other);
    if (d < distance) {
      distance = d;
      nearest = &word;
    }
  }
  return nearest == nullptr ? std::string{} : fmt::format(", did you mean {}?", *nearest);
}

}  // namespace naru::config
