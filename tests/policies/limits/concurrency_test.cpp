#include "policies/limits/concurrency.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <thread>
#include <vector>

using namespace naru;
using namespace naru::limits;

namespace {
using scope_ptr = std::shared_ptr<concurrency_scope>;
scope_ptr scope(std::string name, std::uint32_t limit) { return std::make_shared<concurrency_scope>(std::move(name), limit); }
auto take(std::initializer_list<scope_ptr> scopes) { return concurrency_permit::take({scopes.begin(), scopes.size()}); }
}  // namespace

TEST_CASE("a permit is given up to the limit and frees its place when it dies", "[limits]") {
  const auto web = scope("key web", 2);
  auto a = take({web});
  {
    const auto b = take({web});
    CHECK(a);
    CHECK(b);
    CHECK(web->running() == 2);
    CHECK_FALSE(take({web}));
  }
  CHECK(web->running() == 1);
  CHECK(take({web}));
}

TEST_CASE("a refusal names the scope and its limit, and frees what was entered before it", "[limits]") {
  const auto key = scope("key web", 5);
  const auto team = scope("team shop", 1);
  const auto first = take({key, team});
  const auto second = take({key, team});
  REQUIRE_FALSE(second);
  CHECK(second.error().scope == team);
  CHECK(second.error().limit == 1);
  CHECK(key->running() == 1);
  const error e = to_error(second.error());
  CHECK(e.code == error_code::rate_limited);
  CHECK(e.reason == "concurrency_limit");
  CHECK(e.retry_after == std::chrono::seconds{1});
  CHECK(e.message.find("team shop already has 1 request running") != std::string::npos);
}

TEST_CASE("a moved permit is counted once, a moved-into one frees what it held", "[limits]") {
  const auto a = scope("a", 9);
  const auto b = scope("b", 9);
  auto in_a = take({a});
  concurrency_permit moved = std::move(*in_a);
  CHECK(a->running() == 1);
  moved = std::move(*take({b}));
  CHECK(a->running() == 0);
  CHECK(b->running() == 1);
  moved.release();
  moved.release();
  CHECK(b->running() == 0);
}

TEST_CASE("no scope, a null scope and a limit of nothing", "[limits]") {
  CHECK(take({}));
  CHECK(take({nullptr, nullptr}));
  CHECK_FALSE(take({scope("none", 0)}));
}

TEST_CASE("a lowered limit ends nothing and lets nothing new in until enough have ended", "[limits]") {
  const auto s = scope("s", 3);
  std::vector<concurrency_permit> running;
  for (int i = 0; i < 3; ++i) running.push_back(std::move(*take({s})));
  s->set_limit(1);
  running.pop_back();
  CHECK(s->running() == 2);
  CHECK_FALSE(take({s}));
  running.clear();
  CHECK(take({s}));
}

TEST_CASE("a permit keeps its scope alive, and a reload finds the scope that still runs something", "[limits]") {
  concurrency_scopes scopes;
  auto before = scopes.get("team shop", 5);
  const auto permit = take({before});
  before.reset();
  const auto after = scopes.get("team shop", 2);
  CHECK(after->running() == 1);
  CHECK(after->limit() == 2);
  CHECK(scopes.get("team other", 2) != after);
}

TEST_CASE("under many threads the limit is reached and never passed", "[limits][property]") {
  constexpr std::uint32_t limit = 3;
  const auto team = scope("team", limit);
  std::array<scope_ptr, 4> keys{scope("k0", 2), scope("k1", 2), scope("k2", 2), scope("k3", 2)};
  std::atomic<std::uint32_t> running{0};
  std::atomic<std::uint32_t> most{0};
  std::atomic<std::uint64_t> given{0};
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < keys.size(); ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 20'000; ++i) {
          const std::array<scope_ptr, 2> both{keys[t], team};
          auto permit = concurrency_permit::take(both);
          if (!permit) continue;
          const std::uint32_t now = running.fetch_add(1) + 1;
          std::uint32_t seen = most.load();
          while (now > seen && !most.compare_exchange_weak(seen, now)) {
          }
          given.fetch_add(1);
          if (i % 16 == 0) std::this_thread::yield();
          running.fetch_sub(1);
        }
      });
    }
  }
  CHECK(most.load() <= limit);
  CHECK(most.load() > 1);
  CHECK(given.load() > 0);
  CHECK(team->running() == 0);
  CHECK(std::ranges::all_of(keys, [](const auto& k) { return k->running() == 0; }));
}

namespace {

using taker = std::expected<concurrency_permit, concurrency_refusal> (*)(std::span<const scope_ptr>);

/// Random comings and goings against a plain count. @return the first seed at which the two differ.
std::optional<std::uint64_t> first_difference(taker enter) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 gen{seed};
    const std::array<scope_ptr, 3> keys{scope("k0", 1), scope("k1", 2), scope("k2", 5)};
    const auto team = scope("team", 1 + static_cast<std::uint32_t>(gen() % 6));
    std::vector<std::pair<std::size_t, concurrency_permit>> running;
    for (int step = 0; step < 200; ++step) {
      if (gen() % 3 == 0 && !running.empty()) {
        running.erase(running.begin() + static_cast<std::ptrdiff_t>(gen() % running.size()));
        continue;
      }
      const std::size_t key = gen() % keys.size();
      const auto of_key = static_cast<std::uint32_t>(std::ranges::count(running, key, [](const auto& r) { return r.first; }));
      const bool room = of_key < keys[key]->limit() && running.size() < team->limit();
      const std::array<scope_ptr, 2> both{keys[key], team};
      auto permit = enter(both);
      if (permit.has_value() != room) return seed;
      if (permit) running.emplace_back(key, std::move(*permit));
      if (team->running() != running.size()) return seed;
    }
  }
  return std::nullopt;
}

// Planted defects.
std::expected<concurrency_permit, concurrency_refusal> forgets_the_team(std::span<const scope_ptr> scopes) {
  return concurrency_permit::take(scopes.first(1));
}
std::expected<concurrency_permit, concurrency_refusal> one_too_many(std::span<const scope_ptr> scopes) {
  scopes[1]->set_limit(scopes[1]->limit() + 1);
  auto permit = concurrency_permit::take(scopes);
  scopes[1]->set_limit(scopes[1]->limit() - 1);
  return permit;
}

}  // namespace

TEST_CASE("comings and goings agree with a plain count", "[limits][property]") {
  const auto differs = first_difference(&concurrency_permit::take);
  INFO("seed " << differs.value_or(0));
  CHECK_FALSE(differs);
  CHECK(first_difference(&forgets_the_team));
  CHECK(first_difference(&one_too_many));
}
