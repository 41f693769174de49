#include <catch2/catch.hpp>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::anthropic_messages::upstream(); }
const dialects::target model{"claude-x", {}, 64000};

std::string field(const chat_request& r, std::string_view key, const dialects::target& t = model) {
  return written_field(form(), r, t, key);
}
std::string json_of(std::string_view text) { return canonical(text); }

tool weather(json_store& store) {
  return {"get_weather", "Tells the weather", store(R"({"type":"object","properties":{"city":{"type":"string"}}})"), true};
}

}  // namespace

TEST_CASE("a plain request has the form's path, version and fields", "[anthropic][request]") {
  auto r = chat({says(role::system, "Be brief."), user("Hi")});
  r.max_output_tokens = 100;
  r.temperature = 0.5;
  r.top_p = 0.9;
  r.top_k = 40;
  r.stop = {"END", "STOP"};
  r.user = "u-1";
  r.service_tier = "default";
  r.stream = true;
  const auto w = form().write_request(r, model);
  REQUIRE(w);
  CHECK(w->path == "/v1/messages");
  CHECK(w->headers == std::vector<dialects::header>{{"anthropic-version", "2023-06-01"}});
  CHECK(canonical(w->body) == json_of(R"({"model":"claude-x","max_tokens":100,"system":"Be brief.","stream":true,
    "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"temperature":0.5,"top_p":0.9,"top_k":40,
    "stop_sequences":["END","STOP"],"metadata":{"user_id":"u-1"},"service_tier":"standard_only"})"));
}

TEST_CASE("max_tokens is the client's, else the model's maximum, else 8192", "[anthropic][request]") {
  auto r = chat({user("Hi")});
  CHECK(field(r, "max_tokens") == "64000");
  CHECK(field(r, "max_tokens", {"claude-x", {}, std::nullopt}) == "8192");
  r.max_output_tokens = 0;  // warms the cache
  CHECK(field(r, "max_tokens") == "0");
}

TEST_CASE("system and developer messages are one prompt, wherever they stand", "[anthropic][request]") {
  const auto r = chat({says(role::system, "One."), says(role::developer, "Two."), user("Hi"), says(role::system, "Three.")});
  CHECK(field(r, "system") == json_of(R"([{"type":"text","text":"One."},{"type":"text","text":"Two."},{"type":"text","text":"Three."}])"));
  CHECK(field(chat({says(role::system, "One."), user("Hi")}), "system") == "\"One.\"");
  CHECK(field(chat({user("Hi")}), "system").empty());
}

TEST_CASE("consecutive messages of one side are one turn, and blank text is left out", "[anthropic][request]") {
  const auto r = chat({user("One"), user("Two"), user(""), assistant("  \n"), assistant("Three"), user("Four")});
  CHECK(field(r, "messages") == json_of(R"([
    {"role":"user","content":[{"type":"text","text":"One"},{"type":"text","text":"Two"}]},
    {"role":"assistant","content":[{"type":"text","text":"Three"}]},
    {"role":"user","content":[{"type":"text","text":"Four"}]}])"));
}

TEST_CASE("calls become tool_use, and all results of a turn one user message, results first", "[anthropic][request]") {
  const auto r = chat(
      {user("Weather?"),
       calls({{"call_1", "now", "", ""}, {"call.2", "get_weather", "{\"city\":\"Seoul\",\"n\":12345678901234567890}", ""}}, "Looking."),
       tool_result("call.2", "sunny"), tool_result("call_1", "failed", true), user("And?")});
  CHECK(field(r, "messages") == json_of(R"([
    {"role":"user","content":[{"type":"text","text":"Weather?"}]},
    {"role":"assistant","content":[{"type":"text","text":"Looking."},{"type":"tool_use","id":"call_1","name":"now","input":{}},
      {"type":"tool_use","id":"call_2e2","name":"get_weather","input":{"city":"Seoul","n":12345678901234567890}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_2e2","content":"sunny"},
      {"type":"tool_result","tool_use_id":"call_1","content":"failed","is_error":true},{"type":"text","text":"And?"}]}])"));
}

TEST_CASE("results stand before what the user said in the same turn", "[anthropic][request]") {
  const auto r = chat({user("?"), calls({{"c", "now", "{}", ""}}), user("Hurry"), tool_result("c", "")});
  CHECK(field(r, "messages") == json_of(R"([
    {"role":"user","content":[{"type":"text","text":"?"}]},
    {"role":"assistant","content":[{"type":"tool_use","id":"c","name":"now","input":{}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"c"},{"type":"text","text":"Hurry"}]}])"));
}

TEST_CASE("a result of several parts keeps them as blocks", "[anthropic][request]") {
  const auto r =
      chat({user("?"), calls({{"c", "shot", "{}", ""}}), with(tool_result("c", "see"), image_part{{}, "image/png", "AAAA", {}})});
  CHECK(field(r, "messages").find(R"("content":[{"text":"see",)") != std::string::npos);
  CHECK(field(r, "messages").find(R"("media_type":"image/png")") != std::string::npos);
}

TEST_CASE("arguments that are no JSON object name their place", "[anthropic][request]") {
  for (const std::string_view bad : {"{", "[]", "7", "null", "{\"a\":1,}", "{} {}"}) {
    CAPTURE(bad);
    const auto w = form().write_request(chat({user("?"), calls({{"a", "f", "{}", ""}, {"b", "g", bad, ""}})}), model);
    REQUIRE_FALSE(w);
    CHECK(w.error().code == error_code::bad_request);
    CHECK(w.error().field == "messages[1].tool_calls[1].function.arguments");
  }
}

TEST_CASE("images and documents become blocks with their source", "[anthropic][request]") {
  auto m = user("See");
  m = with(m, image_part{"https://example.com/a.png", {}, {}, "high"});
  m = with(m, image_part{{}, "image/webp", "UklG", {}});
  m = with(m, file_part{{}, "a.pdf", "application/pdf", "JVBERi0="});
  m = with(m, file_part{{}, {}, "text/plain", "7JWI64WV"});
  CHECK(field(chat({m}), "messages") == json_of(R"([{"role":"user","content":[{"type":"text","text":"See"},
    {"type":"image","source":{"type":"url","url":"https://example.com/a.png"}},
    {"type":"image","source":{"type":"base64","media_type":"image/webp","data":"UklG"}},
    {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="},"title":"a.pdf"},
    {"type":"document","source":{"type":"text","media_type":"text/plain","data":"안녕"}}]}])"));
  const auto w = form().write_request(chat({with(user("x"), file_part{{}, {}, "text/plain", "!!"})}), model);
  REQUIRE_FALSE(w);
  CHECK(w.error().field == "messages[0].content[1].file.file_data");
}

TEST_CASE("signed thinking goes back unchanged, other reasoning is left out", "[anthropic][request]") {
  message m = calls({{"c", "f", "{}", ""}});
  m.parts = {reasoning_part{"Hm.", "EqQB", false},        reasoning_part{"", "Y2lw", true},
             reasoning_part{"", "openai:ZZ", true},       reasoning_part{"unsigned", "", false},
             reasoning_part{"other", "google:AA", false}, text_part{"Now."}};
  CHECK(field(chat({user("?"), m, tool_result("c", "1")}), "messages") == json_of(R"([
    {"role":"user","content":[{"type":"text","text":"?"}]},
    {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"EqQB"},{"type":"redacted_thinking","data":"Y2lw"},
      {"type":"text","text":"Now."},{"type":"tool_use","id":"c","name":"f","input":{}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"1"}]}])"));
}

TEST_CASE("tools carry their schema, which is always one of an object", "[anthropic][request]") {
  json_store store;
  auto r = chat({user("?")});
  r.tools = {weather(store),
             {"bare", {}, std::nullopt, std::nullopt},
             {"empty", {}, store("{}"), false},
             {"untyped", {}, store(R"({"properties":{}})"), std::nullopt}};
  CHECK(field(r, "tools") == json_of(R"([
    {"name":"get_weather","description":"Tells the weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}}},"strict":true},
    {"name":"bare","input_schema":{"type":"object","properties":{}}},
    {"name":"empty","input_schema":{"type":"object"},"strict":false},
    {"name":"untyped","input_schema":{"properties":{},"type":"object"}}])"));
  CHECK(field(r, "tool_choice").empty());
  r.tools = {{"bad", {}, store(R"({"type":"string"})"), std::nullopt}};
  const auto w = form().write_request(r, model);
  REQUIRE_FALSE(w);
  CHECK(w.error().field == "tools[0].function.parameters.type");
}

TEST_CASE("tool_choice and parallel_tool_calls share one object", "[anthropic][request]") {
  json_store store;
  auto r = chat({user("?")});
  r.tools = {weather(store)};
  using mode = tool_choice::mode;
  const auto choice = [&](mode how, std::optional<bool> parallel, std::string_view name = {}) {
    r.tool_choice = {how, name};
    r.parallel_tool_calls = parallel;
    return field(r, "tool_choice");
  };
  CHECK(choice(mode::none, std::nullopt) == json_of(R"({"type":"none"})"));
  CHECK(choice(mode::none, false) == json_of(R"({"type":"none"})"));
  CHECK(choice(mode::automatic, true) == json_of(R"({"type":"auto"})"));
  CHECK(choice(mode::required, std::nullopt) == json_of(R"({"type":"any"})"));
  CHECK(choice(mode::named, false, "get_weather") == json_of(R"({"type":"tool","name":"get_weather","disable_parallel_tool_use":true})"));
  CHECK(choice(mode::unset, false) == json_of(R"({"type":"auto","disable_parallel_tool_use":true})"));
  r.tools.clear();
  CHECK(choice(mode::automatic, false).empty());
  r.tool_choice = {mode::required, {}};
  REQUIRE_FALSE(form().write_request(r, model));
  CHECK(form().write_request(r, model).error().field == "tool_choice");
}

TEST_CASE("a schema for the answer and the effort share output_config", "[anthropic][request]") {
  json_store store;
  auto r = chat({user("?")});
  r.response_format.what = response_format::kind::json_schema;
  r.response_format.name = "x";
  r.response_format.description = "An answer";
  r.response_format.schema = store(R"({"type":"object"})");
  r.reasoning_effort = "minimal";
  CHECK(field(r, "output_config") ==
        json_of(R"({"effort":"low","format":{"type":"json_schema","schema":{"type":"object","description":"An answer"}}})"));
  CHECK(field(r, "thinking") == json_of(R"({"type":"adaptive"})"));
  r.response_format.schema.reset();
  CHECK(form().write_request(r, model).error().field == "response_format.json_schema.schema");
}

TEST_CASE("reasoning effort is a word, a budget, or off, as the model takes it", "[anthropic][request]") {
  auto r = chat({user("?")});
  const dialects::target budget{"claude-haiku-4-5", {"thinking_budget_tokens"}, 64000};
  r.reasoning_effort = "xhigh";
  CHECK(field(r, "output_config") == json_of(R"({"effort":"xhigh"})"));
  r.reasoning_effort = "none";
  CHECK(field(r, "thinking") == json_of(R"({"type":"disabled"})"));
  CHECK(field(r, "output_config").empty());
  r.reasoning_effort = "high";
  CHECK(field(r, "thinking", budget) == json_of(R"({"type":"enabled","budget_tokens":51200})"));
  CHECK(field(r, "output_config", budget).empty());
  r.reasoning_effort = "low";
  r.max_output_tokens = 2000;
  CHECK(field(r, "thinking", budget) == json_of(R"({"type":"enabled","budget_tokens":1024})"));
  r.max_output_tokens = 1025;
  CHECK(field(r, "thinking", budget) == json_of(R"({"type":"enabled","budget_tokens":1024})"));
  r.reasoning_effort = "";
  CHECK(field(r, "thinking", budget).empty());
}

TEST_CASE("a neutral sampling value is left out where the model takes none", "[anthropic][request]") {
  auto r = chat({user("?")});
  r.temperature = 1;
  r.top_p = 1;
  const dialects::target newer{"claude-opus-5", {"no_sampling_params"}, 128000};
  CHECK(field(r, "temperature", newer).empty());
  CHECK(field(r, "top_p", newer).empty());
  CHECK(field(r, "temperature") == "1");
}

TEST_CASE("marks of the cache are written where they stand, with a time only when it is the long one", "[anthropic][request]") {
  json_store store;
  message called = calls({{"c", "f", "{}", "", "5m"}});
  message answered = tool_result("c", "r");
  answered.cache = "1h";
  auto r = chat({with(says(role::system, "x"), text_part{"y", "1h"}), with(user("q"), image_part{{}, "image/png", "AAAA", {}, "5m"}),
                 called, answered});
  r.tools = {{"f", {}, store("{}"), std::nullopt, "5m"}};
  const std::string short_mark = R"("cache_control":{"type":"ephemeral"})",
                    long_mark = R"("cache_control":{"type":"ephemeral","ttl":"1h"})";
  CHECK(field(r, "system") == json_of(R"([{"type":"text","text":"x"},{"type":"text","text":"y",)" + long_mark + "}]"));
  CHECK(field(r, "messages") == json_of(R"([{"role":"user","content":[{"type":"text","text":"q"},
      {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"},)" +
                                        short_mark + R"(}]},
    {"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{},)" +
                                        short_mark + R"(}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"r",)" +
                                        long_mark + "}]}]"));
  CHECK(field(r, "tools") == json_of(R"([{"name":"f","input_schema":{"type":"object"},)" + short_mark + "}]"));
  CHECK(field(chat({with(says(role::system, ""), text_part{"y", "5m"}), user("q")}), "system") ==
        json_of(R"([{"type":"text","text":"y",)" + short_mark + "}]"));
}

TEST_CASE("documents by address and with citations have their fields", "[anthropic][request]") {
  CHECK(field(chat({with(user("q"), file_part{{}, "a.pdf", {}, {}, "https://x.io/a.pdf", true, {}})}), "messages") ==
        json_of(R"([{"role":"user","content":[{"type":"text","text":"q"},
          {"type":"document","source":{"type":"url","url":"https://x.io/a.pdf"},"title":"a.pdf","citations":{"enabled":true}}]}])"));
}

TEST_CASE("thinking is asked for as the client asked", "[anthropic][request]") {
  using mode = thinking_request::mode;
  auto r = chat({user("?")});
  r.thinking = {mode::enabled, 4000, false};
  CHECK(field(r, "thinking") == json_of(R"({"type":"enabled","budget_tokens":4000,"display":"omitted"})"));
  r.thinking = {mode::adaptive, std::nullopt, true};
  r.reasoning_effort = "low";
  CHECK(field(r, "thinking") == json_of(R"({"type":"adaptive","display":"summarized"})"));
  CHECK(field(r, "output_config") == json_of(R"({"effort":"low"})"));
  r.thinking = {mode::disabled, std::nullopt, true};
  CHECK(field(r, "thinking") == json_of(R"({"type":"disabled"})"));
  r.thinking = {mode::unsaid, std::nullopt, true};
  CHECK(field(r, "thinking") == json_of(R"({"type":"adaptive","display":"summarized"})"));
  r.form = "anthropic_messages";  // an effort alone says nothing about thinking there
  CHECK(field(r, "thinking").empty());
  r.reasoning_effort = "";
  const dialects::target budget{"claude-haiku-4-5", {"thinking_budget_tokens"}, 64000};
  r.thinking = {mode::enabled, std::nullopt, std::nullopt};
  CHECK(field(r, "thinking", budget) == json_of(R"({"type":"enabled","budget_tokens":32000})"));
  CHECK(field(r, "thinking") == json_of(R"({"type":"adaptive"})"));
}
