// Connections coming, leaving, being too many; draining and aborting.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <random>
#include <thread>

#include "tests/gateway/net/support.hpp"

using namespace naru;
using namespace naru::net;
using namespace naru::net::test;
using namespace std::chrono_literals;

#ifndef __has_feature
#define __has_feature(x) 0
#endif

namespace {

using handled = asio::awaitable<void, executor>;
using timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>;
constexpr std::string_view get = "GET /g HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Waits until the client leaves, as a handler does whose upstream is silent.
struct waiting_handler {
  std::atomic<int> waiting{0};
  std::atomic<int> left{0};

  request_handler handler() {
    return [this](std::shared_ptr<request> r, response& out) -> handled {
      timer until{shard::current()->get_executor(), std::chrono::steady_clock::time_point::max()};
      r->on_disconnect([&] { until.cancel(); });
      ++waiting;
      boost::system::error_code canceled;
      co_await until.async_wait(asio::redirect_error(asio::use_awaitable_t<executor>{}, canceled));
      if (r->disconnected()) ++left;
      (void)co_await out.send(200, {}, "late");
    };
  }
};

/// Answers when told to.
struct gated_handler {
  std::atomic<bool> open{false};
  std::atomic<int> waiting{0};

  request_handler handler() {
    return [this](std::shared_ptr<request>, response& out) -> handled {
      ++waiting;
      while (!open) {
        timer a_bit{shard::current()->get_executor(), 1ms};
        co_await a_bit.async_wait(asio::use_awaitable_t<executor>{});
      }
      (void)co_await out.send(200, {}, "done");
    };
  }
};

}  // namespace

TEST_CASE("the handler hears at once that its client has closed or reset", "[server]") {
  waiting_handler w;
  running_server s{w.handler()};
  const auto wait_for = [&](int n, auto leave) {
    client c{s.port()};
    c.send(get);
    REQUIRE(eventually([&] { return w.waiting == n; }));
    const auto start = std::chrono::steady_clock::now();
    leave(c);
    REQUIRE(eventually([&] { return w.left == n; }));
    CHECK(std::chrono::steady_clock::now() - start < 1s);
  };
  wait_for(1, [](client& c) { c.close(); });
  wait_for(2, [](client& c) { c.reset(); });
  wait_for(3, [](client& c) { c.send(get), c.close(); });  // a next request on the way does not hide it
  CHECK(eventually([&] { return s->counts().connections == 0 && s->counts().busy == 0; }));
}

TEST_CASE("a next request that comes while a handler runs is no disconnect", "[server]") {
  gated_handler g;
  running_server s{g.handler()};
  client c{s.port()};
  c.send(get);
  REQUIRE(eventually([&] { return g.waiting == 1; }));
  c.send(get);
  c.send(std::string_view{get}.substr(0, 10));
  std::this_thread::sleep_for(20ms);  // lets the bytes reach the watch; the outcome is the same if they do not
  g.open = true;
  CHECK(c.read_response().body == "done");
  CHECK(c.read_response().body == "done");
  c.send(std::string_view{get}.substr(10));
  CHECK(c.read_response().body == "done");
}

TEST_CASE("a thousand clients that open, send something and abort leave no descriptor behind", "[server]") {
  waiting_handler w;
  running_server s{w.handler(), {}, 2};
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random{seed};
  const auto before = open_descriptors();
  std::vector<std::unique_ptr<client>> clients;
  for (int i = 0; i < 1000; ++i) {
    clients.push_back(std::make_unique<client>(s.port()));
    clients.back()->send(std::string_view{get}.substr(0, random() % (get.size() + 1)));
    if (clients.size() > 100) {
      auto& leaver = clients[random() % clients.size()];
      random() % 2 == 0 ? leaver->close() : leaver->reset();
      std::swap(leaver, clients.back());
      clients.pop_back();
    }
  }
  for (auto& c : clients) random() % 2 == 0 ? c->close() : c->reset();
  clients.clear();
  CHECK(eventually([&] { return s->counts().connections == 0; }));
  CHECK(s->counts().busy == 0);
  CHECK(eventually([&] { return open_descriptors() == before; }));
  CHECK(s->counts().accepted == 1000);
}

TEST_CASE("new connections go to the shard with the fewest", "[server]") {
  std::array<std::atomic<int>, 3> served{};
  running_server s{[&](std::shared_ptr<request>, response& out) -> handled {
                     ++served[shard::current()->index()];
                     (void)co_await out.send(200, {}, "");
                   },
                   {},
                   3};
  std::vector<std::unique_ptr<client>> clients;
  for (int i = 0; i < 9; ++i) {
    clients.push_back(std::make_unique<client>(s.port()));
    clients.back()->send(get);
    CHECK(clients.back()->read_response().status == 200);
  }
  for (auto& n : served) CHECK(n == 3);
}

TEST_CASE("connections past the limit are told so and closed; a place that is freed is given again", "[server]") {
  server_limits limits;
  limits.connections = 2;
  running_server s{echo, limits};
  client a{s.port()};
  auto b = std::make_unique<client>(s.port());
  a.send(get);
  b->send(get);
  CHECK(a.read_response().status == 200);
  CHECK(b->read_response().status == 200);
  {
    client c{s.port()};
    const auto r = c.read_response();
    CHECK(r.status == 503);
    CHECK(r.says("retry-after: 1"));
    CHECK(c.ended());
  }
  CHECK(s->counts().turned_away == 1);
  b.reset();
  REQUIRE(eventually([&] { return s->counts().connections == 1; }));
  client d{s.port()};
  d.send(get);
  CHECK(d.read_response().status == 200);
}

// Not under UBSan: for an object that it has not seen, its check of virtual calls opens a pipe, and reports the object when there is no
// descriptor for one, which is what this test brings about.
#if !__has_feature(undefined_behavior_sanitizer)
TEST_CASE("out of descriptors, the acceptor waits without spinning and goes on when there are some", "[server]") {
  running_server s{echo};
  client first{s.port()};
  first.send(get);
  REQUIRE(first.read_response().status == 200);
  client late{s.port()};  // its own descriptor, while there still is one
  REQUIRE(eventually([&] { return s->counts().accepted == 2; }));
  client later_still{s.port()};
  REQUIRE(eventually([&] { return s->counts().accepted == 3; }));

  rlimit old{};
  ::getrlimit(RLIMIT_NOFILE, &old);
  const int spare = ::socket(AF_INET, SOCK_STREAM, 0);
  ::close(spare);
  rlimit tight = old;
  tight.rlim_cur = static_cast<rlim_t>(spare) + 1;
  ::setrlimit(RLIMIT_NOFILE, &tight);
  client waiting{s.port()};  // takes the last one; the server has none to accept it with
  timespec start{};
  timespec end{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
  std::this_thread::sleep_for(300ms);
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
  CHECK(s->counts().accepted == 3);
  ::setrlimit(RLIMIT_NOFILE, &old);
  const double cpu = static_cast<double>(end.tv_sec - start.tv_sec) + static_cast<double>(end.tv_nsec - start.tv_nsec) * 1e-9;
  CHECK(cpu < 0.1);
  waiting.send(get);
  CHECK(waiting.read_response().status == 200);
}
#endif

TEST_CASE("draining closes idle connections, lets busy ones finish and refuses new ones", "[server]") {
  gated_handler g;
  running_server s{g.handler(), {}, 2};
  client idle{s.port()};
  REQUIRE(eventually([&] { return s->counts().connections == 1; }));
  client busy{s.port()};
  busy.send(get);
  REQUIRE(eventually([&] { return s->counts().busy == 1; }));
  s->drain();
  CHECK(idle.ended());
  REQUIRE(eventually([&] { return client{s.port()}.fd() < 0; }));
  g.open = true;
  const auto r = busy.read_response();
  CHECK(r.body == "done");
  CHECK(r.says("connection: close"));
  CHECK(busy.ended());
  busy.close();
  CHECK(eventually([&] { return s->counts().connections == 0; }));
}

TEST_CASE("aborting everything breaks what is in flight and tells the handlers", "[server]") {
  waiting_handler w;
  running_server s{w.handler(), {}, 2};
  std::vector<std::unique_ptr<client>> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(std::make_unique<client>(s.port()));
    clients.back()->send(get);
  }
  REQUIRE(eventually([&] { return w.waiting == 10; }));
  s->abort_all();
  CHECK(eventually([&] { return w.left == 10 && s->counts().connections == 0 && s->counts().busy == 0; }));
  for (auto& c : clients) CHECK(c->read_response().status == 0);
}

TEST_CASE("a request outlives its connection for as long as somebody holds it", "[server]") {
  std::shared_ptr<request> kept;
  {
    running_server s{[&](std::shared_ptr<request> r, response& out) -> handled {
      if (!kept) kept = r;
      (void)co_await out.send(200, {}, "");
    }};
    client c{s.port()};
    c.send("POST /kept HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
    CHECK(c.read_response().status == 200);
    c.send("POST /next HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nnext");
    CHECK(c.read_response().status == 200);
  }
  CHECK(kept->path == "/kept");
  CHECK(kept->body == "body");
}

TEST_CASE("a taken or odd address is refused with its reason", "[server]") {
  running_server s{echo};
  const auto taken = s->listen({.address = fmt::format("127.0.0.1:{}", s.port()), .tag = "x", .tls = nullptr});
  REQUIRE_FALSE(taken);
  CHECK(taken.error().message.find("in use") != std::string::npos);
  for (const char* odd : {"127.0.0.1", "localhost:", ":70000", "example.com:80", "[::1:80", "1.2.3:1"}) {
    INFO(odd);
    const auto r = s->listen({.address = odd, .tag = "x", .tls = nullptr});
    REQUIRE_FALSE(r);
    CHECK(r.error().message.find(odd) != std::string::npos);
  }
}

TEST_CASE("an idle connection costs little memory", "[server][memory]") {
  if (sanitized) {
    WARN("not measured: a sanitizer's own memory would be counted; the debug and release builds do measure it");
    return;
  }
  running_server s{echo};
  constexpr std::size_t count = 2000;
  std::vector<std::unique_ptr<client>> clients;
  const auto open_some = [&](std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      clients.push_back(std::make_unique<client>(s.port()));
      clients.back()->send(get);
      REQUIRE(clients.back()->read_response().status == 200);
    }
  };
  open_some(200);  // what the first ones warm up is not counted
  const auto before = resident_bytes();
  open_some(count);
  const auto each = (resident_bytes() - before) / count;
  WARN("an idle plain connection: " << each << " bytes (the test's own client included)");
  CHECK(each < 6000);
}
