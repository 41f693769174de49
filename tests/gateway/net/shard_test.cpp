#include "gateway/net/shard.hpp"

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <future>
#include <stdexcept>
#include <thread>

#include "gateway/net/plain_stream.hpp"
#include "tests/gateway/net/support.hpp"

using namespace naru;
using namespace naru::net;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void, executor> throw_at_once() {
  throw std::runtime_error{"planted"};
  co_return;
}

asio::awaitable<void, executor> read_for_ever(shard& home, int fd, std::shared_ptr<int> token) {
  net::alarm a{home.time(), [] {}};
  a.arm(home.time().now() + 1h);
  auto s = make_plain_stream(home, fd);
  (void)co_await s->wait_readable();
  token.reset();
}

}  // namespace

TEST_CASE("work posted from many threads runs on the shard's thread", "[shard]") {
  shard s{3};
  s.start();
  std::atomic<int> right{0};
  std::atomic<int> all{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        s.post([&] {
          if (shard::current() == &s && shard::current()->index() == 3) ++right;
          ++all;
        });
      }
    });
  }
  for (auto& t : threads) t.join();
  REQUIRE(test::eventually([&] { return all == 4000; }));
  CHECK(right == 4000);
  CHECK(shard::current() == nullptr);
}

TEST_CASE("an exception ends its coroutine or its handler and not the shard", "[shard]") {
  shard s{0};
  s.start();
  s.post([&] { s.spawn(throw_at_once()); });
  s.post([] { throw std::runtime_error{"planted"}; });
  std::promise<void> after;
  s.post([&] { after.set_value(); });
  CHECK(after.get_future().wait_for(10s) == std::future_status::ready);
  CHECK(test::eventually([&] { return s.running() == 0; }));
}

TEST_CASE("an alarm of a running shard fires within a tick or two", "[shard]") {
  shard s{0};
  s.start();
  std::promise<steady_time> fired;
  std::unique_ptr<net::alarm> a;
  steady_time wanted;
  s.post([&] {
    a = std::make_unique<net::alarm>(s.time(), [&] { fired.set_value(s.time().now()); });
    a->arm(s.time().now() + 1h);  // a later one first: the timer must come nearer
    wanted = s.time().now() + 50ms;
    a->arm(wanted);
  });
  auto at = fired.get_future();
  REQUIRE(at.wait_for(10s) == std::future_status::ready);
  CHECK(at.get() >= wanted);
  std::promise<void> gone;
  s.post([&] { a.reset(), gone.set_value(); });
  gone.get_future().wait();
}

TEST_CASE("a shard that is destroyed takes its suspended coroutines, sockets and alarms with it", "[shard]") {
  const auto before = test::open_descriptors();
  auto token = std::make_shared<int>(1);
  std::array<int, 2> pair{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) == 0);
  {
    shard s{0};
    s.start();
    s.post([&s, fd = pair[0], token] { s.spawn(read_for_ever(s, fd, token)); });
    REQUIRE(test::eventually([&] { return s.running() == 1; }));
  }
  CHECK(token.use_count() == 1);
  ::close(pair[1]);
  CHECK(test::open_descriptors() == before);
}
