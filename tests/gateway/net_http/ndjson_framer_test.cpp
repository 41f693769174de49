#include "gateway/net/http/ndjson_framer.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace naru::net::http;

struct seen {
  std::string text, raw;
  bool blank = false;
  bool operator==(const seen&) const = default;
};
std::ostream& operator<<(std::ostream& os, const seen& s) { return os << "{" << s.text << "|" << s.blank << "|" << s.raw << "}"; }

seen copy(const ndjson_line& l) { return {std::string{l.text}, std::string{l.raw}, l.blank}; }

/// Feeds `stream` in pieces of `first`, then `step` bytes; each piece lies in memory of its own that is overwritten afterwards.
std::vector<seen> lines(const std::string& stream, std::size_t first, std::size_t step) {
  ndjson_framer framer;
  std::vector<seen> out;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t n = at == 0 && first > 0 ? first : std::min(step, stream.size() - at);
    std::string piece = stream.substr(at, n);
    REQUIRE(framer.feed(piece, [&](const ndjson_line& l) { out.push_back(copy(l)); }));
    piece.assign(piece.size(), '#');
    at += n;
  }
  ndjson_line last;
  if (framer.finish(last)) out.push_back(copy(last));
  CHECK_FALSE(framer.finish(last));
  return out;
}

void check(const std::string& stream, const std::vector<seen>& want) {
  INFO(stream);
  CHECK(lines(stream, stream.size(), 1) == want);
  std::string together;
  for (const seen& s : want) together += s.raw;
  CHECK(together == stream);
  for (std::size_t i = 1; i < stream.size(); ++i) {
    INFO("cut at " << i);
    REQUIRE(lines(stream, i, stream.size()) == want);
  }
  REQUIRE(lines(stream, 0, 1) == want);
}

}  // namespace

TEST_CASE("lines are the same whole and split at every byte, and their raws are the stream", "[ndjson]") {
  check("{\"a\":1}\n{\"b\":\"한\"}\n", {{"{\"a\":1}", "{\"a\":1}\n"}, {"{\"b\":\"한\"}", "{\"b\":\"한\"}\n"}});
  check("{}\r\n[]\r\n", {{"{}", "{}\r\n"}, {"[]", "[]\r\n"}});
  check("\n \t\r\n{}\n", {{"", "\n", true}, {" \t", " \t\r\n", true}, {"{}", "{}\n"}});
  check("a\rb\n", {{"a\rb", "a\rb\n"}});
  check("\xEF\xBB\xBF{}\n\xEF\xBB\xBF\n", {{"{}", "\xEF\xBB\xBF{}\n"}, {"\xEF\xBB\xBF", "\xEF\xBB\xBF\n"}});
}

TEST_CASE("a last line needs no line end", "[ndjson]") {
  check("{}\n{\"done\":true}", {{"{}", "{}\n"}, {"{\"done\":true}", "{\"done\":true}"}});
  check("{\"done\":true}\r", {{"{\"done\":true}", "{\"done\":true}\r"}});
  check("", {});
}

TEST_CASE("a line past the limit is refused for good, however it comes", "[ndjson]") {
  for (const std::size_t step : {1U, 3U, 100U}) {
    ndjson_framer framer(8);
    std::size_t given = 0;
    const std::string stream = "1234567\n12345678\n{}\n";
    naru::result<void> last;
    for (std::size_t at = 0; at < stream.size() && last; at += step) {
      last = framer.feed(std::string_view{stream}.substr(at, step), [&](const ndjson_line&) { ++given; });
    }
    REQUIRE_FALSE(last);
    CHECK(last.error().code == naru::error_code::stream_broken);
    CHECK(last.error().reason == "frame_too_long");
    CHECK(given == 1);
    CHECK(framer.held() == 0);
    ndjson_line line;
    CHECK_FALSE(framer.finish(line));
    CHECK_FALSE(framer.feed("{}\n", [](const ndjson_line&) {}));
  }
}

TEST_CASE("between lines nothing is held", "[ndjson]") {
  ndjson_framer framer;
  const std::string half(1000, 'x');
  REQUIRE(framer.feed(half, [](const ndjson_line&) {}));
  CHECK(framer.held() >= 1000);
  REQUIRE(framer.feed("\n", [](const ndjson_line&) {}));
  CHECK(framer.held() == 0);
}

TEST_CASE("any bytes in any pieces keep every byte", "[ndjson][property]") {
  const std::uint32_t seed = 3;
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    std::string stream;
    for (std::size_t n = random() % 60; n > 0; --n) stream += "\n\r {}\"x\xEF"[random() % 8];
    const auto whole = lines(stream, stream.size(), 1);
    std::string together;
    for (const seen& s : whole) together += s.raw;
    REQUIRE(together == stream);
    REQUIRE(lines(stream, 0, 1 + random() % 7) == whole);
  }
}
