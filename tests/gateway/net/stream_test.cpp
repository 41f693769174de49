// The plain stream on a socket pair: gathered writes, waits that a close ends, resets.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <future>
#include <random>
#include <thread>

#include "gateway/net/plain_stream.hpp"
#include "tests/gateway/net/support.hpp"

using namespace naru;
using namespace naru::net;
using namespace std::chrono_literals;

namespace {

struct pair_of_sockets {
  std::array<int, 2> fd{};
  pair_of_sockets() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd.data()) == 0); }
};

/// Runs `work` on a shard of its own until it ends.
void on_a_shard(std::function<asio::awaitable<void, executor>(shard&)> work) {
  shard home{0};
  home.start();
  home.post([&] { home.spawn(work(home)); });
  std::promise<void> begun;
  home.post([&] { begun.set_value(); });
  begun.get_future().wait();
  REQUIRE(test::eventually([&] { return home.running() == 0; }));
}

}  // namespace

TEST_CASE("many buffers go out whole and in order to a slow reader", "[stream]") {
  pair_of_sockets pair;
  std::vector<std::string> pieces;
  std::string wanted;
  for (int i = 0; i < 500; ++i) {
    pieces.push_back(std::string(static_cast<std::size_t>(i * 7 % 4001), static_cast<char>('a' + i % 26)));
    wanted += pieces.back();
  }
  std::string got;
  std::thread reader{[&] {
    std::array<char, 1000> some{};
    for (ssize_t n = 0; (n = ::read(pair.fd[1], some.data(), some.size())) > 0;) got.append(some.data(), static_cast<std::size_t>(n));
  }};
  on_a_shard([&](shard& home) -> asio::awaitable<void, executor> {
    auto s = make_plain_stream(home, pair.fd[0]);
    std::vector<asio::const_buffer> buffers;
    for (const auto& p : pieces) buffers.emplace_back(p.data(), p.size());
    const auto sent = co_await s->write(buffers);
    CHECK(sent);
    CHECK(s->peer_address() == "unix");
    CHECK(s->peer_is_loopback());
    s->close();
  });
  reader.join();
  ::close(pair.fd[1]);
  CHECK((got == wanted));
}

TEST_CASE("closing a stream ends the wait for its bytes and every later call", "[stream]") {
  pair_of_sockets pair;
  std::string reason;
  on_a_shard([&](shard& home) -> asio::awaitable<void, executor> {
    auto s = make_plain_stream(home, pair.fd[0]);
    net::alarm later{home.time(), [&] { s->close(); }};
    later.arm(home.time().now() + 20ms);
    const auto n = co_await read_some(*s, home.scratch());
    reason = n ? "read" : n.error().reason;
    CHECK_FALSE(s->is_open());
    CHECK_FALSE(s->try_read(home.scratch()));
    CHECK_FALSE(co_await write_all(*s, "x"));
    s->close();
    s->shutdown_send();
  });
  CHECK(reason == "closed");
  ::close(pair.fd[1]);
}

TEST_CASE("a write to one who has gone is an error and no signal", "[stream]") {
  pair_of_sockets pair;
  ::close(pair.fd[1]);
  on_a_shard([&](shard& home) -> asio::awaitable<void, executor> {
    auto s = make_plain_stream(home, pair.fd[0]);
    const auto sent = co_await write_all(*s, "x");
    REQUIRE_FALSE(sent);
    CHECK(sent.error().reason == "reset");
    const auto n = co_await read_some(*s, home.scratch());
    CHECK((n && *n == 0));
  });
}

TEST_CASE("a released descriptor stays open and belongs to the caller", "[stream]") {
  pair_of_sockets pair;
  on_a_shard([&](shard& home) -> asio::awaitable<void, executor> {
    auto s = make_plain_stream(home, pair.fd[0]);
    const int fd = s->release();
    CHECK(fd == pair.fd[0]);
    CHECK_FALSE(s->is_open());
    s.reset();
    auto again = make_plain_stream(home, fd);
    const auto sent = co_await write_all(*again, "hello");
    CHECK(sent);
  });
  std::array<char, 8> got{};
  CHECK(::read(pair.fd[1], got.data(), got.size()) == 5);
  ::close(pair.fd[1]);
}
