#include "policies/resilience/shed.hpp"

#include <catch2/catch.hpp>

using namespace naru::resilience;
using namespace std::chrono_literals;

TEST_CASE("a shard within its limits sheds nothing", "[resilience][shed]") {
  const overload_settings limits{.requests = 100, .lag = 400ms};
  CHECK(what_to_shed(limits, {}).level == shed_level::none);
  CHECK(what_to_shed(limits, {99, 399ms}).level == shed_level::none);
  CHECK(what_to_shed(limits, {99, 399ms}).limit.empty());
}

TEST_CASE("the further past its limits, the more is shed", "[resilience][shed]") {
  const overload_settings limits{.requests = 100, .lag = 400ms};
  CHECK(what_to_shed(limits, {100, 0ms}).level == shed_level::retrying);
  CHECK(what_to_shed(limits, {100, 0ms}).limit == "requests");
  CHECK(what_to_shed(limits, {124, 0ms}).level == shed_level::retrying);
  CHECK(what_to_shed(limits, {125, 0ms}).level == shed_level::fresh);
  CHECK(what_to_shed(limits, {150, 0ms}).level == shed_level::resting);
  CHECK(what_to_shed(limits, {0, 400ms}).level == shed_level::retrying);
  CHECK(what_to_shed(limits, {0, 400ms}).limit == "lag");
  CHECK(what_to_shed(limits, {0, 500ms}).level == shed_level::fresh);
  CHECK(what_to_shed(limits, {110, 1h}).level == shed_level::resting);
  CHECK(what_to_shed(limits, {110, 1h}).limit == "lag");
}

TEST_CASE("a lag that is not looked at sheds nothing", "[resilience][shed]") {
  CHECK(what_to_shed({.requests = 100, .lag = 0ms}, {1, 1h}).level == shed_level::none);
}

TEST_CASE("only a client that says so, and has a retry left, is known to come back by itself", "[resilience][shed]") {
  CHECK(will_retry("0"));
  CHECK(will_retry("1"));
  for (const char* not_known : {"", "2", "10", "-1", "01", "x"}) CHECK_FALSE(will_retry(not_known));
}
