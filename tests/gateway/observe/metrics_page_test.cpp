#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "gateway/observe/families.hpp"
#include "tests/gateway/observe/page.hpp"

using namespace naru::observe;

TEST_CASE("the page of metrics is the table of metrics", "[observe][docs]") {
  naru::test::check_page("reference/metrics.md", metrics_page());
}

TEST_CASE("metrics are named as Prometheus wants them", "[observe]") {
  std::set<std::string_view> names;
  for (const family& f : families()) {
    CAPTURE(f.name);
    CHECK(f.name.starts_with("naru_"));
    CHECK(f.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos);
    CHECK(names.insert(f.name).second);
    CHECK(f.name.ends_with("_total") == (f.type == metric_type::counter));
    CHECK_FALSE(f.help.empty());
    CHECK(f.buckets.empty() == (f.type != metric_type::histogram));
    std::set<std::string_view> labels(f.labels.begin(), f.labels.end());
    CHECK(labels.size() == f.labels.size());
    CHECK_FALSE(labels.contains("le"));
    CHECK_FALSE(labels.contains("user"));  // bounded labels only: keys, users and request ids would make series without end
    CHECK_FALSE(labels.contains("key"));
    CHECK_FALSE(labels.contains("request_id"));
    for (std::size_t i = 1; i < f.buckets.size(); ++i) CHECK(f.buckets[i - 1] < f.buckets[i]);
  }
}
