#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zlib.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <string>

#include "tests/gateway/net/client_support.hpp"

using namespace client_test;
using namespace std::chrono_literals;
using nothing = net::asio::awaitable<void, net::executor>;

namespace {

const std::string hello = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

script answer(std::string bytes) {
  return [bytes](peer& p) {
    p.read_request();
    p.say(bytes);
  };
}

std::string gzipped(const std::string& text, int window = 15 + 16) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, text.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string with_length(const std::string& headers, const std::string& body) {
  return "HTTP/1.1 200 OK\r\n" + headers + "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("the request goes out as one head and its body, with what HTTP needs added", "[client]") {
  std::string seen;
  scripted_server server{{[&](peer& p) {
    seen = p.read_request();
    p.say(hello);
  }}};
  bench b;
  const auto origin = server.origin();
  CHECK(fetch(b, origin, {}, "{\"a\":1}").told == "200:hello");
  CHECK(seen == "POST /v1/test HTTP/1.1\r\nhost: 127.0.0.1:" + std::to_string(server.port()) +
                    "\r\ncontent-type: application/json\r\naccept-encoding: identity\r\ncontent-length: 7\r\n\r\n{\"a\":1}");
}

TEST_CASE("an answer is the same however it is framed, compressed and cut", "[client]") {
  const std::string big(300'000, 'x');
  struct row {
    std::string bytes, told;
  };
  const std::vector<row> rows{
      {hello, "200:hello"},
      {"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "404:"},
      {"HTTP/1.1 204 No Content\r\n\r\n", "204:"},
      {"HTTP/1.1 100 Continue\r\n\r\n" + hello, "200:hello"},
      {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n1;x=y\r\nl\r\n1\r\no\r\n0\r\nsum: 1\r\n\r\n", "200:hello"},
      {"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello", "200:hello"},
      {"HTTP/1.0 200 OK\r\n\r\nhello", "200:hello"},
      {with_length("", big), "200:" + big},
      {with_length("content-encoding: gzip\r\n", gzipped("hello")), "200:hello"},
      {with_length("content-encoding: gzip\r\n", gzipped("hel") + gzipped("lo")), "200:hello"},
      {with_length("content-encoding: deflate\r\n", gzipped("hello", 15)), "200:hello"},
      {with_length("content-encoding: deflate\r\n", gzipped("hello", -15)), "200:hello"},
      {with_length("content-encoding: gzip\r\n", gzipped(big)), "200:" + big},
      {with_length("content-encoding: identity\r\n", "hello"), "200:hello"},
  };
  for (const row& r : rows) {
    INFO(r.bytes.substr(0, 200));
    scripted_server whole{{answer(r.bytes)}};
    scripted_server slow{{[&](peer& p) {
      p.read_request();
      p.say_slowly(std::string_view{r.bytes}.substr(0, 400));
      p.say(std::string_view{r.bytes}.substr(std::min<std::size_t>(400, r.bytes.size())));
    }}};
    bench b;
    CHECK((fetch(b, whole.origin()).told == r.told));
    CHECK((fetch(b, slow.origin()).told == r.told));
  }
}

TEST_CASE("each fault at each step has its own word, and never looks like an end", "[client]") {
  const std::string head = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n";
  const std::string chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  const auto reset_after = [](std::string bytes) {
    return [bytes](peer& p) {
      p.read_request();
      p.say(bytes);
      std::this_thread::sleep_for(50ms);  // lets the bytes be read before the reset, which takes unread ones away
      p.reset();
    };
  };
  const auto stall_after = [](std::string bytes) {
    return [bytes](peer& p) {
      p.read_request();
      p.say(bytes);
      p.client_closes();
    };
  };
  struct row {
    script does;
    std::string told;
    bool framed = false;  ///< the body's framing was in order, only its content is not: the connection may serve again
  };
  const std::vector<row> rows{
      {[](peer& p) { p.read_request(); }, "error:reset"},
      {reset_after(""), "error:reset"},
      {answer("HTTP/1.1 200 O"), "error:reset"},
      {answer("HTTP/1.1 100 Continue\r\n\r\n"), "error:reset"},
      {reset_after("HTTP/1.1 200 OK\r\n"), "error:reset"},
      {answer("SSH-2.0-x\r\n"), "error:bad_head"},
      {answer("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\nx"), "error:bad_head"},
      {answer("HTTP/1.1 200 OK\r\nx: " + std::string(70'000, 'x') + "\r\n\r\n"), "error:bad_head"},
      {answer(with_length("content-encoding: br\r\n", "xx")), "error:bad_head"},
      {answer(head + "hello"), "200:hello|error:cut"},
      {reset_after(head + "hello"), "200:hello|error:cut"},
      {answer(chunked + "5\r\nhello\r\n"), "200:hello|error:cut"},
      {answer(chunked + "5\r\nhello\r\n0\r\n"), "200:hello|error:cut"},
      {answer(chunked), "200:|error:cut"},
      {answer(chunked + "5\nhello"), "200:|error:bad_body"},
      {answer(with_length("content-encoding: gzip\r\n", "no gzip")), "200:|error:bad_body", true},
      {answer(with_length("content-encoding: gzip\r\n", gzipped("hello").substr(0, 15))), "200:|error:cut", true},
      {stall_after(""), "error:first_byte_timeout"},
      {stall_after("HTTP/1.1 200"), "error:idle_timeout"},
      {stall_after(head + "hello"), "200:hello|error:idle_timeout"},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    INFO("row " << i << ": " << rows[i].told);
    scripted_server server{{rows[i].does}};
    bench b;
    client::timeouts limits;
    limits.first_byte = limits.idle = 300ms;
    const outcome o = fetch(b, server.origin(), limits);
    // A partial piece of gzip may or may not have been given before the cut.
    if (rows[i].told == "200:|error:cut") {
      CHECK_THAT(o.told, Catch::EndsWith("|error:cut"));
    } else {
      CHECK(o.told == rows[i].told);
    }
    CHECK_THAT(o.message, !Catch::Contains("127.0.0.1") && !Catch::Contains(std::to_string(server.port())));
    if (!rows[i].framed) CHECK(b.counts().idle == 0);
  }
}

TEST_CASE("a body that explodes when decompressed is refused", "[client]") {
  scripted_server server{{answer(with_length("content-encoding: gzip\r\n", gzipped(std::string(30'000'000, ' '))))}};
  bench b;
  const outcome o = fetch(b, server.origin());
  CHECK_THAT(o.told, Catch::EndsWith("|error:bad_body"));
  CHECK(o.told.size() < 8'000'000);
}

TEST_CASE("nobody listening, nobody answering the connection, and the whole call's deadline", "[client]") {
  auto nowhere = std::make_shared<client::origin>();
  nowhere->host = "127.0.0.1";
  {
    scripted_server gone{{answer(hello)}};
    nowhere->port = gone.port();
  }
  bench b;
  CHECK(fetch(b, nowhere).told == "error:connect");
  auto no_socket = std::make_shared<client::origin>();
  no_socket->unix_path = "/nonexistent/naru.sock";
  CHECK(fetch(b, no_socket).told == "error:connect");

  // A listener whose queue is full drops SYNs: connecting takes for ever.
  const int full = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof a;
  REQUIRE(::bind(full, reinterpret_cast<sockaddr*>(&a), length) == 0);
  REQUIRE(::listen(full, 0) == 0);
  ::getsockname(full, reinterpret_cast<sockaddr*>(&a), &length);
  std::vector<int> fill;
  for (int i = 0; i < 4; ++i) {
    fill.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    (void)::connect(fill.back(), reinterpret_cast<sockaddr*>(&a), length);
  }
  nowhere->port = ntohs(a.sin_port);
  client::timeouts limits;
  limits.connect = 200ms;
  CHECK(fetch(b, nowhere, limits).told == "error:connect_timeout");
  limits.connect = 10s;
  limits.total = naru::deadline{std::chrono::steady_clock::now() + 200ms};
  CHECK(fetch(b, nowhere, limits).told == "error:deadline");
  for (const int fd : fill) ::close(fd);
  ::close(full);

  scripted_server drip{{[](peer& p) {
    p.read_request();
    p.say("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
    for (int i = 0; i < 100; ++i) {
      p.say("x");
      std::this_thread::sleep_for(10ms);
    }
  }}};
  limits.total = naru::deadline{std::chrono::steady_clock::now() + 200ms};
  CHECK_THAT(fetch(b, drip.origin(), limits).told, Catch::EndsWith("|error:deadline"));
}

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
  scripted_server closes{{answer(hello)}};
  scripted_server speaks{{[](peer& p) {
    p.read_request();
    p.say(hello);
    std::this_thread::sleep_for(100ms);
    p.say("HTTP/1.1 408 Request Timeout\r\n\r\n");
    p.client_closes();
  }}};
  scripted_server stays{{[](peer& p) {
    p.read_request();
    p.say(hello);
    p.client_closes();
  }}};
  bench b{{.idle = 100ms, .per_origin = 4, .head = {}}};
  const auto before = open_descriptors();
  for (const auto* s : {&closes, &speaks, &stays}) CHECK(fetch(b, s->origin()).told == "200:hello");
  CHECK(eventually([&] { return b.counts().idle == 0; }));
  CHECK(b.counts().dropped == 3);
  CHECK(eventually([&] { return open_descriptors() <= before; }));
}

TEST_CASE("a cancel is seen by the server at once, and ends what waits", "[client]") {
  struct row {
    std::string first;  ///< what the server says before it stalls
    std::string told;
  };
  for (const row& r : {row{"", "error:canceled"}, row{"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", "read:canceled"}}) {
    std::promise<std::chrono::steady_clock::time_point> closed;
    std::promise<void> stalls;
    scripted_server server{{[&](peer& p) {
      p.read_request();
      p.say(r.first);
      stalls.set_value();
      p.client_closes();
      closed.set_value(std::chrono::steady_clock::now());
    }}};
    bench b;
    std::string told;
    std::chrono::steady_clock::time_point canceled;
    std::unique_ptr<client::exchange> x;
    std::thread canceler([&] {
      stalls.get_future().get();
      std::this_thread::sleep_for(50ms);  // the exchange waits by now
      b.home().post([&] {
        canceled = std::chrono::steady_clock::now();
        x->cancel();
      });
    });
    b.run([&]() -> nothing {
      x = std::make_unique<client::exchange>(b.pool().open(server.origin()));
      client::outgoing request;
      request.path = "/";
      auto head = co_await x->send(request, {});
      if (!head) {
        told = "error:" + head.error().reason;
        CHECK(head.error().code == naru::error_code::canceled);
      } else {
        auto piece = co_await x->read_body();
        told = piece ? "read" : "read:" + piece.error().reason;
        auto later = co_await x->read_body();
        CHECK_FALSE(later);
        CHECK(later.error().reason == "canceled");
      }
      x.reset();
    });
    canceler.join();
    CHECK(told == r.told);
    CHECK(closed.get_future().get() - canceled < 500ms);
  }
}

TEST_CASE("canceling while a connection is being made, before sending and after the end", "[client]") {
  // A proxy and a TLS server that take the connection and say nothing.
  for (const bool through_proxy : {true, false}) {
    std::promise<bool> closed;
    scripted_server silent{{[&](peer& p) { closed.set_value(p.client_closes()); }}};
    auto origin = std::make_shared<client::origin>(*silent.origin());
    if (through_proxy) {
      origin->via = client::proxy{"127.0.0.1", silent.port(), ""};
    } else {
      origin->tls = *net::tls_client_context::load({own_certificates().ca_file});
    }
    bench b;
    std::unique_ptr<client::exchange> x;
    std::string told;
    std::thread canceler([&] {
      REQUIRE(eventually([&] { return silent.connections() == 1; }));
      std::this_thread::sleep_for(50ms);
      b.home().post([&] { x->cancel(); });
    });
    b.run([&]() -> nothing {
      x = std::make_unique<client::exchange>(b.pool().open(origin));
      client::outgoing request;
      request.path = "/";
      auto head = co_await x->send(request, {});
      told = head ? "answer" : head.error().reason;
      x.reset();
    });
    canceler.join();
    CHECK(told == "canceled");
    CHECK(closed.get_future().get());
  }
  scripted_server server{{answer(hello)}};
  bench b;
  b.run([&]() -> nothing {
    auto before = b.pool().open(server.origin());
    before.cancel();
    client::outgoing request;
    request.path = "/";
    auto head = co_await before.send(request, {});
    CHECK((!head && head.error().reason == "canceled"));
    auto after = b.pool().open(server.origin());
    CHECK(co_await after.send(request, {}));
    CHECK(co_await after.read_all(10));
    after.cancel();
    auto piece = co_await after.read_body();
    CHECK((piece && piece->empty()));
  });
  CHECK(server.connections() == 1);
}

TEST_CASE("five hundred exchanges given up at every stage leave no descriptor", "[client]") {
  scripted_server server{{[](peer& p) {
    p.read_head();
    p.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    p.client_closes();
  }}};
  bench b;
  const auto origin = server.origin();
  b.run([&]() -> nothing {  // c-ares, timers and the like have what they need from here on
    auto x = b.pool().open(origin);
    client::outgoing request;
    request.path = "/";
    CHECK(co_await x.send(request, {}));
  });
  REQUIRE(eventually([&] { return b.home().running() == 0; }));
  std::this_thread::sleep_for(100ms);
  const auto before = open_descriptors();
  for (int i = 0; i < 500; ++i) {
    b.run([&]() -> nothing {
      auto x = b.pool().open(origin);
      if (i % 5 == 0) co_return;
      client::outgoing request;
      request.path = "/";
      client::timeouts limits;
      if (i % 5 == 1) limits.total = naru::deadline{std::chrono::steady_clock::now()};
      auto head = co_await x.send(request, limits);
      if (i % 5 == 2 || !head) co_return;
      CHECK(co_await x.read_body());
      if (i % 5 == 3) co_return;
      x.cancel();
      CHECK_FALSE(co_await x.read_body());
    });
  }
  INFO(before);
  CHECK(eventually([&] { return open_descriptors() <= before; }));
}

TEST_CASE("while nobody reads nothing is taken from the upstream", "[client]") {
  std::promise<std::size_t> flooded;
  scripted_server server{{[&](peer& p) {
    p.read_request();
    p.say("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
    flooded.set_value(p.flood(256 * 1024 * 1024));
  }}};
  bench b;
  std::size_t sent = 0, got = 0;
  b.run([&]() -> nothing {
    auto x = b.pool().open(server.origin());
    client::outgoing request;
    request.path = "/";
    CHECK(co_await x.send(request, {}));
    // Blocks this shard until the server has given up: nothing is read meanwhile anyway.
    sent = flooded.get_future().get();
    for (;;) {
      auto piece = co_await x.read_body();
      CHECK(piece);
      if (!piece || piece->empty()) break;
      CHECK(piece->size() <= 64 * 1024);
      got += piece->size();
    }
  });
  CHECK(sent < 64 * 1024 * 1024);  // what the kernel's own buffers hold
  CHECK(got == sent);
}

TEST_CASE("an answer that comes before the request was read is the answer", "[client]") {
  scripted_server server{{[](peer& p) {
    p.read_head();
    p.say("HTTP/1.1 413 Content Too Large\r\ncontent-length: 3\r\n\r\nbig");
    std::this_thread::sleep_for(50ms);  // unread bytes make the close a reset
  }}};
  bench b;
  CHECK(fetch(b, server.origin(), {}, std::string(30'000'000, 'x')).told == "413:big");
  CHECK(b.counts().idle == 0);
}

TEST_CASE("what cannot be written as HTTP is refused, and nothing is sent", "[client]") {
  scripted_server server{{answer(hello)}};
  bench b;
  const std::vector<net::http::header> bad{{"x", "a\r\nb: c"},
                                           {"x y", "a"},
                                           {"Host", "a"},
                                           {"content-length", "5"},
                                           {"Transfer-Encoding", "x"},
                                           {"connection", "content-length"},
                                           {"x", std::string_view{"a\0b", 3}}};
  b.run([&]() -> nothing {
    for (const auto& h : bad) {
      auto x = b.pool().open(server.origin());
      client::outgoing request;
      request.path = "/";
      request.headers = {&h, 1};
      auto head = co_await x.send(request, {});
      CHECK((!head && head.error().code == naru::error_code::internal));
    }
    for (const std::string_view path : {"/a b", "/a\r\nb", ""}) {
      auto x = b.pool().open(server.origin());
      client::outgoing request;
      request.path = path;
      CHECK_FALSE(co_await x.send(request, {}));
    }
  });
  CHECK(server.connections() == 0);
}

TEST_CASE("an answer longer than wanted is refused", "[client]") {
  scripted_server server{{answer(hello)}};
  bench b;
  b.run([&]() -> nothing {
    for (const std::size_t limit : {4u, 5u}) {
      auto x = b.pool().open(server.origin());
      client::outgoing request;
      request.path = "/";
      CHECK(co_await x.send(request, {}));
      auto all = co_await x.read_all(limit);
      if (limit == 5) CHECK((all && *all == "hello"));
      if (limit == 4) CHECK((!all && all.error().reason == "too_long"));
    }
  });
}

TEST_CASE("a Unix socket is an origin like any other", "[client]") {
  std::string folder = "/tmp/naru-unix-XXXXXX";
  REQUIRE(::mkdtemp(folder.data()) != nullptr);
  const std::string path = folder + "/worker.sock";
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un a{};
  a.sun_family = AF_UNIX;
  path.copy(a.sun_path, sizeof a.sun_path - 1);
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&a), sizeof a) == 0);
  REQUIRE(::listen(listener, 4) == 0);
  std::string seen;
  std::thread server([&] {
    peer p{::accept(listener, nullptr, nullptr)};
    while (true) {
      const std::string request = p.read_request();
      if (request.empty()) break;
      seen = request;
      p.say(hello);
    }
  });
  {
    bench b;
    auto origin = std::make_shared<client::origin>();
    origin->unix_path = path;
    CHECK(fetch(b, origin).told == "200:hello");
    CHECK(fetch(b, origin).reused);
  }
  server.join();
  CHECK_THAT(seen, Catch::Contains("host: localhost\r\n"));
  ::close(listener);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a shard that is stopped under waiting exchanges lets go of everything", "[client]") {
  const auto before = open_descriptors();
  {
    scripted_server stalls{{[](peer& p) {
      p.read_head();
      p.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
      p.client_closes();
    }}};
    scripted_server silent{{[](peer& p) { p.client_closes(); }}};
    auto handshake = std::make_shared<client::origin>(*silent.origin());
    handshake->tls = *net::tls_client_context::load({own_certificates().ca_file});
    auto tunnel = std::make_shared<client::origin>(*silent.origin());
    tunnel->via = client::proxy{"127.0.0.1", silent.port(), ""};
    auto nameless = std::make_shared<client::origin>();
    nameless->host = "waits.test";
    // A DNS server that never answers: a socket nobody reads.
    const int deaf = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof a;
    REQUIRE(::bind(deaf, reinterpret_cast<sockaddr*>(&a), length) == 0);
    ::getsockname(deaf, reinterpret_cast<sockaddr*>(&a), &length);
    client::dns_options dns;
    dns.servers = "127.0.0.1:" + std::to_string(ntohs(a.sin_port));
    {
      bench b{{}, dns};
      std::atomic<int> ended{0};
      b.run([&]() -> nothing {
        for (const auto& origin : {stalls.origin(), silent.origin(), handshake, tunnel, nameless}) {
          b.home().spawn([](bench& owner, std::shared_ptr<client::origin> to, std::atomic<int>& count) -> nothing {
            auto x = owner.pool().open(to);
            client::outgoing request;
            request.path = "/";
            if (co_await x.send(request, {})) (void)co_await x.read_all(1000);
            ++count;
          }(b, origin, ended));
        }
        co_return;
      });
      REQUIRE(eventually([&] { return stalls.connections() == 1 && silent.connections() == 3; }));
      std::this_thread::sleep_for(50ms);
      CHECK(ended == 0);
    }
    ::close(deaf);
  }
  CHECK(eventually([&] { return open_descriptors() <= before; }));
}
