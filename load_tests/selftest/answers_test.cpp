#include <catch2/catch.hpp>

#include "load_tests/selftest/vendors.hpp"

using namespace naru::test;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

mock_upstream& mock() {
  static mock_upstream one;
  return one;
}

bool has(const std::string& text, std::string_view word) { return text.find(word) != std::string::npos; }

milliseconds since(steady_clock::time_point t) { return std::chrono::duration_cast<milliseconds>(steady_clock::now() - t); }

std::string joined(const std::vector<sse_frame>& frames) {
  std::string out;
  for (const auto& f : frames) out += f.event + " " + f.data + "\n";
  return out;
}

}  // namespace

TEST_CASE("each dialect answers in its own form, whole and streamed", "[mock]") {
  for (const auto& v : all_vendors()) {
    CAPTURE(v.name);
    const http_answer whole = answer_of(mock(), v, "ok");
    CHECK(whole.status == 200);
    CHECK(whole.complete);
    CHECK(has(whole.body, "Hello from the mock."));
    const played p = play(mock(), v, "ok");
    CHECK(p.status == 200);
    CHECK(p.content == 4);
    CHECK(p.finished);
    CHECK(p.complete);
    CHECK_FALSE(p.errored);
  }
}

TEST_CASE("the number and size of chunks are as asked", "[mock]") {
  for (const auto& v : all_vendors()) {
    CAPTURE(v.name);
    CHECK(play(mock(), v, "sse-200x64").content == 200);
    CHECK(has(answer_of(mock(), v, "sse-3x8").body, "\"abcdefghijklmnopqrstuvwx\""));
  }
}

TEST_CASE("a paced stream takes its time", "[mock]") {
  const auto begun = steady_clock::now();
  const played p = play(mock(), vendor_named("openai"), "paced-11x50");
  CHECK(p.content == 11);
  CHECK(since(begun) >= milliseconds(200));
}

TEST_CASE("tokens are counted by the formula", "[mock]") {
  CHECK(has(answer_of(mock(), vendor_named("openai"), "ok").body, R"("prompt_tokens":3,"completion_tokens":5,"total_tokens":8)"));
  CHECK(has(answer_of(mock(), vendor_named("anthropic"), "ok").body, R"("input_tokens":3,)"));
  CHECK(has(answer_of(mock(), vendor_named("gemini"), "ok").body, R"("promptTokenCount":3,"candidatesTokenCount":5)"));
  // What was cached is inside OpenAI's and Gemini's prompt tokens, and outside Anthropic's.
  CHECK(has(answer_of(mock(), vendor_named("openai"), "cached-2").body, R"("cached_tokens":2)"));
  CHECK(has(answer_of(mock(), vendor_named("anthropic"), "cached-2+cachewrite-1").body,
            R"("input_tokens":0,"cache_creation_input_tokens":1,"cache_read_input_tokens":2)"));
  CHECK(has(answer_of(mock(), vendor_named("gemini"), "cached-2").body, R"("promptTokenCount":3,"cachedContentTokenCount":2)"));
  for (const auto& v : all_vendors()) {
    CAPTURE(v.name);
    const std::string silent = answer_of(mock(), v, "usage-none").body;
    CHECK_FALSE(has(silent, R"("usage":)"));
    CHECK_FALSE(has(silent, "usageMetadata"));
    CHECK(has(answer_of(mock(), v, "usage-negative").body, ":-5"));
    CHECK(has(answer_of(mock(), v, "usage-huge").body, ":99999999999999999999"));
    CHECK(has(answer_of(mock(), v, "usage-text").body, R"(:"many")"));
  }
}

TEST_CASE("OpenAI's usage chunk comes only when it is asked for", "[mock]") {
  const auto& openai = vendor_named("openai");
  CHECK_FALSE(has(joined(play(mock(), openai, "ok").frames), "usage"));
  CHECK(has(joined(play(mock(), openai, "ok", R"(,"stream_options":{"include_usage":true})").frames), R"("choices":[],"usage":{)"));
}

TEST_CASE("tools are called with what was offered", "[mock]") {
  const std::string openai = R"(,"tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"b"}}])";
  const std::string anthropic = R"(,"tools":[{"name":"a","input_schema":{"type":"object"}},{"name":"b","input_schema":{"type":"object"}}])";
  const std::string gemini = R"(,"tools":[{"functionDeclarations":[{"name":"a"},{"name":"b"}]}])";
  CHECK(has(answer_of(mock(), vendor_named("openai"), "tools", openai).body, R"("arguments":"{\"city\":\"Seoul\")"));
  CHECK(has(answer_of(mock(), vendor_named("anthropic"), "tools", anthropic).body, R"("name":"a","input":{"city":"Seoul")"));
  CHECK(has(answer_of(mock(), vendor_named("gemini"), "tools", gemini).body, R"("name":"a","args":{"city":"Seoul")"));
  CHECK(has(joined(play(mock(), vendor_named("anthropic"), "parallel-tools", anthropic).frames),
            R"("index":1,"content_block":{"type":"tool_use")"));
  CHECK(has(joined(play(mock(), vendor_named("openai"), "parallel-tools", openai).frames), R"("tool_calls":[{"index":1,)"));
  CHECK(has(joined(play(mock(), vendor_named("gemini"), "parallel-tools", gemini).frames), R"("name":"b")"));
  CHECK(
      has(answer_of(mock(), vendor_named("openai"), "tools", openai + R"(,"tool_choice":{"type":"function","function":{"name":"b"}})").body,
          R"("name":"b")"));
}

TEST_CASE("what else can be said", "[mock]") {
  for (const auto& v : all_vendors()) {
    CAPTURE(v.name);
    CHECK(has(answer_of(mock(), v, "echo").body, "hello there"));
    CHECK(has(answer_of(mock(), v, "json").body, "42"));
    CHECK(has(answer_of(mock(), v, "think").body, "Let me think"));
    CHECK(has(answer_of(mock(), v, "vision").body, "I see 0 image(s)"));
    CHECK(has(answer_of(mock(), v, "long").body, "word999"));
    CHECK_FALSE(has(answer_of(mock(), v, "refuse").body, "Hello"));
    CHECK(has(answer_of(mock(), v, "any-other-name").body, "Hello"));
    CHECK(has(answer_of(mock(), v, "some-model--echo").body, "hello there"));
  }
  CHECK(has(answer_of(mock(), vendor_named("anthropic"), "refuse").body, R"("stop_reason":"refusal")"));
  CHECK(has(answer_of(mock(), vendor_named("gemini"), "refuse").body, R"("finishReason":"SAFETY")"));
  CHECK(has(answer_of(mock(), vendor_named("gemini"), "blocked").body, R"("blockReason")"));
  CHECK(has(answer_of(mock(), vendor_named("openai"), "logprobs").body, R"("logprob":-0.25)"));
  CHECK(has(answer_of(mock(), vendor_named("openai"), "ok", R"(,"stop":["from"])").body, R"("content":"Hello ")"));
  CHECK(has(joined(play(mock(), vendor_named("anthropic"), "ok").frames), "ping "));
}

TEST_CASE("Gemini without alt=sse streams one JSON array", "[mock]") {
  const auto& v = vendor_named("gemini");
  const http_answer a =
      ask(mock().port(), "POST", "/v1beta/models/ok:streamGenerateContent", v.headers, filled(filled(v.body, '@', "ok"), '%', ""));
  CHECK(a.status == 200);
  CHECK(a.body.starts_with("[{"));
  CHECK(a.body.ends_with("}]"));
}

TEST_CASE("models are listed and prompts counted as each vendor does", "[mock]") {
  const auto get = [](const vendor& v, const std::string& path) { return ask(mock().port(), "GET", path, v.headers); };
  CHECK(has(get(vendor_named("openai"), "/v1/models").body, R"("object":"list")"));
  CHECK(has(get(vendor_named("anthropic"), "/v1/models?limit=1000").body, R"("has_more":false)"));
  CHECK(has(get(vendor_named("gemini"), "/v1beta/models").body, R"("name":"models/ok")"));
  CHECK(get(vendor_named("openai"), "/v1/models/status-404").status == 404);
  const auto& a = vendor_named("anthropic");
  CHECK(ask(mock().port(), "POST", "/v1/messages/count_tokens", a.headers,
            R"({"model":"ok","messages":[{"role":"user","content":"hello there"}]})")
            .body == R"({"input_tokens":3})");
}

TEST_CASE("gzip and interim answers are what they say", "[mock]") {
  for (const auto& v : all_vendors()) {
    CAPTURE(v.name);
    const http_answer zipped = answer_of(mock(), v, "gzip");
    CHECK(zipped.header("content-encoding") == "gzip");
    CHECK(zipped.body.substr(0, 2) == "\x1f\x8b");
    CHECK(answer_of(mock(), v, "interim").status == 200);
  }
  http_client raw(mock().port());
  send(raw, vendor_named("openai"), "interim+long-length", false);
  CHECK(raw.read_to_end().starts_with("HTTP/1.1 103 "));
}

TEST_CASE("a request may come byte by byte, chunked, or two at a time", "[mock]") {
  const auto& v = vendor_named("openai");
  const std::string body = filled(filled(v.body, '@', "ok"), '%', "");
  const std::string head =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: " + v.headers[0].second + "\r\n";
  const std::string whole = head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  http_client client(mock().port());
  for (const char c : whole) client.send({&c, 1});
  CHECK(client.read_answer().status == 200);
  client.send(whole + whole);
  CHECK(client.read_answer().status == 200);
  CHECK(client.read_answer().status == 200);
  client.send(head + "Transfer-Encoding: chunked\r\n\r\n5\r\n" + body.substr(0, 5) + "\r\n");
  char rest[16];
  std::snprintf(rest, sizeof rest, "%zx\r\n", body.size() - 5);
  client.send(rest + body.substr(5) + "\r\n0\r\n\r\n");
  CHECK(client.read_answer().status == 200);
  client.send(head + "Expect: 100-continue\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  client.send(body);
  CHECK(client.read_answer().status == 200);
}
