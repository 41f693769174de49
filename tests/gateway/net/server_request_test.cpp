// What clients may and may not send, over real sockets.
#include <catch2/catch.hpp>
#include <thread>

#include "tests/gateway/net/support.hpp"

using namespace naru;
using namespace naru::net;
using namespace naru::net::test;
using namespace std::chrono_literals;

namespace {

std::string post(std::string_view body, std::string_view more = "") {
  return "POST /p HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string{more} + "\r\n" +
         std::string{body};
}
constexpr std::string_view get = "GET /g HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace

TEST_CASE("a connection serves request after request", "[server]") {
  running_server s{echo};
  client c{s.port()};
  for (int i = 0; i < 100; ++i) {
    REQUIRE(c.send(post("body " + std::to_string(i))));
    const auto r = c.read_response();
    REQUIRE(r.status == 200);
    REQUIRE(r.body == "POST /p|body " + std::to_string(i));
    REQUIRE(r.says("date: "));
    REQUIRE_FALSE(r.says("connection:"));
  }
  CHECK(s->counts().accepted == 1);
  CHECK(s->counts().requests == 100);
}

TEST_CASE("the handler sees the whole request", "[server]") {
  std::string seen;
  running_server s{[&](std::shared_ptr<request> r, response& out) -> asio::awaitable<void, executor> {
    seen = std::string{r->method} + "," + std::string{r->path} + "," + std::string{r->query} + "," + std::string{r->host} + "," +
           std::string{r->find("AUTHORIZATION")} + "," + std::string{r->body} + "," + r->peer + "," + r->listener +
           (r->peer_is_loopback ? ",loopback" : "") + (r->tls ? ",tls" : "") + (r->body_padded ? ",padded" : "") +
           (r->has("x-none") ? ",bad" : "");
    for (std::size_t i = 0; i < body_buffer::padding; ++i) (void)*(r->body.data() + r->body.size() + i);  // asan has a say
    (void)co_await out.send(204, {}, {});
  }};
  client c{s.port()};
  c.send("PUT /a/b?q=1 HTTP/1.1\r\nhost: localhost:1\r\nauthorization:  Bearer x \r\ncontent-length: 2\r\n\r\n{}");
  const auto r = c.read_response();
  CHECK(r.status == 204);
  CHECK_FALSE(r.says("content-length"));
  CHECK(seen == "PUT,/a/b,q=1,localhost:1,Bearer x,{},127.0.0.1,api,loopback,padded");
}

TEST_CASE("requests sent ahead are answered one at a time and in order", "[server]") {
  running_server s{echo};
  client c{s.port()};
  std::string all;
  for (int i = 0; i < 2000; ++i) all += post("n" + std::to_string(i));
  std::thread sender{[&] { c.send(all); }};  // 200 KB: more than the server keeps while a handler runs
  for (int i = 0; i < 2000; ++i) {
    const auto r = c.read_response();
    REQUIRE(r.body == "POST /p|n" + std::to_string(i));
  }
  sender.join();
}

TEST_CASE("ambiguous and broken requests are refused, and the connection is closed", "[server]") {
  running_server s{echo};
  const std::vector<std::pair<int, std::string>> bad = {
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc"},
      {400, "GET / HTTP/1.1\nHost: a\n\n"},
      {400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"},
      {501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"},
      {501, "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"},
  };
  for (const auto& [status, text] : bad) {
    INFO(text);
    client c{s.port()};
    c.send(text + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto r = c.read_response();
    CHECK(r.status == status);
    CHECK(r.says("connection: close"));
    CHECK(r.says("content-type: application/json"));
    CHECK(c.receive_all().empty());
    CHECK(c.ended());
  }
  CHECK(s->counts().requests == 0);
  CHECK(s->counts().refused == bad.size());
}

TEST_CASE("a head or body past its limit is refused before it has come", "[server]") {
  server_limits limits;
  limits.head = 1024;
  limits.body = 1000;
  running_server s{echo, limits};
  {
    client c{s.port()};
    c.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'x'));
    CHECK(c.read_response().status == 431);
    CHECK(c.ended());
  }
  {
    client c{s.port()};
    c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
    const auto r = c.read_response();
    CHECK(r.status == 413);
    CHECK(r.says("connection: close"));
    CHECK(c.ended());
  }
  {
    client c{s.port()};
    c.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n");
    CHECK(c.read_response().status == 413);
  }
  {
    client c{s.port()};
    c.send(post(std::string(1000, 'x')));
    CHECK(c.read_response().status == 200);
  }
}

TEST_CASE("a client that goes on sending a refused body still gets to read why", "[server]") {
  server_limits limits;
  limits.body = 1000;
  running_server s{echo, limits};
  client c{s.port()};
  c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n");
  for (int i = 0; i < 20; ++i) c.send(std::string(10'000, 'x'));
  CHECK(c.read_response().status == 413);
}

TEST_CASE("a head that drips is cut off by its total time, however often a byte comes", "[server]") {
  server_limits limits;
  limits.head_time = 200ms;
  running_server s{echo, limits};
  client c{s.port()};
  const auto start = std::chrono::steady_clock::now();
  c.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
  std::atomic<bool> stop{false};
  std::thread drip{[&] {
    while (!stop && c.send("x")) std::this_thread::sleep_for(10ms);
  }};
  const auto r = c.read_response();
  stop = true;
  drip.join();
  CHECK(r.status == 408);
  CHECK(r.says("connection: close"));
  CHECK(std::chrono::steady_clock::now() - start < 5s);
}

TEST_CASE("a body that stops coming is answered by 408", "[server]") {
  server_limits limits;
  limits.body_time = 100ms;
  running_server s{echo, limits};
  client c{s.port()};
  c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
  CHECK(c.read_response().status == 408);
  CHECK(c.ended());
}

TEST_CASE("an idle connection is closed without a word, a busy one is not", "[server]") {
  server_limits limits;
  limits.idle_time = 100ms;
  running_server s{echo, limits};
  client c{s.port()};
  c.send(get);
  CHECK(c.read_response().status == 200);
  CHECK(c.receive_all().empty());
  CHECK(c.ended());
  CHECK(eventually([&] { return s->counts().connections == 0; }));
}

TEST_CASE("a client that waits for 100 Continue gets it once, and not when its body has come already", "[server]") {
  running_server s{echo};
  client c{s.port()};
  c.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  REQUIRE(c.read_response().status == 100);
  c.send("body");
  auto r = c.read_response();
  CHECK(r.status == 200);
  CHECK(r.body == "POST /p|body");
  c.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody");
  r = c.read_response();
  CHECK(r.status == 200);
}

TEST_CASE("HEAD has the length of its answer and no body", "[server]") {
  running_server s{echo};
  client c{s.port()};
  c.send("HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto r = c.read_response(true);
  CHECK(r.status == 200);
  CHECK(r.says("content-length: 8"));
  c.send(get);
  CHECK(c.read_response().body == "GET /g|");
}

TEST_CASE("HTTP/1.0 closes after its answer unless asked to stay", "[server]") {
  running_server s{echo};
  {
    client c{s.port()};
    c.send("GET /old HTTP/1.0\r\n\r\n");
    const auto r = c.read_response();
    CHECK(r.body == "GET /old|");
    CHECK(r.says("connection: close"));
    CHECK(c.ended());
  }
  {
    client c{s.port()};
    c.send("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(c.read_response().says("connection: keep-alive"));
    c.send("GET /old HTTP/1.0\r\n\r\n");
    CHECK(c.read_response().status == 200);
  }
}

TEST_CASE("connection: close is honoured, and what follows is not read", "[server]") {
  running_server s{echo};
  client c{s.port()};
  c.send("GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + std::string{get});
  const auto r = c.read_response();
  CHECK(r.status == 200);
  CHECK(r.says("connection: close"));
  CHECK(c.receive_all().empty());
  CHECK(s->counts().requests == 1);
}

TEST_CASE("the check of the head ends a request before its body is read", "[server]") {
  const auto check = [](const request& r) -> std::optional<error> {
    if (r.has("authorization")) return std::nullopt;
    return error{error_code::unauthorized, "who are you?", {}, {}, {}};
  };
  const auto writer = [](const error& e, std::string_view path, answer& out) {
    out.headers.emplace_back("content-type", "text/plain");
    out.body = std::string{path} + ": " + e.message;
  };
  running_server s{echo, {}, 1, nullptr, check, writer};
  client c{s.port()};
  c.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 30000000\r\nExpect: 100-continue\r\n\r\n");
  const auto r = c.read_response();
  CHECK(r.status == 401);
  CHECK(r.body == "/p: who are you?");
  CHECK(c.ended());
  client d{s.port()};
  d.send(post("x", "Authorization: y\r\n"));
  CHECK(d.read_response().status == 200);
}

TEST_CASE("a large body arrives as it was sent, with a length and in chunks", "[server]") {
  running_server s{echo};
  std::string body(5'000'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  client c{s.port()};
  std::thread sender{[&] {
    c.send(post(body));
    std::string chunked = "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < body.size(); at += 50'000) chunked += "c350\r\n" + body.substr(at, 50'000) + "\r\n";
    c.send(chunked + "0\r\n\r\n");
  }};
  const auto first = c.read_response();
  const auto second = c.read_response();
  sender.join();
  CHECK((first.body == "POST /p|" + body));
  CHECK((second.body == "POST /p|" + body));
}
