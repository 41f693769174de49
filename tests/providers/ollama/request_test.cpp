#include <catch2/catch.hpp>

#include <functional>

#include "providers/dialects/ollama_chat/ollama_chat.hpp"
#include "providers/dialects/ollama_embed/ollama_embed.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::ollama_chat::upstream(); }
const dialects::target model{"qwen3", {}, std::nullopt};

std::string json_of(std::string_view text) { return canonical(text); }
std::string field(const chat_request& r, std::string_view key) { return written_field(form(), r, model, key); }
std::string refused(const chat_request& r) { return refused_field(form(), r, model); }
std::string refused_after(const std::function<void(chat_request&)>& change) {
  auto r = chat({user("Hi")});
  change(r);
  return refused(r);
}
tool named(std::string_view name) { return {name, {}, std::nullopt, std::nullopt}; }

}  // namespace

TEST_CASE("results name their tool, calls have objects, pictures stand beside the text", "[ollama][request]") {
  const auto r = chat({says(role::developer, "Be brief."), with(user("see"), image_part{{}, "image/png", "AAAA", {}}),
                       calls({{"id-1", "get_time", R"({"tz":"UTC"})", {}}, {"", "noop", "", {}}}, "Looking."), tool_result("id-1", "15:00"),
                       assistant("Three."), user(" ")});
  CHECK(field(r, "messages") == json_of(R"([
    {"role":"system","content":"Be brief."},{"role":"user","content":"see","images":["AAAA"]},
    {"role":"assistant","content":"Looking.","tool_calls":[
      {"id":"id-1","function":{"index":0,"name":"get_time","arguments":{"tz":"UTC"}}},{"function":{"index":1,"name":"noop","arguments":{}}}]},
    {"role":"tool","content":"15:00","tool_name":"get_time","tool_call_id":"id-1"},{"role":"assistant","content":"Three."}])"));
  const auto w = form().write_request(chat({user("?"), calls({{"a", "f", "7", {}}})}), model);
  REQUIRE_FALSE(w);
  CHECK(w.error().field == "messages[1].tool_calls[0].function.arguments");
}

TEST_CASE("sampling goes into options, and whether to stream is always said", "[ollama][request]") {
  auto r = chat({user("Hi")});
  CHECK(written_body(form(), r, model) == json_of(R"({"model":"qwen3","messages":[{"role":"user","content":"Hi"}],"stream":false})"));
  r.stream = true;
  r.temperature = 1.5;
  r.top_p = 0.9;
  r.top_k = 40;
  r.min_p = 0.05;
  r.seed = -7;
  r.repeat_penalty = 1.1;
  r.frequency_penalty = 0.5;
  r.presence_penalty = -0.5;
  r.stop = {"END"};
  r.max_output_tokens = 100;
  CHECK(field(r, "options") == json_of(R"({"num_predict":100,"temperature":1.5,"top_p":0.9,"top_k":40,"min_p":0.05,"seed":-7,
    "repeat_penalty":1.1,"frequency_penalty":0.5,"presence_penalty":-0.5,"stop":["END"]})"));
  CHECK(field(r, "stream") == "true");
  CHECK(form().write_request(r, model)->path == "/api/chat");
  r.logprobs = true;
  r.top_logprobs = 3;
  CHECK(field(r, "top_logprobs") == "3");
}

TEST_CASE("format, tools and thinking", "[ollama][request]") {
  json_store store;
  auto r = chat({user("Hi")});
  r.response_format.what = response_format::kind::json_object;
  CHECK(field(r, "format") == "\"json\"");
  r.response_format.what = response_format::kind::json_schema;
  r.response_format.schema = store(R"({"type":"object"})");
  CHECK(field(r, "format") == json_of(R"({"type":"object"})"));
  r.tools = {{"f", "does", store(R"({"type":"object"})"), std::nullopt}, named("g")};
  CHECK(field(r, "tools") == json_of(R"([{"type":"function","function":{"name":"f","description":"does","parameters":{"type":"object"}}},
    {"type":"function","function":{"name":"g","description":"","parameters":{"type":"object","properties":{}}}}])"));
  r.tool_choice.how = tool_choice::mode::none;
  CHECK(field(r, "tools").empty());
  r.tool_choice.how = tool_choice::mode::unset;
  r.tools[0].parameters = store("1");
  CHECK(form().write_request(r, model).error().field == "tools[0].function.parameters");
  const auto think = [](std::string_view word) {
    auto one = chat({user("Hi")});
    one.reasoning_effort = word;
    return field(one, "think");
  };
  CHECK(think("").empty());
  CHECK(think("none") == "false");
  CHECK(think("minimal") == "\"low\"");
  CHECK(think("medium") == "\"medium\"");
  CHECK(think("xhigh") == "\"max\"");
  auto enabled = chat({user("Hi")});
  enabled.thinking.how = thinking_request::mode::enabled;
  CHECK(field(enabled, "think") == "true");
}

TEST_CASE("what Ollama's form cannot carry is named", "[ollama][carry]") {
  CHECK(refused_after([](auto& r) { r.n = 2; }) == "n");
  CHECK(refused_after([](auto& r) { r.reasoning_effort = "extreme"; }) == "reasoning_effort");
  CHECK(refused_after([](auto& r) {
          r.thinking.how = thinking_request::mode::enabled;
          r.thinking.budget = 2000;
        }) == "thinking");
  CHECK(refused_after([](auto& r) {
          r.tools = {named("f")};
          r.tool_choice.how = tool_choice::mode::required;
        }) == "tool_choice");
  CHECK(refused_after([](auto& r) {
          r.tools = {named("f")};
          r.parallel_tool_calls = false;
        }) == "parallel_tool_calls");
  CHECK(refused_after([](auto& r) { r.verbosity = "low"; }) == "verbosity");
  CHECK(refused(chat({with(user("x"), image_part{"https://x/y.png", {}, {}, {}})})) == "messages[0].content[1]");
  CHECK(refused(chat({with(user("x"), audio_part{"AAAA", "wav"})})) == "messages[0].content[1]");
  CHECK(refused_after([](auto& r) {
          r.min_p = 0.1;
          r.repeat_penalty = 1.2;
          r.temperature = 2;
        }).empty());
}

TEST_CASE("texts are embedded whole or not at all", "[ollama][embed]") {
  const auto& vectors = dialects::ollama_embed::upstream();
  auto r = chat({user("a"), user("b")});
  r.kind = request_kind::embedding;
  r.embedding.dimensions = 64;
  CHECK(written_body(vectors, r, {"nomic", {}, {}}) == json_of(R"({"model":"nomic","input":["a","b"],"dimensions":64,"truncate":false})"));
  CHECK(vectors.write_request(r, model)->path == "/api/embed");
  r.embedding.purpose = "query";
  CHECK(refused_field(vectors, r, model) == "input_type");
}
