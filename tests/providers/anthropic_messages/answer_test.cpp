#include <catch2/catch.hpp>

#include "client_support.hpp"
#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "tests/support/answer_fold.hpp"
#include "tests/support/transcripts.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::anthropic_messages::upstream(); }
std::string body_of(const std::string& name) { return read_file(contract_folder("anthropic/2023-06-01_2026-11-23") / (name + ".json")); }

std::string read_text(const std::string& body) {
  const auto events = form().read_answer(body);
  return events ? to_text(fold(*events)) : "error: " + std::string{to_string(events.error().code)};
}

}  // namespace

TEST_CASE("a whole answer is the sequence of events it stands for", "[anthropic][answer]") {
  CHECK(read_text(body_of("text")) ==
        "id=msg_01 model=claude-sonnet-5-5\ntext=Hello, 안녕\nreasoning=\nrefusal=\nfinish=stop\nusage=2062/2048/0/0 12/0 priority");
  CHECK(read_text(body_of("tools")) ==
        "id=msg_01 model=claude-sonnet-5-5\ntext=Checking.\nreasoning=Need "
        "both.\nrefusal=\nsignature=EqQB\nsignature=Y2lw\n"
        "call=toolu_a now {} \ncall=toolu_b get_weather {\"city\":\"Seoul\"} \nfinish=tool_calls\nusage=14/0/0/0 60/0 ");
  CHECK(read_text(body_of("refusal")) ==
        "id=msg_01 model=claude-sonnet-5-5\ntext=\nreasoning=\nrefusal=This asks for harm.\nfinish=content_filter\nusage=14/0/0/0 0/0 ");
  CHECK(read_text(body_of("error")) == "id= model=\ntext=\nreasoning=\nrefusal=\nfailure=transient 529 overloaded_error");
}

TEST_CASE("every reason of stopping has its finish reason", "[anthropic][answer]") {
  const std::vector<std::pair<std::string, finish_reason>> reasons{{"end_turn", finish_reason::stop},
                                                                   {"stop_sequence", finish_reason::stop},
                                                                   {"max_tokens", finish_reason::length},
                                                                   {"tool_use", finish_reason::tool_calls},
                                                                   {"refusal", finish_reason::content_filter},
                                                                   {"pause_turn", finish_reason::stop},
                                                                   {"model_context_window_exceeded", finish_reason::length},
                                                                   {"something_new", finish_reason::stop}};
  for (const auto& [word, reason] : reasons) {
    CAPTURE(word);
    const auto events = form().read_answer(R"({"id":"m","model":"c","content":[],"stop_reason":")" + word + "\"}");
    REQUIRE(events);
    CHECK(fold(*events).finish == reason);
  }
}

TEST_CASE("an answer that is not one is upstream_failed", "[anthropic][answer]") {
  for (const std::string body : {"", "<html>502</html>", "[]", "{}", R"({"content":[]})", R"({"content":[],"stop_reason":null})",
                                 R"({"content":[1],"stop_reason":"end_turn"})", R"({"content":{},"stop_reason":"end_turn"})",
                                 R"({"content":[],"stop_reason":"end_turn")"}) {
    CAPTURE(body);
    CHECK(read_text(body) == "error: upstream_failed");
  }
}

TEST_CASE("a damaged answer never breaks a rule of events", "[anthropic][answer][property]") {
  const std::uint32_t seed = 4711;
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (const std::string name : {"text", "tools", "refusal", "error"}) {
    const std::string body = body_of(name);
    for (int i = 0; i < 1000; ++i) {
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

TEST_CASE("an answer's citations follow their text, and its end is told in full", "[anthropic][answer]") {
  const auto events = form().read_answer(body_of("citations"));
  REQUIRE(events);
  CHECK(words(*events) == R"(start msg_01 claude-sonnet-5-5
text 나루 says: a landing
citation |Words|A ferry landing.|1|0-0
text , too.
citation https://example.com/f|F|Ferries|0|18-24
finished stop pause_turn 
used 90/0/0/0 21/0 
)");
  const auto ended = [](std::string_view fields) {
    const auto read = form().read_answer(R"({"id":"m","model":"c","content":[],)" + std::string{fields} + "}");
    REQUIRE(read);
    return words(*read);
  };
  CHECK(ended(R"("stop_reason":"stop_sequence","stop_sequence":"END")") == "start m c\nfinished stop  END\n");
  CHECK(ended(R"("stop_reason":"stop_sequence","stop_sequence":null)") == "start m c\nfinished stop stop_sequence \n");
  CHECK(ended(R"("stop_reason":"model_context_window_exceeded")") == "start m c\nfinished length model_context_window_exceeded \n");
  CHECK(ended("\"stop_reason\":\"new\\nline\"") == "start m c\nfinished stop  \n");  // no clean word
  CHECK(ended(R"("stop_reason":"tool_use")") == "start m c\nfinished tool_calls  \n");
}

TEST_CASE("a count of tokens is a usage without an answer", "[anthropic][answer][count]") {
  const auto events = form().read_answer(body_of("count"));
  REQUIRE(events);
  CHECK(words(*events) == "start  \nfinished stop  \nused 2095/0/0/0 0/0 \n");
  for (const std::string bad : {R"({"input_tokens":-1})", R"({"input_tokens":"9"})", R"({"input_tokens":null})"}) {
    CAPTURE(bad);
    CHECK(read_text(bad) == "error: upstream_failed");
  }
}
