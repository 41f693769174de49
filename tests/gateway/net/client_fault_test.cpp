#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "tests/gateway/net/client_support.hpp"

// What an upstream can do wrong, and the word for each.
using namespace client_test;
using namespace std::chrono_literals;

TEST_CASE("each fault at each step has its own word, and never looks like an end", "[client]") {
  const std::string head = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n";
  const std::string chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  const auto reset_after = [](std::string bytes) {
    return [bytes](peer& p) {
      p.read_request();
      p.say(bytes);
      p.client_has_read();
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
    for (int i = 0; i < 500 && !p.closes_within(10ms); ++i) p.say("x");
  }}};
  limits.total = naru::deadline{std::chrono::steady_clock::now() + 200ms};
  CHECK_THAT(fetch(b, drip.origin(), limits).told, Catch::EndsWith("|error:deadline"));
}
