#include <catch2/catch.hpp>

#include "policies/resilience/decide.hpp"
#include "tests/gateway/observe/page.hpp"

TEST_CASE("the page about who falls over is the table that decides it", "[flow][docs]") {
  naru::test::check_page(
      "reference/resilience.md",
      "# Who falls over, and who does not\n\nWhat is done about a failed upstream call. Printed from the table in "
      "`policies/resilience/rules.cpp`, which the "
      "gateway obeys; a test compares.\n\n" +
          naru::resilience::print_table() +
          "\nA vendor's `x-should-retry: false` forbids the retry at this deployment, whatever the class; the next deployment "
          "is asked all the same.\n");
}
