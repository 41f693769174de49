#include "gateway/net/http/chunk_decoder.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace {

using namespace naru::net::http;

/// "content|rest" when it ended, "more:content", "refused STATUS: why".
std::string decode(const std::string& bytes, std::size_t cut, std::size_t step, chunk_limits limits = {}) {
  chunk_decoder decoder{limits};
  std::string content;
  std::string_view rest;
  auto feed = [&](std::string_view in) {
    progress p = progress::need_more;
    while (p == progress::need_more && !in.empty()) {
      std::string_view piece;
      p = decoder.next(in, piece);
      content += piece;
    }
    rest = in;
    return p;
  };
  const std::string_view all = bytes;
  progress p = progress::need_more;
  for (std::size_t at = 0; at < all.size() && p == progress::need_more;) {
    const std::size_t n = at < cut ? cut - at : std::min(step, all.size() - at);
    p = feed(all.substr(at, n));
    at += n;
    if (p == progress::complete) rest = all.substr(static_cast<std::size_t>(rest.data() - all.data()));
  }
  if (p == progress::complete) return content + "|" + std::string{rest};
  if (p == progress::refused) return "refused " + std::to_string(decoder.why().status) + ": " + std::string{decoder.why().message};
  return "more:" + content;
}

std::string in_place(std::string bytes, std::size_t cut) {
  chunk_decoder decoder;
  std::string content;
  std::string first = bytes.substr(0, cut), second = bytes.substr(cut);
  for (std::string* part : {&first, &second}) {
    std::size_t consumed = 0, size = 0;
    const progress p = decoder.decode_in_place(part->data(), part->size(), consumed, size);
    content += part->substr(0, size);
    if (p == progress::refused) return "refused";
    if (p == progress::complete) return content + "|" + part->substr(consumed) + (part == &first ? second : "");
  }
  return "more:" + content;
}

void check(const std::string& bytes, const std::string& want, chunk_limits limits = {}) {
  INFO(bytes);
  const std::string whole = decode(bytes, bytes.size(), 1, limits);
  CHECK_THAT(whole, Catch::StartsWith(want));
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    INFO("cut at " << i);
    REQUIRE(decode(bytes, i, bytes.size(), limits) == whole);
  }
  REQUIRE(decode(bytes, 0, 1, limits) == whole);
}

}  // namespace

TEST_CASE("chunked content is the same whole, split at every byte, and in place", "[http]") {
  const std::string body =
      "5\r\nhello\r\n00B;a=1;b=\"x;\\\"y\"\r\n, wide worl\r\n1 ; c\r\nd\r\n0;last\r\nX-Sum: 1 2\r\nEmpty:\r\n\r\nHTTP/1.1 next";
  const std::string want = "hello, wide world|HTTP/1.1 next";
  check(body, want);
  CHECK(decode(body, body.size(), 1) == want);
  for (std::size_t i = 0; i <= body.size(); ++i) REQUIRE(in_place(body, i) == want);
  check("0\r\n\r\n", "|");
  check("3\r\nabc\r\n", "more:abc");
  check("3\r\nab", "more:ab");
}

TEST_CASE("a chunk framing that another reader could see otherwise is refused", "[http]") {
  check("\r\n", "refused 400: a chunk size");
  check("5\nhello\r\n0\r\n\r\n", "refused 400: a chunk size");
  check("5\r\rhello", "refused 400: a line");
  check("0x5\r\nhello\r\n", "refused 400: a chunk size");
  check("-5\r\nhello", "refused 400: a chunk size");
  check("+5\r\nhello", "refused 400: a chunk size");
  check(" 5\r\nhello", "refused 400: a chunk size");
  check("5 \r\nhello\r\n", "refused 400: a chunk size");
  check("5 5\r\nhello\r\n", "refused 400: a chunk size");
  check(";a\r\n", "refused 400: a chunk size");
  check("5\r\nhelloX\r\n", "refused 400: a chunk is longer");
  check("5\r\nhello\n0\r\n\r\n", "refused 400: a chunk is longer");
  check("5\r\nhello\rX", "refused 400: a line");
  check("00000000000000005\r\nhello", "refused 400: a chunk size has more");
  check("10000000000000000\r\n", "refused 400: a chunk size has more");
  check("ffffffffffffffff\r\n", "refused 413");
  check("1\r\na\r\nffffffffffffffff\r\n", "refused 413");
  check("5;a\nb\r\nhello", "refused 400: a chunk extension");
  check("5;\"a\r\nb\"\r\nhello", "refused 400: a chunk extension");
  check(std::string{"5;a\0\r\nhello", 11}, "refused 400: a chunk extension");
  check("0\r\nX-Sum: 1\n\r\n", "refused 400: a trailer's value");
  check("0\r\n folded\r\n\r\n", "refused 400: a trailer's name");
  check("0\r\nX : 1\r\n\r\n", "refused 400: a trailer's name");
  check("0\r\nX: 1\r\r\n", "refused 400: a line");
  check("0\r\n\rX", "refused 400: a line");
}

TEST_CASE("the totals of a chunked body are bounded, not its single chunks", "[http]") {
  check("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "abcde|", {5, 0, 10});
  check("3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n", "refused 413", {5, 0, 10});
  std::string drip;
  for (int i = 0; i < 20; ++i) drip += "1;" + std::string(10, 'x') + "\r\na\r\n";
  check(drip + "0\r\n\r\n", "refused 400: the chunk extensions", {1000, 200, 10});
  check("0\r\nA: 123456789\r\n\r\n", "refused 431", {5, 0, 10});
  chunk_decoder ended;
  std::string_view in = "0\r\n\r\nrest", piece;
  CHECK(ended.next(in, piece) == progress::complete);
  CHECK(ended.next(in, piece) == progress::complete);
  CHECK(in == "rest");
}
