#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/observe/families.hpp"

namespace naru::observe {

/// One series of a metric.
struct cell {
  std::vector<std::string> labels;     ///< values, in the family's order
  double value = 0;                    ///< counter, gauge; sum of a histogram
  std::vector<std::uint64_t> buckets;  ///< histogram: counts per bucket (not cumulative), the last for what lies above all bounds
};

/// The metrics of one shard. No lock and no atomic: only its shard touches it, and a scrape gets a copy that the shard makes.
/// Counting into a known series allocates nothing.
class cells {
 public:
  static constexpr std::size_t most_series = 10'000;  ///< per metric; what comes after is counted as dropped

  void add(metric m, std::initializer_list<std::string_view> labels, double by);
  void observe(metric m, std::initializer_list<std::string_view> labels, double value);

  /// Adds another shard's figures to these.
  void merge(const cells& other);
  [[nodiscard]] std::vector<const cell*> of(metric m) const;
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }
  [[nodiscard]] std::size_t series() const noexcept;

 private:
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
  };
  using by_labels = std::unordered_map<std::string, cell, hash, std::equal_to<>>;
  cell* find(metric m, std::initializer_list<std::string_view> labels);

  static constexpr std::size_t metric_count = static_cast<std::size_t>(metric::certificate_expiry) + 1;
  std::array<by_labels, metric_count> by_metric_;
  std::string key_;  ///< reused
  std::uint64_t dropped_ = 0;
};

}  // namespace naru::observe
