#include "config/schema.hpp"

/// Rows about what fails, what is late and what is too much: `breaker:`, `overload:`, a model's `hedge:`.
namespace naru::config {
namespace {

void add_breaker(std::vector<row>& rows) {
  rows.push_back(
      {.path = "breaker", .is = form::block, .says = "When a deployment that fails is left alone, and how soon it is asked again."});
  rows.push_back({.path = "breaker.window",
                  .is = form::duration,
                  .fallback = "30s",
                  .lowest = "1s",
                  .highest = "1h",
                  .says = "How far back outcomes count."});
  rows.push_back({.path = "breaker.least_calls",
                  .is = form::integer,
                  .fallback = "5",
                  .lowest = "1",
                  .highest = "10000",
                  .says = "Fewer calls in the window open nothing; twice as many failures in a row always do."});
  rows.push_back({.path = "breaker.share",
                  .is = form::share,
                  .fallback = "50%",
                  .lowest = "1%",
                  .highest = "100%",
                  .says = "Opens at this share of failed calls."});
  rows.push_back({.path = "breaker.slow_call",
                  .is = form::duration,
                  .fallback = "30s",
                  .lowest = "100ms",
                  .highest = "1h",
                  .words = {"off"},
                  .says = "A call whose first content takes longer is slow; a whole answer may take 50 ms more for each of its tokens."});
  rows.push_back({.path = "breaker.slow_share",
                  .is = form::share,
                  .fallback = "80%",
                  .lowest = "1%",
                  .highest = "100%",
                  .says = "Opens at this share of slow calls."});
  rows.push_back({.path = "breaker.cooldown",
                  .is = form::duration,
                  .fallback = "2s",
                  .lowest = "100ms",
                  .highest = "1h",
                  .says = "How long it stays open before a request is let through as a probe; doubles with each that fails."});
  rows.push_back({.path = "breaker.cooldown_max",
                  .is = form::duration,
                  .fallback = "6s",
                  .lowest = "100ms",
                  .highest = "1h",
                  .says = "The longest of these, unless the vendor names a longer wait: how late a recovery may be noticed."});
  rows.push_back({.path = "breaker.probes",
                  .is = form::integer,
                  .fallback = "1",
                  .lowest = "1",
                  .highest = "100",
                  .says = "Good probes in a row that close it, one at a time."});
}

void add_overload(std::vector<row>& rows) {
  rows.push_back(
      {.path = "overload", .is = form::block, .says = "Where a thread begins to shed work with 503, the cheapest to retry first."});
  rows.push_back({.path = "overload.requests",
                  .is = form::integer,
                  .fallback = "10000",
                  .lowest = "1",
                  .highest = "1000000",
                  .says = "Requests being served on one thread."});
  rows.push_back({.path = "overload.lag",
                  .is = form::duration,
                  .fallback = "500ms",
                  .lowest = "20ms",
                  .highest = "1m",
                  .words = {"off"},
                  .says = "How late its event loop runs, twice in a row."});
  rows.push_back({.path = "overload.retry_after",
                  .is = form::duration,
                  .fallback = "1s",
                  .lowest = "100ms",
                  .highest = "10m",
                  .says = "What a client that is shed is told to wait; up to twice as long, by chance, so that not all return together."});
}

void add_hedge(std::vector<row>& rows) {
  rows.push_back({.path = "models.*.hedge",
                  .is = form::block,
                  .otherwise = "off",
                  .shorthand = "after",
                  .says = "A second call, to the next deployment that may have the request, when the first is late; the slower one is "
                          "ended and paid for."});
  rows.push_back({.path = "models.*.hedge.after",
                  .is = form::duration,
                  .fallback = "p95",
                  .lowest = "20ms",
                  .highest = "10m",
                  .words = {"p95"},
                  .says = "How late: a time, or later than 95 of 100 of that deployment's calls."});
  rows.push_back({.path = "models.*.hedge.share",
                  .is = form::share,
                  .fallback = "10%",
                  .lowest = "0.1%",
                  .highest = "100%",
                  .says = "Of the model's calls, and of what they cost, that hedges may come to."});
}

}  // namespace

std::vector<row> resilience_rows() {
  std::vector<row> rows;
  add_breaker(rows);
  add_overload(rows);
  add_hedge(rows);
  return rows;
}

}  // namespace naru::config
