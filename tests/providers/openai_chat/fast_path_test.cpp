#include <rapidcheck.h>
#include <catch2/catch.hpp>
#include <random>

#include "core/json/writer.hpp"
#include "providers/dialects/openai_chat/frame_template.hpp"
#include "support.hpp"

using namespace naru;
using namespace naru::test;
using dialects::openai_chat::frame_template;

namespace {

/// Streams of frames that are alike but for what the short cut must notice.
class frame_maker {
 public:
  explicit frame_maker(std::uint32_t seed) : random_(seed), style_(below(6)) {}

  std::vector<frame> stream() {
    std::vector<frame> out;
    for (std::uint32_t i = 3 + below(30); i > 0; --i) out.push_back({below(40) == 0 ? "error" : "", one()});
    if (below(2) == 0) out.push_back({"", "[DONE]"});
    return out;
  }

 private:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

  std::string text() {
    constexpr std::string_view pieces[] = {"Hel", "lo",           "나루", "😀",   "\\n", "\\\"", "\\u00e9", " ",
                                           "",    "\"content\":", "\x01", "\xff", "}",   "'",    "\x7f"};
    std::string s;
    const bool hostile = below(8) == 0;  // raw pieces that may break the frame
    for (std::uint32_t i = below(3); i > 0; --i) s += pieces[hostile ? below(std::size(pieces)) : below(9)];
    return s;
  }
  std::string padding() { return std::string(below(12), 'z'); }

  std::string one() {
    const std::string role = below(6) == 0 ? R"("role":"assistant",)" : "";
    const std::string content = below(9) == 0 ? "null" : '"' + text() + '"';
    const std::string index = below(12) == 0 ? "1" : "0";
    const std::string finish = below(14) == 0 ? R"("stop")" : "null";
    const std::string usage = below(14) == 0 ? R"({"prompt_tokens":3,"completion_tokens":4})" : "null";
    const std::string tier = below(5) == 0 ? "flex" : "default";
    const std::string created = below(10) == 0 ? "2" : "1";
    switch (style_ == 1 && below(6) == 0 ? 6 : style_) {
      case 0: return plain(role, content, index, finish) + R"(,"usage":)" + usage + R"(,"obfuscation":")" + padding() + "\"}";
      case 1:
        return R"({"obfuscation":")" + padding() + R"(","service_tier":")" + tier + R"(","usage":)" + usage + "," +
               plain(role, content, index, finish).substr(1) + "}";
      case 6: return R"({"id":"x","choices":[],"usage":)" + usage + "}";
      case 2: return plain(role, content, index, finish) + R"(,"created":)" + created + R"(,"x_groq":{"id":"r","content":"decoy"}})";
      case 3: return plain(role, content, index, finish) + R"(,"extra":{"content":{"a":1}},"usage":)" + usage + "}";
      case 4: return R"({ "id" : "x", "choices" : [ { "index" : )" + index + R"( , "delta" : { "content" : )" + content + " } } ] }";
      default:
        return R"({"id":"x","choices":[{"index":0,"delta":{"content":[{"type":"text","text":")" + text() + R"("}]}}],"other":{"content":)" +
               content + "}}";
    }
  }
  static std::string plain(const std::string& role, const std::string& content, const std::string& index, const std::string& finish) {
    return R"({"id":"x","model":"m","choices":[{"index":)" + index + R"(,"delta":{)" + role + R"("content":)" + content +
           R"(},"finish_reason":)" + finish + "}]";
  }

  std::mt19937 random_;
  std::uint32_t style_;
};

}  // namespace

TEST_CASE("the short cut reads every stream as the full reader does", "[openai_chat][property]") {
  CHECK(rc::check("fast == full", [](std::uint32_t seed) {
    const auto frames = frame_maker{seed}.stream();
    const auto fast = read_fast(frames);
    const auto slow = read_slow(frames);
    RC_ASSERT(describe(fast.events) == describe(slow.events));
    RC_ASSERT(fast.complete == slow.complete);
    RC_ASSERT(fast.usage_only == slow.usage_only);
  }));
}

TEST_CASE("a learned frame stands for others that differ in text and padding alone", "[openai_chat]") {
  frame_template t;
  const auto make = [](std::string_view text, std::string_view pad, std::string_view index = "0") {
    return R"({"choices":[{"index":)" + std::string{index} + R"(,"delta":{"content":")" + std::string{text} + R"("}}],"obfuscation":")" +
           std::string{pad} + "\"}";
  };
  CHECK_FALSE(t.match(make("a", "b")));
  REQUIRE(t.learn(make("a", "b")));
  CHECK(t.match(make("", "")) == "");
  CHECK(t.match(make("longer 나루 text", "zzzz")) == "longer 나루 text");
  CHECK_FALSE(t.match(make("a", "b", "1")));
  CHECK_FALSE(t.match(make("a\\n", "b")));
  CHECK_FALSE(t.match(make("a\x01", "b")));
  CHECK_FALSE(t.match(make("\xff", "b")));
  CHECK_FALSE(t.match(make("a", "\xff")));
  CHECK_FALSE(t.match(make("a\"},\"x\":{\"", "b")));
  CHECK_FALSE(t.match(make("a", "b") + " "));
  const auto whole = make("text", "pad");
  for (std::size_t cut = 0; cut < whole.size(); ++cut) CHECK_FALSE(t.match(std::string_view{whole}.substr(0, cut)));
}

TEST_CASE("an ambiguous frame teaches nothing and unlearns nothing", "[openai_chat]") {
  frame_template t;
  REQUIRE(t.learn(R"({"delta":{"content":"a"}})"));
  CHECK_FALSE(t.learn(R"({"delta":{"content":"a"},"other":{"content":"b"}})"));
  CHECK_FALSE(t.learn(R"({"delta":{"content":"a\n"}})"));
  CHECK_FALSE(t.learn(R"({"delta":{}})"));
  CHECK_FALSE(t.learn(R"({"delta":{"content":")" + std::string(5000, 'x') + "\"}}"));
  CHECK(t.match(R"({"delta":{"content":"still"}})") == "still");
}
