#include <catch2/catch.hpp>

#include <map>

#include "providers/dialects/clova/clova.hpp"
#include "providers/dialects/clova_embed/clova_embed.hpp"
#include "tests/support/stream_properties.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::clova::upstream(); }
std::string file(const std::string& name) { return read_file(contract_folder("naver/v3_2026-11-23") / name); }
failure failed(int status, const std::string& code) {
  return form().read_failure(status, {}, R"({"status":{"code":")" + code + R"(","message":"m"}})");
}

/// What each transcript says, by hand.
const std::map<std::string, std::string> expected{
    {"text", "id= model=\ntext=서울은 오후 3시입니다. 🚢\nreasoning=\nrefusal=\nfinish=stop\nusage=18/0/0/0 9/0 "},
    {"thinking", "id= model=\ntext=42\nreasoning=먼저 생각.\nrefusal=\nfinish=length\nusage=5/0/0/0 20/18 "},
    {"tools",
     "id= model=\ntext=\nreasoning=\nrefusal=\ncall=call_kr1 get_time {\"tz\":\"Asia/Seoul\"} \ncall=call_kr2 noop {} "
     "\nfinish=tool_calls\nusage=30/0/0/0 12/0 "},
    {"result_alone", "id= model=\ntext=전부\nreasoning=\nrefusal=\ncall=c f {\"a\":1} \nfinish=tool_calls\nusage=3/0/0/0 2/0 "},
    {"error_first", "id= model=\ntext=\nreasoning=\nrefusal=\nfailure=limited 429 "},
    {"error_middle", "id= model=\ntext=절반\nreasoning=\nrefusal=\nfailure=transient 500 "},
};

reading read_events(const std::vector<std::pair<std::string, std::string>>& frames) {
  std::vector<sse_frame> all;
  for (const auto& [name, data] : frames) all.push_back({name, data});
  return read_frames(form(), all);
}

}  // namespace

TEST_CASE("each of Naver's transcripts is read as what it says, wherever it is split", "[clova][stream][split]") {
  for (const auto& path : files_in(contract_folder("naver/v3_2026-11-23"), ".sse")) {
    const std::string name = path.stem().string();
    CAPTURE(name);
    REQUIRE(expected.contains(name));
    CHECK(to_text(fold(read_pieces(form(), {file(name + ".sse")}).events)) == expected.at(name));
    check_every_split(form(), file(name + ".sse"));
  }
}

TEST_CASE("Naver's stream is complete with its result, with the signal or without", "[clova][stream][cut]") {
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    const auto frames = frames_of(file(name + ".sse"));
    const bool signals = frames.back().event == "signal";
    check_every_cut(form(), frames, name.starts_with("error") ? frames.size() + 1 : signals ? frames.size() - 1 : frames.size());
  }
}

TEST_CASE("damaged transcripts of Naver's never break a rule of events", "[clova][stream][property]") {
  std::uint32_t seed = 51;
  for (const auto& [name, text] : expected) check_mutations(form(), file(name + ".sse"), seed++, 500);
}

TEST_CASE("the time of an answer is in seconds, however it was written", "[clova][stream]") {
  for (const std::string name : {"text.sse", "thinking.sse"}) {
    const auto events = read_pieces(form(), {file(name)}).events;
    CHECK(std::get<answer_start>(events.at(0)).created == 1795400200);
  }
}

TEST_CASE("a stream that breaks Naver's grammar is a failure", "[clova][stream]") {
  const std::string done = R"({"message":{"content":"x"},"finishReason":"stop"})";
  const std::vector<std::vector<std::pair<std::string, std::string>>> garbled{
      {{"signal", R"({"data":"[DONE]"})"}},
      {{"result", R"({"message":{"content":"x"}})"}},
      {{"result", R"({"finishReason":"stop"})"}},
      {{"error", "{}"}},
      {{"result", done}, {"result", done}},
      {{"result", done}, {"token", R"({"message":{"content":"x"}})"}},
      {{"token", "{"}},
  };
  for (std::size_t i = 0; i < garbled.size(); ++i) {
    CAPTURE(i);
    const auto r = read_events(garbled[i]);
    const auto a = fold(r.events);
    REQUIRE(a.failure);
    CHECK(a.failure->type == "unreadable");
    CHECK_FALSE(r.complete);
  }
  CHECK(std::holds_alternative<keep_alive>(read_events({{"brand_new", "{}"}}).events.at(0)));
}

TEST_CASE("whole answers of Naver's are the events they stand for, and a 200 may be a failure", "[clova][answer]") {
  const auto read = [](std::string_view body) {
    const auto events = form().read_answer(body);
    return events ? to_text(fold(*events)) : "error: " + std::string{to_string(events.error().code)};
  };
  CHECK(read(file("text.json")) == "id= model=\ntext=안녕하세요\nreasoning=흠\nrefusal=\nfinish=stop\nusage=8/0/0/0 4/2 ");
  CHECK(
      read(file("tools.json")) ==
      "id= model=\ntext=\nreasoning=\nrefusal=\ncall=a get_time {\"tz\":\"UTC\"} \ncall=b noop {} \nfinish=tool_calls\nusage=8/0/0/0 4/0 ");
  CHECK(read(file("error.json")) == "id= model=\ntext=\nreasoning=\nrefusal=\nfailure=too_small 400 ");
  CHECK(read(R"({"status":{"message":"x"}})") == "id= model=\ntext=\nreasoning=\nrefusal=\nfailure=transient 0 ");
  for (const std::string_view bad : {"", "[]", "{}", R"({"status":{"code":"20000"},"result":{}})", R"({"result":{"message":{}}})"}) {
    CHECK(read(bad) == "error: upstream_failed");
  }
}

TEST_CASE("each of Naver's codes has its class", "[clova][failure]") {
  CHECK(failed(400, "40001").cls == failure_class::request);
  CHECK(failed(400, "40003").cls == failure_class::too_small);
  CHECK(failed(400, "40055").cls == failure_class::request);
  CHECK(failed(400, "40061").cls == failure_class::request);
  CHECK(failed(400, "40080").cls == failure_class::settings);
  CHECK(failed(400, "40082").cls == failure_class::settings);
  CHECK(failed(401, "40103").cls == failure_class::account);
  CHECK(failed(403, "40300").cls == failure_class::account);
  CHECK(failed(404, "40400").cls == failure_class::settings);
  CHECK(failed(408, "40800").cls == failure_class::transient);
  CHECK(failed(429, "42901").cls == failure_class::limited);
  CHECK(failed(429, "42901").code == "42901");
  CHECK(failed(500, "50000").cls == failure_class::transient);
  const auto gateway = form().read_failure(401, {}, R"({"error":{"errorCode":"200","message":"Authentication Failed"}})");
  CHECK(gateway.cls == failure_class::account);
  CHECK(gateway.message == "Authentication Failed");
  CHECK(form().read_failure(502, {}, "<html>").message == "HTTP 502 without a readable error");
}

TEST_CASE("Naver's vector is read with what it cost", "[clova][embed]") {
  const auto& vectors = dialects::clova_embed::upstream();
  const auto events = vectors.read_answer(file("embed.json"));
  REQUIRE(events);
  REQUIRE(events->size() == 4);
  CHECK(std::get<embedding_made>(events->at(1)).vector == std::vector<float>{0.5F, -0.25F});
  CHECK(std::get<usage_report>(events->at(3)).usage.input.value == 3);
  const auto failed_inside = vectors.read_answer(file("error.json"));
  REQUIRE(failed_inside);
  CHECK(std::get<answer_failed>(failed_inside->at(0)).failure.cls == failure_class::too_small);
  for (const std::string_view bad : {"", "{}", R"({"result":{}})", R"({"result":{"embedding":[]}})"}) CHECK_FALSE(vectors.read_answer(bad));
}
