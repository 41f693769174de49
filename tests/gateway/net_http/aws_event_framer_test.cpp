#include "gateway/net/http/aws_event_framer.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "gateway/net/http/aws_event_encoder.hpp"

namespace {

using namespace naru::net::http;

struct seen {
  aws_message type = aws_message::none;
  std::string event, data, content_type, raw;
  bool operator==(const seen&) const = default;
};
std::ostream& operator<<(std::ostream& os, const seen& s) { return os << "{" << s.event << "|" << s.data << "|" << s.raw.size() << "}"; }

struct run {
  std::vector<seen> frames;
  std::string refused;  ///< reason and words
  bool inside = false;
};

/// Feeds `stream` in pieces of `first`, then `step` bytes; each piece lies in memory of its own that is overwritten afterwards.
run feed(const std::string& stream, std::size_t first, std::size_t step, std::size_t limit = aws_event_framer::default_frame_limit) {
  aws_event_framer framer{limit};
  run r;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t n = at == 0 && first > 0 ? first : std::min(step, stream.size() - at);
    std::string piece = stream.substr(at, n);
    const auto ok = framer.feed(piece, [&](const aws_frame& f) {
      r.frames.push_back({f.type, std::string{f.event}, std::string{f.data}, std::string{f.content_type}, std::string{f.raw}});
      CHECK(f.has_data == (f.type != aws_message::none));
    });
    piece.assign(piece.size(), '#');
    if (!ok) {
      CHECK(ok.error().code == naru::error_code::stream_broken);
      r.refused = ok.error().reason + ": " + ok.error().message;
    }
    at += n;
  }
  r.inside = framer.inside_frame();
  return r;
}
run whole(const std::string& stream) { return feed(stream, stream.size(), 1); }

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) out += static_cast<char>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16));
  return out;
}

/// Made with the codec of AWS's SDK for JavaScript (4.5.2), and recomputed apart from it.
const std::string start = from_hex(
    "00000081000000526cc176930b3a6576656e742d7479706507000c6d65737361676553746172740d3a636f6e74656e742d747970650700106170706c69636174696f6e"
    "2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b2270223a2261626364222c22726f6c65223a22617373697374616e74227df512a005");
const std::string delta = from_hex(
    "000000a300000057a7aafe780b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e742d747970650700106170706c6963"
    "6174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e74656e74426c6f636b496e646578223a302c2264656c7461223a7b227465"
    "7874223a224869227d2c2270223a226162636465666768227d0bca37be");
const std::string throttled = from_hex(
    "00000090000000618e91a9b70f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e0d3a636f6e74656e742d74797065070010"
    "6170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070009657863657074696f6e7b226d657373616765223a22546f6f206d616e792072657175"
    "65737473227de67f8005");
const std::string blank = from_hex("000000100000000005c248eb7d98c8ff");

/// A frame with these header bytes, whatever they are.
std::string with_headers(const std::string& block, const std::string& payload = "{}") {
  std::string out;
  append_big_endian(out, static_cast<std::uint32_t>(block.size() + payload.size() + 16));
  append_big_endian(out, static_cast<std::uint32_t>(block.size()));
  append_big_endian(out, aws_crc(out));
  out += block + payload;
  append_big_endian(out, aws_crc(out));
  return out;
}
std::string line(const std::string& name, int type, const std::string& value) {
  return std::string(1, static_cast<char>(name.size())) + name + static_cast<char>(type) + value;
}
std::string text(const std::string& value) {
  return std::string{static_cast<char>(value.size() >> 8), static_cast<char>(value.size() & 0xFF)} + value;
}

}  // namespace

TEST_CASE("the vendor's own frames are read, and written the same", "[aws_events]") {
  const run r = whole(start + delta + throttled + blank);
  CHECK(r.refused.empty());
  REQUIRE(r.frames.size() == 4);
  CHECK(r.frames[0] == seen{aws_message::event, "messageStart", R"({"p":"abcd","role":"assistant"})", "application/json", start});
  CHECK(r.frames[1] == seen{aws_message::event, "contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"Hi"},"p":"abcdefgh"})",
                            "application/json", delta});
  CHECK(r.frames[2] ==
        seen{aws_message::exception, "throttlingException", R"({"message":"Too many requests"})", "application/json", throttled});
  CHECK(r.frames[3] == seen{aws_message::none, "", "", "", blank});
  CHECK(encode_aws_event("messageStart", R"({"p":"abcd","role":"assistant"})") == start);
  CHECK(encode_aws_exception("throttlingException", R"({"message":"Too many requests"})") == throttled);
  CHECK(encode_aws_frame({}, {}) == blank);
}

TEST_CASE("event frames are the same whole and split at every byte, and their raws are the stream", "[aws_events]") {
  const std::string stream = start + blank + delta + encode_aws_error("InternalError", "it \"broke\"") + throttled;
  const run all = whole(stream);
  REQUIRE(all.frames.size() == 5);
  std::string together;
  for (const seen& f : all.frames) together += f.raw;
  CHECK(together == stream);
  for (std::size_t i = 1; i < stream.size(); ++i) {
    INFO("cut at " << i);
    REQUIRE(feed(stream, i, stream.size()).frames == all.frames);
  }
  for (std::size_t step = 1; step < 40; ++step) REQUIRE(feed(stream, 0, step).frames == all.frames);
}

TEST_CASE("an error that has its words in headers is given as the service's HTTP errors spell them", "[aws_events]") {
  const run r = whole(encode_aws_error("InternalError", "it \"broke\""));
  REQUIRE(r.frames.size() == 1);
  CHECK(r.frames[0].type == aws_message::error);
  CHECK(r.frames[0].event == "error");
  CHECK(r.frames[0].data == R"({"__type":"InternalError","message":"it \"broke\""})");
}

TEST_CASE("a stream that is cut says that it is inside a frame", "[aws_events]") {
  CHECK_FALSE(whole(start).inside);
  for (std::size_t n = 1; n < start.size(); ++n) {
    const run r = whole(start.substr(0, n));
    CHECK(r.inside);
    CHECK(r.frames.empty());
    CHECK(r.refused.empty());
  }
}

TEST_CASE("every flip of one bit is refused", "[aws_events]") {
  for (std::size_t bit = 0; bit < delta.size() * 8; ++bit) {
    std::string bad = delta;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    const run r = whole(start + bad + start);
    INFO("bit " << bit);
    CHECK(r.frames.size() == 1);
    REQUIRE(r.refused.starts_with("bad_frame: the checksum of a frame"));
  }
}

TEST_CASE("what is refused stays refused, and holds nothing", "[aws_events]") {
  std::string bad = start;
  bad.back() = '\0';
  aws_event_framer framer;
  const auto nothing = [](const aws_frame&) { FAIL("a frame"); };
  CHECK(framer.feed(bad.substr(0, 20), nothing));
  CHECK_FALSE(framer.feed(bad.substr(20), nothing));
  CHECK_FALSE(framer.feed(start, nothing));
  CHECK(framer.held() == 0);
  CHECK_FALSE(framer.inside_frame());
}

TEST_CASE("lengths that cannot be are refused before the rest is waited for", "[aws_events]") {
  const auto prelude = [](std::uint32_t total, std::uint32_t headers) {
    std::string out;
    append_big_endian(out, total);
    append_big_endian(out, headers);
    append_big_endian(out, aws_crc(out));
    return out;
  };
  CHECK(whole(prelude(15, 0)).refused == "bad_frame: a frame says that it is shorter than its own frame");
  CHECK(whole(prelude(0, 0)).refused == "bad_frame: a frame says that it is shorter than its own frame");
  CHECK(whole(prelude(100, 85)).refused == "bad_frame: a frame's headers are longer than the frame");
  CHECK(whole(prelude(100, 0xFFFFFFFF)).refused == "bad_frame: a frame's headers are longer than the frame");
  CHECK(whole(prelude(100, 84)).refused.empty());
  CHECK(whole(prelude(0xFFFFFFFF, 0)).refused == "frame_too_long: an event of the stream is longer than the limit");
  CHECK(whole(prelude(1'000'000, 200'000)).refused == "frame_too_long: an event of the stream is longer than the limit");
  for (std::size_t step = 1; step <= start.size(); ++step) {
    CHECK(feed(start, 0, step, start.size()).frames.size() == 1);
    CHECK(feed(start, 0, step, start.size() - 1).refused == "frame_too_long: an event of the stream is longer than the limit");
  }
}

TEST_CASE("headers of every type are read, and those of none refused", "[aws_events]") {
  const std::string type = line(":message-type", 7, text("event")) + line(":event-type", 7, text("chunk"));
  const std::string all = line("a", 0, "") + line("b", 1, "") + line("c", 2, "x") + line("d", 3, "xx") + line("e", 4, "xxxx") +
                          line("f", 5, "xxxxxxxx") + line("g", 6, text("bytes")) + line("h", 7, text("")) + line("i", 8, "xxxxxxxx") +
                          line("j", 9, "xxxxxxxxxxxxxxxx");
  const run r = whole(with_headers(all + type));
  REQUIRE(r.frames.size() == 1);
  CHECK(r.frames[0].event == "chunk");
  CHECK(r.frames[0].data == "{}");
  for (const std::string& bad :
       {line("k", 10, ""), line("k", 255, "x"), line("e", 4, "xxx"), line("h", 7, "\x01"), line("h", 7, text("abc").substr(0, 4)),
        std::string(1, '\0') + type,
        std::string("\x05"
                    "ab"),
        line(":message-type", 6, text("event")), line(":message-type", 7, text("novelty")), line(":event-type", 4, "xxxx")}) {
    CHECK(whole(with_headers(bad)).refused == "bad_frame: a frame's headers cannot be read");
  }
}

TEST_CASE("an event that lies whole in the input is not copied, and an idle framer holds nothing", "[aws_events]") {
  aws_event_framer framer;
  const std::string input = encode_aws_event("contentBlockDelta", std::string(1000, 'x'));
  std::string_view in = input;
  aws_frame frame;
  REQUIRE(framer.next(in, frame) == progress::complete);
  CHECK(frame.raw.data() == input.data());
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

TEST_CASE("random frames come out as they were written, in any pieces", "[aws_events]") {
  const unsigned seed = Catch::rngSeed();
  std::mt19937 random{seed};
  INFO("seed " << seed);
  for (int round = 0; round < 200; ++round) {
    std::string stream;
    std::vector<seen> want;
    for (unsigned n = random() % 6; n > 0; --n) {
      std::string payload(random() % 300, '\0');
      std::ranges::generate(payload, [&] { return static_cast<char>(random()); });
      const std::string name(1 + random() % 30, static_cast<char>('a' + random() % 26));
      const std::string raw = encode_aws_event(name, payload);
      want.push_back({aws_message::event, name, payload, "application/json", raw});
      stream += raw;
    }
    REQUIRE(feed(stream, 0, 1 + random() % 60).frames == want);
  }
}
