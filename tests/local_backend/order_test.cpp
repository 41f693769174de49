#include "local_backend/order.hpp"

#include <catch2/catch.hpp>

#include "providers/dialects/openai_chat/openai_chat.hpp"

using namespace naru;
using namespace naru::local_backend;

namespace {

result<order> read(const std::string& fields, const std::string& messages = R"([{"role":"user","content":"Hi"}])") {
  const auto doc = json::document::parse(R"({"model":"m","messages":)" + messages + (fields.empty() ? "" : "," + fields) + "}");
  REQUIRE(doc);
  const auto request = dialects::openai_chat::client().read_request(*doc);
  REQUIRE(request);
  return read_order(*request);
}

}  // namespace

TEST_CASE("what the worker does not do yet is refused by its name", "[order]") {
  const auto [fields, name] = GENERATE(table<std::string, std::string>({
      {R"("tools":[{"type":"function","function":{"name":"f"}}])", "tools"},
      {R"("response_format":{"type":"json_object"})", "response_format"},
      {R"("response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{}}})", "response_format"},
      {R"("n":2)", "n"},
      {R"("logprobs":true)", "logprobs"},
      {R"("logit_bias":{"1":5})", "logit_bias"},
      {R"("reasoning_effort":"high")", "reasoning_effort"},
      {R"("service_tier":"flex")", "service_tier"},
      {R"("modalities":["text","audio"])", "modalities"},
      {R"("web_search_options":{})", "web_search_options"},
      {R"("grammar":"root ::= \"a\"")", "grammar"},
  }));
  const auto o = read(fields);
  REQUIRE_FALSE(o);
  CHECK(o.error().code == error_code::unsupported_field);
  CHECK(o.error().field == name);
}

TEST_CASE("parts that are not text are refused with their place", "[order]") {
  const auto [content, kind] = GENERATE(table<std::string, std::string>({
      {R"({"type":"image_url","image_url":{"url":"https://x.test/a.png"}})", "images"},
      {R"({"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}})", "audio"},
      {R"({"type":"file","file":{"file_id":"f"}})", "files"},
  }));
  const auto o = read("", R"([{"role":"user","content":[{"type":"text","text":"see"},)" + content + "]}]");
  REQUIRE_FALSE(o);
  CHECK(o.error().field == "messages[0].content[1]");
  CHECK(o.error().message.find(kind) != std::string::npos);
}

TEST_CASE("tool messages are refused with their place", "[order]") {
  const auto o = read(
      "",
      R"([{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"x"}])");
  REQUIRE_FALSE(o);
  CHECK(o.error().field == "messages[1].tool_calls");
}

TEST_CASE("what cannot change an answer is passed over", "[order]") {
  CHECK(read(
      R"("metadata":{"a":"b"},"store":false,"user":"u","prompt_cache_key":"k","modalities":["text"],"service_tier":"auto","n":1,"logprobs":false)"));
  CHECK(read("", R"([{"role":"assistant","content":"x","annotations":[],"refusal":null},{"role":"user","content":"y"}])"));
}

TEST_CASE("text parts of a message are one text", "[order]") {
  const auto o =
      read("", R"([{"role":"developer","content":"d"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}])");
  REQUIRE(o);
  REQUIRE(o->turns.size() == 2);
  CHECK(o->turns[0].role == "developer");
  CHECK(o->turns[1].text == "ab");
}

TEST_CASE("an empty stop string and too many are refused", "[order]") {
  const auto empty = read(R"("stop":["a",""])");
  REQUIRE_FALSE(empty);
  CHECK(empty.error().field == "stop[1]");
  std::string many = R"("stop":["a")";
  for (int i = 0; i < 16; ++i) many += R"(,"a")";
  CHECK_FALSE(read(many + "]"));
}

TEST_CASE("what a request says wins over what the model recommends", "[order]") {
  const auto o = read(R"("temperature":0,"top_p":0.5,"seed":7)");
  REQUIRE(o);
  const auto s = choose_sampling(*o, {.temperature = 0.6F, .top_k = 20, .top_p = 0.9F}, 99);
  CHECK(s.temperature == 0);
  CHECK(s.top_p == 0.5F);
  CHECK(s.top_k == 20);
  CHECK(s.seed == 7);
  CHECK(choose_sampling(*read(""), {}, 99).seed == 99);
}

TEST_CASE("no seed is taken for random", "[order]") {
  CHECK(*read(R"("seed":4294967295)")->seed != 0xFFFFFFFFU);
  CHECK(*read(R"("seed":-1)")->seed == 0);
}

TEST_CASE("a request that does not fit is refused with both counts", "[order]") {
  const auto o = read(R"("max_tokens":100)");
  CHECK(*answer_limit(*o, 156, 256, 1024) == 100);
  const auto refused = answer_limit(*o, 157, 256, 1024);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == error_code::context_too_long);
  CHECK(refused.error().reason == "context_length_exceeded");
  for (const auto* n : {"256", "257", "157", "100"}) CHECK(refused.error().message.find(n) != std::string::npos);
  CHECK_FALSE(answer_limit(*read(R"("max_tokens":4294967296)"), 1, 256, 10));
}

TEST_CASE("without a limit the answer may have what the context leaves, up to the setting", "[order]") {
  const auto o = read("");
  CHECK(*answer_limit(*o, 10, 256, 100) == 100);
  CHECK(*answer_limit(*o, 200, 256, 100) == 56);
  CHECK(*answer_limit(*o, 255, 256, 100) == 1);
  CHECK_FALSE(answer_limit(*o, 256, 256, 100));
}
