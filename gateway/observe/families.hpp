#pragma once
#include <cstdint>
#include <span>
#include <string_view>

/// Every metric there is, in one table: names, types, labels, buckets. docs/reference/metrics.md is printed from it.
namespace naru::observe {

enum class metric : std::uint8_t {
  requests,
  request_duration,
  time_to_first_token,
  time_per_output_token,
  overhead,
  upstream_attempts,
  fallbacks,
  route_decisions,
  tokens,
  cache_read_tokens,
  cache_write_tokens,
  reasoning_tokens,
  cost_usd,
  unpriced_requests,
  usage_estimated,
  policy_denied,
  rate_limited,
  hedges,
  shed,
  access_log_dropped,
  // read at scrape time
  inflight_requests,
  inflight_calls,
  connections,
  breaker_state,
  upstream_up,
  config_last_reload_success,
  config_reload_failures,
  config_info,
  build_info,
  metric_series,
  metric_series_dropped,
  certificate_expiry,
};

enum class metric_type : std::uint8_t { counter, gauge, histogram };

struct family {
  metric id;
  std::string_view name;
  std::string_view help;
  metric_type type;
  std::span<const std::string_view> labels;
  std::span<const double> buckets;  ///< upper bounds in seconds; histograms only
};

/// In the order of the enumerators.
[[nodiscard]] std::span<const family> families() noexcept;
[[nodiscard]] const family& family_of(metric m) noexcept;
/// The table as Markdown, for docs/reference/metrics.md.
[[nodiscard]] std::string_view metrics_page();

}  // namespace naru::observe
