#include <fmt/format.h>

#include "client_support.hpp"
#include "tests/support/canonical_json.hpp"

using namespace naru;
using namespace naru::test;

namespace {

std::string refused(std::string_view body) { return refused_by(dialects::gemini::client(), body); }
/// A body with one content and whatever else.
std::string with(std::string_view rest) { return R"({"contents":[{"role":"user","parts":[{"text":"Hi"}]}],)" + std::string{rest} + "}"; }
std::string parts(std::string_view role, std::string_view list) {
  return fmt::format(R"({{"contents":[{{"role":"{}","parts":[{}]}}]}})", role, list);
}

}  // namespace

TEST_CASE("a plain request is read, with the model and the stream from the path", "[gemini][client]") {
  const auto h = read_chat(R"({"systemInstruction":{"role":"system","parts":[{"text":"Be brief."},{"text":"Be kind."}]},
    "contents":[{"parts":[{"text":"One"},{"text":"Two"}]},{"role":"model","parts":[{"text":"Three"}]},{"role":"user","parts":[{"text":"Four"}]}],
    "generationConfig":{"maxOutputTokens":100,"candidateCount":2,"temperature":1.5,"topP":0.9,"topK":40.0,"seed":-7,"frequencyPenalty":0.5,
      "presencePenalty":-1,"responseLogprobs":true,"logprobs":3,"stopSequences":["END"],"thinkingConfig":{"thinkingLevel":"LOW","includeThoughts":true},
      "responseModalities":["TEXT"]},"serviceTier":"standard","safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"OFF"}]})",
                           {.model = "models/gemini-x", .stream = true, .as_events = false});
  CHECK(describe(h.request) == R"(model=gemini-x
message=0 id= name= error=false
 text=Be brief.
 text=Be kind.
message=2 id= name= error=false
 text=One
 text=Two
message=3 id= name= error=false
 text=Three
message=2 id= name= error=false
 text=Four
choice=0 
format=0 -
max=100
temperature=1.5
top_p=0.9
top_k=40
frequency=0.5
presence=-1
seed=-7
n=2
logprobs=true
top_logprobs=3
shown=true
stop=END
thinking=0 low
tier=default
stream=true true)");
  CHECK(h.request.include_usage);
}

TEST_CASE("snake_case is read as lowerCamelCase is, and both at once are refused", "[gemini][client]") {
  const auto camel = read_chat(R"({"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[
    {"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},
    "tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"object"}}]}],
    "generationConfig":{"maxOutputTokens":"7","responseMimeType":"application/json","thinkingConfig":{"thinkingBudget":-1}}})");
  const auto snake = read_chat(R"({"system_instruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[
    {"inline_data":{"mime_type":"image/png","data":"AAAA"}}]}],"tool_config":{"function_calling_config":{"mode":"ANY","allowed_function_names":["f"]}},
    "tools":[{"function_declarations":[{"name":"f","parameters_json_schema":{"type":"object"}}]}],
    "generation_config":{"max_output_tokens":7,"response_mime_type":"application/json","thinking_config":{"thinking_budget":"-1"}}})");
  CHECK(describe(camel.request) == describe(snake.request));
  CHECK(camel.request.tool_choice.how == tool_choice::mode::named);
  CHECK(camel.request.thinking.how == thinking_request::mode::adaptive);
  CHECK(refused(with(R"("generationConfig":{},"generation_config":{})")) == "generationConfig");
  CHECK(refused(with(R"("generationConfig":{"topK":1,"top_k":2})")) == "generationConfig.topK");
}

TEST_CASE("bytes and addresses become images, sound and files", "[gemini][client]") {
  const auto h = read_chat(parts("user", R"({"inlineData":{"mimeType":"image/jpeg","data":"a-_b"}},
    {"inlineData":{"mimeType":"audio/mpeg","data":"SUQz"}},{"inlineData":{"mimeType":"application/pdf","data":"JVBE","displayName":"a.pdf"}},
    {"fileData":{"mimeType":"image/png","fileUri":"https://example.com/i.png"}},{"fileData":{"fileUri":"https://example.com/a"}},
    {"fileData":{"mimeType":"video/mp4","fileUri":"gs://bucket/v.mp4"}},{"executableCode":{"code":"1"}},
    {"text":"x","videoMetadata":{"fps":1}})"));
  const auto& all = h.request.messages.at(0).parts;
  REQUIRE(all.size() == 6);
  CHECK(std::get<image_part>(all[0]).data == "a+/b");
  CHECK(std::get<audio_part>(all[1]).format == "mp3");
  CHECK(std::get<file_part>(all[2]).filename == "a.pdf");
  CHECK(std::get<image_part>(all[3]).url == "https://example.com/i.png");
  CHECK(std::get<file_part>(all[4]).url == "https://example.com/a");
  CHECK(extras_of(h.request) == "contents[0].parts[5] contents[0].parts[6] contents[0].parts[7].videoMetadata");
}

TEST_CASE("responses find their calls by id, else by name and order", "[gemini][client]") {
  const auto h = read_chat(R"({"contents":[{"role":"user","parts":[{"text":"?"}]},
    {"role":"model","parts":[{"text":"Looking."},{"functionCall":{"name":"f","args":{"n": 1}},"thoughtSignature":"S1"},
      {"functionCall":{"id":"own","name":"f","args":{}}},{"functionCall":{"name":"f"}}]},
    {"role":"function","parts":[{"functionResponse":{"id":"own","name":"f","response":{"output":"two"}}},
      {"functionResponse":{"name":"f","response":{"output":[1]}}},{"functionResponse":{"name":"f","response":{"error":"bad"}}},
      {"functionResponse":{"name":"g","response":{"a":1,"b":2},"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}},
      {"text":"Now?"}]}]})");
  const auto& r = h.request;
  REQUIRE(r.messages.size() == 7);
  REQUIRE(r.messages[1].calls.size() == 3);
  CHECK(r.messages[1].calls[0].id == "call_0");
  CHECK(r.messages[1].calls[0].arguments == R"({"n":1})");
  CHECK(r.messages[1].calls[0].signature == "S1");
  CHECK(r.messages[1].calls[2].arguments.empty());
  const auto text = [&](std::size_t i) { return std::get<text_part>(r.messages.at(i).parts.at(0)).text; };
  CHECK(r.messages[2].tool_call_id == "own");
  CHECK(text(2) == "two");
  CHECK(r.messages[3].tool_call_id == "call_0");
  CHECK(text(3) == "[1]");
  CHECK(r.messages[4].tool_call_id == "call_2");
  CHECK(r.messages[4].tool_error);
  CHECK(text(4) == "bad");
  CHECK(r.messages[5].tool_call_id.empty());
  CHECK(r.messages[5].name == "g");
  CHECK(text(5) == R"({"a":1,"b":2})");
  CHECK(std::get<image_part>(r.messages[5].parts.at(1)).data == "AAAA");
  CHECK(text(6) == "Now?");
  CHECK(r.extra.empty());
}

TEST_CASE("the pieces of a streamed turn that a client sends back are one turn, and their thought one thought", "[gemini][client]") {
  const auto h = read_chat(R"({"contents":[{"role":"user","parts":[{"text":"?"}]},
    {"role":"model","parts":[{"text":"First, ","thought":true}]},{"role":"model","parts":[{"text":"carry.","thought":true}]},
    {"role":"model","parts":[{"text":"","thought":true,"thoughtSignature":"SIG"}]},
    {"role":"model","parts":[{"text":"","thought":true,"thoughtSignature":"redacted:OPAQUE"}]},
    {"role":"model","parts":[{"text":"42","thoughtSignature":"google's own"}]},{"role":"model"},
    {"role":"model","parts":[{"functionCall":{"name":"f"}}]},{"role":"user","parts":[{"text":"Sure?"}]}]})");
  REQUIRE(h.request.messages.size() == 3);
  const auto& m = h.request.messages[1];
  REQUIRE(m.parts.size() == 3);
  CHECK(std::get<reasoning_part>(m.parts[0]).text == "First, carry.");
  CHECK(std::get<reasoning_part>(m.parts[0]).signature == "SIG");
  CHECK(std::get<reasoning_part>(m.parts[1]).redacted);
  CHECK(std::get<reasoning_part>(m.parts[1]).signature == "OPAQUE");
  CHECK(std::get<text_part>(m.parts[2]).text == "42");
  CHECK(m.calls.size() == 1);
  CHECK(h.request.extra.empty());
}

TEST_CASE("Google's schema becomes plain JSON Schema", "[gemini][client]") {
  const auto h = read_chat(
      with(R"("tools":[{"functionDeclarations":[{"name":"f","description":"d","parameters":{"type":"OBJECT","propertyOrdering":["type"],
    "properties":{"type":{"type":"STRING","nullable":true,"enum":["A"],"min_length":"2"},"nullable":{"type":"ARRAY","items":{"type":"INTEGER"},"maxItems":"9"},
      "either":{"anyOf":[{"type":"NUMBER"},{"type":"TYPE_UNSPECIFIED","example":"x"}]}},"required":["type"]}}]},{"googleSearch":{}},{"codeExecution":{}}],
    "toolConfig":{"functionCallingConfig":{"mode":"VALIDATED"},"retrievalConfig":{}})"));
  REQUIRE(h.request.tools.size() == 1);
  CHECK(canonical(*h.request.tools[0].parameters) ==
        canonical(R"({"type":"object","properties":{"type":{"type":["string","null"],"enum":["A"],
    "minLength":2},"nullable":{"type":"array","items":{"type":"integer"},"maxItems":9},"either":{"anyOf":[{"type":"number"},{"examples":["x"]}]}},
    "required":["type"]})"));
  CHECK(h.request.tools[0].strict == true);
  CHECK(h.request.tool_choice.how == tool_choice::mode::automatic);
  CHECK(extras_of(h.request) == "tools[1].googleSearch tools[2].codeExecution toolConfig.retrievalConfig");
}

TEST_CASE("an answer in JSON by either kind of schema", "[gemini][client]") {
  const auto own = read_chat(with(R"("generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"STRING"}})"));
  CHECK(own.request.response_format.what == response_format::kind::json_schema);
  CHECK(json::to_text(*own.request.response_format.schema) == R"({"type":"string"})");
  const auto plain =
      read_chat(with(R"("generationConfig":{"responseMimeType":"application/json","responseJsonSchema":{"type":"string"}})"));
  CHECK(json::to_text(*plain.request.response_format.schema) == R"({"type":"string"})");
  const auto any = read_chat(with(R"("generationConfig":{"responseMimeType":"application/json"})"));
  CHECK(any.request.response_format.what == response_format::kind::json_object);
  const auto words = read_chat(with(R"("generationConfig":{"responseMimeType":"text/x.enum","responseSchema":{"enum":["a"]}})"));
  CHECK(extras_of(words.request) == "generationConfig.responseSchema generationConfig.responseMimeType");
}

TEST_CASE("what has no place in a chat is kept under its path", "[gemini][client]") {
  const auto h =
      read_chat(with(R"("cachedContent":"c/1","labels":{"a":"b"},"safetySettings":[{"category":"X","threshold":"BLOCK_LOW_AND_ABOVE"}],
    "nothing":null,"new_field":1,"generationConfig":{"speechConfig":{},"responseModalities":["IMAGE"],"thinkingConfig":{"later":1}},
    "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["a","b"]}})"));
  CHECK(extras_of(h.request) ==
        "toolConfig.functionCallingConfig.allowedFunctionNames generationConfig.thinkingConfig.later generationConfig.responseModalities "
        "generationConfig.speechConfig safetySettings cachedContent labels new_field");
  CHECK(h.request.tool_choice.how == tool_choice::mode::required);
}

TEST_CASE("a fault names its place and what was wanted", "[gemini][client]") {
  const std::vector<std::pair<std::string, std::string>> faults{
      {"[]", "the body"},
      {"{}", "contents"},
      {R"({"contents":[]})", "contents"},
      {R"({"contents":{}})", "contents"},
      {R"({"contents":[7]})", "contents[0]"},
      {R"({"contents":[{"role":"system","parts":[{"text":"x"}]}]})", "contents[0].role"},
      {R"({"contents":[{"parts":{}}]})", "contents[0].parts"},
      {parts("user", "7"), "contents[0].parts[0]"},
      {parts("user", R"({"text":7})"), "contents[0].parts[0].text"},
      {parts("user", R"({"inlineData":{"data":"AAAA"}})"), "contents[0].parts[0].inlineData.mimeType"},
      {parts("user", R"({"inlineData":{"mimeType":"image/png"}})"), "contents[0].parts[0].inlineData.data"},
      {parts("user", R"({"fileData":{}})"), "contents[0].parts[0].fileData.fileUri"},
      {parts("user", R"({"functionResponse":{}})"), "contents[0].parts[0].functionResponse.name"},
      {parts("user", R"({"functionResponse":{"name":"f","response":"x"}})"), "contents[0].parts[0].functionResponse.response"},
      {parts("model", R"({"functionCall":{"args":{}}})"), "contents[0].parts[0].functionCall.name"},
      {parts("model", R"({"functionCall":{"name":"f","args":"{}"}})"), "contents[0].parts[0].functionCall.args"},
      {parts("model", R"({"text":"x","thought":"yes"})"), "contents[0].parts[0].thought"},
      {with(R"("systemInstruction":"x")"), "systemInstruction"},
      {with(R"("tools":{})"), "tools"},
      {with(R"("tools":[{"functionDeclarations":[{}]}])"), "tools[0].functionDeclarations[0].name"},
      {with(R"("tools":[{"functionDeclarations":[{"name":"f","parameters":[]}]}])"), "tools[0].functionDeclarations[0].parameters"},
      {with(R"("tools":[{"functionDeclarations":[{"name":"f","parameters":{},"parametersJsonSchema":{}}]}])"),
       "tools[0].functionDeclarations[0].parameters"},
      {with(R"("tools":[{"functionDeclarations":[{"name":"f","parameters":{"minItems":1,"min_items":1}}]}])"),
       "tools[0].functionDeclarations[0].parameters"},
      {with(R"("toolConfig":{"functionCallingConfig":{"mode":"SOME"}})"), "toolConfig.functionCallingConfig.mode"},
      {with(R"("generationConfig":{"temperature":3})"), "generationConfig.temperature"},
      {with(R"("generationConfig":{"maxOutputTokens":0})"), "generationConfig.maxOutputTokens"},
      {with(R"("generationConfig":{"maxOutputTokens":"1x"})"), "generationConfig.maxOutputTokens"},
      {with(R"("generationConfig":{"topK":1.5})"), "generationConfig.topK"},
      {with(R"("generationConfig":{"seed":2147483648})"), "generationConfig.seed"},
      {with(R"("generationConfig":{"candidateCount":9})"), "generationConfig.candidateCount"},
      {with(R"("generationConfig":{"logprobs":3})"), "generationConfig.logprobs"},
      {with(R"("generationConfig":{"stopSequences":[1]})"), "generationConfig.stopSequences[0]"},
      {with(R"("generationConfig":{"responseSchema":{}})"), "generationConfig.responseSchema"},
      {with(R"("generationConfig":{"thinkingConfig":{"thinkingLevel":"HUGE"}})"), "generationConfig.thinkingConfig.thinkingLevel"},
      {with(R"("generationConfig":{"thinkingConfig":{"thinkingBudget":-2}})"), "generationConfig.thinkingConfig.thinkingBudget"},
  };
  for (const auto& [body, field] : faults) {
    CAPTURE(body);
    CHECK(refused(body) == field);
  }
  CHECK(refused_by(dialects::gemini::client(), R"({"contents":[{"parts":[{"text":"x"}]}]})", "") == "model");
}

TEST_CASE("places in OpenAI's spelling are told in the client's own", "[gemini][client][place]") {
  const auto& form = dialects::gemini::client();
  CHECK(form.place("max_completion_tokens") == "generationConfig.maxOutputTokens");
  CHECK(form.place("n") == "generationConfig.candidateCount");
  CHECK(form.place("response_format.json_schema.schema") == "generationConfig.responseJsonSchema");
  CHECK(form.place("tool_choice.function") == "toolConfig.functionCallingConfig");
  CHECK(form.place("user") == "user");
  CHECK(form.place("messages[3].content[1]") == "messages[3].content[1]");
  const auto doc = json::document::parse(R"({"contents":[{"role":"user","parts":[{"text":"a"},{"fileData":{"fileUri":"gs://x"}},
      {"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},{"role":"model","parts":[{"text":"t","thought":true},{"functionCall":{"name":"f"}}]},
    {"role":"user","parts":[{"functionResponse":{"name":"f","response":{}}},{"text":"b"}]}],"system_instruction":{"parts":[{"text":"s"}]},
    "tools":[{"googleSearch":{}},{"functionDeclarations":[{"name":"f"},{"name":"g"}]}]})");
  REQUIRE(doc);
  CHECK(form.place_in({}, *doc, "messages[0].content[0]") == "systemInstruction.parts[0]");
  CHECK(form.place_in({}, *doc, "messages[1].content[1].image_url.url") == "contents[0].parts[2]");
  CHECK(form.place_in({}, *doc, "messages[2].tool_calls[0].function.arguments") == "contents[1].parts[1].functionCall.args");
  CHECK(form.place_in({}, *doc, "messages[2].content[0]") == "contents[1].parts[0]");
  CHECK(form.place_in({}, *doc, "messages[3].tool_call_id") == "contents[2].parts[0].functionResponse.id");
  CHECK(form.place_in({}, *doc, "messages[3].content[0]") == "contents[2].parts[0].functionResponse.response");
  CHECK(form.place_in({}, *doc, "messages[4].content[0]") == "contents[2].parts[1]");
  CHECK(form.place_in({}, *doc, "tools[1].function.parameters") == "tools[1].functionDeclarations[1].parameters");
  CHECK(form.place_in({}, *doc, "temperature") == "generationConfig.temperature");
  CHECK(form.place_in({}, *doc, "messages[40].content[0]") == "messages[40].content[0]");
}
