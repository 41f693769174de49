#include <catch2/catch.hpp>

#include <functional>

#include "providers/dialects/clova/clova.hpp"
#include "providers/dialects/clova_embed/clova_embed.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::clova::upstream(); }
const dialects::target model{"HCX-005", {}, std::nullopt};

std::string json_of(std::string_view text) { return canonical(text); }
std::string field(const chat_request& r, std::string_view key) { return written_field(form(), r, model, key); }
std::string refused(const chat_request& r) { return refused_field(form(), r, model); }
std::string refused_after(const std::function<void(chat_request&)>& change) {
  auto r = chat({user("Hi")});
  change(r);
  return refused(r);
}
tool named(std::string_view name) { return {name, {}, std::nullopt, std::nullopt}; }
const image_part png{{}, "image/png", "AAAA", {}};

}  // namespace

TEST_CASE("all system messages become one, calls have objects, results name their call", "[clova][request]") {
  const auto r =
      chat({says(role::system, "짧게."), user("안녕"), calls({{"id-1", "get_time", R"({"tz":"UTC"})", {}}, {"id-2", "noop", " ", {}}}),
            tool_result("id-1", "15:00"), tool_result("id-2", ""), says(role::developer, "Korean."), assistant("3시.")});
  CHECK(field(r, "messages") == json_of(R"([
    {"role":"system","content":"짧게.\n\nKorean."},{"role":"user","content":"안녕"},
    {"role":"assistant","content":"","toolCalls":[{"id":"id-1","type":"function","function":{"name":"get_time","arguments":{"tz":"UTC"}}},
      {"id":"id-2","type":"function","function":{"name":"noop","arguments":{}}}]},
    {"role":"tool","content":"15:00","toolCallId":"id-1"},{"role":"tool","content":"","toolCallId":"id-2"},
    {"role":"assistant","content":"3시."}])"));
  const auto w = form().write_request(chat({user("?"), calls({{"a", "f", "{", {}}})}), model);
  REQUIRE_FALSE(w);
  CHECK(w.error().field == "messages[1].tool_calls[0].function.arguments");
}

TEST_CASE("pictures have this vendor's keys", "[clova][request]") {
  CHECK(field(chat({with(user("see"), png)}), "messages") ==
        json_of(R"([{"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","dataUri":{"data":"AAAA"}}]}])"));
  CHECK(field(chat({with(user("see"), image_part{"https://x/y.png", {}, {}, {}})}), "messages") ==
        json_of(R"([{"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","imageUrl":{"url":"https://x/y.png"}}]}])"));
}

TEST_CASE("the path names the model, and the stream is asked for by what is accepted", "[clova][request]") {
  auto r = chat({user("Hi")});
  auto w = form().write_request(r, model);
  CHECK(w->path == "/v3/chat-completions/HCX-005");
  CHECK(w->headers == std::vector<dialects::header>{{"accept", "application/json"}});
  r.stream = true;
  w = form().write_request(r, {"tasks/abc123", {}, std::nullopt});
  CHECK(w->path == "/v3/tasks/abc123/chat-completions");
  CHECK(w->headers == std::vector<dialects::header>{{"accept", "text/event-stream"}});
  CHECK(w->body.find("stream") == std::string::npos);
  for (const std::string_view bad : {"", "../admin", "a b", "x?y", "x#"})
    CHECK(form().write_request(r, {bad, {}, {}}).error().field == "model");
}

TEST_CASE("sampling and limits have this vendor's names", "[clova][request]") {
  auto r = chat({user("Hi")});
  r.temperature = 0.3;
  r.top_p = 0.9;
  r.top_k = 40;
  r.repeat_penalty = 1.1;
  r.seed = 7;
  r.stop = {"END"};
  r.max_output_tokens = 100;
  CHECK(written_body(form(), r, model) ==
        json_of(R"({"messages":[{"role":"user","content":"Hi"}],"maxTokens":100,"temperature":0.3,"topP":0.9,
    "topK":40,"repetitionPenalty":1.1,"seed":7,"stop":["END"]})"));
  const dialects::target thinker{"HCX-007", {"max_completion_tokens_only"}, std::nullopt};
  CHECK(written_field(form(), r, thinker, "maxCompletionTokens") == "100");
  CHECK(written_field(form(), r, thinker, "maxTokens").empty());
}

TEST_CASE("effort has three words, and a schema switches thinking off", "[clova][request]") {
  json_store store;
  const auto effort = [](std::string_view word) {
    auto r = chat({user("Hi")});
    r.reasoning_effort = word;
    return field(r, "thinking");
  };
  CHECK(effort("").empty());
  CHECK(effort("none") == json_of(R"({"effort":"none"})"));
  CHECK(effort("minimal") == json_of(R"({"effort":"low"})"));
  CHECK(effort("medium") == json_of(R"({"effort":"medium"})"));
  CHECK(effort("max") == json_of(R"({"effort":"high"})"));
  auto r = chat({user("Hi")});
  r.response_format.what = response_format::kind::json_schema;
  r.response_format.schema = store(R"({"type":"object"})");
  CHECK(field(r, "responseFormat") == json_of(R"({"type":"json","schema":{"type":"object"}})"));
  CHECK(field(r, "thinking") == json_of(R"({"effort":"none"})"));
  r.reasoning_effort = "low";
  CHECK(refused(r) == "reasoning_effort");
  r.reasoning_effort = "none";
  CHECK(refused(r).empty());
}

TEST_CASE("a demand for a call is the name of the only tool", "[clova][request]") {
  json_store store;
  auto r = chat({user("Hi")});
  r.tools = {{"f", "does", store(R"({"type":"object"})"), true}};
  using mode = tool_choice::mode;
  CHECK(field(r, "tools") ==
        json_of(R"([{"type":"function","function":{"name":"f","description":"does","parameters":{"type":"object"}}}])"));
  CHECK(field(r, "toolChoice").empty());
  r.tool_choice = {mode::automatic, {}};
  CHECK(field(r, "toolChoice") == "\"auto\"");
  r.tool_choice = {mode::none, {}};
  CHECK(field(r, "toolChoice") == "\"none\"");
  r.tool_choice = {mode::required, {}};
  CHECK(field(r, "toolChoice") == json_of(R"({"type":"function","function":{"name":"f"}})"));
  r.tools.push_back(named("g"));
  CHECK(refused(r) == "tool_choice");
  r.tool_choice = {mode::named, "g"};
  CHECK(field(r, "toolChoice") == json_of(R"({"type":"function","function":{"name":"g"}})"));
  r.tools[1].parameters = store("7");
  CHECK(form().write_request(r, model).error().field == "tools[1].function.parameters");
  r.tools.clear();
  CHECK(form().write_request(r, model).error().field == "tool_choice");
}

TEST_CASE("what CLOVA's form cannot carry is named", "[clova][carry]") {
  CHECK(refused_after([](auto&) {}).empty());
  CHECK(refused_after([](auto& r) { r.temperature = 1.1; }) == "temperature");
  CHECK(refused_after([](auto& r) { r.top_p = 0; }) == "top_p");
  CHECK(refused_after([](auto& r) { r.top_k = 129; }) == "top_k");
  CHECK(refused_after([](auto& r) { r.repeat_penalty = 2.5; }) == "repeat_penalty");
  CHECK(refused_after([](auto& r) { r.seed = 0; }) == "seed");
  CHECK(refused_after([](auto& r) { r.seed = 4294967296; }) == "seed");
  CHECK(refused_after([](auto& r) { r.frequency_penalty = 0.1; }) == "frequency_penalty");
  CHECK(refused_after([](auto& r) { r.presence_penalty = 0.1; }) == "presence_penalty");
  CHECK(refused_after([](auto& r) { r.n = 2; }) == "n");
  CHECK(refused_after([](auto& r) { r.logprobs = true; }) == "logprobs");
  CHECK(refused_after([](auto& r) { r.response_format.what = response_format::kind::json_object; }) == "response_format");
  CHECK(refused_after([](auto& r) { r.reasoning_effort = "extreme"; }) == "reasoning_effort");
  CHECK(refused_after([](auto& r) {
          r.thinking.how = thinking_request::mode::enabled;
          r.thinking.budget = 2000;
        }) == "thinking");
  CHECK(refused_after([](auto& r) {
          r.tools = {named("f")};
          r.max_output_tokens = 1023;
        }) == "max_completion_tokens");
  CHECK(refused_after([](auto& r) {
          r.tools = {named("f")};
          r.parallel_tool_calls = false;
        }) == "parallel_tool_calls");
  CHECK(refused(chat({with(with(user("x"), png), png)})) == "messages[0].content[2]");
  CHECK(refused(chat({with(user("1"), png), with(user("2"), png), with(user("3"), png), with(user("4"), png), with(user("5"), png),
                      with(user("6"), png)})) == "messages[5].content[1]");
  auto r = chat({with(user("x"), png)});
  CHECK(refused(r).empty());
  r.tools = {named("f")};
  CHECK(refused(r) == "messages[0].content[1]");
}

TEST_CASE("one text a call is embedded", "[clova][embed]") {
  const auto& vectors = dialects::clova_embed::upstream();
  auto r = chat({user("안녕")});
  r.kind = request_kind::embedding;
  CHECK(written_body(vectors, r, {"bge-m3", {}, {}}) == json_of(R"({"text":"안녕"})"));
  CHECK(vectors.write_request(r, {"bge-m3", {}, {}})->path == "/v1/api-tools/embedding/v2");
  CHECK(vectors.write_request(r, {"clir-emb-dolphin", {}, {}})->path == "/v1/api-tools/embedding/clir-emb-dolphin");
  r.messages.push_back(user("둘"));
  CHECK(refused_field(vectors, r, model) == "messages[1]");
  r.messages.clear();
  CHECK_FALSE(vectors.write_request(r, model));
  r.embedding.dimensions = 512;
  CHECK(refused_field(vectors, r, model) == "dimensions");
  r.embedding.dimensions.reset();
  r.embedding.purpose = "query";
  CHECK(refused_field(vectors, r, model) == "input_type");
}
