#include "policies/resilience/next.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <vector>

using namespace naru::resilience;

namespace {

constexpr prospect sure{};
constexpr prospect probe{.probe = true};
constexpr prospect unsure{.unsure = true};
constexpr prospect gone{.possible = false};

std::optional<std::size_t> chosen(std::vector<prospect> steps, std::uint32_t made, std::uint32_t left, bool probed = false) {
  return choose_next(steps, made, left, probed);
}

}  // namespace

TEST_CASE("the first step that is possible is next", "[resilience]") {
  CHECK(chosen({sure, sure}, 0, 3) == 0U);
  CHECK(chosen({gone, sure}, 1, 2) == 1U);
  CHECK(chosen({gone, gone}, 1, 2) == std::nullopt);
  CHECK(chosen({}, 0, 3) == std::nullopt);
  CHECK(chosen({sure}, 3, 0) == std::nullopt);
}

TEST_CASE("an exchange probes once while others are sure", "[resilience]") {
  CHECK(chosen({probe, probe, sure}, 0, 3) == 0U);
  CHECK(chosen({gone, probe, sure}, 1, 2, true) == 2U);
  CHECK(chosen({gone, probe, unsure}, 1, 2, true) == 1U);  // nobody is
}

TEST_CASE("a last call is no probe, unless it is the first too", "[resilience]") {
  CHECK(chosen({gone, gone, probe, sure}, 2, 1) == 3U);
  CHECK(chosen({gone, gone, probe}, 2, 1) == 2U);
  CHECK(chosen({probe, sure}, 0, 1) == 0U);
}

TEST_CASE("one that has just failed keeps its place while there are calls to spare", "[resilience]") {
  CHECK(chosen({unsure, sure, sure}, 0, 3) == 0U);
  CHECK(chosen({unsure, sure, sure, sure}, 0, 3) == 1U);
  CHECK(chosen({gone, unsure, sure}, 2, 1) == 2U);
  CHECK(chosen({unsure, unsure}, 0, 3) == 0U);
}

TEST_CASE("whatever the steps, something possible is chosen as long as there is something", "[resilience][property]") {
  std::mt19937_64 gen{11};
  for (int run = 0; run < 20'000; ++run) {
    std::vector<prospect> steps(gen() % 7);
    bool any = false;
    for (auto& p : steps) {
      p = {gen() % 2 == 0, gen() % 2 == 0, gen() % 2 == 0};
      any = any || p.possible;
    }
    const auto at = choose_next(steps, static_cast<std::uint32_t>(gen() % 3), 1 + static_cast<std::uint32_t>(gen() % 3), gen() % 2 == 0);
    REQUIRE(at.has_value() == any);
    if (at) REQUIRE(steps[*at].possible);
  }
}
