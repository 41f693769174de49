#include "gateway/net/http/response_head.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace {

using namespace naru::net::http;

std::string framing_name(body_framing f) {
  switch (f) {
    case body_framing::none: return "none";
    case body_framing::length: return "length";
    case body_framing::chunked: return "chunked";
    case body_framing::until_close: return "close";
  }
  return "?";
}

/// "200 OK length 5 keep @consumed", "refused: why", "more".
std::string parse(const std::string& bytes, std::size_t cut, bool head_request = false, head_limits limits = {}) {
  response_head_parser parser{limits, head_request};
  response_head head;
  std::string buffer = bytes.substr(0, cut);
  progress p = parser.parse(buffer, head);
  if (p == progress::need_more) {
    std::string grown = bytes;  // another place in memory
    buffer.swap(grown);
    grown.assign(grown.size(), '?');
    p = parser.parse(buffer, head);
  }
  if (p == progress::need_more) return "more";
  if (p == progress::refused) return "refused: " + std::string{parser.why().message};
  return std::to_string(head.status) + " " + std::string{head.reason} + " " + framing_name(head.framing) + " " +
         std::to_string(head.content_length) + (head.keep_alive ? " keep" : " close") + " h" + std::to_string(head.headers.size()) + " @" +
         std::to_string(parser.consumed());
}

void check(const std::string& bytes, const std::string& want, bool head_request = false, head_limits limits = {}) {
  INFO(bytes);
  CHECK_THAT(parse(bytes, bytes.size(), head_request, limits), Catch::StartsWith(want));
  const std::string whole = parse(bytes, bytes.size(), head_request, limits);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    INFO("cut at " << i);
    REQUIRE(parse(bytes, i, head_request, limits) == whole);
  }
}

const std::string ok = "HTTP/1.1 200 OK\r\n";

}  // namespace

TEST_CASE("how an answer's body ends is read from its head", "[http]") {
  check(ok + "Content-Length: 5\r\n\r\nhello", "200 OK length 5 keep h1 @38");
  check(ok + "Content-Length: 0\r\n\r\n", "200 OK none 0 keep");
  check(ok + "transfer-encoding: CHUNKED\r\nConnection: close\r\n\r\n", "200 OK chunked 0 close");
  check(ok + "\r\nall of it", "200 OK close 0 close");
  check("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", "200 OK length 5 close");
  check("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: Keep-Alive\r\n\r\n", "200 OK length 5 keep");
  check("HTTP/1.1 204 No Content\r\n\r\n", "204 No Content none 0 keep");
  check("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", "204 No Content none 0 close");
  check("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", "304 Not Modified none 0 keep");
  check(ok + "Content-Length: 500\r\n\r\n", "200 OK none 0 keep", true);
  check("HTTP/1.1 200\r\nContent-Length: 1\r\n\r\n", "200  length 1 keep");
  check("HTTP/1.1 529 \r\nContent-Length: 1\r\n\r\n", "529  length 1 keep");
}

TEST_CASE("interim answers are skipped, an upgrade is not", "[http]") {
  check("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi",
        "200 OK length 2 keep h1");
  check("HTTP/1.1 100 Continue\r\n\r\n", "more");
  check("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", "refused: the answer switches");
  // Interim answers without end are stopped by the limit of the head.
  std::string many;
  for (int i = 0; i < 100; ++i) many += "HTTP/1.1 100 Continue\r\n\r\n";
  check(many, "refused: the answer's head is too long", false, {1000, 10});
}

TEST_CASE("an answer that could be read in two ways is refused", "[http]") {
  check("HTTP/2 200\r\n\r\n", "refused: the answer is not HTTP/1.1");
  check("SSH-2.0-OpenSSH\r\n", "refused: the answer is not HTTP/1.1");
  check("HTTP/1.1 20 OK\r\n\r\n", "refused");
  check("HTTP/1.1 2000\r\n\r\n", "refused");
  check("HTTP/1.1 099 X\r\n\r\n", "refused");
  check("HTTP/1.1  200 OK\r\n\r\n", "refused");
  check("HTTP/1.1 200 O\x01K\r\n\r\n", "refused: the answer's status line");
  check("HTTP/1.1 200 OK\nContent-Length: 1\r\n\r\n", "refused: the answer's head has a line feed");
  check(ok + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", "refused: the answer has two Content-Length");
  check(ok + "Content-Length: 5, 5\r\n\r\n", "refused: the answer's Content-Length");
  check(ok + "Content-Length: -5\r\n\r\n", "refused: the answer's Content-Length");
  check(ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "refused: the answer has both");
  check(ok + "Transfer-Encoding: gzip, chunked\r\n\r\n", "refused: the answer has a transfer coding");
  check(ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "refused: the answer has a transfer coding");
  check("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "refused: the answer is HTTP/1.0");
  check(ok + "X: a\r\n b\r\n\r\n", "refused: a header is folded");
  check(ok + "X : a\r\n\r\n", "refused: there is a blank");
  check(ok + std::string{"X: a\0b\r\n\r\n", 10}, "refused: a header value");
  check(ok + "X: " + std::string(100, 'x') + "\r\n\r\n", "refused: the answer's head is too long", false, {100, 10});
  check(ok + "X: a\r\nX: a\r\n\r\n", "refused: there are too many headers", false, {1000, 1});
}
