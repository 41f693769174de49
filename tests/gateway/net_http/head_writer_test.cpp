#include "gateway/net/http/head_writer.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "gateway/net/http/request_head.hpp"
#include "gateway/net/http/response_head.hpp"

using namespace naru::net::http;

TEST_CASE("what the writer writes, the parsers read back", "[http]") {
  std::string out;
  head_writer writer{out};
  REQUIRE(writer.request("POST", "/v1/x?y=%20"));
  REQUIRE(writer.header("host", "a:1"));
  writer.header("content-length", 12u).end();
  CHECK(out == "POST /v1/x?y=%20 HTTP/1.1\r\nhost: a:1\r\ncontent-length: 12\r\n\r\n");
  request_head_parser parser;
  request_head head;
  CHECK(parser.parse(out, head) == progress::complete);

  for (int status = 200; status <= 599; ++status) {
    std::string answer;
    head_writer{answer}.status(status).end();
    response_head_parser reader;
    response_head read;
    REQUIRE(reader.parse(answer, read) == progress::complete);
    CHECK(read.status == status);
    CHECK(read.reason == reason_phrase(status));
  }
}

TEST_CASE("nothing that breaks the framing is ever written", "[http]") {
  std::string out;
  head_writer writer{out};
  for (int c = 0; c < 256; ++c) {
    const std::string value = std::string{"a"} + static_cast<char>(c) + "b";
    const bool written = writer.header("x", value);
    CHECK(written == ((c >= 0x20 && c != 0x7f) || c == '\t'));
    CHECK(writer.header(value, "x") == is_token(value));
    CHECK(writer.request("GET", "/" + value) == (c > 0x20 && c < 0x7f));
  }
  CHECK_FALSE(writer.header("", "x"));
  CHECK_FALSE(writer.request("G T", "/"));
  CHECK_FALSE(writer.request("GET", ""));
  std::size_t line_feeds = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    CHECK(out[i] != '\0');
    if (out[i] != '\n') continue;
    ++line_feeds;
    CHECK(out[i - 1] == '\r');
  }
  CHECK(line_feeds > 100);
}

TEST_CASE("a chunk's size is written in hexadecimal", "[http]") {
  std::string out;
  append_chunk_size(out, 0x1f40);
  CHECK(out == "1f40\r\n");
}
