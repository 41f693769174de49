#include <catch2/catch.hpp>

#include "policies/resilience/decide.hpp"
#include "tests/gateway/observe/page.hpp"

TEST_CASE("the page about who falls over is the table that decides it", "[flow][docs]") {
  naru::test::check_page("reference/resilience.md", naru::resilience::print_page());
}
