#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <future>
#include <string>

#include "tests/gateway/net/client_support.hpp"

// What goes out as a request, and what comes back when nobody fails.
using namespace client_test;
using nothing = net::asio::awaitable<void, net::executor>;

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

TEST_CASE("a body that explodes when decompressed is refused", "[client]") {
  scripted_server server{{answer(with_length("content-encoding: gzip\r\n", gzipped(std::string(30'000'000, ' '))))}};
  bench b;
  const outcome o = fetch(b, server.origin());
  CHECK_THAT(o.told, Catch::EndsWith("|error:bad_body"));
  CHECK(o.told.size() < 8'000'000);
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
    p.client_has_received();  // the close is a reset, because of what was not read
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
