#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <future>
#include <string>
#include <vector>

#include "gateway/flow/reply.hpp"
#include "tests/gateway/flow/house.hpp"
#include "tests/gateway/net/stepped_clock.hpp"

using namespace naru;
using namespace naru::flow::test;
using namespace std::chrono_literals;

namespace {

using script = std::function<coroutine(flow::reply&)>;

/// Nothing of a connection's own ends while a test moves the time.
std::shared_ptr<const net::server_limits> patient() {
  auto limits = std::make_shared<net::server_limits>();
  limits->head_time = limits->body_time = limits->idle_time = 24h;
  return limits;
}

/// A server whose every request is answered by a script over a reply. Its time stands still but where a test lets it go on.
class stage {
 public:
  explicit stage(script play)
      : play_(std::move(play)),
        server_(std::make_unique<net::server>(
            std::vector<net::shard*>{&shard_},
            net::server_hooks{.handle = [this](std::shared_ptr<net::request>, net::response& out) { return handle(out); },
                              .check_head = {},
                              .early_error = {}},
            patient())) {
    const auto port = server_->listen({.address = "127.0.0.1:0", .tag = {}, .tls = nullptr});
    if (!port) throw std::runtime_error(port.error().message);
    port_ = *port;
    shard_.start();
  }
  ~stage() {
    server_.reset();
    shard_.stop();
    shard_.join();
  }
  /// Asks, and lets the time go on until the answer is there and the script has come to its end.
  [[nodiscard]] naru::test::http_answer ask() {
    auto answer = std::async(std::launch::async, [this] { return naru::test::ask(port_, "GET", "/"); });
    go_on_until([&] { return answer.wait_for(0s) == std::future_status::ready && played_ > 0; });
    return answer.get();
  }
  void step(std::chrono::milliseconds by) { time_.step(shard_, by); }
  /// In steps of 10 ms, at most 15 real seconds.
  template <class Condition>
  void go_on_until(Condition holds) {
    for (const auto until = std::chrono::steady_clock::now() + 15s; !holds(); step(10ms)) {
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error("what was waited for did not come");
    }
  }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  coroutine handle(net::response& out) {
    const auto r = std::make_shared<flow::reply>(shard_, out, "req_1");
    co_await play_(*r);
    ++played_;
    co_await r->close();
  }
  script play_;
  std::atomic<int> played_{0};
  std::unique_ptr<naru::net::test::stepped_clock> made_ = std::make_unique<naru::net::test::stepped_clock>();
  naru::net::test::stepped_clock& time_ = *made_;
  net::shard shard_{0, std::move(made_)};
  std::unique_ptr<net::server> server_;
  std::uint16_t port_ = 0;
};

constexpr std::string_view ping = ": ping\n\n";

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++n;
  return n;
}

std::string without_pings(std::string text) {
  for (std::size_t at = text.find(ping); at != std::string::npos; at = text.find(ping)) text.erase(at, ping.size());
  return text;
}

}  // namespace

TEST_CASE("a whole answer carries its id under both names and the last value of each header", "[flow][reply]") {
  stage s([](flow::reply& r) -> coroutine {
    r.set_header("x-naru-model", "first");
    r.set_header("x-naru-model", "second");
    (void)co_await r.send(404, "application/json", "{}");
  });
  const auto a = s.ask();
  CHECK(a.status == 404);
  CHECK(a.header("content-type") == "application/json");
  CHECK(a.header("x-request-id") == "req_1");
  CHECK(a.header("request-id") == "req_1");
  CHECK(a.header("x-naru-model") == "second");
  CHECK(a.count("x-naru-model") == 1);
  CHECK(a.body == "{}");
}

TEST_CASE("pings come when nothing else is sent, and only then", "[flow][reply][ping]") {
  stage s([](flow::reply& r) -> coroutine {
    r.keep_alive(50ms, 100ms, {});
    co_await wait(400ms);  // quiet: one at 50 ms, then every 100 ms
    for (int i = 0; i < 20; ++i) {
      (void)co_await r.send_events("data: busy\n\n");
      co_await wait(10ms);
    }
    (void)co_await r.finish();
  });
  const auto a = s.ask();
  CHECK(a.complete);
  const auto busy = a.body.find("data: busy");
  REQUIRE(busy != std::string::npos);
  const std::size_t quiet = count(a.body.substr(0, busy), ping);
  CHECK(quiet >= 3);
  CHECK(quiet <= 4);
  CHECK(count(a.body.substr(busy), ping) == 0);
}

TEST_CASE("without keep_alive there are no pings", "[flow][reply][ping]") {
  stage s([](flow::reply& r) -> coroutine {
    (void)co_await r.send_events("data: a\n\n");
    co_await wait(150ms);
    (void)co_await r.send_events("data: b\n\n");
    (void)co_await r.finish();
  });
  CHECK(s.ask().body == "data: a\n\ndata: b\n\n");
}

TEST_CASE("a ping that opened the stream turns a whole answer into a conflict", "[flow][reply][ping]") {
  std::atomic<int> code{-1};
  stage s([&](flow::reply& r) -> coroutine {
    r.keep_alive(30ms, 10s, {});
    co_await wait(150ms);
    const auto sent = co_await r.send(502, "application/json", "{}");
    code = sent ? 0 : static_cast<int>(sent.error().code);
    (void)co_await r.send_events("data: {\"error\":1}\n\n");
    (void)co_await r.finish();
  });
  const auto a = s.ask();
  CHECK(a.status == 200);
  CHECK(code == static_cast<int>(error_code::conflict));
  CHECK(a.body == std::string(ping) + "data: {\"error\":1}\n\n");
}

TEST_CASE("a whole answer that was faster than the first ping ends the pings", "[flow][reply][ping]") {
  stage s([](flow::reply& r) -> coroutine {
    r.keep_alive(30ms, 30ms, {});
    (void)co_await r.send(200, "application/json", "{}");
    co_await wait(150ms);
  });
  const auto a = s.ask();
  CHECK(a.body == "{}");
  CHECK(a.header("content-type") == "application/json");
}

TEST_CASE("nothing follows the end of a stream", "[flow][reply][ping]") {
  std::promise<int> code;
  stage s([&](flow::reply& r) -> coroutine {
    r.keep_alive(20ms, 20ms, {});
    (void)co_await r.send_events("data: a\n\n");
    (void)co_await r.finish();
    co_await wait(120ms);  // time for pings
    const auto sent = co_await r.send_events("data: late\n\n");
    const auto again = co_await r.finish();  // says nothing more, and is no fault
    code.set_value(sent || !again ? 0 : static_cast<int>(sent.error().code));
  });
  const auto a = s.ask();
  CHECK(a.complete);
  CHECK(without_pings(a.body) == "data: a\n\n");
  CHECK(code.get_future().get() == static_cast<int>(error_code::conflict));
}

TEST_CASE("a ping never stands inside of what is being sent to a slow client", "[flow][reply][ping]") {
  const std::string big(6 * 1024 * 1024, 'x');
  const std::string event = "data: " + big + "\n\n";
  std::atomic<bool> sending{false};
  std::atomic<bool> sent{false};
  stage s([&](flow::reply& r) -> coroutine {
    r.keep_alive(20ms, 20ms, {});
    (void)co_await r.send_events("data: first\n\n");
    sending = true;
    (void)co_await r.send_events(event);  // more than the sockets take: waits for the client, and pings come due meanwhile
    sent = true;
    (void)co_await r.finish();
  });
  naru::test::http_client client(s.port());
  client.send_request("GET", "/");
  CHECK(client.read_head().status == 200);
  REQUIRE(eventually([&] { return sending.load(); }));
  for (int i = 0; i < 10; ++i) s.step(20ms);
  CHECK_FALSE(sent);
  const auto frames = client.read_frames();
  CHECK(client.body_complete());
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].data == "first");
  CHECK((frames[1].data == big));
}

TEST_CASE("what lies in the shard's scratch is sent as it was, whoever else writes there", "[flow][reply][ping]") {
  // A big ping-like writer holds the turn while the scratch is overwritten by others, as every connection of a shard does.
  const std::string big = "data: " + std::string(6 * 1024 * 1024, 'x') + "\n\n";
  std::atomic<bool> spoilt{false};
  stage s([&](flow::reply& r) -> coroutine {
    net::shard& here = *net::shard::current();
    here.spawn([](flow::reply& reply, const std::string& text) -> coroutine { (void)co_await reply.send_events(text); }(r, big));
    const auto scratch = here.scratch();
    const std::string_view mine = "data: mine\n\n";
    std::copy(mine.begin(), mine.end(), scratch.begin());
    net::alarm spoil(here.time(), [&] {
      std::fill(scratch.begin(), scratch.begin() + 64, '!');
      spoilt = true;
    });
    co_await wait(1ms);
    std::copy(mine.begin(), mine.end(), scratch.begin());
    spoil.arm(here.time().now() + 20ms);
    (void)co_await r.send_events({scratch.data(), mine.size()});
    (void)co_await r.finish();
  });
  naru::test::http_client client(s.port());
  client.send_request("GET", "/");
  CHECK(client.read_head().status == 200);
  s.go_on_until([&] { return spoilt.load(); });
  const auto frames = client.read_frames();
  REQUIRE(frames.size() == 2);
  CHECK(frames[1].data == "mine");
}

TEST_CASE("a client that left is told of by every later send", "[flow][reply]") {
  std::promise<std::vector<int>> codes;
  stage s([&](flow::reply& r) -> coroutine {
    r.keep_alive(5s, 20ms, {});
    std::vector<int> seen;
    const std::string piece(256 * 1024, 'x');
    for (int i = 0; i < 200 && seen.size() < 3; ++i) {
      const auto sent = co_await r.send_events(piece);
      if (!sent) seen.push_back(static_cast<int>(sent.error().code));
      co_await wait(5ms);
    }
    const auto end = co_await r.finish();
    if (!end) seen.push_back(static_cast<int>(end.error().code));
    codes.set_value(seen);
  });
  {
    naru::test::http_client client(s.port());
    client.send_request("GET", "/");
    CHECK(client.read_head().status == 200);
    client.close(true);
  }
  auto told = codes.get_future();
  s.go_on_until([&] { return told.wait_for(0s) == std::future_status::ready; });
  const auto seen = told.get();
  REQUIRE(seen.size() == 4);
  for (const int code : seen) CHECK(code == static_cast<int>(error_code::canceled));
}

TEST_CASE("turns are taken one at a time and given back by whoever drops them", "[flow]") {
  net::shard shard(0);
  flow::turns turns(shard);
  std::vector<int> order;
  const auto worker = [](flow::turns& t, std::vector<int>& o, int id) -> coroutine {
    const auto turn = co_await t.take();
    o.push_back(id);
    co_await wait(5ms);
    o.push_back(id);
  };
  for (int id = 0; id < 5; ++id) shard.spawn(worker(turns, order, id));
  shard.start();
  CHECK(eventually([&] { return shard.running() == 0; }));
  shard.stop();
  shard.join();
  REQUIRE(order.size() == 10);
  for (std::size_t i = 0; i < order.size(); i += 2) CHECK(order[i] == order[i + 1]);  // nobody in between
  CHECK_FALSE(turns.taken());
}

TEST_CASE("a pause ends when it is woken or when its time comes", "[flow]") {
  net::shard shard(0);
  std::atomic<int> woken{0};
  std::atomic<std::int64_t> waited{0};
  shard.spawn([](net::shard& s, std::atomic<int>& n, std::atomic<std::int64_t>& ms) -> coroutine {
    flow::pause early(s);
    net::alarm waker(s.time(), [&] { early.wake(); });
    const auto began = s.time().now();
    waker.arm(began + 30ms);
    co_await early.until(began + 10min);
    ++n;
    flow::pause late(s);
    const auto then = s.time().now();
    co_await late.until(then + 60ms);
    ms = std::chrono::duration_cast<std::chrono::milliseconds>(s.time().now() - then).count();
    ++n;
    co_await late.until(then);  // a time that has passed
    ++n;
  }(shard, woken, waited));
  shard.start();
  CHECK(eventually([&] { return woken == 3; }));
  CHECK(waited >= 60);
}
