#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "gateway/store/ledger.hpp"

using namespace naru;

namespace {

observe::exchange_record row(int i, std::uint64_t nano, std::size_t attempts = 1) {
  observe::exchange_record r;
  r.request_id = std::to_string(i);
  r.cost = {nano};
  r.attempts.resize(attempts);
  return r;
}

std::vector<std::string> ids(const store::ledger& l, std::size_t count) {
  std::vector<std::string> out;
  for (const auto& r : l.latest(count)) out.push_back(r.request_id);
  return out;
}

}  // namespace

TEST_CASE("the latest rows come newest first", "[store]") {
  const auto l = store::make_memory_ledger(10);
  CHECK(ids(*l, 5).empty());
  for (int i = 0; i < 4; ++i) l->append(row(i, 1));
  CHECK(ids(*l, 2) == std::vector<std::string>{"3", "2"});
  CHECK(ids(*l, 100) == std::vector<std::string>{"3", "2", "1", "0"});
}

TEST_CASE("rows that have been forgotten stay in the totals", "[store]") {
  const auto l = store::make_memory_ledger(3);
  for (int i = 0; i < 10; ++i) l->append(row(i, 100, 2));
  CHECK(ids(*l, 100) == std::vector<std::string>{"9", "8", "7"});
  CHECK(l->sum().requests == 10);
  CHECK(l->sum().attempts == 20);
  CHECK(l->sum().cost == nano_usd{1000});
}

TEST_CASE("a total that passes the largest amount stays there", "[store]") {
  const auto l = store::make_memory_ledger(3);
  l->append(row(0, nano_usd::max().value - 5));
  l->append(row(1, 10));
  l->append(row(2, 10));
  CHECK(l->sum().cost == nano_usd::max());
}

TEST_CASE("a ledger for no rows still adds up", "[store]") {
  const auto l = store::make_memory_ledger(0);
  l->append(row(0, 5));
  l->append(row(1, 6));
  CHECK(l->sum().cost == nano_usd{11});
  CHECK(ids(*l, 9).size() <= 1);
}

TEST_CASE("shards that append at once lose nothing", "[store]") {
  const auto l = store::make_memory_ledger(64);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) l->append(row(i, 3));
    });
  }
  for (int i = 0; i < 50; ++i) CHECK(l->latest(64).size() <= 64);
  for (auto& thread : threads) thread.join();
  CHECK(l->sum().requests == 4000);
  CHECK(l->sum().cost == nano_usd{12'000});
  CHECK(l->latest(1000).size() == 64);
}
