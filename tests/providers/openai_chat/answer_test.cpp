#include <catch2/catch.hpp>

#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "support.hpp"

using namespace naru;
using namespace naru::test;
namespace openai_chat = naru::dialects::openai_chat;

namespace {

std::string events_of(std::string_view body) {
  const auto r = openai_chat::upstream().read_answer(body);
  return r ? describe(*r) : "error " + r.error().reason + ": " + r.error().message;
}
std::string choice(std::string_view c) { return R"({"id":"i","model":"m","created":1,"choices":[)" + std::string{c} + "]}"; }

}  // namespace

TEST_CASE("a whole answer is its events", "[openai_chat]") {
  CHECK(events_of(transcript("openai/answer.json")) ==
        "start id=chatcmpl-A2 model=gpt-4.1-2025-04-14 created=1795400000\ntext[0] Hello\nfinished[0] stop\n"
        "usage in=19 cached=8 write=2 write_long=0 out=10 reasoning=3 audio=0/0 tier=flex estimated=false\n");
  CHECK(events_of(transcript("openai/answer_tools.json")) ==
        "start id=chatcmpl-A3 model=gpt-4.1 created=1795400000\ncall[0][0] id=call_1 name=get_time signature=\n"
        "arguments[0][0] {\"tz\":\"UTC\"}\nfinished[0] tool_calls\n"
        "usage in=5 cached=0 write=0 write_long=0 out=6 reasoning=0 audio=0/0 tier= estimated=false\n");
}

TEST_CASE("what servers write differently is understood", "[openai_chat]") {
  CHECK(events_of("\n\n" + choice(R"({"message":{"content":"a","reasoning":"r","refusal":"no"},"finish_reason":"eos"})")) ==
        "start id=i model=m created=1\nreasoning[0] r \ntext[0] a\nrefusal[0] no\nfinished[0] stop\n");
  CHECK(
      events_of(choice(
          R"({"index":3,"message":{"content":null,"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"finish_reason":"stop"})")) ==
      "start id=i model=m created=1\ncall[3][0] id= name=f signature=\narguments[3][0] {\"a\":1}\nfinished[3] tool_calls\n");
  CHECK(events_of(choice(R"({"message":{"function_call":{"name":"f","arguments":"{}"}},"finish_reason":"function_call"})")) ==
        "start id=i model=m created=1\ncall[0][0] id= name=f signature=\narguments[0][0] {}\nfinished[0] tool_calls\n");
  CHECK(events_of(choice(R"({"message":{"content":"x"},"logprobs":{"content":[]},"finish_reason":"model_length"})")) ==
        "start id=i model=m created=1\ntext[0] x\nlogprobs[0] {\"content\":[]}\nfinished[0] length\n");
}

TEST_CASE("an error in a 200 answer is a failure", "[openai_chat]") {
  CHECK(events_of(R"({"error":{"code":502,"message":"gone"}})") == "failed transient status=502 type= code=502 message=gone\n");
  CHECK(events_of(R"({"error":"text"})") == "failed transient status=0 type= code= message=text\n");
  CHECK(events_of(choice(R"({"message":{"content":"half"},"finish_reason":"error"})")) ==
        "failed transient status=0 type= code=error message=the upstream ended the answer with an error\n");
}

TEST_CASE("an answer that cannot be read says so", "[openai_chat]") {
  for (const auto* body : {"", "<html>", "[]", "5", "{}", R"({"choices":[]})", R"({"choices":[5]})", R"({"choices":[{}]})",
                           R"({"choices":[{"index":500,"message":{}}]})", R"({"choices":{}})"}) {
    INFO(body);
    CHECK_THAT(events_of(body), Catch::StartsWith("error unreadable: "));
  }
  std::string many = R"({"message":{}})";
  for (int i = 0; i < 128; ++i) many += R"(,{"message":{}})";
  CHECK_THAT(events_of(choice(many)), Catch::Contains("too many choices"));
}

TEST_CASE("usage numbers are believed only as far as they can be true", "[openai_chat]") {
  const auto usage_of = [](std::string_view u) {
    const auto r = openai_chat::upstream().read_answer(R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":)" +
                                                       std::string{u} + "}");
    REQUIRE(r.has_value());
    const auto* report = std::get_if<usage_report>(&r->back());
    return report == nullptr ? std::string{"none"} : describe(report->usage);
  };
  CHECK(usage_of("null") == "none");
  CHECK(usage_of("[]") == "none");
  CHECK(usage_of(R"({"prompt_tokens":-5,"completion_tokens":4})") ==
        "in=0 cached=0 write=0 write_long=0 out=4 reasoning=0 audio=0/0 tier= estimated=true");
  CHECK(usage_of(R"({"prompt_tokens":"5","completion_tokens":4})") ==
        "in=0 cached=0 write=0 write_long=0 out=4 reasoning=0 audio=0/0 tier= estimated=true");
  CHECK(usage_of(R"({"prompt_tokens":5,"completion_tokens":1099511627777})") ==
        "in=5 cached=0 write=0 write_long=0 out=0 reasoning=0 audio=0/0 tier= estimated=true");
  CHECK(usage_of(R"({"prompt_tokens":5,"completion_tokens":1099511627776})") ==
        "in=5 cached=0 write=0 write_long=0 out=1099511627776 reasoning=0 audio=0/0 tier= estimated=false");
  CHECK(usage_of(R"({"prompt_tokens":5.0,"completion_tokens":4.5})") ==
        "in=5 cached=0 write=0 write_long=0 out=0 reasoning=0 audio=0/0 tier= estimated=true");
  CHECK(usage_of(R"({"prompt_tokens":5,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":9}})") ==
        "in=5 cached=5 write=0 write_long=0 out=4 reasoning=0 audio=0/0 tier= estimated=true");
  CHECK(usage_of(R"({"prompt_tokens":5,"completion_tokens":4,"completion_tokens_details":{"reasoning_tokens":-1}})") ==
        "in=5 cached=0 write=0 write_long=0 out=4 reasoning=0 audio=0/0 tier= estimated=true");
  CHECK(usage_of("{}") == "in=0 cached=0 write=0 write_long=0 out=0 reasoning=0 audio=0/0 tier= estimated=true");
  // xAI: reasoning beside the completion, as the total shows
  CHECK(usage_of(R"({"prompt_tokens":5,"completion_tokens":4,"total_tokens":19,"completion_tokens_details":{"reasoning_tokens":10}})") ==
        "in=5 cached=0 write=0 write_long=0 out=14 reasoning=10 audio=0/0 tier= estimated=false");
}
