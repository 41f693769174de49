#include <catch2/catch.hpp>

#include <functional>

#include "providers/dialects/cohere_chat/cohere_chat.hpp"
#include "providers/dialects/cohere_embed/cohere_embed.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::cohere_chat::upstream(); }
const dialects::upstream_dialect& vectors() { return dialects::cohere_embed::upstream(); }
const dialects::target model{"command-a", {}, std::nullopt};

std::string json_of(std::string_view text) { return canonical(text); }
std::string field(const chat_request& r, std::string_view key) { return written_field(form(), r, model, key); }
std::string refused(const chat_request& r) { return refused_field(form(), r, model); }
std::string refused_after(const std::function<void(chat_request&)>& change) {
  auto r = chat({user("Hi")});
  change(r);
  return refused(r);
}
tool named(std::string_view name, std::optional<bool> strict = std::nullopt) { return {name, {}, std::nullopt, strict}; }

chat_request texts(std::vector<std::string_view> all) {
  chat_request r;
  r.kind = request_kind::embedding;
  for (const auto t : all) r.messages.push_back(user(t));
  return r;
}

}  // namespace

TEST_CASE("a conversation keeps its order, calls their plan, results go as documents", "[cohere][request]") {
  const auto r = chat({says(role::developer, "Be brief."), user("안녕"),
                       calls({{"id-1", "get_time", R"({"tz":"UTC"})", {}}, {"id-2", "noop", "", {}}}, "I will look."),
                       tool_result("id-1", "15:00"), tool_result("id-2", ""), assistant("Three."), user("")});
  CHECK(field(r, "messages") == json_of(R"([
    {"role":"system","content":"Be brief."},{"role":"user","content":"안녕"},
    {"role":"assistant","tool_plan":"I will look.","tool_calls":[
      {"id":"id-1","type":"function","function":{"name":"get_time","arguments":"{\"tz\":\"UTC\"}"}},
      {"id":"id-2","type":"function","function":{"name":"noop","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"id-1","content":[{"type":"document","document":{"data":"15:00"}}]},
    {"role":"tool","tool_call_id":"id-2","content":[{"type":"document","document":{"data":""}}]},
    {"role":"assistant","content":"Three."}])"));
  auto broken = chat({user("?"), calls({{"a", "f", "[1]", {}}}), tool_result("a", "1")});
  const auto w = form().write_request(broken, model);
  REQUIRE_FALSE(w);
  CHECK(w.error().field == "messages[1].tool_calls[0].function.arguments");
}

TEST_CASE("pictures go by address and by content", "[cohere][request]") {
  const auto r = chat({with(with(user("see"), image_part{"https://x/y.png", {}, {}, "low"}), image_part{{}, "image/png", "AAAA", {}})});
  CHECK(field(r, "messages") == json_of(R"([{"role":"user","content":[{"type":"text","text":"see"},
    {"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low"}},
    {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}])"));
}

TEST_CASE("sampling has this vendor's names", "[cohere][request]") {
  auto r = chat({user("Hi")});
  r.temperature = 0.3;
  r.top_p = 0.9;
  r.top_k = 40;
  r.seed = 7;
  r.frequency_penalty = 0.5;
  r.presence_penalty = 0;
  r.stop = {"END"};
  r.max_output_tokens = 100;
  r.stream = true;
  r.user = "someone";
  CHECK(written_body(form(), r, model) == json_of(R"({"model":"command-a","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,
    "temperature":0.3,"p":0.9,"k":40,"seed":7,"frequency_penalty":0.5,"stop_sequences":["END"],"stream":true})"));
  CHECK(form().write_request(r, model)->path == "/v2/chat");
}

TEST_CASE("tools, their choice and strictness", "[cohere][request]") {
  json_store store;
  auto r = chat({user("Hi")});
  r.tools = {{"f", "does", store(R"({"type":"object"})"), true}, named("g")};
  CHECK(field(r, "tools") == json_of(R"([{"type":"function","function":{"name":"f","description":"does","parameters":{"type":"object"}}},
    {"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}])"));
  CHECK(field(r, "strict_tools").empty());
  CHECK(field(r, "tool_choice").empty());
  r.tools[1].strict = true;
  CHECK(field(r, "strict_tools") == "true");
  using mode = tool_choice::mode;
  r.tool_choice = {mode::automatic, {}};
  CHECK(field(r, "tool_choice").empty());
  r.tool_choice = {mode::none, {}};
  CHECK(field(r, "tool_choice") == "\"NONE\"");
  r.tool_choice = {mode::required, {}};
  CHECK(field(r, "tool_choice") == "\"REQUIRED\"");
  r.tool_choice = {mode::named, "g"};
  CHECK(refused(r) == "tool_choice");
  r.tools.erase(r.tools.begin());
  CHECK(field(r, "tool_choice") == "\"REQUIRED\"");
  r.tools[0].parameters = store("[]");
  CHECK(form().write_request(r, model).error().field == "tools[0].function.parameters");
  r.tools.clear();
  CHECK(form().write_request(r, model).error().field == "tool_choice");
}

TEST_CASE("a schema goes inside json_object", "[cohere][request]") {
  json_store store;
  auto r = chat({user("Hi")});
  r.response_format.what = response_format::kind::json_object;
  CHECK(field(r, "response_format") == json_of(R"({"type":"json_object"})"));
  r.response_format.what = response_format::kind::json_schema;
  r.response_format.schema = store(R"({"type":"object"})");
  CHECK(field(r, "response_format") == json_of(R"({"type":"json_object","json_schema":{"type":"object"}})"));
  r.tools = {named("f")};
  CHECK(refused(r) == "response_format");
}

TEST_CASE("effort becomes a budget, and a budget goes as it is", "[cohere][request]") {
  const auto thinking = [](const std::function<void(chat_request&)>& change) {
    auto r = chat({user("Hi")});
    change(r);
    return field(r, "thinking");
  };
  CHECK(thinking([](auto&) {}).empty());
  CHECK(thinking([](auto& r) { r.reasoning_effort = "none"; }) == json_of(R"({"type":"disabled"})"));
  CHECK(thinking([](auto& r) { r.reasoning_effort = "low"; }) == json_of(R"({"type":"enabled","token_budget":2048})"));
  CHECK(thinking([](auto& r) { r.reasoning_effort = "high"; }) == json_of(R"({"type":"enabled"})"));
  CHECK(thinking([](auto& r) {
          r.thinking.how = thinking_request::mode::enabled;
          r.thinking.budget = 3000;
        }) == json_of(R"({"type":"enabled","token_budget":3000})"));
  CHECK(thinking([](auto& r) { r.thinking.how = thinking_request::mode::disabled; }) == json_of(R"({"type":"disabled"})"));
}

TEST_CASE("what the chat form cannot carry is named", "[cohere][carry]") {
  json_store store;
  CHECK(refused_after([](auto&) {}).empty());
  CHECK(refused_after([](auto& r) { r.temperature = 1.5; }) == "temperature");
  CHECK(refused_after([](auto& r) { r.top_p = 1; }) == "top_p");
  CHECK(refused_after([](auto& r) { r.top_k = 501; }) == "top_k");
  CHECK(refused_after([](auto& r) { r.frequency_penalty = -0.5; }) == "frequency_penalty");
  CHECK(refused_after([](auto& r) { r.presence_penalty = 1.5; }) == "presence_penalty");
  CHECK(refused_after([](auto& r) { r.stop = {"1", "2", "3", "4", "5", "6"}; }) == "stop");
  CHECK(refused_after([](auto& r) { r.seed = -1; }) == "seed");
  CHECK(refused_after([](auto& r) { r.n = 2; }) == "n");
  CHECK(refused_after([](auto& r) { r.logprobs = true; }) == "logprobs");
  CHECK(refused_after([](auto& r) { r.min_p = 0.1; }) == "min_p");
  CHECK(refused_after([](auto& r) { r.repeat_penalty = 1.1; }) == "repeat_penalty");
  CHECK(refused_after([](auto& r) { r.service_tier = "flex"; }) == "service_tier");
  CHECK(refused_after([](auto& r) { r.reasoning_effort = "extreme"; }) == "reasoning_effort");
  CHECK(refused_after([](auto& r) { r.previous_response = "resp_1"; }) == "previous_response_id");
  CHECK(refused_after([](auto& r) { r.store = true; }) == "store");
  CHECK(refused_after([](auto& r) {
          r.tools = {named("f")};
          r.parallel_tool_calls = false;
        }) == "parallel_tool_calls");
  CHECK(refused_after([&](auto& r) { r.extra.push_back({"logit_bias", store(R"({"1":1})")}); }) == "logit_bias");
  CHECK(refused_after([&](auto& r) { r.extra.push_back({"messages[0].content[1]", store("{}")}); }).empty());
  CHECK(refused(chat({with(user("x"), audio_part{"AAAA", "wav"})})) == "messages[0].content[1]");
  CHECK(refused(chat({with(user("x"), file_part{{}, "a.pdf", "application/pdf", "AAAA"})})) == "messages[0].content[1]");
  CHECK(refused(chat({user("?"), calls({{"a", "f", "", {}}}), with(tool_result("a", "1"), image_part{{}, "image/png", "AAAA", {}})})) ==
        "messages[2].content[1]");
  CHECK(refused(chat({user("?"), tool_result("", "1")})) == "messages[1].tool_call_id");
  CHECK(refused_after([](auto& r) {  // neutral values say nothing
          r.n = 1;
          r.parallel_tool_calls = false;
          r.frequency_penalty = 0;
          r.service_tier = "auto";
          r.store = false;
          r.top_logprobs = 0;
        })
            .empty());
}

TEST_CASE("texts are embedded with a purpose, by default as documents", "[cohere][embed]") {
  auto r = texts({"a", "b"});
  CHECK(written_body(vectors(), r, {"embed-4", {}, {}}) ==
        json_of(R"({"model":"embed-4","input_type":"search_document","texts":["a","b"],"embedding_types":["float"],"truncate":"NONE"})"));
  const auto purpose = [&](std::string_view word) {
    r.embedding.purpose = word;
    return written_field(vectors(), r, model, "input_type");
  };
  CHECK(purpose("query") == "\"search_query\"");
  CHECK(purpose("document") == "\"search_document\"");
  CHECK(purpose("classification") == "\"classification\"");
  CHECK(purpose("clustering") == "\"clustering\"");
  r.embedding.dimensions = 512;
  CHECK(written_field(vectors(), r, model, "output_dimension") == "512");
  CHECK(vectors().write_request(r, model)->path == "/v2/embed");
}

TEST_CASE("what the embeddings form cannot carry is named", "[cohere][embed][carry]") {
  json_store store;
  auto r = texts({"a"});
  r.embedding.dimensions = 100;
  CHECK(refused_field(vectors(), r, model) == "dimensions");
  r.embedding.dimensions.reset();
  r.extra.push_back({"input_type", store("\"query\"")});
  CHECK(refused_field(vectors(), r, model).empty());
  r.extra.push_back({"input", store("[1]")});
  CHECK(refused_field(vectors(), r, model) == "input");
  r.extra.back() = {"brand_new", store("1")};
  CHECK(refused_field(vectors(), r, model) == "brand_new");
  CHECK(refused_field(vectors(), texts(std::vector<std::string_view>(96, "x")), model).empty());
  CHECK(refused_field(vectors(), texts(std::vector<std::string_view>(97, "x")), model) == "messages[96]");
}
