#include <catch2/catch.hpp>

#include <regex>

#include "tests/integration/support.hpp"

using namespace naru::test;

namespace {

constexpr std::string_view shared_models =
    "models:\n"
    "  chat: {strategy: priority, deployments: [oa/gpt--ok], aliases: [gpt-alias]}\n"
    "  claude: {strategy: priority, deployments: [an/claude--ok]}\n"
    "  gemini: {strategy: priority, deployments: [go/gemini--ok]}\n";

/// The mock numbers its answers; everything else of two answers to one question is the same.
std::string unnumbered(const std::string& text) { return std::regex_replace(text, std::regex("chatcmpl-mock-[0-9]+"), "chatcmpl-mock-N"); }

/// What the vendor itself says to this body, without a gateway.
std::string straight(const mock_upstream& mock, std::string_view body) {
  return ask(mock.port(), "POST", "/v1/chat/completions", {{"Authorization", "Bearer " + std::string(mock_upstream::default_key)}}, body)
      .body;
}

struct asked {
  std::string_view model;   ///< as the client asks
  std::string_view vendor;  ///< as the mock is asked
  std::string_view deployment;
  std::string_view cost;  ///< 3 tokens in ("Say hello." is 10 bytes), 5 out ("Hello from the mock." is 20)
};
// 3 * input + 5 * output dollars a million: 2/10, 3/15, 1/4.
constexpr asked dialects[] = {
    {"chat", "gpt--ok", "oa/gpt--ok", "0.000056"},
    {"claude", "claude--ok", "an/claude--ok", "0.000084"},
    {"gemini", "gemini--ok", "go/gemini--ok", "0.000023"},
};

}  // namespace

TEST_CASE("each dialect answers a whole chat in the client's form, with its price", "[integration][serving]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, shared_models), lean());
  for (const asked& d : dialects) {
    CAPTURE(d.model);
    const auto a = post(naru.port(), chat(d.model));
    REQUIRE(a.status == 200);
    CHECK(a.complete);
    CHECK(a.header("content-type").starts_with("application/json"));
    CHECK(at(a.body, "object") == "chat.completion");
    CHECK(at(a.body, "choices.0.message.role") == "assistant");
    CHECK(at(a.body, "choices.0.message.content") == "Hello from the mock.");
    CHECK(at(a.body, "choices.0.finish_reason") == "stop");
    CHECK(at(a.body, "model") == d.vendor);
    CHECK(at(a.body, "usage.prompt_tokens") == "3");
    CHECK(at(a.body, "usage.completion_tokens") == "5");
    CHECK(at(a.body, "usage.total_tokens") == "8");
    CHECK(a.header("x-naru-model") == d.model);
    CHECK(a.header("x-naru-deployment") == d.deployment);
    CHECK(a.header("x-naru-label") == "internal");
    CHECK(a.header("x-naru-attempts") == "1");
    CHECK(a.header("x-naru-fallback-reason").empty());
    CHECK(a.header("x-naru-cost-usd") == d.cost);
    CHECK(a.header("x-request-id").starts_with("req_"));
    CHECK(a.header("request-id") == a.header("x-request-id"));
    CHECK(a.count("set-cookie") == 0);  // the vendor's own headers stay with us
    CHECK(a.count("openai-organization") == 0);
  }
}

TEST_CASE("each dialect streams in the client's form, with its price before the end", "[integration][serving]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, shared_models), lean());
  for (const asked& d : dialects) {
    CAPTURE(d.model);
    http_client client(naru.port());
    client.send_request("POST", completions, {}, chat_stream(d.model));
    const auto head = client.read_head();
    REQUIRE(head.status == 200);
    CHECK(head.header("content-type").starts_with("text/event-stream"));
    CHECK(head.header("x-accel-buffering") == "no");
    CHECK(head.header("cache-control").find("no-cache") != std::string::npos);
    CHECK(head.header("x-naru-deployment") == d.deployment);
    CHECK(head.header("request-id") == head.header("x-request-id"));
    const std::string body = client.read_rest();
    CHECK(client.body_complete());
    streamed s;
    s.frames = sse_frames{}.feed(body);
    CHECK(s.text() == "Hello from the mock.");
    CHECK(s.done());
    CHECK(at(s.frames.front().data, "model") == d.vendor);
    const auto price = body.find("\n: x-naru-cost-usd: " + std::string(d.cost) + "\n\n");
    CHECK(price != std::string::npos);
    CHECK(price < body.find("data: [DONE]"));
    for (const auto& f : s.frames) CHECK(at(f.data, "usage.prompt_tokens") == "-");  // nobody asked for it
  }
}

TEST_CASE("a usage chunk comes when asked for, with no choices, and only then", "[integration][serving]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, shared_models), lean());
  for (const asked& d : dialects) {
    CAPTURE(d.model);
    const auto s = post_stream(naru.port(), chat_stream(d.model, R"(,"stream_options":{"include_usage":true})"));
    REQUIRE(s.done());
    REQUIRE(s.frames.size() > 2);
    const std::string& usage = s.frames[s.frames.size() - 2].data;
    CHECK(at(usage, "choices") == "[]");
    CHECK(at(usage, "usage.prompt_tokens") == "3");
    CHECK(at(usage, "usage.completion_tokens") == "5");
    const auto without = post_stream(naru.port(), chat_stream(d.model, R"(,"stream_options":{"include_usage":false})"));
    CHECK(without.done());
    for (const auto& f : without.frames) CHECK(at(f.data, "usage.prompt_tokens") == "-");
  }
  for (const auto& r : mock.log()) {
    if (r.model == "gpt--ok") CHECK(at(r.body, "stream_options.include_usage") == "true");  // the bill needs it either way
  }
}

TEST_CASE("between equal dialects a body passes byte for byte but for the model", "[integration][serving]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "models:\n  chat: {deployments: [oa/any--lenient]}\n"), lean());
  const std::string before = "{ \"new_field\" : {\"b\":[1, 2.50 ,\"\\u00e9\"]},\n\t\"model\":";
  const std::string behind =
      " , \"messages\":[ {\"role\":\"user\",\"content\":\"h\\u0069 \xED\x95\x9C\",\"x\":null} ],\"seed\":9007199254740993}";
  const auto a = post(naru.port(), before + "\"chat\"" + behind);
  REQUIRE(a.status == 200);
  CHECK(mock.log().at(0).body == before + "\"any--lenient\"" + behind);
}

TEST_CASE("between equal dialects an answer's bytes pass as they came", "[integration][serving]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "models:\n  chat: {deployments: [oa/gpt--logprobs]}\n"), lean());
  CHECK(unnumbered(post(naru.port(), chat("chat")).body) == unnumbered(straight(mock, chat("gpt--logprobs"))));

  constexpr std::string_view usage = R"(,"stream_options":{"include_usage":true})";
  std::string relayed = post(naru.port(), chat_stream("chat", usage)).body;
  const auto comment = relayed.find(": x-naru-cost-usd");
  REQUIRE(comment != std::string::npos);
  relayed.erase(comment, relayed.find("\n\n", comment) + 2 - comment);
  CHECK(unnumbered(relayed) == unnumbered(straight(mock, chat_stream("gpt--logprobs", usage))));
}

TEST_CASE("all spellings of the paths are served, with a query or without", "[integration][serving]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, shared_models), lean());
  for (const std::string prefix : {"", "/v1", "/openai/v1"}) {
    CAPTURE(prefix);
    CHECK(post(naru.port(), chat("chat"), {}, prefix + "/chat/completions").status == 200);
    CHECK(post(naru.port(), chat("chat"), {}, prefix + "/chat/completions?beta=true").status == 200);
    CHECK(ask(naru.port(), "GET", prefix + "/models?limit=1000").status == 200);
    CHECK(ask(naru.port(), "GET", prefix + "/models/chat").status == 200);
  }
  CHECK(ask(naru.port(), "GET", "/v2/models").status == 404);
}

TEST_CASE("the list of models satisfies every reader, and one model can be asked for", "[integration][serving]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, shared_models), lean());
  const auto list = ask(naru.port(), "GET", "/v1/models");
  REQUIRE(list.status == 200);
  CHECK(at(list.body, "object") == "list");
  CHECK(at(list.body, "has_more") == "false");
  CHECK(at(list.body, "first_id") == at(list.body, "data.0.id"));
  std::string ids;
  for (std::size_t i = 0; i < size_at(list.body, "data"); ++i) {
    const std::string item = "data." + std::to_string(i);
    ids += " " + at(list.body, item + ".id");
    CHECK(at(list.body, item + ".object") == "model");
    CHECK(at(list.body, item + ".type") == "model");
    CHECK(at(list.body, item + ".display_name") == at(list.body, item + ".id"));
    CHECK(at(list.body, item + ".created") != "-");
    CHECK(at(list.body, item + ".created_at").ends_with("Z"));
  }
  for (const char* name : {" chat", " claude", " gemini", " gpt-alias"}) CHECK(ids.find(name) != std::string::npos);
  CHECK(at(ask(naru.port(), "GET", "/v1/models/oa/gpt--ok").body, "id") == "oa/gpt--ok");
  CHECK(at(ask(naru.port(), "GET", "/v1/models/oa%2Fgpt--ok").body, "id") == "oa/gpt--ok");
  CHECK(ask(naru.port(), "GET", "/v1/models/nobody").status == 404);
  const auto head = http_client(naru.port()).ask("HEAD", "/v1/models");
  CHECK(head.status == 200);
  CHECK(head.header("content-length") == std::to_string(list.body.size()));
}

TEST_CASE("a model may be asked for by alias, or directly as provider/model", "[integration][serving]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, shared_models), lean());
  CHECK(post(naru.port(), chat("gpt-alias")).header("x-naru-deployment") == "oa/gpt--ok");
  CHECK(post(naru.port(), chat("oa/gpt--ok")).header("x-naru-deployment") == "oa/gpt--ok");
  const auto invented = post(naru.port(), chat("oa/never-heard--echo"));
  CHECK(invented.status == 200);
  CHECK(at(invented.body, "choices.0.message.content") == "Say hello.");
}

TEST_CASE("one connection serves one request behind the other, also when they come at once", "[integration][serving]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, shared_models), lean());
  http_client client(naru.port());
  for (int i = 0; i < 5; ++i)
    CHECK(client.ask("POST", completions, {}, chat("oa/x--echo", {}, "number " + std::to_string(i))).status == 200);
  for (int i = 0; i < 5; ++i) client.send_request("POST", completions, {}, chat("oa/x--echo", {}, "number " + std::to_string(i)));
  for (int i = 0; i < 5; ++i) CHECK(at(client.read_answer().body, "choices.0.message.content") == "number " + std::to_string(i));
}

TEST_CASE("a compressed answer of a vendor is understood and passed on plain", "[integration][serving]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock), lean());
  for (const char* model : {"oa/x--gzip", "an/x--gzip", "go/x--gzip"}) {
    CAPTURE(model);
    const auto a = post(naru.port(), chat(model));
    CHECK(a.status == 200);
    CHECK(a.count("content-encoding") == 0);
    CHECK(at(a.body, "choices.0.message.content") == "Hello from the mock.");
    const auto s = post_stream(naru.port(), chat_stream(model));
    CHECK(s.text() == "Hello from the mock.");
    CHECK(s.done());
  }
}
