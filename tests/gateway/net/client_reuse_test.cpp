#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <string>

#include "tests/gateway/net/client_support.hpp"
#include "tests/gateway/net/stepped_clock.hpp"

// Which connections serve again, and which do not.
using namespace client_test;
using namespace std::chrono_literals;

TEST_CASE("a connection serves again after an answer that ended in order", "[client]") {
  scripted_server server{{[](peer& p) {
    while (!p.read_request().empty()) p.say(hello);
  }}};
  bench b;
  const auto origin = server.origin();
  for (int i = 0; i < 5; ++i) {
    const outcome o = fetch(b, origin);
    CHECK(o.told == "200:hello");
    CHECK(o.reused == (i > 0));
  }
  CHECK(server.connections() == 1);
  CHECK(b.counts().idle == 1);
  CHECK(b.counts().opened == 1);
  CHECK(b.counts().reused == 4);
}

TEST_CASE("a connection with anything behind its answer, or told to close, does not serve again", "[client]") {
  for (const std::string& bytes :
       {hello + "HTTP/1.1 200 OK\r\n", std::string{"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nmore"},
        std::string{"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi"},
        std::string{"HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n"}}) {
    INFO(bytes);
    scripted_server server{{[&](peer& p) {
      p.read_request();
      p.say(bytes);
      p.client_closes();
    }}};
    bench b;
    fetch(b, server.origin());
    CHECK(b.counts().idle == 0);
  }
}

TEST_CASE("a request that met a connection just closed is sent once more, on a fresh one", "[client]") {
  std::atomic<int> served{0};
  const script closes_on_second = [&](peer& p) {
    p.read_request();
    p.say(hello);
    p.read_request();
    ++served;
  };
  scripted_server server{{closes_on_second, [&](peer& p) {
                            p.read_request();
                            p.say(hello);
                            p.client_closes();
                          }}};
  bench b;
  const auto origin = server.origin();
  REQUIRE(fetch(b, origin).told == "200:hello");
  const outcome again = fetch(b, origin);
  CHECK(again.told == "200:hello");
  CHECK_FALSE(again.reused);
  CHECK(served == 1);
  CHECK(server.connections() == 2);
  CHECK(b.counts().retried == 1);
}

TEST_CASE("it is not sent again once an answer has begun, after a timeout, or from a fresh connection", "[client]") {
  struct row {
    script second;
    std::string told;
  };
  const std::vector<row> rows{
      {[](peer& p) { p.say("HTTP/1.1 2"); }, "error:reset"},
      {[](peer& p) { p.client_closes(); }, "error:first_byte_timeout"},
      {[](peer& p) { p.say("garbage\r\n"); }, "error:bad_head"},
  };
  for (const row& r : rows) {
    scripted_server server{{[&](peer& p) {
      p.read_request();
      p.say(hello);
      p.read_request();
      r.second(p);
    }}};
    bench b;
    const auto origin = server.origin();
    client::timeouts limits;
    limits.first_byte = 300ms;
    REQUIRE(fetch(b, origin, limits).told == "200:hello");
    CHECK(fetch(b, origin, limits).told == r.told);
    CHECK(server.connections() == 1);
  }
  scripted_server closes{{[](peer& p) { p.read_request(); }}};
  bench b;
  CHECK(fetch(b, closes.origin()).told == "error:reset");
  CHECK(closes.connections() == 1);
}

TEST_CASE("an idle connection that the server closes or speaks on is dropped, and so is an old one", "[client]") {
  std::promise<void> is_idle;
  scripted_server closes{{answer(hello)}};
  scripted_server speaks{{[&](peer& p) {
    p.read_request();
    p.say(hello);
    is_idle.get_future().wait();
    p.say("HTTP/1.1 408 Request Timeout\r\n\r\n");
    p.client_closes();
  }}};
  scripted_server stays{{[](peer& p) {
    p.read_request();
    p.say(hello);
    p.client_closes();
  }}};
  const auto before = open_descriptors();
  {
    bench b;
    for (const auto* s : {&closes, &speaks}) CHECK(fetch(b, s->origin()).told == "200:hello");
    CHECK(eventually([&] { return b.counts().idle == 1; }));
    CHECK(b.counts().dropped == 1);
    is_idle.set_value();
    CHECK(eventually([&] { return b.counts().idle == 0; }));
    CHECK(b.counts().dropped == 2);
  }
  {
    auto made = std::make_unique<naru::net::test::stepped_clock>();
    auto& time = *made;
    bench b{{.idle = 10s, .per_origin = 4, .head = {}}, {}, std::move(made)};
    CHECK(fetch(b, stays.origin()).told == "200:hello");
    time.step(b.home(), 9'900ms);
    CHECK(b.counts().idle == 1);
    time.step(b.home(), 2s);  // it is looked at once a second
    CHECK(eventually([&] { return b.counts().idle == 0; }));
    CHECK(b.counts().dropped == 1);
  }
  CHECK(eventually([&] { return open_descriptors() <= before; }));
}
