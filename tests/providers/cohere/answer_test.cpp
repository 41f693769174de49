#include <catch2/catch.hpp>

#include <map>

#include "providers/dialects/cohere_chat/cohere_chat.hpp"
#include "providers/dialects/cohere_embed/cohere_embed.hpp"
#include "tests/support/stream_properties.hpp"

using namespace naru;
using namespace naru::test;
using namespace std::chrono_literals;

namespace {

const dialects::upstream_dialect& form() { return dialects::cohere_chat::upstream(); }
std::string file(const std::string& name) { return read_file(contract_folder("cohere/v2_2026-11-23") / name); }
failure failed(int status, std::string_view body, const std::vector<dialects::header>& headers = {}) {
  return form().read_failure(status, headers, body);
}

/// What each transcript says, by hand.
const std::map<std::string, std::string> expected{
    {"text", "id=c-1 model=\ntext=Hello, 안녕 \"quoted\" 🚢\nreasoning=\nrefusal=\nfinish=stop\nusage=12/4/0/0 9/0 "},
    {"tools",
     "id=c-2 model=\ntext=I will check both.\nreasoning=\nrefusal=\ncall=get_time_a get_time {\"tz\":\"UTC\"} \ncall=noop_b noop {} "
     "\nfinish=tool_calls\nusage=20/0/0/0 18/0 "},
    {"thinking_citation", "id=c-3 model=\ntext=It rains in Seoul.\nreasoning=First, look.\nrefusal=\nfinish=length\nusage=40/0/0/0 30/0 "},
    {"error_middle", "id=c-4 model=\ntext=Half an \nreasoning=\nrefusal=\nfailure=transient 0 ERROR"},
    {"error_first", "id= model=\ntext=\nreasoning=\nrefusal=\nfailure=transient 0 ERROR"},
};

reading read_events(const std::vector<std::string>& frames) {
  std::vector<sse_frame> all;
  for (const auto& data : frames) all.push_back({"", data});
  return read_frames(form(), all);
}

}  // namespace

TEST_CASE("each of Cohere's transcripts is read as what it says, wherever it is split", "[cohere][stream][split]") {
  for (const auto& path : files_in(contract_folder("cohere/v2_2026-11-23"), ".sse")) {
    const std::string name = path.stem().string();
    CAPTURE(name);
    REQUIRE(expected.contains(name));
    CHECK(to_text(fold(read_pieces(form(), {file(name + ".sse")}).events)) == expected.at(name));
    check_every_split(form(), file(name + ".sse"));
  }
}

TEST_CASE("Cohere's stream is complete at message-end and not before", "[cohere][stream][cut]") {
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    const auto frames = frames_of(file(name + ".sse"));
    const std::size_t end = name.starts_with("error") ? frames.size() + 1 : name == "tools" ? frames.size() - 1 : frames.size();
    check_every_cut(form(), frames, end);
  }
}

TEST_CASE("damaged transcripts of Cohere's never break a rule of events", "[cohere][stream][property]") {
  std::uint32_t seed = 41;
  for (const auto& [name, text] : expected) check_mutations(form(), file(name + ".sse"), seed++, 500);
}

TEST_CASE("a citation is told where its source has an address", "[cohere][stream]") {
  std::vector<citation> all;
  for (const event& e : read_pieces(form(), {file("thinking_citation.sse")}).events) {
    if (const auto* c = std::get_if<citation>(&e)) all.push_back(*c);
  }
  REQUIRE(all.size() == 1);
  CHECK(all[0].url == "https://weather.example/seoul");
  CHECK(all[0].title == "Seoul");
  CHECK(all[0].quoted == "rain all day");
  CHECK(all[0].begin == 3);
  CHECK(all[0].end == 8);
}

TEST_CASE("a stream that breaks Cohere's grammar is a failure", "[cohere][stream]") {
  const std::string started = R"({"type":"message-start","id":"c"})";
  const std::vector<std::vector<std::string>> garbled{
      {R"({"type":"content-delta","delta":{"message":{"content":{"text":"x"}}}})"},
      {R"({"type":"message-end","delta":{"finish_reason":"COMPLETE"}})"},
      {started, R"({"type":"message-end","delta":{}})"},
      {started, R"({"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{"}}}}})"},
      {started, R"({"type":"tool-call-start","delta":{"message":{"tool_calls":{}}}})"},
      {started, "{"},
      {started, "[]"},
  };
  for (std::size_t i = 0; i < garbled.size(); ++i) {
    CAPTURE(i);
    const auto r = read_events(garbled[i]);
    const auto a = fold(r.events);
    REQUIRE(a.failure);
    CHECK(a.failure->type == "unreadable");
    CHECK_FALSE(r.complete);
  }
  CHECK(std::holds_alternative<keep_alive>(read_events({R"({"type":"brand-new"})"}).events.at(0)));
}

TEST_CASE("whole answers of Cohere's are the events they stand for", "[cohere][answer]") {
  const auto read = [](std::string_view body) {
    const auto events = form().read_answer(body);
    return events ? to_text(fold(*events)) : "error: " + std::string{to_string(events.error().code)};
  };
  CHECK(read(file("text.json")) == "id=c-5 model=\ntext=Hello, 안녕\nreasoning=Hm.\nrefusal=\nfinish=stop\nusage=3/0/0/0 2/0 ");
  CHECK(read(file("tools.json")) ==
        "id=c-6 model=\ntext=I will look.\nreasoning=\nrefusal=\ncall=a get_time {\"tz\":\"UTC\"} \ncall=b noop {} "
        "\nfinish=tool_calls\nusage=20/0/0/0 18/0 ");
  CHECK(read(R"({"finish_reason":"TIMEOUT","message":{}})") == "id= model=\ntext=\nreasoning=\nrefusal=\nfailure=transient 0 TIMEOUT");
  CHECK(read(R"({"finish_reason":"COMPLETE","message":{},"usage":{"billed_units":{"input_tokens":-1,"output_tokens":2}}})") ==
        "id= model=\ntext=\nreasoning=\nrefusal=\nfinish=stop\nusage=0/0/0/0 2/0  estimated");
  for (const std::string_view bad : {"", "[]", "{}", R"({"message":{}})", R"({"finish_reason":"COMPLETE"})"}) {
    CHECK(read(bad) == "error: upstream_failed");
  }
}

TEST_CASE("each of Cohere's failures has its class", "[cohere][failure]") {
  CHECK(failed(400, R"({"message":"invalid request: unknown field"})").cls == failure_class::request);
  CHECK(failed(400, R"({"message":"too many tokens: size limit exceeded by 5 tokens"})").cls == failure_class::too_small);
  CHECK(failed(401, R"({"message":"invalid api token"})").cls == failure_class::account);
  CHECK(failed(402, R"({"message":"pay"})").cls == failure_class::account);
  CHECK(failed(404, R"({"message":"model not found"})").cls == failure_class::settings);
  CHECK(failed(422, R"({"message":"x"})").cls == failure_class::request);
  CHECK(failed(498, R"({"message":"invalid token"})").cls == failure_class::content_policy);
  CHECK(failed(499, R"({"message":"closed"})").cls == failure_class::transient);
  CHECK(failed(501, R"({"message":"no"})").cls == failure_class::request);
  CHECK(failed(503, "<html>").cls == failure_class::transient);
  CHECK(failed(503, "<html>").message == "HTTP 503 without a readable error");
  const auto limited = failed(429, R"({"message":"too many requests"})", {{"retry-after", "3"}});
  CHECK(limited.cls == failure_class::limited);
  CHECK(limited.retry_after == 3s);
  const auto trial =
      failed(429, R"({"message":"You are using a Trial key, which is limited to 1000 API calls / month"})", {{"retry-after", "3"}});
  CHECK(trial.cls == failure_class::account);
  CHECK_FALSE(trial.retry_after);
}

TEST_CASE("Cohere's vectors are read with what they cost", "[cohere][embed]") {
  const auto& vectors = dialects::cohere_embed::upstream();
  const auto events = vectors.read_answer(file("embed.json"));
  REQUIRE(events);
  REQUIRE(events->size() == 5);
  CHECK(std::get<embedding_made>(events->at(1)).vector == std::vector<float>{0.25F, -0.5F});
  CHECK(std::get<embedding_made>(events->at(2)).index == 1);
  CHECK(std::get<usage_report>(events->at(4)).usage.input.value == 6);
  for (const std::string_view bad :
       {"", "{}", R"({"embeddings":{"int8":[[1]]}})", R"({"embeddings":{"float":[]}})", R"({"embeddings":{"float":[["a"]]}})"}) {
    CAPTURE(bad);
    CHECK_FALSE(vectors.read_answer(bad));
  }
  CHECK(vectors.read_failure(429, {}, R"({"message":"slow"})").cls == failure_class::limited);
}
