#include "gateway/observe/families.hpp"

#include <array>
#include <string>

namespace naru::observe {
namespace {

using sv = std::string_view;

constexpr std::array<sv, 6> request_labels{"api", "team", "model", "provider", "code", "outcome"};
constexpr std::array<sv, 4> duration_labels{"api", "model", "provider", "stream"};
constexpr std::array<sv, 2> model_provider{"model", "provider"};
constexpr std::array<sv, 3> attempt_labels{"provider", "model", "result"};
constexpr std::array<sv, 3> fallback_labels{"from_model", "to_model", "reason"};
constexpr std::array<sv, 3> decision_labels{"model", "strategy", "rule"};
constexpr std::array<sv, 4> token_labels{"team", "model", "provider", "type"};
constexpr std::array<sv, 3> team_model_provider{"team", "model", "provider"};
constexpr std::array<sv, 1> reason_label{"reason"};
constexpr std::array<sv, 2> hedge_labels{"model", "result"};
constexpr std::array<sv, 1> limit_label{"limit"};
constexpr std::array<sv, 1> team_label{"team"};
constexpr std::array<sv, 3> breaker_labels{"provider", "model", "state"};
constexpr std::array<sv, 2> provider_model{"provider", "model"};
constexpr std::array<sv, 2> config_labels{"path", "hash"};
constexpr std::array<sv, 1> version_label{"version"};
constexpr std::array<sv, 1> listener_label{"listener"};

// OpenTelemetry's list ends at 82 s, too short for agents.
constexpr std::array<double, 14> duration_buckets{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 600};
constexpr std::array<double, 11> first_token_buckets{0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 30, 60};
constexpr std::array<double, 10> per_token_buckets{0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5};
constexpr std::array<double, 9> overhead_buckets{0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05};

constexpr auto counter = metric_type::counter;
constexpr auto gauge = metric_type::gauge;
constexpr auto histogram = metric_type::histogram;

constexpr std::array table{
    family{metric::requests, "naru_requests_total", "Client requests that have ended.", counter, request_labels, {}},
    family{metric::request_duration, "naru_request_duration_seconds", "From a request's arrival to the end of its answer.", histogram,
           duration_labels, duration_buckets},
    family{metric::time_to_first_token, "naru_time_to_first_token_seconds", "From a request's arrival to the first content from upstream.",
           histogram, duration_labels, first_token_buckets},
    family{metric::time_per_output_token, "naru_time_per_output_token_seconds", "Between output tokens of a stream, after the first.",
           histogram, model_provider, per_token_buckets},
    family{metric::overhead,
           "naru_overhead_seconds",
           "Time that the gateway itself took: duration less the waiting for upstreams.",
           histogram,
           {},
           overhead_buckets},
    family{metric::upstream_attempts, "naru_upstream_attempts_total", "Upstream calls.", counter, attempt_labels, {}},
    family{metric::fallbacks,
           "naru_fallbacks_total",
           "Answers that came from another deployment than the first that was asked.",
           counter,
           fallback_labels,
           {}},
    family{metric::route_decisions, "naru_route_decisions_total", "Plans made.", counter, decision_labels, {}},
    family{metric::tokens, "naru_tokens_total", "Tokens charged, by type input and output.", counter, token_labels, {}},
    family{metric::cache_read_tokens,
           "naru_cache_read_tokens_total",
           "Input tokens that vendors read from their caches.",
           counter,
           team_model_provider,
           {}},
    family{metric::cache_write_tokens,
           "naru_cache_write_tokens_total",
           "Input tokens that vendors wrote to their caches.",
           counter,
           team_model_provider,
           {}},
    family{metric::reasoning_tokens, "naru_reasoning_tokens_total", "Output tokens that were reasoning.", counter, team_model_provider, {}},
    family{metric::cost_usd,
           "naru_cost_usd_total",
           "Cost of upstream calls in USD, as far as prices are known.",
           counter,
           team_model_provider,
           {}},
    family{metric::unpriced_requests,
           "naru_unpriced_requests_total",
           "Calls whose price is unknown or unconfirmed.",
           counter,
           model_provider,
           {}},
    family{metric::usage_estimated,
           "naru_usage_estimated_total",
           "Calls whose usage the vendor did not say, so that it was estimated.",
           counter,
           model_provider,
           {}},
    family{metric::policy_denied, "naru_policy_denied_total", "Requests that a policy refused.", counter, reason_label, {}},
    family{metric::rate_limited, "naru_rate_limited_total", "Requests past a limit of their team or key.", counter, team_label, {}},
    family{metric::hedges,
           "naru_hedges_total",
           "Second calls beside a late one, by what became of them: won, lost, failed.",
           counter,
           hedge_labels,
           {}},
    family{metric::shed,
           "naru_shed_total",
           "Requests turned away because the gateway is past its own limits: requests, lag, connections.",
           counter,
           limit_label,
           {}},
    family{metric::access_log_dropped,
           "naru_access_log_dropped_total",
           "Access log lines dropped because the sink was slow.",
           counter,
           {},
           {}},
    family{metric::inflight_requests, "naru_inflight_requests", "Requests being served.", gauge, {}, {}},
    family{metric::inflight_calls, "naru_inflight_calls", "Upstream calls running, by deployment.", gauge, provider_model, {}},
    family{metric::connections, "naru_connections", "Open client connections.", gauge, {}, {}},
    family{metric::breaker_state,
           "naru_breaker_state",
           "1 for the state that a deployment is in: up, cooling, open, off.",
           gauge,
           breaker_labels,
           {}},
    family{metric::upstream_up, "naru_upstream_up", "1 when a deployment may be called.", gauge, provider_model, {}},
    family{metric::config_last_reload_success,
           "naru_config_last_reload_success_timestamp_seconds",
           "When settings were last taken over.",
           gauge,
           {},
           {}},
    family{metric::config_reload_failures, "naru_config_reload_failures_total", "Reloads refused for their problems.", counter, {}, {}},
    family{metric::config_info, "naru_config_info", "The settings in force.", gauge, config_labels, {}},
    family{metric::build_info, "naru_build_info", "The program.", gauge, version_label, {}},
    family{metric::metric_series, "naru_metric_series", "Series kept.", gauge, {}, {}},
    family{metric::metric_series_dropped,
           "naru_metric_series_dropped_total",
           "Observations dropped because a metric had too many series.",
           counter,
           {},
           {}},
    family{metric::certificate_expiry,
           "naru_certificate_expiry_timestamp_seconds",
           "When the listener's certificate ends.",
           gauge,
           listener_label,
           {}},
};

consteval bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].id) != i) return false;
  }
  return true;
}
static_assert(in_order(), "the table is indexed by metric");

std::string print_page() {
  std::string out =
      "# Metrics\n\nServed at `/metrics` of the admin listener. Printed from the table in `gateway/observe/families.cpp` by "
      "`naru config metrics`; a test compares.\n\n| metric | type | labels | what |\n|---|---|---|---|\n";
  for (const family& f : table) {
    out += "| `" + std::string(f.name) + "` | ";
    out += f.type == counter ? "counter" : f.type == gauge ? "gauge" : "histogram";
    out += " | ";
    for (std::size_t i = 0; i < f.labels.size(); ++i) out += (i == 0 ? "" : ", ") + std::string(f.labels[i]);
    out += " | " + std::string(f.help) + " |\n";
  }
  return out;
}

}  // namespace

std::span<const family> families() noexcept { return table; }
const family& family_of(metric m) noexcept { return table[static_cast<std::size_t>(m)]; }

std::string_view metrics_page() {
  static const std::string page = print_page();
  return page;
}

}  // namespace naru::observe
