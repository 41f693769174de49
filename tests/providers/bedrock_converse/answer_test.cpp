#include <catch2/catch.hpp>

#include "providers/dialects/bedrock_converse/bedrock_converse.hpp"
#include "tests/support/answer_fold.hpp"
#include "tests/support/transcripts.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::bedrock_converse::upstream(); }
std::string body_of(const std::string& name) { return read_file(contract_folder("bedrock/2023-09-30_2026-11-23") / (name + ".json")); }
std::string read_text(const std::string& body) {
  const auto events = form().read_answer(body);
  return events ? to_text(fold(*events)) : "error: " + std::string{to_string(events.error().code)};
}

}  // namespace

TEST_CASE("a whole answer of Converse is the sequence of events it stands for", "[bedrock][answer]") {
  CHECK(read_text(body_of("text")) == "id= model=\ntext=Hello, 안녕\nreasoning=\nrefusal=\nfinish=stop\nusage=3621/3059/0/0 12/0 flex");
  CHECK(read_text(body_of("tools")) ==
        "id= model=\ntext=Checking.\nreasoning=Need both.\nrefusal=\nsignature=EqQB\nsignature=redacted_thinking:Y2lw\n"
        "call=tooluse_a now {} \ncall=tooluse_b get_weather {\"city\":\"Seoul\"} \nfinish=tool_calls\nusage=14/0/0/0 60/0 ");
  CHECK(read_text(body_of("malformed")) ==
        "id= model=\ntext=x\nreasoning=\nrefusal=\nusage=9/0/0/0 9/0 \nfailure=transient 0 malformed_model_output");
  CHECK(read_text(body_of("count_tokens")) == "id= model=\ntext=\nreasoning=\nrefusal=\nfinish=stop\nusage=42/0/0/0 0/0 ");
}

TEST_CASE("citations of an answer name documents and pages of the web", "[bedrock][answer]") {
  const auto events = form().read_answer(body_of("citations"));
  REQUIRE(events);
  CHECK(fold(*events).text == "배: the dock is 12 m");
  std::vector<citation> cited;
  for (const auto& e : *events) {
    if (const auto* c = std::get_if<citation>(&e)) cited.push_back(*c);
  }
  REQUIRE(cited.size() == 2);
  CHECK(cited[0].document == 1);
  CHECK(cited[0].quoted == "a dock of 12 m");
  CHECK(cited[0].end == 0);  // a page has no characters
  CHECK(cited[1].url == "https://docks.example");
  CHECK(cited[1].title == "Docks");
  CHECK(cited[1].begin == 3);
  CHECK(cited[1].end == 19);
}

TEST_CASE("a picture in an answer is told, one in a bucket is not", "[bedrock][answer]") {
  const auto events = form().read_answer(body_of("image"));
  REQUIRE(events);
  std::size_t images = 0;
  for (const auto& e : *events) {
    if (const auto* i = std::get_if<image_made>(&e)) {
      ++images;
      CHECK(i->media_type == "image/png");
      CHECK(i->data == "iVBORw0K");
    }
  }
  CHECK(images == 1);
}

TEST_CASE("every reason of stopping of Converse has its finish reason", "[bedrock][answer]") {
  const std::vector<std::tuple<std::string, finish_reason, std::string>> reasons{
      {"end_turn", finish_reason::stop, ""},
      {"stop_sequence", finish_reason::stop, "stop_sequence"},
      {"max_tokens", finish_reason::length, ""},
      {"model_context_window_exceeded", finish_reason::length, "model_context_window_exceeded"},
      {"tool_use", finish_reason::tool_calls, ""},
      {"content_filtered", finish_reason::content_filter, "content_filtered"},
      {"guardrail_intervened", finish_reason::content_filter, "guardrail_intervened"},
      {"something_new", finish_reason::stop, "something_new"}};
  for (const auto& [word, reason, own] : reasons) {
    CAPTURE(word);
    const auto events = form().read_answer(R"({"output":{"message":{"content":[]}},"stopReason":")" + word + "\"}");
    REQUIRE(events);
    const auto& end = std::get<finished>(events->back());
    CHECK(end.reason == reason);
    CHECK(end.vendor_reason == own);
  }
}

TEST_CASE("an answer of Converse that is not one is upstream_failed", "[bedrock][answer]") {
  for (const std::string body : {"", "<html>502</html>", "[]", "{}", R"({"output":{}})",
                                 R"({"output":{"message":{}},"stopReason":"end_turn"})", R"({"output":{"message":{"content":[]}}})",
                                 R"({"output":{"message":{"content":[1]}},"stopReason":"x"})", R"({"inputTokens":-1})"}) {
    CAPTURE(body);
    CHECK(read_text(body) == "error: upstream_failed");
  }
}

TEST_CASE("a damaged answer of Converse never breaks a rule of events", "[bedrock][answer][property]") {
  const std::uint32_t seed = 4711;
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (const std::string name : {"text", "tools", "citations", "image", "malformed", "count_tokens"}) {
    const std::string body = body_of(name);
    for (int i = 0; i < 600; ++i) {
      const std::string bad = damaged(body, random);
      const auto events = form().read_answer(bad);
      if (!events) continue;
      const auto a = fold(*events);
      if (!a.broken.empty() || (!a.finish && !a.failure)) {
        CAPTURE(bad, a.broken);
        FAIL("an answer without an end, or out of order");
      }
    }
  }
}
