#include <catch2/catch.hpp>
#include <map>

#include "providers/dialects/bedrock_anthropic/bedrock_anthropic.hpp"
#include "tests/support/stream_properties.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::bedrock_anthropic::upstream(); }
std::string bytes_of(const std::string& name) {
  return read_file(contract_folder("bedrock/2023-09-30_2026-11-23") / ("invoke_" + name + ".sse"));
}

const std::map<std::string, std::string> expected{
    {"text", "id=msg_bdrk_01 model=claude-opus-4-8\ntext=Hello, 안녕\nreasoning=\nrefusal=\nfinish=stop\nusage=2062/2048/0/0 12/0 "},
    {"tools",
     "id=msg_bdrk_01 model=claude-opus-4-8\ntext=\nreasoning=\nrefusal=\ncall=toolu_bdrk_1 get_time {\"tz\":\"UTC\"} \n"
     "finish=tool_calls\nusage=2062/2048/0/0 41/0 "},
    {"error_middle",
     "id=msg_bdrk_01 model=claude-opus-4-8\ntext=Half\nreasoning=\nrefusal=\nusage=2062/2048/0/0 1/0 \n"
     "failure=transient 408 modelTimeoutException"},
};

std::vector<event> read_one(std::string_view name, std::string_view data) {
  std::vector<event> out;
  form().make_stream_reader()->read(name, data, out);
  return out;
}

}  // namespace

TEST_CASE("each transcript of InvokeModel is read whole, split and cut as what it says", "[bedrock_anthropic][stream]") {
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    const std::string bytes = bytes_of(name);
    CHECK(to_text(fold(read_pieces(form(), {bytes}).events)) == text);
    check_every_split(form(), bytes);
    const auto frames = frames_of(bytes);
    check_every_cut(form(), frames, name.starts_with("error") ? frames.size() + 1 : frames.size());
  }
}

TEST_CASE("damaged transcripts of InvokeModel never break a rule of events", "[bedrock_anthropic][stream][property]") {
  std::uint32_t seed = 20261123;
  for (const auto& [name, text] : expected) check_mutations(form(), bytes_of(name), seed++, 800);
}

TEST_CASE("a chunk that holds no event is unreadable", "[bedrock_anthropic][stream]") {
  for (const std::string data :
       {"", "{", "[]", "{}", R"({"bytes":7})", R"({"bytes":"$$$$"})", R"({"bytes":"e"})", R"({"bytes":"e30"})", R"({"bytes":"bm8="})"}) {
    CAPTURE(data);
    const auto events = read_one("chunk", data);
    REQUIRE(events.size() == 1);
    if (data == R"({"bytes":"e30"})") {  // {}: an event of no kind
      CHECK(std::holds_alternative<keep_alive>(events[0]));
    } else {
      REQUIRE(std::holds_alternative<answer_failed>(events[0]));
      CHECK(std::get<answer_failed>(events[0]).failure.type == "unreadable");
    }
  }
}

TEST_CASE("frames that are no chunks are signs of life or failures", "[bedrock_anthropic][stream]") {
  CHECK(std::holds_alternative<keep_alive>(read_one("novelty", "{}").at(0)));
  CHECK(std::holds_alternative<keep_alive>(read_one("", "").at(0)));
  const auto failed = std::get<answer_failed>(read_one("throttlingException", R"({"message":"m"})").at(0)).failure;
  CHECK(failed.cls == failure_class::limited);
  CHECK(failed.message == "m");
}

TEST_CASE("a whole answer and a failure of InvokeModel are read", "[bedrock_anthropic][answer]") {
  const auto events = form().read_answer(read_file(contract_folder("bedrock/2023-09-30_2026-11-23") / "invoke_text.json"));
  REQUIRE(events);
  CHECK(to_text(fold(*events)) ==
        "id=msg_bdrk_01 model=claude-opus-4-8\ntext=Hello\nreasoning=\nrefusal=\nfinish=stop\nusage=14/0/0/0 12/0 ");
  const auto f = form().read_failure(429, {{"x-amzn-errortype", "ThrottlingException"}}, R"({"message":"m"})");
  CHECK(f.cls == failure_class::limited);
}
