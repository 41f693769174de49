#include "local_backend/utf8_buffer.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <simdjson.h>

using naru::local_backend::utf8_buffer;

namespace {

std::string feed_all(std::string_view bytes) {
  utf8_buffer b;
  std::string out;
  b.feed(bytes, out);
  return out;
}

bool is_valid(std::string_view s) { return simdjson::validate_utf8(s.data(), s.size()); }

}  // namespace

TEST_CASE("characters of every length pass unchanged", "[utf8]") {
  const std::string text = "a\u00e9\u7a7a\uB098\uB8E8\U0001F6A2\U0010FFFF\n";
  CHECK(feed_all(text) == text);
}

TEST_CASE("a character comes out only when it is whole, wherever it is split", "[utf8]") {
  const std::string text = "x\uB098\U0001F6A2\u00e9y";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    INFO("cut at " << cut);
    utf8_buffer b;
    std::string first;
    std::string second;
    b.feed(std::string_view{text}.substr(0, cut), first);
    b.feed(std::string_view{text}.substr(cut), second);
    CHECK(is_valid(first));
    CHECK(first + second == text);
    CHECK(b.pending().empty());
  }
}

TEST_CASE("bytes that are no character are replaced, one mark for each broken piece", "[utf8]") {
  const std::string mark = "\uFFFD";
  CHECK(feed_all("\xFF") == mark);
  CHECK(feed_all("\x80\x80") == mark + mark);
  CHECK(feed_all("\xE2\x82"
                 "A") == mark + "A");                     // cut by the next character
  CHECK(feed_all("\xC0\xAF") == mark + mark);             // overlong
  CHECK(feed_all("\xED\xA0\x80") == mark + mark + mark);  // a surrogate
  CHECK(feed_all("\xF0\x80\x80\x80") == mark + mark + mark + mark);
  CHECK(feed_all("\xF4\x90\x80\x80") == mark + mark + mark + mark);  // beyond U+10FFFF
  CHECK(feed_all("\xF0\x9F\xF0\x9F\x9A\xA2") == mark + "\U0001F6A2");
}

TEST_CASE("an unfinished character at the end is held, not shown", "[utf8]") {
  utf8_buffer b;
  std::string out;
  b.feed("ok\xF0\x9F\x9A", out);
  CHECK(out == "ok");
  CHECK(b.pending().size() == 3);
}

TEST_CASE("any bytes in any pieces give the same valid text", "[utf8][property]") {
  CHECK(rc::check([](const std::vector<std::uint8_t>& raw, const std::vector<std::uint8_t>& cuts) {
    std::string bytes;
    // Lead and continuation bytes are rare among all bytes: half of the input is made of them.
    constexpr std::string_view spice = "\xE2\x82\xAC\xF0\x9F\x9A\xA2\xED\xA0\xC3\xA9\xF4\x90";
    for (const auto b : raw) bytes.push_back((b & 1U) != 0 ? static_cast<char>(b) : spice[b / 2U % spice.size()]);
    utf8_buffer b;
    std::string pieced;
    std::size_t at = 0;
    for (const auto cut : cuts) {
      std::string out;
      const auto n = std::min<std::size_t>(cut % 4U, bytes.size() - at);
      b.feed(std::string_view{bytes}.substr(at, n), out);
      RC_ASSERT(is_valid(out));
      pieced += out;
      at += n;
    }
    b.feed(std::string_view{bytes}.substr(at), pieced);
    RC_ASSERT(is_valid(pieced));
    RC_ASSERT(pieced == feed_all(bytes));
    if (is_valid(bytes)) RC_ASSERT(pieced == bytes);
  }));
}
