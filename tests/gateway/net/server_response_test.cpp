// Answers: whole, streamed, broken, to slow clients; over real sockets.
#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

#include "tests/gateway/net/support.hpp"

using namespace naru;
using namespace naru::net;
using namespace naru::net::test;
using namespace std::chrono_literals;

namespace {

using handled = asio::awaitable<void, executor>;
constexpr std::string_view get = "GET /g HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view get_1_0 = "GET /g HTTP/1.0\r\n\r\n";

handled three_pieces(std::shared_ptr<request>, response& out) {
  auto body = co_await out.start(200, {{"content-type", "text/event-stream"}});
  if (!body) co_return;
  for (const std::string_view piece : {"one ", "two ", "three"}) {
    if (auto sent = co_await body->send(piece); !sent) co_return;
  }
  (void)co_await body->finish();
}

handled break_off(std::shared_ptr<request>, response& out) {
  auto body = co_await out.start(200, {}, "half");
  if (body) body->abort();
}

}  // namespace

TEST_CASE("a stream arrives piece by piece and leaves the connection usable", "[server]") {
  running_server s{three_pieces};
  client c{s.port()};
  for (int i = 0; i < 3; ++i) {
    c.send(get);
    const auto r = c.read_response();
    CHECK(r.complete);
    CHECK(r.body == "one two three");
  }
  client old{s.port()};
  old.send(get_1_0);
  const auto r = old.read_response();
  CHECK(r.complete);
  CHECK(r.body == "one two three");
  CHECK_FALSE(r.says("transfer-encoding"));
  client head{s.port()};
  head.send("HEAD /g HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  CHECK(head.read_response(true).status == 200);
  CHECK(head.receive_all().empty());
}

TEST_CASE("a broken stream never looks like a finished one", "[server]") {
  running_server s{break_off};
  client c{s.port()};
  c.send(get);
  const auto r = c.read_response();
  CHECK(r.status == 200);
  CHECK_FALSE(r.complete);
  client old{s.port()};
  old.send(get_1_0);
  CHECK_FALSE(old.read_response().complete);
  CHECK(old.was_reset());
}

TEST_CASE("a handler that throws, forgets to answer or breaks the rules gives 500 or a broken stream", "[server]") {
  std::atomic<int> which{0};
  running_server s{[&](std::shared_ptr<request>, response& out) -> handled {
    switch (which) {
      case 0: throw std::runtime_error{"planted"};
      case 1: co_return;
      case 2: (void)co_await out.send(200, {{"x", "a\r\nset-cookie: b"}}, ""); break;
      case 3: (void)co_await out.send(200, {{"Content-Length", "7"}}, ""); break;
      case 4: (void)co_await out.start(200, {}, "half"); throw std::runtime_error{"planted"};
      case 5: (void)co_await out.start(200, {}, "half"); co_return;
      default: (void)co_await out.send(200, {}, "ok"); (void)co_await out.send(200, {}, "again");
    }
  }};
  for (which = 0; which < 4; ++which) {
    INFO("case " << which);
    client c{s.port()};
    c.send(get);
    const auto r = c.read_response();
    CHECK(r.status == 500);
    CHECK(r.body.find("planted") == std::string::npos);
    CHECK_FALSE(r.says("set-cookie"));
  }
  for (; which < 6; ++which) {
    client c{s.port()};
    c.send(get);
    CHECK_FALSE(c.read_response().complete);
  }
  client c{s.port()};
  c.send(get);
  CHECK(c.read_response().body == "ok");
  CHECK(eventually([&] { return s->counts().busy == 0; }));
}

TEST_CASE("an error says when to come back", "[server]") {
  running_server s{[](std::shared_ptr<request>, response& out) -> handled {
    CHECK_FALSE(out.head_sent());
    (void)co_await out.fail(error{error_code::rate_limited, "slow down", {}, {}, std::chrono::milliseconds{1500}});
    CHECK(out.head_sent());
  }};
  client c{s.port()};
  c.send(get);
  const auto r = c.read_response();
  CHECK(r.status == 429);
  CHECK(r.says("retry-after: 2\r\n"));
  CHECK(r.body.find("slow down") != std::string::npos);
}

TEST_CASE("a slow client holds the handler back, and gets every byte", "[server]") {
  constexpr std::size_t pieces = 400;
  constexpr std::size_t piece_size = 32 * 1024;
  std::atomic<std::size_t> sent{0};
  running_server s{[&](std::shared_ptr<request>, response& out) -> handled {
    auto body = co_await out.start(200, {});
    for (std::size_t i = 0; i < pieces; ++i) {
      const auto scratch = shard::current()->scratch().first(piece_size);  // as a relay does: from the shard's memory
      std::fill(scratch.begin(), scratch.end(), static_cast<char>('a' + i % 26));
      if (auto ok = co_await body->send({scratch.data(), scratch.size()}); !ok) co_return;
      std::fill(scratch.begin(), scratch.end(), '!');
      ++sent;
    }
    (void)co_await body->finish();
  }};
  client c{s.port(), 32 * 1024};
  c.send(get);
  REQUIRE(comes_to_rest(sent));
  CHECK(sent < pieces);
  const auto r = c.read_response();
  CHECK(r.complete);
  std::string wanted;
  for (std::size_t i = 0; i < pieces; ++i) wanted.append(piece_size, static_cast<char>('a' + i % 26));
  CHECK((r.body == wanted));
}

TEST_CASE("a client that takes nothing at all is closed after the idle time, and the handler is told", "[server]") {
  server_limits limits;
  limits.idle_time = 150ms;
  std::atomic<bool> told{false};
  std::string reason;
  running_server s{[&](std::shared_ptr<request>, response& out) -> handled {
                     const std::string large(20'000'000, 'x');
                     const auto sent = co_await out.send(200, {}, large);
                     if (!sent) reason = to_string(sent.error().code);
                     told = !sent;
                   },
                   limits};
  client c{s.port(), 16 * 1024};
  c.send(get);
  REQUIRE(eventually([&] { return told.load(); }));
  CHECK(reason == "canceled");
  CHECK(eventually([&] { return s->counts().connections == 0; }));
  CHECK_FALSE(c.read_response().complete);
}
