#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/observe/count.hpp"
#include "tests/gateway/observe/records.hpp"

using namespace naru::observe;
using naru::observe::test::full_record;

namespace {

using words = std::vector<std::string>;

/// Value of the series with these labels; -1: there is none.
double value(const cells& c, metric m, const words& labels) {
  for (const cell* one : c.of(m)) {
    if (one->labels == labels) return one->value;
  }
  return -1;
}

cells counted(const exchange_record& r) {
  cells c;
  count(c, r);
  return c;
}

/// What a scrape fills in, from the state of the program rather than from records.
const std::set<metric> read_at_scrape{metric::access_log_dropped,
                                      metric::inflight_requests,
                                      metric::inflight_calls,
                                      metric::connections,
                                      metric::breaker_state,
                                      metric::upstream_up,
                                      metric::config_last_reload_success,
                                      metric::config_reload_failures,
                                      metric::config_info,
                                      metric::build_info,
                                      metric::metric_series,
                                      metric::metric_series_dropped,
                                      metric::certificate_expiry};

}  // namespace

TEST_CASE("every metric that counting can reach is reached, with as many labels as its table says", "[observe]") {
  cells c = counted(full_record());
  exchange_record refused = full_record();
  refused.outcome = outcome::policy_denied;
  refused.error = naru::error_code::rate_limited;
  count(c, refused);
  exchange_record hedged = full_record();
  hedged.hedge = "won";
  count(c, hedged);
  exchange_record shed;
  shed.shed = "requests";
  count(c, shed);
  for (const family& f : families()) {
    CAPTURE(f.name);
    const auto series = c.of(f.id);
    CHECK(series.empty() == read_at_scrape.contains(f.id));
    for (const cell* one : series) CHECK(one->labels.size() == f.labels.size());
  }
}

TEST_CASE("a request is counted once, and each of its attempts", "[observe]") {
  const cells c = counted(full_record());
  CHECK(value(c, metric::requests, {"chat", "shop", "chat", "openai", "200", "ok"}) == 1);
  CHECK(value(c, metric::upstream_attempts, {"anthropic", "chat", "5xx"}) == 1);
  CHECK(value(c, metric::upstream_attempts, {"openai", "chat", "ok"}) == 1);
  CHECK(value(c, metric::route_decisions, {"chat", "cheapest", "night"}) == 1);
  CHECK(value(c, metric::fallbacks, {"anthropic/claude-y", "openai/gpt-x", "transient"}) == 1);
}

TEST_CASE("tokens and money are those of the attempts, subsets apart", "[observe]") {
  exchange_record r = full_record();
  r.usage.input = {999'999};  // the sum is for the log: it must not be counted beside its parts
  r.cost = {999'999'999};
  const cells c = counted(r);
  CHECK(value(c, metric::tokens, {"shop", "chat", "openai", "input"}) == 100);
  CHECK(value(c, metric::tokens, {"shop", "chat", "openai", "output"}) == 11);
  CHECK(c.of(metric::tokens).size() == 2);
  CHECK(value(c, metric::cache_read_tokens, {"shop", "chat", "openai"}) == 40);
  CHECK(value(c, metric::cache_write_tokens, {"shop", "chat", "openai"}) == 9);
  CHECK(value(c, metric::reasoning_tokens, {"shop", "chat", "openai"}) == 5);
  CHECK(value(c, metric::cost_usd, {"shop", "chat", "openai"}) == Approx(0.0015));
  CHECK(value(c, metric::unpriced_requests, {"chat", "openai"}) == 1);
  CHECK(value(c, metric::usage_estimated, {"chat", "openai"}) == 1);
}

TEST_CASE("a failed attempt that was charged is in the bill", "[observe]") {
  exchange_record r = full_record();
  r.attempts.front().usage.input = {30};
  r.attempts.front().charge.amount = {500'000'000};
  const cells c = counted(r);
  CHECK(value(c, metric::tokens, {"shop", "chat", "anthropic", "input"}) == 30);
  CHECK(value(c, metric::cost_usd, {"shop", "chat", "anthropic"}) == Approx(0.5));
}

TEST_CASE("times are in seconds, streams apart from the rest", "[observe]") {
  cells c = counted(full_record());
  CHECK(value(c, metric::request_duration, {"chat", "chat", "openai", "true"}) == Approx(1.2));
  CHECK(value(c, metric::time_to_first_token, {"chat", "chat", "openai", "true"}) == Approx(0.2));
  CHECK(value(c, metric::time_per_output_token, {"chat", "openai"}) == Approx(0.1));  // 1 s for the ten tokens after the first
  CHECK(value(c, metric::overhead, {}) == Approx(0.00035));

  exchange_record whole = full_record();
  whole.stream = false;
  c = counted(whole);
  CHECK(value(c, metric::time_to_first_token, {"chat", "chat", "openai", "false"}) == Approx(0.2));
  CHECK(c.of(metric::time_per_output_token).empty());
}

TEST_CASE("one token has no time between tokens", "[observe]") {
  exchange_record r = full_record();
  r.usage.output = {1};
  CHECK(counted(r).of(metric::time_per_output_token).empty());
}

TEST_CASE("a retry at the same deployment is no fallback", "[observe]") {
  exchange_record r = full_record();
  r.attempts.front().deployment = r.deployment;
  CHECK(counted(r).of(metric::fallbacks).empty());
}

TEST_CASE("a request that no deployment answered is no fallback", "[observe]") {
  exchange_record r = full_record();
  r.deployment.clear();
  r.provider.clear();
  CHECK(counted(r).of(metric::fallbacks).empty());
}

TEST_CASE("refusals are counted by reason, and rate limits by team too", "[observe]") {
  exchange_record r = full_record();
  r.attempts.clear();
  r.outcome = outcome::policy_denied;
  r.error = naru::error_code::nothing_cleared;
  r.status = 503;
  cells c = counted(r);
  CHECK(value(c, metric::policy_denied, {"nothing_cleared"}) == 1);
  CHECK(c.of(metric::rate_limited).empty());
  r.error = naru::error_code::rate_limited;
  c = counted(r);
  CHECK(value(c, metric::policy_denied, {"rate_limit_exceeded"}) == 1);
  CHECK(value(c, metric::rate_limited, {"shop"}) == 1);
}

TEST_CASE("a request that ended before its plan is counted without a decision", "[observe]") {
  exchange_record r;
  r.status = 401;
  r.outcome = outcome::client_error;
  const cells c = counted(r);
  CHECK(value(c, metric::requests, {"chat", "", "", "", "401", "client_error"}) == 1);
  CHECK(c.of(metric::route_decisions).empty());
  CHECK(c.of(metric::upstream_attempts).empty());
}

TEST_CASE("series made beforehand stand at 0 and are those that counting uses", "[observe]") {
  cells c;
  create_series(c, "shop", "chat", "openai");
  CHECK(value(c, metric::requests, {"chat", "shop", "chat", "openai", "200", "ok"}) == 0);
  CHECK(value(c, metric::tokens, {"shop", "chat", "openai", "input"}) == 0);
  CHECK(value(c, metric::tokens, {"shop", "chat", "openai", "output"}) == 0);
  CHECK(value(c, metric::cost_usd, {"shop", "chat", "openai"}) == 0);
  const std::size_t before = c.of(metric::tokens).size() + c.of(metric::requests).size() + c.of(metric::cost_usd).size();
  exchange_record r = full_record();
  r.attempts.erase(r.attempts.begin());
  count(c, r);
  CHECK(c.of(metric::tokens).size() + c.of(metric::requests).size() + c.of(metric::cost_usd).size() == before);
  CHECK(value(c, metric::requests, {"chat", "shop", "chat", "openai", "200", "ok"}) == 1);
}
