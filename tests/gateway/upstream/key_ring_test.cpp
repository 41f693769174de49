#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "gateway/upstream/deployment.hpp"

using naru::steady_time;
using naru::upstream::key_ring;
using namespace std::chrono_literals;

namespace {
const steady_time now{std::chrono::hours{100}};
}

TEST_CASE("keys take turns", "[upstream]") {
  key_ring ring({"a", "b", "c"});
  std::map<std::size_t, int> used;
  for (int i = 0; i < 300; ++i) ++used[ring.next(now)];
  CHECK(used == std::map<std::size_t, int>{{0, 100}, {1, 100}, {2, 100}});
  CHECK(ring.value(1) == "b");
}

TEST_CASE("a key that rests is left out until its time has come", "[upstream]") {
  key_ring ring({"a", "b"});
  ring.rest(0, now + 1s);
  for (int i = 0; i < 10; ++i) CHECK(ring.next(now) == 1);
  for (int i = 0; i < 10; ++i) CHECK(ring.next(now + 999ms) == 1);
  std::map<std::size_t, int> used;
  for (int i = 0; i < 10; ++i) ++used[ring.next(now + 1s)];
  CHECK(used == std::map<std::size_t, int>{{0, 5}, {1, 5}});
}

TEST_CASE("when all keys rest the one that wakes first is asked", "[upstream]") {
  key_ring ring({"a", "b", "c"});
  ring.rest(0, now + 3s);
  ring.rest(1, now + 1s);
  ring.rest(2, now + 2s);
  for (int i = 0; i < 10; ++i) CHECK(ring.next(now) == 1);
}

TEST_CASE("a short rest does not end a longer one", "[upstream]") {
  key_ring ring({"a", "b"});
  ring.rest(0, now + 60s);
  ring.rest(0, now + 1s);
  CHECK_FALSE(ring.another_than(1, now + 30s));
  ring.rest(0, now + 90s);
  CHECK_FALSE(ring.another_than(1, now + 70s));
  CHECK(ring.another_than(1, now + 90s));
}

TEST_CASE("another key can be tried only while one other does not rest", "[upstream]") {
  key_ring ring({"a", "b"});
  CHECK(ring.another_than(0, now));
  CHECK(ring.another_than(key_ring::none, now));
  ring.rest(1, now + 1s);
  CHECK_FALSE(ring.another_than(0, now));
  CHECK(ring.another_than(1, now));
  ring.rest(0, now + 1s);
  CHECK_FALSE(ring.another_than(key_ring::none, now));
  CHECK_FALSE(key_ring({"only"}).another_than(0, now));
}

TEST_CASE("a ring without keys gives none, and takes no notice of a rest", "[upstream]") {
  key_ring ring({});
  CHECK(ring.next(now) == key_ring::none);
  ring.rest(0, now + 1s);
  ring.rest(key_ring::none, now + 1s);
  CHECK_FALSE(ring.another_than(key_ring::none, now));
}
