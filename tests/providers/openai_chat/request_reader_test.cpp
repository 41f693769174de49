#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "support.hpp"

using namespace naru;
using namespace naru::test;

namespace {

/// A body with one message list that is right and more members.
std::string with(std::string_view members) {
  return R"({"model":"m","messages":[{"role":"user","content":"hi"}])" + (members.empty() ? "" : "," + std::string{members}) + "}";
}
std::string only(std::string_view m) { return R"({"model":"m","messages":[)" + std::string{m} + "]}"; }

struct refusal_case {
  std::string body;
  std::string field;
  std::string says;
};

/// Every string in a document, keys aside.
void collect(json::value v, std::vector<std::string_view>& out) {
  if (v.is_string()) out.push_back(v.get_string().value_unsafe());
  if (v.is_array()) {
    for (const json::value item : v.get_array().value_unsafe()) collect(item, out);
  }
  if (v.is_object()) {
    for (const auto& field : v.get_object().value_unsafe()) collect(field.value, out);
  }
}

}  // namespace

TEST_CASE("every field of the form has its place in the request", "[openai_chat]") {
  const auto held = read_body(R"({
    "model":"gpt-6-luna","max_tokens":5,"max_completion_tokens":900,"temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.05,
    "frequency_penalty":-0.5,"presence_penalty":1,"repetition_penalty":1.1,"n":2,"stop":["a","b"],"seed":-7,"logprobs":true,"top_logprobs":3,
    "stream":true,"stream_options":{"include_usage":true},"parallel_tool_calls":false,"reasoning_effort":"low","verbosity":"high",
    "service_tier":"flex","user":"old","safety_identifier":"new","logit_bias":{"5":1},"metadata":{"a":"b"},
    "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}}],
    "tool_choice":{"type":"function","function":{"name":"f"}},
    "response_format":{"type":"json_schema","json_schema":{"name":"s","description":"sd","schema":{"type":"object"},"strict":false}},
    "messages":[{"role":"developer","content":"dev"},{"role":"user","name":"ann","content":[
      {"type":"text","text":"look"},
      {"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"low"}},
      {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
      {"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}},
      {"type":"file","file":{"file_data":"data:application/pdf;base64,JVBE","filename":"x.pdf"}},
      {"type":"file","file":{"file_id":"file-1"}}]},
     {"role":"assistant","content":null,"reasoning_content":"hm","tool_calls":[{"id":"c1","type":"function","index":0,
      "function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"sig"}}}]},
     {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"42"}]},
     {"role":"assistant","content":[{"type":"refusal","refusal":"no"}],"refusal":null,"annotations":[],"audio":null}]})");
  CHECK(describe(held.request) ==
        "model gpt-6-luna\n"
        "message role=1 name= answers= text(dev)\n"
        "message role=2 name=ann answers= text(look) image(https://example.com/a.png|||low) image(|image/png|AAAA|) audio(UklG|wav)"
        " file(|x.pdf|application/pdf|JVBE) file(file-1|||)\n"
        "message role=3 name= answers= reasoning(hm||false) call(c1|f|{}|sig)\n"
        "message role=4 name= answers=c1 text(42)\n"
        "message role=3 name= answers= refusal(no)\n"
        "tool f d {\"type\":\"object\"} true\n"
        "choice 4 f parallel false\n"
        "format 2 s sd {\"type\":\"object\"} false\n"
        "limit 900 temperature 0.5 top_p 0.9 top_k 40 min_p 0.05\n"
        "penalties -0.5 1 1.1 seed -7 n 2 logprobs true 3\n"
        "stop a\nstop b\n"
        "effort low verbosity high tier flex user new stream true usage true\n"
        "extra logit_bias {\"5\":1}\nextra metadata {\"a\":\"b\"}\n");
}

TEST_CASE("the newer name of the output limit wins wherever it stands", "[openai_chat]") {
  CHECK(read_body(with(R"("max_completion_tokens":9,"max_tokens":5)")).request.max_output_tokens == 9);
  CHECK(read_body(with(R"("max_tokens":5,"max_completion_tokens":9)")).request.max_output_tokens == 9);
  CHECK(read_body(with(R"("max_tokens":5,"max_completion_tokens":null)")).request.max_output_tokens == 5);
}

TEST_CASE("functions of the older form become tools", "[openai_chat]") {
  const auto held = read_body(R"({"model":"m","functions":[{"name":"f","parameters":{}}],"function_call":{"name":"f"},
    "messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{\"a\":1}"}},
                {"role":"function","name":"f","content":"1"}]})");
  const auto text = describe(held.request);
  CHECK_THAT(text, Catch::Contains("call(f|f|{\"a\":1}|)"));
  CHECK_THAT(text, Catch::Contains("message role=4 name= answers=f text(1)"));
  CHECK_THAT(text, Catch::Contains("tool f  {} -"));
  CHECK_THAT(text, Catch::Contains("choice 4 f"));
}

TEST_CASE("an empty list of parts is no content", "[openai_chat]") {
  CHECK(read_body(only(R"({"role":"user","content":[]})")).request.messages[0].parts.empty());
  CHECK(read_body(only(R"({"role":"user","content":""})")).request.messages[0].parts.empty());
}

TEST_CASE("what has no place is kept with its name", "[openai_chat]") {
  const auto name_of = [](std::string_view body) {
    const auto held = read_body(body);
    REQUIRE(held.request.extra.size() == 1);
    return std::string{held.request.extra[0].name};
  };
  CHECK(name_of(with(R"("chat_template_kwargs":{"a":1})")) == "chat_template_kwargs");
  CHECK(name_of(with(R"("tools":[{"type":"custom","custom":{"name":"grep"}}])")) == "tools[].custom");
  CHECK(name_of(with(R"("tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[]}})")) == "tool_choice");
  CHECK(name_of(with(R"("tool_choice":{"type":"custom","custom":{"name":"grep"}})")) == "tool_choice");
  CHECK(name_of(with(R"("response_format":{"type":"grammar","grammar":"root"})")) == "response_format");
  CHECK(name_of(with(R"("stream":true,"stream_options":{"include_obfuscation":false})")) == "stream_options.*");
  CHECK(name_of(only(R"({"role":"assistant","content":"x","audio":{"id":"a"}})")) == "messages[].*");
  CHECK(name_of(only(R"({"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}]})")) ==
        "messages[].content[].*");
  CHECK(name_of(only(R"({"role":"assistant","tool_calls":[{"id":"a","type":"custom","custom":{"name":"g","input":"i"}}]})")) ==
        "messages[].tool_calls[].custom");
}

TEST_CASE("no text of a body escapes the request", "[openai_chat]") {
  // Detectors look at the request alone: each string of the body must be in it, be it in a field or in an extra.
  const std::string body = R"({"model":"TEXT01","user":"TEXT02","unknown":{"deep":["TEXT03"]},"metadata":{"k":"TEXT04"},
    "stream":true,"stream_options":{"odd":"TEXT05"},"stop":["TEXT06"],
    "tools":[{"type":"function","odd":"TEXT07","function":{"name":"TEXT08","description":"TEXT09","parameters":{"d":"TEXT10"},"odd":"TEXT11"}},
             {"type":"custom","custom":{"name":"TEXT12"}}],
    "tool_choice":{"type":"function","odd":"TEXT13","function":{"name":"TEXT14","odd":"TEXT15"}},
    "response_format":{"type":"json_schema","odd":"TEXT16","json_schema":{"name":"TEXT17","schema":{"d":"TEXT18"},"odd":"TEXT19"}},
    "messages":[{"role":"user","name":"TEXT20","odd":"TEXT21","content":[{"type":"text","text":"TEXT22","odd":"TEXT23"},
        {"type":"image_url","odd":"TEXT24","image_url":{"url":"https://TEXT25","detail":"TEXT26","odd":"TEXT27"}},
        {"type":"input_audio","odd":"TEXT28","input_audio":{"data":"TEXT29","format":"TEXT30","odd":"TEXT31"}},
        {"type":"file","odd":"TEXT32","file":{"file_data":"TEXT33","filename":"TEXT34","odd":"TEXT35"}}]},
      {"role":"assistant","content":"TEXT36","refusal":"TEXT37","reasoning_content":"TEXT38","audio":{"id":"TEXT39"},
       "tool_calls":[{"id":"TEXT40","type":"function","odd":"TEXT41","function":{"name":"TEXT42","arguments":"TEXT43","odd":"TEXT44"},
                      "extra_content":{"google":{"thought_signature":"TEXT45","odd":"TEXT46"},"odd":"TEXT47"}}]},
      {"role":"tool","tool_call_id":"TEXT48","content":"TEXT49","odd":"TEXT50"}]})";
  const auto held = read_body(body);
  const auto seen = describe(held.request);
  std::vector<std::string_view> texts;
  collect(held.doc.root(), texts);
  std::set<std::string> missing;
  for (const auto text : texts) {
    if (text.find("TEXT") != std::string_view::npos && seen.find(text) == std::string::npos) missing.emplace(text);
  }
  CHECK(missing == std::set<std::string>{});
  CHECK(std::ranges::count_if(texts, [](std::string_view t) { return t.find("TEXT") != std::string_view::npos; }) == 50);
}

TEST_CASE("every refused request names its field and what was wanted", "[openai_chat]") {
  const std::vector<refusal_case> cases{
      {R"([])", "", "want a JSON object"},
      {R"({"messages":[{"role":"user","content":"x"}]})", "model", "missing"},
      {R"({"model":"","messages":[]})", "model", "empty"},
      {R"({"model":5,"messages":[]})", "model", "got a number"},
      {R"({"model":"m"})", "messages", "missing"},
      {R"({"model":"m","messages":{}})", "messages", "want an array"},
      {R"({"model":"m","messages":[]})", "messages", "at least one"},
      {only("5"), "messages[0]", "got a number"},
      {only(R"({"content":"x"})"), "messages[0].role", "missing"},
      {only(R"({"role":"boss","content":"x"})"), "messages[0].role", "got another word"},
      {only(R"({"role":"user"})"), "messages[0].content", "missing"},
      {only(R"({"role":"user","content":7})"), "messages[0].content", "a string or an array of parts"},
      {only(R"({"role":"user","content":["x"]})"), "messages[0].content[0]", "an object with type"},
      {only(R"({"role":"user","content":[{"text":"x"}]})"), "messages[0].content[0].type", "missing"},
      {only(R"({"role":"user","content":[{"type":"video_url"}]})"), "messages[0].content[0].type", "got another word"},
      {only(R"({"role":"system","content":[{"type":"image_url","image_url":{"url":"https://x"}}]})"), "messages[0].content[0].type",
       "want text"},
      {only(R"({"role":"user","content":[{"type":"text"}]})"), "messages[0].content[0].text", "missing"},
      {only(R"({"role":"user","content":[{"type":"image_url","image_url":"https://x"}]})"), "messages[0].content[0].image_url",
       "object with url"},
      {only(R"({"role":"user","content":[{"type":"image_url","image_url":{"url":5}}]})"), "messages[0].content[0].image_url.url",
       "want an http(s) or data URL, got a number"},
      {only(R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]})"),
       "messages[0].content[0].image_url.url", "http(s)"},
      {only(R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,"}}]})"),
       "messages[0].content[0].image_url.url", "got none"},
      {only(R"({"role":"user","content":[{"type":"input_audio","input_audio":{"data":"x"}}]})"),
       "messages[0].content[0].input_audio.format", "missing"},
      {only(R"({"role":"user","content":[{"type":"file","file":{}}]})"), "messages[0].content[0].file", "exactly one"},
      {only(R"({"role":"tool","content":"x"})"), "messages[0].tool_call_id", "missing"},
      {only(R"({"role":"assistant","tool_calls":{}})"), "messages[0].tool_calls", "want an array"},
      {only(R"({"role":"assistant","tool_calls":[{"type":"function","function":{"name":"f"}}]})"), "messages[0].tool_calls[0].id",
       "missing"},
      {only(R"({"role":"assistant","tool_calls":[{"id":"a","type":"magic"}]})"), "messages[0].tool_calls[0].type", "got another word"},
      {only(R"({"role":"assistant","tool_calls":[{"id":"a","type":7}]})"), "messages[0].tool_calls[0].type", "got a number"},
      {only(R"({"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":{}}}]})"),
       "messages[0].tool_calls[0].function.arguments", "JSON text in a string"},
      {only(R"({"role":"assistant","reasoning_content":[]})"), "messages[0].reasoning_content", "got an array"},
      {with(R"("stream":"yes")"), "stream", "true or false"},
      {with(R"("stream_options":{"include_usage":true})"), "stream_options", "only allowed with"},
      {with(R"("stream":true,"stream_options":{"include_usage":1})"), "stream_options.include_usage", "true or false"},
      {with(R"("temperature":3)"), "temperature", "from 0 to 2"},
      {with(R"("temperature":"hot")"), "temperature", "got a string"},
      {with(R"("top_p":-0.1)"), "top_p", "from 0 to 1"},
      {with(R"("presence_penalty":9)"), "presence_penalty", "from -2 to 2"},
      {with(R"("n":0)"), "n", "from 1 to 128"},
      {with(R"("n":1.5)"), "n", "got another number"},
      {with(R"("max_tokens":-1)"), "max_tokens", "got another number"},
      {with(R"("max_completion_tokens":"9")"), "max_completion_tokens", "got a string"},
      {with(R"("top_logprobs":2)"), "top_logprobs", "only allowed with"},
      {with(R"("logprobs":5)"), "logprobs", "true or false"},
      {with(R"("seed":9223372036854775808)"), "seed", "64 bits"},
      {with(R"("stop":[1])"), "stop[0]", "want a string"},
      {with(R"("stop":{})"), "stop", "array of strings"},
      {with(R"("tools":{})"), "tools", "array of tools"},
      {with(R"("tools":[{"function":{"name":"f"}}])"), "tools[0].type", "missing"},
      {with(R"("tools":[{"type":"function","name":"f"}])"), "tools[0].function", "Responses form"},
      {with(R"("tools":[{"type":"function","function":{}}])"), "tools[0].function.name", "missing"},
      {with(R"("tools":[{"type":"function","function":{"name":"f","parameters":"x"}}])"), "tools[0].function.parameters", "JSON Schema"},
      {with(R"("tools":[{"type":"web_search"}])"), "tools[0].type", "got another word"},
      {with(R"("tool_choice":"any")"), "tool_choice", "got another word"},
      {with(R"("tool_choice":{"type":"function"})"), "tool_choice.function", "missing"},
      {with(R"("tool_choice":{"type":"tool"})"), "tool_choice.type", "got another word"},
      {with(R"("response_format":{"type":"json_schema"})"), "response_format.json_schema", "missing"},
      {with(R"("response_format":{"type":"json_schema","json_schema":{"schema":{}}})"), "response_format.json_schema.name", "missing"},
      {with(R"("response_format":"json")"), "response_format", "want an object"},
      {with(R"("functions":[{}])"), "functions[0].name", "missing"},
      {with(R"("function_call":"required")"), "function_call", "got another word"},
      {with(R"("reasoning_effort":5)"), "reasoning_effort", "got a number"},
      {with(R"("user":{})"), "user", "got an object"},
  };
  for (const auto& c : cases) {
    const auto e = refused(c.body);
    INFO(c.body << "\n  " << e.message);
    CHECK(e.code == error_code::bad_request);
    CHECK(e.field == c.field);
    CHECK_THAT(e.message, Catch::Contains(c.says));
    if (!c.field.empty()) CHECK_THAT(e.message, Catch::StartsWith(c.field + ": "));
  }
}

TEST_CASE("null is the same as absent for every top-level field", "[openai_chat]") {
  const auto held = read_body(with(
      R"("stream":null,"stream_options":null,"tools":null,"tool_choice":null,"stop":null,"n":null,"temperature":null,"odd":null,"user":null)"));
  CHECK(describe(held.request) == describe(read_body(with("")).request));
}
