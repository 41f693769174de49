#include <catch2/catch.hpp>
#include <functional>

#include "providers/dialects/bedrock_converse/bedrock_converse.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::bedrock_converse::upstream(); }

constexpr std::string_view claude = "us.anthropic.claude-opus-4-8";
constexpr std::string_view nova = "amazon.nova-lite-v1:0";
constexpr std::string_view nova_2 = "us.amazon.nova-2-lite-v1:0";
constexpr std::string_view oss = "openai.gpt-oss-120b-1:0";
constexpr std::string_view llama = "meta.llama3-3-70b-instruct-v1:0";

std::string field(const chat_request& r, std::string_view key, std::string_view model = nova,
                  std::vector<std::string_view> constraints = {}) {
  return written_field(form(), r, {model, std::move(constraints), std::nullopt}, key);
}
std::string messages(const chat_request& r, std::string_view model = nova) { return field(r, "messages", model); }
std::string same(std::string_view text) { return canonical(text); }

chat_request changed(const std::function<void(chat_request&)>& change) {
  auto r = chat({user("Hi")});
  change(r);
  return r;
}
tool weather(json_store& store) {
  tool t;
  t.name = "get_weather";
  t.description = "Weather of a city";
  t.parameters = store(R"({"type":"object","properties":{"city":{"type":"string"}}})");
  return t;
}

}  // namespace

TEST_CASE("the plainest request is the messages alone, and the model is in the path", "[bedrock][request]") {
  auto r = chat({user("Hi")});
  const auto w = form().write_request(r, {nova, {}, std::nullopt});
  REQUIRE(w);
  CHECK(w->path == "/model/amazon.nova-lite-v1%3A0/converse");
  CHECK(w->headers.empty());
  CHECK(w->body == R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}]})");
  r.stream = true;
  CHECK(form().write_request(r, {nova, {}, std::nullopt})->path == "/model/amazon.nova-lite-v1%3A0/converse-stream");
  CHECK(form().frames() == dialects::framing::aws_events);
}

TEST_CASE("system messages stand before the conversation, and sides alternate", "[bedrock][request]") {
  const auto r = chat({says(role::system, "Be brief."), user("A"), user("B"), says(role::developer, "No slang."), assistant("C"),
                       assistant(" "), user(" \n"), user("D")});
  CHECK(field(r, "system") == same(R"([{"text":"Be brief."},{"text":"No slang."}])"));
  CHECK(messages(r) == same(R"([{"role":"user","content":[{"text":"A"},{"text":"B"}]},{"role":"assistant","content":[{"text":"C"}]},
                               {"role":"user","content":[{"text":"D"}]}])"));
}

TEST_CASE("calls and results go back as blocks, the results of one turn together and first", "[bedrock][request]") {
  json_store store;
  auto r = chat({user("Weather?"),
                 calls({{"call.1", "get_weather", R"({"city":"Seoul","n":1.0})", "", {}}, {"c2", "now", "", "", {}}}, "Looking."),
                 user("Quick!"), tool_result("call.1", "12 C"), tool_result("c2", "boom", true)});
  r.tools = {weather(store)};
  CHECK(messages(r) == same(R"([{"role":"user","content":[{"text":"Weather?"}]},
    {"role":"assistant","content":[{"text":"Looking."},
      {"toolUse":{"toolUseId":"call_2e1","name":"get_weather","input":{"city":"Seoul","n":1.0}}},
      {"toolUse":{"toolUseId":"c2","name":"now","input":{}}}]},
    {"role":"user","content":[{"toolResult":{"toolUseId":"call_2e1","content":[{"text":"12 C"}]}},
      {"toolResult":{"toolUseId":"c2","content":[{"text":"boom"}],"status":"error"}},{"text":"Quick!"}]}])"));
  r.messages[3].parts = {image_part{{}, "image/png", "iVBO", {}, {}}, text_part{"see", "5m"}};
  r.messages[4].parts = {text_part{"", {}}};
  const std::string text = messages(r);
  CHECK(text.find(same(R"([{"image":{"format":"png","source":{"bytes":"iVBO"}}},{"text":"see"}])")) != std::string::npos);
  CHECK(text.find(same(R"([{"json":{}}])")) != std::string::npos);
  r.messages[1].calls[0].arguments = "[1]";
  const auto bad = form().write_request(r, {nova, {}, std::nullopt});
  REQUIRE_FALSE(bad);
  CHECK(bad.error().field == "messages[1].tool_calls[0].function.arguments");
}

TEST_CASE("pictures, documents and sound are blocks with their format", "[bedrock][request]") {
  message m = user("Look");
  m = with(m, image_part{{}, "image/jpg", "AAAA", "high", {}});
  m = with(m, file_part{{}, "Q3 report_v2.final.pdf", "application/pdf", "JVBE", {}, true, {}});
  m = with(m, file_part{{}, "Q3 report_v2.final.pdf", "text/markdown; charset=utf-8", "IyBI", {}, {}, {}});
  m = with(m, file_part{{}, "보고서", "text/plain", "SGk=", {}, {}, {}});
  m = with(m, audio_part{"UklG", "wav"});
  CHECK(messages(chat({m})) == same(R"([{"role":"user","content":[{"text":"Look"},
    {"image":{"format":"jpeg","source":{"bytes":"AAAA"}}},
    {"document":{"format":"pdf","name":"Q3 report v2 final","citations":{"enabled":true},"source":{"bytes":"JVBE"}}},
    {"document":{"format":"md","name":"Q3 report v2 final 2","source":{"bytes":"IyBI"}}},
    {"document":{"format":"txt","name":"document","source":{"bytes":"SGk="}}},
    {"audio":{"format":"wav","source":{"bytes":"UklG"}}}]}])"));
}

TEST_CASE("Claude's own thinking goes back, another's does not", "[bedrock][request]") {
  message m = assistant("42");
  m.parts.insert(m.parts.begin(), {part{reasoning_part{"First", "EqQB", false}}, part{reasoning_part{{}, "redacted_thinking:Y2lw", false}},
                                   part{reasoning_part{{}, "Y2lw", true}}, part{reasoning_part{"no proof", {}, false}},
                                   part{reasoning_part{{}, "kept", false}}, part{reasoning_part{"other", "rs:x", false}}});
  const auto r = chat({user("Hi"), m, user("And?")});
  const std::string want = same(R"({"content":[{"reasoningContent":{"reasoningText":{"text":"First","signature":"EqQB"}}},
    {"reasoningContent":{"redactedContent":"Y2lw"}},{"reasoningContent":{"redactedContent":"Y2lw"}},{"text":"42"}],"role":"assistant"})");
  CHECK(messages(r, claude).find(want) != std::string::npos);
  CHECK(messages(r, nova).find("reasoningContent") == std::string::npos);
}

TEST_CASE("cache marks become cache points for Claude and Nova alone", "[bedrock][request]") {
  json_store store;
  auto r = chat({user("A"), user("B"), calls({{"c", "f", "{}", "", "5m"}}), tool_result("c", "ok")});
  r.messages.insert(r.messages.begin(), says(role::system, "S"));
  std::get<text_part>(r.messages[0].parts[0]).cache = "1h";
  std::get<text_part>(r.messages[1].parts[0]).cache = "5m";
  r.messages[4].cache = "1h";
  r.tools = {weather(store)};
  r.tools[0].cache = "1h";
  const std::string hour = same(R"({"cachePoint":{"type":"default","ttl":"1h"}})"), point = same(R"({"cachePoint":{"type":"default"}})");
  CHECK(field(r, "system", claude) == "[" + same(R"({"text":"S"})") + ",\n" + hour + "]");
  CHECK(field(r, "system", nova) == "[" + same(R"({"text":"S"})") + ",\n" + point + "]");
  CHECK(field(r, "system", llama) == same(R"([{"text":"S"}])"));
  CHECK(messages(r, claude) == same(R"([{"role":"user","content":[{"text":"A"},{"cachePoint":{"type":"default"}},{"text":"B"}]},
    {"role":"assistant","content":[{"toolUse":{"toolUseId":"c","name":"f","input":{}}},{"cachePoint":{"type":"default"}}]},
    {"role":"user","content":[{"toolResult":{"toolUseId":"c","content":[{"text":"ok"}]}},{"cachePoint":{"type":"default","ttl":"1h"}}]}])"));
  CHECK(field(r, "toolConfig", claude).find(hour) != std::string::npos);
  CHECK(field(r, "toolConfig", llama).find("cachePoint") == std::string::npos);
  r.messages[1].parts = {text_part{" ", "5m"}};  // a mark behind nothing
  CHECK(messages(r, claude).find(R"([{"text":"B"}])") != std::string::npos);
}

TEST_CASE("sampling, limits and stops go into inferenceConfig, and neutral ones are left out", "[bedrock][request]") {
  const auto r = changed([](auto& q) {
    q.max_output_tokens = 100;
    q.temperature = 0.5;
    q.top_p = 0.25;
    q.stop = {"", "END"};
    q.n = 1;
    q.user = "u-1";
  });
  CHECK(field(r, "inferenceConfig") == same(R"({"maxTokens":100,"temperature":0.5,"topP":0.25,"stopSequences":["END"]})"));
  CHECK(field(changed([](auto& q) { q.stop = {""}; }), "inferenceConfig").empty());
  CHECK(field(changed([](auto& q) { q.temperature = 1; }), "inferenceConfig", claude, {"no_sampling_params"}).empty());
  CHECK(field(r, "additionalModelResponseFieldPaths", claude) == R"(["/stop_sequence"])");
  CHECK(field(r, "additionalModelResponseFieldPaths", nova).empty());
}

TEST_CASE("tools and every choice among them are said in the form's words", "[bedrock][request]") {
  json_store store;
  auto r = chat({user("Hi")});
  r.tools = {weather(store), {}};
  r.tools[1].name = "now";
  r.tools[1].strict = true;
  const std::string tools = R"("tools":[{"toolSpec":{"name":"get_weather","description":"Weather of a city",
    "inputSchema":{"json":{"type":"object","properties":{"city":{"type":"string"}}}}}},
    {"toolSpec":{"name":"now","inputSchema":{"json":{"type":"object","properties":{}}},"strict":true}}])";
  CHECK(field(r, "toolConfig") == same("{" + tools + "}"));
  r.tool_choice.how = tool_choice::mode::automatic;
  CHECK(field(r, "toolConfig") == same("{" + tools + R"(,"toolChoice":{"auto":{}}})"));
  r.tool_choice.how = tool_choice::mode::required;
  CHECK(field(r, "toolConfig") == same("{" + tools + R"(,"toolChoice":{"any":{}}})"));
  r.tool_choice = {tool_choice::mode::named, "now"};
  CHECK(field(r, "toolConfig") == same("{" + tools + R"(,"toolChoice":{"tool":{"name":"now"}}})"));
  r.parallel_tool_calls = false;
  CHECK(field(r, "toolConfig", claude) == same("{" + tools + "}"));
  CHECK(field(r, "additionalModelRequestFields", claude) ==
        same(R"({"tool_choice":{"type":"tool","name":"now","disable_parallel_tool_use":true}})"));
  r.tool_choice.how = tool_choice::mode::none;
  CHECK(field(r, "toolConfig", claude).empty());
  CHECK(field(r, "additionalModelRequestFields", claude).empty());
}

TEST_CASE("a schema that is none is a bad request with its place", "[bedrock][request]") {
  json_store store;
  auto r = chat({user("Hi")});
  r.tools = {weather(store)};
  const auto at = [&](std::string_view schema) {
    r.tools[0].parameters = store(schema);
    const auto w = form().write_request(r, {nova, {}, std::nullopt});
    return w ? std::string{} : w.error().field;
  };
  CHECK(at(R"({"properties":{}})") == "");
  CHECK(at(R"({"type":"string"})") == "tools[0].function.parameters.type");
  CHECK(at("[]") == "tools[0].function.parameters");
  r.tools.clear();
  r.tool_choice.how = tool_choice::mode::required;
  CHECK(form().write_request(r, {nova, {}, std::nullopt}).error().field == "tool_choice");
  auto s = changed([](auto& q) { q.response_format.what = response_format::kind::json_schema; });
  CHECK(form().write_request(s, {nova, {}, std::nullopt}).error().field == "response_format.json_schema.schema");
}

TEST_CASE("a schema for the answer goes as a string", "[bedrock][request]") {
  json_store store;
  const auto r = changed(
      [&](auto& q) { q.response_format = {response_format::kind::json_schema, "city", "A city", store(R"({"type":"object"})"), true}; });
  CHECK(field(r, "outputConfig") == same(R"({"textFormat":{"type":"json_schema","structure":{"jsonSchema":
    {"schema":"{\"type\":\"object\"}","name":"city","description":"A city"}}}})"));
}

TEST_CASE("how much to think is said in each maker's words", "[bedrock][request]") {
  const auto effort = [](std::string_view word, std::optional<std::uint64_t> max = {}) {
    return changed([&](auto& q) { q.reasoning_effort = word, q.max_output_tokens = max; });
  };
  const auto extra = [&](std::string_view word, std::string_view model) {
    return field(effort(word), "additionalModelRequestFields", model);
  };
  CHECK(extra("minimal", claude) == same(R"({"thinking":{"type":"adaptive"}})"));
  CHECK(field(effort("minimal"), "outputConfig", claude) == same(R"({"effort":"low"})"));
  CHECK(field(effort("max"), "outputConfig", claude) == same(R"({"effort":"max"})"));
  CHECK(extra("none", claude) == same(R"({"thinking":{"type":"disabled"}})"));
  constexpr std::string_view haiku = "global.anthropic.claude-haiku-4-5-20251001-v1:0";
  CHECK(field(effort("medium", 10000), "additionalModelRequestFields", haiku) ==
        same(R"({"thinking":{"type":"enabled","budget_tokens":5000}})"));
  CHECK(field(effort("medium", 10000), "outputConfig", haiku).empty());
  CHECK(extra("minimal", nova_2) == same(R"({"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}})"));
  CHECK(extra("high", nova_2) == same(R"({"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}})"));
  CHECK(extra("none", nova_2) == same(R"({"reasoningConfig":{"type":"disabled"}})"));
  CHECK(extra("medium", oss) == same(R"({"reasoning_effort":"medium"})"));
  CHECK(extra("none", llama).empty());
}

TEST_CASE("Anthropic's words for thinking are kept for Claude", "[bedrock][request]") {
  const auto extra = [](thinking_request t, std::string_view effort = {}) {
    return field(changed([&](auto& q) { q.thinking = t, q.reasoning_effort = effort, q.max_output_tokens = 4000; }),
                 "additionalModelRequestFields", claude);
  };
  using mode = thinking_request::mode;
  CHECK(extra({mode::enabled, 2048, true}) == same(R"({"thinking":{"type":"enabled","budget_tokens":2048,"display":"summarized"}})"));
  CHECK(extra({mode::adaptive, {}, false}) == same(R"({"thinking":{"type":"adaptive","display":"omitted"}})"));
  CHECK(extra({mode::adaptive, {}, {}}, "high") == same(R"({"thinking":{"type":"adaptive"}})"));
  CHECK(extra({mode::disabled, {}, {}}) == same(R"({"thinking":{"type":"disabled"}})"));
}

TEST_CASE("top_k and tiers have the names that the makers give them", "[bedrock][request]") {
  const auto k = changed([](auto& q) { q.top_k = 20; });
  CHECK(field(k, "additionalModelRequestFields", claude) == same(R"({"top_k":20})"));
  CHECK(field(k, "additionalModelRequestFields", nova) == same(R"({"inferenceConfig":{"topK":20}})"));
  const auto tier = [](std::string_view word) { return field(changed([&](auto& q) { q.service_tier = word; }), "serviceTier"); };
  CHECK(tier("flex") == same(R"({"type":"flex"})"));
  CHECK(tier("standard_only") == same(R"({"type":"default"})"));
  CHECK(tier("auto").empty());
}

TEST_CASE("the words that an assistant goes on from lose the blanks at their end", "[bedrock][request]") {
  CHECK(messages(chat({user("Hi"), assistant("The answer is \n")}), claude) ==
        same(R"([{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"The answer is"}]}])"));
  CHECK(messages(chat({user("Hi"), assistant("A "), user("B ")}), claude).find("\"A \"") != std::string::npos);
}

TEST_CASE("a question for the count of tokens carries the prompt alone", "[bedrock][request]") {
  json_store store;
  auto r = chat({says(role::system, "S"), user("Hi")});
  r.kind = request_kind::token_count;
  r.tools = {weather(store)};
  r.temperature = 0.5;
  const auto w = form().write_request(r, {claude, {}, std::nullopt});
  REQUIRE(w);
  CHECK(w->path == "/model/us.anthropic.claude-opus-4-8/count-tokens");
  CHECK(canonical(w->body) == same(R"({"input":{"converse":{"system":[{"text":"S"}],"messages":[{"role":"user","content":[{"text":"Hi"}]}],
    "toolConfig":{"tools":[{"toolSpec":{"name":"get_weather","description":"Weather of a city",
      "inputSchema":{"json":{"type":"object","properties":{"city":{"type":"string"}}}}}}]}}}})"));
}
