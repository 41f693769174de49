#include "gateway/upstream/latency_window.hpp"

#include <algorithm>

namespace naru::upstream {
namespace {

constexpr auto half_window = std::chrono::minutes{5};

std::int64_t tick_of(steady_time now) noexcept { return now.time_since_epoch() / half_window; }

}  // namespace

const std::array<std::int64_t, latency_window::buckets>& latency_window::bounds() noexcept {
  static constexpr auto made = [] {
    std::array<std::int64_t, buckets> out{};
    std::int64_t bound = 1;
    for (auto& b : out) {
      b = bound;
      bound = std::max(bound + 1, bound * 6 / 5);
    }
    return out;
  }();
  static_assert(made.back() > 1'000'000, "in milliseconds");
  return made;
}

void latency_window::add(std::chrono::milliseconds took, steady_time now) noexcept {
  const std::int64_t tick = tick_of(now);
  half& h = halves_[static_cast<std::uint64_t>(tick) % 2];
  if (h.tick < tick) h = {.tick = tick};  // a clock read a little earlier on another shard counts into what is there
  const auto at = std::lower_bound(bounds().begin(), bounds().end() - 1, took.count());
  ++h.counts[static_cast<std::size_t>(at - bounds().begin())];
}

std::optional<std::chrono::milliseconds> latency_window::quantile(std::uint32_t milli, steady_time now) const noexcept {
  const std::int64_t oldest = tick_of(now) - 1;
  std::array<std::uint64_t, buckets> sum{};
  std::uint64_t all = 0;
  for (const half& h : halves_) {
    if (h.tick < oldest) continue;
    for (std::size_t b = 0; b < buckets; ++b) {
      sum[b] += h.counts[b];
      all += h.counts[b];
    }
  }
  if (all < enough) return std::nullopt;
  const std::uint64_t rank = (all * milli + 999) / 1000;
  std::uint64_t seen = 0;
  for (std::size_t b = 0; b < buckets; ++b) {
    seen += sum[b];
    if (seen >= rank) return std::chrono::milliseconds{bounds()[b]};
  }
  return std::chrono::milliseconds{bounds().back()};
}

}  // namespace naru::upstream
