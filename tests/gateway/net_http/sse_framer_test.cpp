#include "gateway/net/http/sse_framer.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace naru::net::http;

struct seen {
  std::string event, data, raw;
  bool has_data = false;
  bool operator==(const seen&) const = default;
};
std::ostream& operator<<(std::ostream& os, const seen& s) {
  return os << "{" << s.event << "|" << s.data << "|" << (s.has_data ? "data" : "-") << "|" << s.raw << "}";
}

seen copy(const sse_frame& f) { return {std::string{f.event}, std::string{f.data}, std::string{f.raw}, f.has_data}; }

/// Feeds `stream` in pieces of `first`, then `step` bytes; each piece lies in memory of its own that is overwritten afterwards.
std::vector<seen> frames(const std::string& stream, std::size_t first, std::size_t step, bool flush = true) {
  sse_framer framer;
  std::vector<seen> out;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t n = at == 0 && first > 0 ? first : std::min(step, stream.size() - at);
    std::string piece = stream.substr(at, n);
    REQUIRE(framer.feed(piece, [&](const sse_frame& f) { out.push_back(copy(f)); }));
    piece.assign(piece.size(), '#');
    at += n;
  }
  sse_frame last;
  if (flush && framer.finish(last)) out.push_back(copy(last));
  return out;
}

void check(const std::string& stream, const std::vector<seen>& want) {
  INFO(stream);
  CHECK(frames(stream, stream.size(), 1) == want);
  std::string together;
  for (const seen& s : want) together += s.raw;
  CHECK(together == stream);
  for (std::size_t i = 1; i < stream.size(); ++i) {
    INFO("cut at " << i);
    REQUIRE(frames(stream, i, stream.size()) == want);
  }
  REQUIRE(frames(stream, 0, 1) == want);
}

}  // namespace

TEST_CASE("frames are the same whole and split at every byte, and their raws are the stream", "[sse]") {
  check("data: {\"a\":1}\n\ndata:[DONE]\n\n", {{"", "{\"a\":1}", "data: {\"a\":1}\n\n", true}, {"", "[DONE]", "data:[DONE]\n\n", true}});
  check("event: ping\r\ndata: x\r\n\r\ndata:  y\r\n\r\n",
        {{"ping", "x", "event: ping\r\ndata: x\r\n\r\n", true}, {"", " y", "data:  y\r\n\r\n", true}});
  check("event: a\rdata: x\r\rdata: y\r\r", {{"a", "x", "event: a\rdata: x\r\r", true}, {"", "y", "data: y\r\r", true}});
  check("data: 1\ndata:2\ndata\ndata: 4\n\n", {{"", "1\n2\n\n4", "data: 1\ndata:2\ndata\ndata: 4\n\n", true}});
  check(": hello\n\ndata: x\n\n", {{"", "", ": hello\n\n", false}, {"", "x", "data: x\n\n", true}});
  check("error: {\"code\":500}\n\n", {{"error", "{\"code\":500}", "error: {\"code\":500}\n\n", true}});
  check("event: x\nerror: bad\n\n", {{"error", "bad", "event: x\nerror: bad\n\n", true}});
  check(
      "\xEF\xBB\xBF"
      "data: x\n\ndata: y\n\n",
      {{"", "x",
        "\xEF\xBB\xBF"
        "data: x\n\n",
        true},
       {"", "y", "data: y\n\n", true}});
  check("id: 7\nretry: 10\nevent: e\n\n", {{"e", "", "id: 7\nretry: 10\nevent: e\n\n", false}});
  check("data:\n\n", {{"", "", "data:\n\n", true}});
  check("\n\ndata: x\n\n\n", {{"", "", "\n", false}, {"", "", "\n", false}, {"", "x", "data: x\n\n", true}, {"", "", "\n", false}});
  check("Data: x\n datA: y\ndata : z\n\n", {{"", "", "Data: x\n datA: y\ndata : z\n\n", false}});
}

TEST_CASE("line ends mixed in one stream lose no byte and add no event", "[sse]") {
  check("data: x\n\r\ndata: y\r\n\n", {{"", "x", "data: x\n\r", true}, {"", "y", "\ndata: y\r\n\n", true}});
  check("data: x\r\n\rdata: y\r\n\r\n", {{"", "x", "data: x\r\n\r", true}, {"", "y", "data: y\r\n\r\n", true}});
  check("data: x\r\r\ndata: y\n\n", {{"", "x", "data: x\r\r", true}, {"", "y", "\ndata: y\n\n", true}});
  check("\r\n\r\ndata: y\n\n", {{"", "", "\r", false}, {"", "", "\n\r\n", false}, {"", "y", "data: y\n\n", true}});
}

TEST_CASE("what a stream ends with unfinished is given by finish, marked by nothing else", "[sse]") {
  check("data: a\n\ndata: [DONE]", {{"", "a", "data: a\n\n", true}, {"", "[DONE]", "data: [DONE]", true}});
  check("data: [DONE]\n", {{"", "[DONE]", "data: [DONE]\n", true}});
  check("data: x\r\n\r", {{"", "x", "data: x\r\n\r", true}});
  CHECK(frames("data: a\n\ndata: b\n", 9, 1, false).size() == 1);
  sse_framer framer;
  sse_frame none;
  CHECK_FALSE(framer.finish(none));
}

TEST_CASE("random streams of line ends and fields: every two-way split agrees", "[sse]") {
  const std::vector<std::string> atoms{"\n", "\r", "\r\n", "data: a", "data:b", ": c", "event: e", "error: x", "\xEF\xBB\xBF", "x"};
  const unsigned seed = Catch::rngSeed();
  std::mt19937 random{seed};
  for (int round = 0; round < 300; ++round) {
    std::string stream;
    for (int i = 0; i < 12; ++i) stream += atoms[random() % atoms.size()];
    INFO("seed " << seed << " round " << round);
    check(stream, frames(stream, stream.size(), 1));
  }
}

TEST_CASE("a frame past the limit is refused however it comes, and stays refused", "[sse]") {
  const std::string fits = "data: 12345678\n\n";
  for (std::size_t step = 1; step <= fits.size(); ++step) {
    sse_framer ok{fits.size()}, tight{fits.size() - 1};
    std::size_t good = 0, bad = 0;
    for (std::size_t at = 0; at < fits.size(); at += step) {
      const std::string_view piece = std::string_view{fits}.substr(at, step);
      CHECK(ok.feed(piece, [&](const sse_frame&) { ++good; }));
      const auto r = tight.feed(piece, [&](const sse_frame&) { ++bad; });
      if (at + step >= fits.size()) {
        REQUIRE_FALSE(r);
        CHECK(r.error().reason == "frame_too_long");
      }
    }
    CHECK(good == 1);
    CHECK(bad == 0);
    CHECK_FALSE(tight.feed("data: x\n\n", [](const sse_frame&) {}));
  }
}

TEST_CASE("a frame that lies whole in the input is not copied, and an idle framer holds nothing", "[sse]") {
  sse_framer framer;
  const std::string input = "event: e\ndata: " + std::string(1000, 'x') + "\n\n";
  std::string_view in = input;
  sse_frame frame;
  REQUIRE(framer.next(in, frame) == progress::complete);
  CHECK(frame.raw.data() == input.data());
  CHECK(frame.data.data() == input.data() + 15);
  CHECK(framer.held() == 0);

  in = std::string_view{input}.substr(0, 500);
  REQUIRE(framer.next(in, frame) == progress::need_more);
  CHECK(framer.held() >= 500);
  in = std::string_view{input}.substr(500);
  REQUIRE(framer.next(in, frame) == progress::complete);
  CHECK(frame.raw == input);
  CHECK(framer.next(in, frame) == progress::need_more);
  CHECK(framer.held() == 0);
}

TEST_CASE("a stream of carriage returns alone is scanned in linear time", "[sse]") {
  std::string stream;
  for (int i = 0; i < 20'000; ++i) stream += "data: x\r";
  stream += "\r";
  // Were an LF looked for anew in every line, this would be 1.6 GB to look at, twice.
  CHECK(frames(stream, stream.size(), 1).size() == 1);
}
