#include <catch2/catch.hpp>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "gateway/observe/count.hpp"
#include "gateway/observe/exposition.hpp"
#include "tests/gateway/observe/records.hpp"

using namespace naru::observe;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::string text_of(const cells& c) {
  return exposition([&] { return c; });
}

bool has_line(const std::string& text, const std::string& line) {
  for (const auto& one : lines_of(text)) {
    if (one == line) return true;
  }
  return false;
}

/// Value behind the first line that begins so.
double value_at(const std::string& text, const std::string& beginning) {
  for (const auto& line : lines_of(text)) {
    if (line.starts_with(beginning)) return std::stod(line.substr(line.rfind(' ') + 1));
  }
  FAIL("no line begins with " << beginning << "\n" << text);
  return -1;
}

}  // namespace

TEST_CASE("a counter is written as Prometheus reads it", "[observe]") {
  cells c;
  c.add(metric::rate_limited, {"shop"}, 3);
  const std::string text = text_of(c);
  CHECK(has_line(text, "# TYPE naru_rate_limited_total counter"));
  CHECK(has_line(text, "# HELP naru_rate_limited_total Requests past a limit of their team or key."));
  CHECK(has_line(text, "naru_rate_limited_total{team=\"shop\"} 3"));
  CHECK(text.back() == '\n');
}

TEST_CASE("a histogram's buckets are cumulative and end with +Inf, which is the count", "[observe]") {
  cells c;
  for (const double seconds : {0.00001, 0.00005, 0.0002, 0.0002, 0.02, 7.0}) c.observe(metric::overhead, {}, seconds);
  const std::string text = text_of(c);
  CAPTURE(text);
  CHECK(has_line(text, "# TYPE naru_overhead_seconds histogram"));
  std::vector<std::pair<double, double>> buckets;
  for (const auto& line : lines_of(text)) {
    const std::string beginning = "naru_overhead_seconds_bucket{le=\"";
    if (!line.starts_with(beginning)) continue;
    const auto end = line.find('"', beginning.size());
    buckets.emplace_back(std::stod(line.substr(beginning.size(), end - beginning.size())), std::stod(line.substr(line.rfind(' ') + 1)));
  }
  const auto bounds = family_of(metric::overhead).buckets;
  REQUIRE(buckets.size() == bounds.size() + 1);
  for (std::size_t i = 0; i < bounds.size(); ++i) CHECK(buckets[i].first == bounds[i]);
  for (std::size_t i = 1; i < buckets.size(); ++i) CHECK(buckets[i - 1].second <= buckets[i].second);
  CHECK(text.find("naru_overhead_seconds_bucket{le=\"+Inf\"} 6") != std::string::npos);
  CHECK(buckets[0].second == 2);
  CHECK(buckets[1].second == 2);
  CHECK(buckets[2].second == 4);
  CHECK(value_at(text, "naru_overhead_seconds_count") == 6);
  CHECK(value_at(text, "naru_overhead_seconds_sum") == Approx(7.02046));
}

TEST_CASE("label values are escaped", "[observe]") {
  cells c;
  c.add(metric::rate_limited, {"a \"b\" \\ c\nd"}, 1);
  const std::string text = text_of(c);
  CHECK(has_line(text, R"(naru_rate_limited_total{team="a \"b\" \\ c\nd"} 1)"));
}

TEST_CASE("a bound and a large count keep their digits", "[observe]") {
  cells c;
  c.add(metric::rate_limited, {"shop"}, 1234567890123.0);
  c.observe(metric::request_duration, {"chat", "m", "p", "true"}, 1);
  const std::string text = text_of(c);
  CHECK(value_at(text, "naru_rate_limited_total") == 1234567890123.0);
  CHECK(text.find("le=\"0.05\"") != std::string::npos);
}

TEST_CASE("a metric without series is not written, one at 0 is", "[observe]") {
  cells c;
  create_series(c, "shop", "chat", "openai");
  const std::string text = text_of(c);
  CHECK(has_line(text, R"(naru_cost_usd_total{team="shop",model="chat",provider="openai"} 0)"));
  CHECK(text.find("naru_fallbacks_total") == std::string::npos);
}

TEST_CASE("every line is a comment or a name, labels and a number", "[observe]") {
  cells c;
  count(c, test::full_record());
  for (const auto& line : lines_of(text_of(c))) {
    CAPTURE(line);
    if (line.starts_with("# HELP ") || line.starts_with("# TYPE ")) continue;
    CHECK(line.starts_with("naru_"));
    std::size_t used = 0;
    const std::string number = line.substr(line.rfind(' ') + 1);
    CHECK_NOTHROW(std::stod(number, &used));
    CHECK(used == number.size());
  }
}
