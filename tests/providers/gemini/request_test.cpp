#include <catch2/catch.hpp>

#include "providers/dialects/gemini/gemini.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::gemini::upstream(); }
const dialects::target model{"gemini-2.5-flash", {}, 65536};
const dialects::target newest{
    "gemini-3.8-flash", {"sampling_params_deprecated", "no_prefill", "thought_signature_required", "no_candidate_count"}, 65536};

std::string body(const chat_request& r, const dialects::target& t = model) { return written_body(form(), r, t); }
std::string field(const chat_request& r, std::string_view key, const dialects::target& t = model) {
  return written_field(form(), r, t, key);
}
std::string json_of(std::string_view text) { return canonical(text); }
std::string path(std::string_view name, bool stream) {
  auto r = chat({user("Hi")});
  r.stream = stream;
  return form().write_request(r, {name, {}, {}})->path;
}

}  // namespace

TEST_CASE("the path names the model, encoded, and the way of answering", "[gemini][request]") {
  CHECK(path("gemini-2.5-flash", false) == "/v1beta/models/gemini-2.5-flash:generateContent");
  CHECK(path("gemini-2.5-flash", true) == "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
  CHECK(path("a/../b?c#d 한", false) == "/v1beta/models/a%2F..%2Fb%3Fc%23d%20%ED%95%9C:generateContent");
}

TEST_CASE("a plain request has the form's fields", "[gemini][request]") {
  auto r = chat(
      {says(role::system, "Be brief."), says(role::developer, "Be kind."), user("One"), user("Two"), assistant("Three"), user("Four")});
  r.max_output_tokens = 100;
  r.temperature = 1.5;
  r.top_p = 0.9;
  r.top_k = 40;
  r.seed = -7;
  r.n = 2;
  r.frequency_penalty = 0.5;
  r.presence_penalty = 0;
  r.logprobs = true;
  r.top_logprobs = 3;
  r.stop = {"END"};
  r.service_tier = "flex";
  CHECK(body(r) == json_of(R"({"systemInstruction":{"parts":[{"text":"Be brief."},{"text":"Be kind."}]},
    "contents":[{"role":"user","parts":[{"text":"One"},{"text":"Two"}]},{"role":"model","parts":[{"text":"Three"}]},
                {"role":"user","parts":[{"text":"Four"}]}],
    "generationConfig":{"maxOutputTokens":100,"candidateCount":2,"temperature":1.5,"topP":0.9,"topK":40,"seed":-7,"frequencyPenalty":0.5,
                        "responseLogprobs":true,"logprobs":3,"stopSequences":["END"]},
    "serviceTier":"flex"})"));
  CHECK(body(chat({user("Hi")})) == json_of(R"({"contents":[{"role":"user","parts":[{"text":"Hi"}]}]})"));
}

TEST_CASE("results carry the name of their call, in the calls' order, as objects", "[gemini][request]") {
  const auto r =
      chat({user("?"), calls({{"c1", "now", "", ""}, {"c2", "get_weather", "{\"city\":\"Seoul\"}", ""}, {"c3", "broken", "{}", ""}}),
            tool_result("c3", "no such place", true), tool_result("c2", " {\"sky\":\"clear\"} "), tool_result("c1", "[12]")});
  CHECK(field(r, "contents") == json_of(R"([
    {"role":"user","parts":[{"text":"?"}]},
    {"role":"model","parts":[{"functionCall":{"id":"c1","name":"now","args":{}}},
      {"functionCall":{"id":"c2","name":"get_weather","args":{"city":"Seoul"}}},{"functionCall":{"id":"c3","name":"broken","args":{}}}]},
    {"role":"user","parts":[{"functionResponse":{"id":"c1","name":"now","response":{"output":"[12]"}}},
      {"functionResponse":{"id":"c2","name":"get_weather","response":{"sky":"clear"}}},
      {"functionResponse":{"id":"c3","name":"broken","response":{"error":"no such place"}}}]}])"));
}

TEST_CASE("an id used twice means the latest call of that id", "[gemini][request]") {
  const auto r = chat(
      {user("?"), calls({{"c", "first", "{}", ""}}), tool_result("c", "1"), calls({{"c", "second", "{}", ""}}), tool_result("c", "2")});
  CHECK(field(r, "contents").find(R"("name":"second",
"response":{"output":"2"})") != std::string::npos);
}

TEST_CASE("a result of an unknown call is the client's error, unless it names the function", "[gemini][request]") {
  auto r = chat({user("?"), calls({{"c1", "now", "", ""}}), tool_result("c9", "x")});
  const auto w = form().write_request(r, model);
  REQUIRE_FALSE(w);
  CHECK(w.error().code == error_code::bad_request);
  CHECK(w.error().field == "messages[2].tool_call_id");
  r.messages[2].name = "later";
  CHECK(field(r, "contents").find(R"("name":"later")") != std::string::npos);
}

TEST_CASE("arguments that are no JSON object name their place", "[gemini][request]") {
  for (const std::string_view bad : {"{", "[]", "7", "null", "{\"a\":1,}", "{} {}"}) {
    CAPTURE(bad);
    const auto w = form().write_request(chat({user("?"), calls({{"a", "f", bad, ""}})}), model);
    REQUIRE_FALSE(w);
    CHECK(w.error().code == error_code::bad_request);
    CHECK(w.error().field == "messages[1].tool_calls[0].function.arguments");
  }
}

TEST_CASE("thought signatures go back as they came; the stand-in only where one is demanded and none is there", "[gemini][request]") {
  const auto signatures = [](std::string_view one, std::string_view two, const dialects::target& t) {
    const auto text =
        field(chat({user("?"), calls({{"a", "f", "{}", one}, {"b", "g", "{}", two}}), tool_result("a", "1"), tool_result("b", "2")}),
              "contents", t);
    std::vector<std::string> found;
    for (auto at = text.find("\"thoughtSignature\":\""); at != std::string::npos; at = text.find("\"thoughtSignature\":\"", at + 1)) {
      const auto begin = at + 20;
      found.push_back(text.substr(begin, text.find('"', begin) - begin));
    }
    return found;
  };
  using list = std::vector<std::string>;
  CHECK(signatures("S1", "S2", newest) == list{"S1", "S2"});
  CHECK(signatures("S1", "", newest) == list{"S1"});
  CHECK(signatures("", "", newest) == list{"skip_thought_signature_validator", "skip_thought_signature_validator"});
  CHECK(signatures("", "", model).empty());
  CHECK(signatures("S1", "", model) == list{"S1"});
}

TEST_CASE("content of all kinds goes inline, the Files API's by address", "[gemini][request]") {
  auto m = user("See");
  m = with(m, image_part{{}, "image/png", "AAAA", "auto"});
  m = with(m, image_part{"https://generativelanguage.googleapis.com/v1beta/files/abc", {}, {}, {}});
  m = with(m, audio_part{"UklG", "mp3"});
  m = with(m, file_part{{}, "a.pdf", "application/pdf", "JVBERi0="});
  CHECK(field(chat({m}), "contents") == json_of(R"([{"role":"user","parts":[{"text":"See"},
    {"inlineData":{"mimeType":"image/png","data":"AAAA"}},
    {"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}},
    {"inlineData":{"mimeType":"audio/mp3","data":"UklG"}},
    {"inlineData":{"mimeType":"application/pdf","data":"JVBERi0="}}]}])"));
}

TEST_CASE("tools keep plain JSON Schema, and strict holds calls to it", "[gemini][request]") {
  json_store store;
  auto r = chat({user("?")});
  r.tools = {{"get_weather", "Tells", store(R"({"type":"object","additionalProperties":false})"), std::nullopt},
             {"now", {}, std::nullopt, std::nullopt}};
  CHECK(field(r, "tools") == json_of(R"([{"functionDeclarations":[
    {"name":"get_weather","description":"Tells","parametersJsonSchema":{"type":"object","additionalProperties":false}},{"name":"now"}]}])"));
  CHECK(field(r, "toolConfig").empty());
  using mode = tool_choice::mode;
  const auto config = [&](mode how, std::string_view name = {}) {
    r.tool_choice = {how, name};
    return field(r, "toolConfig");
  };
  CHECK(config(mode::none) == json_of(R"({"functionCallingConfig":{"mode":"NONE"}})"));
  CHECK(config(mode::automatic) == json_of(R"({"functionCallingConfig":{"mode":"AUTO"}})"));
  CHECK(config(mode::required) == json_of(R"({"functionCallingConfig":{"mode":"ANY"}})"));
  CHECK(config(mode::named, "now") == json_of(R"({"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["now"]}})"));
  r.tools[0].strict = true;
  CHECK(config(mode::unset) == json_of(R"({"functionCallingConfig":{"mode":"VALIDATED"}})"));
  CHECK(config(mode::required) == json_of(R"({"functionCallingConfig":{"mode":"ANY"}})"));
  r.tools = {{"bad", {}, store("[]"), std::nullopt}};
  CHECK(form().write_request(r, model).error().field == "tools[0].function.parameters");
  r.tools.clear();
  CHECK(form().write_request(r, model).error().field == "tool_choice");
}

TEST_CASE("an answer in JSON, with or without a schema", "[gemini][request]") {
  json_store store;
  auto r = chat({user("?")});
  r.response_format.what = response_format::kind::json_object;
  CHECK(field(r, "generationConfig") == json_of(R"({"responseMimeType":"application/json"})"));
  r.response_format.what = response_format::kind::json_schema;
  r.response_format.schema = store(R"({"type":"object","description":"own"})");
  r.response_format.description = "other";
  CHECK(field(r, "generationConfig") ==
        json_of(R"({"responseMimeType":"application/json","responseJsonSchema":{"type":"object","description":"own"}})"));
  r.response_format.schema.reset();
  CHECK(form().write_request(r, model).error().field == "response_format.json_schema.schema");
}

TEST_CASE("reasoning effort is a level for newer models and a budget for older ones", "[gemini][request]") {
  auto r = chat({user("?")});
  const auto config = [&](std::string_view effort, const dialects::target& t) {
    r.reasoning_effort = effort;
    return field(r, "generationConfig", t);
  };
  CHECK(config("none", model) == json_of(R"({"thinkingConfig":{"thinkingBudget":0}})"));
  CHECK(config("none", newest) == json_of(R"({"thinkingConfig":{"thinkingLevel":"MINIMAL"}})"));
  CHECK(config("medium", model) == json_of(R"({"thinkingConfig":{"thinkingBudget":8192,"includeThoughts":true}})"));
  CHECK(config("medium", newest) == json_of(R"({"thinkingConfig":{"thinkingLevel":"MEDIUM","includeThoughts":true}})"));
  CHECK(config("max", newest) == json_of(R"({"thinkingConfig":{"thinkingLevel":"HIGH","includeThoughts":true}})"));
  CHECK(config("", newest).empty());
}

TEST_CASE("reasoning of earlier turns is left out", "[gemini][request]") {
  message m = assistant("Yes.");
  m.parts.insert(m.parts.begin(), reasoning_part{"Hm.", "EqQB", false});
  CHECK(field(chat({user("?"), m, user("Sure?")}), "contents") == json_of(R"([{"role":"user","parts":[{"text":"?"}]},
    {"role":"model","parts":[{"text":"Yes."}]},{"role":"user","parts":[{"text":"Sure?"}]}])"));
}
