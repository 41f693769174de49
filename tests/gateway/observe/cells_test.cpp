#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "gateway/observe/cells.hpp"
#include "tests/support/seeded_random.hpp"

using namespace naru::observe;

namespace {

const cell& only(const cells& c, metric m) {
  const auto all = c.of(m);
  REQUIRE(all.size() == 1);
  return *all.front();
}

}  // namespace

TEST_CASE("a counter adds up by its labels", "[observe]") {
  cells c;
  c.add(metric::rate_limited, {"shop"}, 1);
  c.add(metric::rate_limited, {"shop"}, 2.5);
  c.add(metric::rate_limited, {"lab"}, 1);
  const auto all = c.of(metric::rate_limited);
  REQUIRE(all.size() == 2);
  CHECK(all[0]->labels == std::vector<std::string>{"lab"});  // sorted, so that two scrapes come in one order
  CHECK(all[1]->labels == std::vector<std::string>{"shop"});
  CHECK(all[1]->value == 3.5);
  CHECK(c.series() == 2);
}

TEST_CASE("labels that only together spell the same text are different series", "[observe]") {
  cells c;
  c.add(metric::unpriced_requests, {"ab", "c"}, 1);
  c.add(metric::unpriced_requests, {"a", "bc"}, 1);
  c.add(metric::unpriced_requests, {"", "abc"}, 1);
  CHECK(c.of(metric::unpriced_requests).size() == 3);
}

TEST_CASE("a value on a bucket's bound is in that bucket, one above all bounds in the last", "[observe]") {
  cells c;
  const auto bounds = family_of(metric::overhead).buckets;
  for (const double bound : bounds) c.observe(metric::overhead, {}, bound);
  c.observe(metric::overhead, {}, bounds.back() * 2);
  c.observe(metric::overhead, {}, 0);
  const cell& h = only(c, metric::overhead);
  REQUIRE(h.buckets.size() == bounds.size() + 1);
  CHECK(h.buckets.front() == 2);
  for (std::size_t b = 1; b < h.buckets.size(); ++b) CHECK(h.buckets[b] == 1);
}

TEST_CASE("a metric keeps so many series and counts what comes after as dropped", "[observe]") {
  cells c;
  for (std::size_t i = 0; i < cells::most_series; ++i) c.add(metric::rate_limited, {std::to_string(i)}, 1);
  CHECK(c.dropped() == 0);
  c.add(metric::rate_limited, {"one too many"}, 1);
  c.add(metric::rate_limited, {"two too many"}, 1);
  CHECK(c.dropped() == 2);
  CHECK(c.series() == cells::most_series);
  c.add(metric::rate_limited, {"7"}, 1);  // a known one goes on
  CHECK(c.dropped() == 2);
  c.add(metric::policy_denied, {"forbidden"}, 1);  // and so does every other metric
  CHECK(c.dropped() == 2);
  CHECK(c.of(metric::policy_denied).size() == 1);
}

TEST_CASE("shards merged are what one shard would have counted", "[observe][property]") {
  auto random = naru::test::seeded_random(1);
  const auto below = [&](std::uint64_t n) { return random() % n; };
  cells whole, merged;
  std::vector<cells> shards(4);
  for (int i = 0; i < 2000; ++i) {
    const std::string team = std::to_string(below(5));
    const double seconds = static_cast<double>(below(1000)) / 512;  // exact in binary: sums do not depend on their order
    cells& shard = shards[below(shards.size())];
    for (cells* c : {&whole, &shard}) {
      c->add(metric::rate_limited, {team}, 1);
      c->observe(metric::time_per_output_token, {team, "openai"}, seconds);
    }
  }
  for (const cells& shard : shards) merged.merge(shard);
  CHECK(merged.series() == whole.series());
  for (const metric m : {metric::rate_limited, metric::time_per_output_token}) {
    const auto a = whole.of(m), b = merged.of(m);
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      CHECK(a[i]->labels == b[i]->labels);
      CHECK(a[i]->value == b[i]->value);
      CHECK(a[i]->buckets == b[i]->buckets);
    }
  }
}

TEST_CASE("a merge takes over what was dropped", "[observe]") {
  cells full, other;
  for (std::size_t i = 0; i <= cells::most_series; ++i) full.add(metric::rate_limited, {std::to_string(i)}, 1);
  other.merge(full);
  other.merge(full);
  CHECK(other.dropped() == 2);
}
