#include "gateway/upstream/figures.hpp"

#include <catch2/catch.hpp>

#include <thread>
#include <vector>

using namespace naru;
using namespace std::chrono_literals;
using upstream::figures;
using upstream::whole_value;

namespace {

struct wide {
  std::uint64_t a = 0, b = 0, c = 0, d = 0;
};

}  // namespace

TEST_CASE("a value is read whole, however many threads change it", "[figures]") {
  whole_value<wide> value;
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> changed{0};
  std::vector<std::thread> writers;
  for (int i = 0; i < 2; ++i) {
    writers.emplace_back([&] {
      while (!stop) {
        const bool done = value.update([](wide w) { return wide{w.a + 1, w.b + 1, w.c + 1, w.d + 1}; });
        changed += done ? 1 : 0;
      }
    });
  }
  bool torn = false;
  for (int i = 0; i < 200'000; ++i) {
    const wide w = value.read();
    torn = torn || w.a != w.b || w.b != w.c || w.c != w.d;
  }
  stop = true;
  for (auto& t : writers) t.join();
  CHECK_FALSE(torn);
  CHECK(value.read().a == changed);  // and no change that was taken is lost
}

TEST_CASE("figures are kept per size of the prompt", "[figures]") {
  figures f;
  const steady_time now{1h};
  f.answered(routing::size_class::small, {0.2F, 1.2F, tokens{101}}, {}, now);
  CHECK(f.pace(routing::size_class::small).first_token.value == Approx(0.2));
  CHECK(f.pace(routing::size_class::small).per_token.value == Approx(0.01));
  CHECK(f.pace(routing::size_class::huge).first_token.evidence == 0);
  f.gave_up(routing::size_class::huge, 30, {}, now);
  CHECK(f.pace(routing::size_class::huge).first_token.value == 30);
  CHECK(f.room().left == 1);
  f.told({.left = 0.25F, .tokens_left = 7, .tokens_limit = 9, .at = now, .until = now + 1s});
  CHECK((f.room().left == 0.25F && f.room().tokens_left == 7 && f.room().until == now + 1s));
}
