#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "support.hpp"

using namespace naru;
using namespace naru::test;
namespace openai_responses = naru::dialects::openai_responses;
namespace openai_chat = naru::dialects::openai_chat;

namespace {

const dialects::client_dialect& form() { return openai_responses::client(); }
std::string read_messages(const std::string& items) { return messages_of(read_body(R"({"model":"m","input":)" + items + "}").request); }

}  // namespace

TEST_CASE("the fields of a body have their places", "[openai_responses][request]") {
  const auto held = read_body(R"({"model":"gpt","input":"hi","instructions":"Be brief.","previous_response_id":"resp_1","store":false,
    "stream":true,"max_output_tokens":99,"temperature":0.5,"top_p":0.25,"top_logprobs":2,"parallel_tool_calls":false,
    "reasoning":{"effort":"high","summary":"auto"},"text":{"format":{"type":"json_schema","name":"n","description":"d",
    "schema":{"type":"object"},"strict":true},"verbosity":"low"},"service_tier":"flex","user":"old","safety_identifier":"new",
    "include":["reasoning.encrypted_content"],"truncation":"disabled","background":false,"prompt_cache_key":"k","metadata":{"a":"b"},
    "tools":[{"type":"function","name":"f","description":"does","parameters":{"type":"object"},"strict":null}],
    "tool_choice":{"type":"function","name":"f"},"stream_options":{"include_obfuscation":false}})");
  const auto& r = held.request;
  CHECK(messages_of(r) == "system text(Be brief.)\nuser text(hi)\n");
  CHECK(r.model == "gpt");
  CHECK(r.previous_response == "resp_1");
  CHECK(r.store == false);
  CHECK(r.stream);
  CHECK(r.max_output_tokens == 99);
  CHECK((r.temperature == 0.5 && r.top_p == 0.25));
  CHECK((r.logprobs == true && r.top_logprobs == 2));
  CHECK(r.parallel_tool_calls == false);
  CHECK(r.reasoning_effort == "high");
  CHECK(r.thinking.shown == true);
  CHECK(r.response_format.what == response_format::kind::json_schema);
  CHECK((r.response_format.name == "n" && r.response_format.description == "d" && r.response_format.strict == true));
  CHECK(r.verbosity == "low");
  CHECK(r.service_tier == "flex");
  CHECK(r.user == "new");
  REQUIRE(r.tools.size() == 1);
  CHECK((r.tools[0].name == "f" && r.tools[0].description == "does" && !r.tools[0].strict));
  CHECK((r.tool_choice.how == tool_choice::mode::named && r.tool_choice.name == "f"));
  CHECK(extras_of(r) == "prompt_cache_key=\"k\"\nmetadata={\"a\":\"b\"}\n");
}

TEST_CASE("what a model did in one turn is one message", "[openai_responses][request]") {
  CHECK(read_messages(R"([{"role":"user","content":"q"},
    {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],"encrypted_content":"ENC"},
    {"type":"message","role":"assistant","id":"msg_1","status":"completed","content":[{"type":"output_text","text":"t","annotations":[]}]},
    {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{}"},
    {"type":"function_call","call_id":"c2","name":"g","arguments":"{\"x\":1}"},
    {"type":"function_call_output","call_id":"c1","output":"one"},
    {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"two"},
       {"type":"input_image","image_url":"data:image/png;base64,QUJD","detail":"low"}]},
    {"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"E2"},
    {"type":"function_call","call_id":"c3","name":"f","arguments":""},
    {"type":"function_call_output","call_id":"c3","output":""}])") ==
        "user text(q)\n"
        "assistant reasoning(a|) reasoning(b|openai_reasoning:rs_1:ENC) text(t) call(c1|f|{}|) call(c2|g|{\"x\":1}|)\n"
        "tool answers c1 text(one)\n"
        "tool answers c2 text(two) image(|image/png|QUJD|low)\n"
        "assistant reasoning(|openai_reasoning:rs_2:E2) call(c3|f||)\n"
        "tool answers c3\n");
}

TEST_CASE("two messages of a model are two, with the reasoning that went before each", "[openai_responses][request]") {
  CHECK(read_messages(R"([{"role":"assistant","content":"a"},{"role":"assistant","content":"b"}])") ==
        "assistant text(a)\nassistant text(b)\n");
  CHECK(read_messages(R"([{"type":"reasoning","id":"r1","summary":[]},{"role":"assistant","content":"a"},
    {"type":"reasoning","id":"r2","summary":[]},{"role":"assistant","content":"b"},{"role":"user","content":"c"}])") ==
        "assistant reasoning(|openai_reasoning:r1:) text(a)\nassistant reasoning(|openai_reasoning:r2:) text(b)\nuser text(c)\n");
}

TEST_CASE("parts of a user's message", "[openai_responses][request]") {
  CHECK(read_messages(R"([{"type":"message","role":"user","content":[{"type":"input_text","text":"t"},
    {"type":"input_image","image_url":"https://e.com/i.png"},{"type":"input_file","file_id":"file-1"},
    {"type":"input_file","file_url":"https://e.com/f.pdf"},
    {"type":"input_file","filename":"f.pdf","file_data":"data:application/pdf;base64,JVBE"},
    {"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}}]},{"role":"user","content":[]},
    {"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}])") ==
        "user text(t) image(https://e.com/i.png|||) file(file-1||||) file(|https://e.com/f.pdf|||) file(||application/pdf|JVBE|f.pdf) "
        "audio(UklG|wav)\nuser\nassistant refusal(no)\n");
}

TEST_CASE("what only this form has is kept under its path", "[openai_responses][request]") {
  const auto held =
      read_body(R"({"model":"m","truncation":"auto","background":true,"foo":1,"stop":"x","include":["file_search_call.results"],
    "reasoning":{"mode":"pro"},"text":{"format":{"type":"grammar"}},"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[]},
    "tools":[{"type":"function","name":"f"},{"type":"custom","name":"g","format":{"type":"grammar"}},{"type":"web_search"}],
    "input":[{"type":"item_reference","id":"rs_1"},{"type":"custom_tool_call","call_id":"c","name":"g","input":"x"},
    {"role":"user","content":[{"type":"input_image","file_id":"f"},{"type":"brand_new"},{"type":"input_text","text":"t","x":1}],"phase":"p"},
    {"role":"developer","content":[{"type":"input_image","image_url":"https://e.com/i"}]}]})");
  CHECK(extras_of(held.request) ==
        "truncation=\"auto\"\nbackground=true\nfoo=1\nstop=\"x\"\ninclude[0]=\"file_search_call.results\"\nreasoning.mode=\"pro\"\n"
        "text.format.type={\"type\":\"grammar\"}\ntool_choice.type={\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":[]}\n"
        "tools[1]={\"type\":\"custom\",\"name\":\"g\",\"format\":{\"type\":\"grammar\"}}\ntools[2]={\"type\":\"web_search\"}\n"
        "input[0]={\"type\":\"item_reference\",\"id\":\"rs_1\"}\n"
        "input[1]={\"type\":\"custom_tool_call\",\"call_id\":\"c\",\"name\":\"g\",\"input\":\"x\"}\n"
        "input[2].content[0].file_id=\"f\"\ninput[2].content[1]={\"type\":\"brand_new\"}\ninput[2].content[2].x=1\ninput[2].phase=\"p\"\n"
        "input[3].content[0]={\"type\":\"input_image\",\"image_url\":\"https://e.com/i\"}\n");
  // The names outlive the request that they were read into, as copies share them.
  chat_request copy;
  {
    const auto inner = read_body(R"({"model":"m","input":[{"type":"item_reference"}]})");
    copy.extra = inner.request.extra;
    copy.made = inner.request.made;
  }
  CHECK(copy.extra[0].name == "input[0]");
}

TEST_CASE("a body that is wrong is refused by the place of its first fault", "[openai_responses][request]") {
  const std::vector<std::pair<std::string, std::string>> bodies{
      {R"([])", ""},
      {R"({"input":"x"})", "model"},
      {R"({"model":"m"})", "input"},
      {R"({"model":"m","input":7})", "input"},
      {R"({"model":"m","input":["x"]})", "input[0]"},
      {R"({"model":"m","input":[{"type":7}]})", "input[0].type"},
      {R"({"model":"m","input":[{"id":"x"}]})", "input[0].type"},
      {R"({"model":"m","input":[{"role":"robot","content":"x"}]})", "input[0].role"},
      {R"({"model":"m","input":[{"type":"message","content":"x"}]})", "input[0].role"},
      {R"({"model":"m","input":[{"role":"user"}]})", "input[0].content"},
      {R"({"model":"m","input":[{"role":"user","content":[{"type":"output_text","text":"x"}]}]})", "input[0].content[0].type"},
      {R"({"model":"m","input":[{"role":"user","content":[{"type":"input_text"}]}]})", "input[0].content[0].text"},
      {R"({"model":"m","input":[{"role":"user","content":[{"type":"input_image"}]}]})", "input[0].content[0]"},
      {R"({"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":"ftp://x"}]}]})",
       "input[0].content[0].image_url"},
      {R"({"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_id":"a","file_url":"b"}]}]})", "input[0].content[0]"},
      {R"({"model":"m","input":[{"role":"assistant","content":[{"type":"input_image","image_url":"https://x"}]}]})",
       "input[0].content[0].type"},
      {R"({"model":"m","input":[{"type":"function_call","name":"f"}]})", "input[0].call_id"},
      {R"({"model":"m","input":[{"type":"function_call","call_id":"c"}]})", "input[0].name"},
      {R"({"model":"m","input":[{"type":"function_call","call_id":"c","name":"f","arguments":{}}]})", "input[0].arguments"},
      {R"({"model":"m","input":[{"type":"function_call_output","output":"x"}]})", "input[0].call_id"},
      {R"({"model":"m","input":[{"type":"function_call_output","call_id":"c"}]})", "input[0].output"},
      {R"({"model":"m","input":[{"type":"reasoning","summary":"x"}]})", "input[0].summary"},
      {R"({"model":"m","input":[{"type":"reasoning","summary":[{}]}]})", "input[0].summary[0].text"},
      {R"({"model":"m","input":"x","tools":[{"name":"f"}]})", "tools[0].type"},
      {R"({"model":"m","input":"x","tools":[{"type":"function"}]})", "tools[0].name"},
      {R"({"model":"m","input":"x","tools":[{"type":"function","function":{"name":"f"}}]})", "tools[0].name"},
      {R"({"model":"m","input":"x","tool_choice":"any"})", "tool_choice"},
      {R"({"model":"m","input":"x","tool_choice":{"type":"function"}})", "tool_choice.name"},
      {R"({"model":"m","input":"x","text":{"format":{"type":"json_schema"}}})", "text.format.name"},
      {R"({"model":"m","input":"x","reasoning":{"effort":""}})", "reasoning.effort"},
      {R"({"model":"m","input":"x","temperature":3})", "temperature"},
      {R"({"model":"m","input":"x","max_output_tokens":0})", "max_output_tokens"},
      {R"({"model":"m","input":"x","top_logprobs":21})", "top_logprobs"},
      {R"({"model":"m","input":"x","include":[1]})", "include[0]"},
      {R"({"model":"m","input":"x","instructions":["x"]})", "instructions"},
      {R"({"model":"m","input":"x","stream":"yes"})", "stream"}};
  for (const auto& [body, place] : bodies) {
    CAPTURE(body);
    CHECK(refused_place(form(), body) == place);
  }
}

TEST_CASE("a place is told in this form's spelling, by the item that it came from", "[openai_responses][place]") {
  const auto held = read_body(R"({"model":"m","instructions":"i","input":[{"role":"user","content":[{"type":"input_text","text":"a"}]},
    {"type":"item_reference"},{"type":"reasoning","id":"r","summary":[]},{"type":"function_call","call_id":"c","name":"f"},
    {"type":"function_call","call_id":"d","name":"f"},{"type":"function_call_output","call_id":"d","output":[]}]})");
  const auto place = [&](std::string_view chat) { return form().place_in(held.request, {}, chat); };
  CHECK(place("messages[0]") == "instructions");
  CHECK(place("messages[1].content[0]") == "input[0].content[0]");
  CHECK(place("messages[2].role") == "input[2].role");
  CHECK(place("messages[2].tool_calls[0].function.arguments") == "input[3].arguments");
  CHECK(place("messages[2].tool_calls[1].function.arguments") == "input[4].arguments");
  CHECK(place("messages[3].content[1]") == "input[5].output[1]");
  CHECK(place("messages[9]") == "input");
  CHECK(place("messages") == "input");
  CHECK(form().place("messages[1].content[0]") == "input");
  CHECK(place("max_completion_tokens") == "max_output_tokens");
  CHECK(place("max_tokens") == "max_output_tokens");
  CHECK(place("reasoning_effort") == "reasoning.effort");
  CHECK(place("verbosity") == "text.verbosity");
  CHECK(place("response_format.type") == "text.format.type");
  CHECK(place("response_format.json_schema.schema") == "text.format.schema");
  CHECK(place("tools[2].function.parameters") == "tools[2].parameters");
  CHECK(place("tool_choice") == "tool_choice");
  CHECK(place("seed") == "seed");
  const auto text = read_body(R"({"model":"m","input":"x"})");
  CHECK(form().place_in(text.request, {}, "messages[0].content[0]") == "input");
}

TEST_CASE("a body of this form at the chat path is read by this form's reader", "[openai_responses][cursor]") {
  const auto held = read_body(openai_chat::client(), R"({"model":"m","stream":true,"stream_options":{"include_usage":true},
    "input":[{"role":"system","content":"s"},{"role":"user","content":[]}],"reasoning":{"effort":"low"},
    "tools":[{"type":"function","name":"f","parameters":{"type":"object"}},{"type":"custom","name":"patch","format":{"type":"grammar"}}]})");
  const auto& r = held.request;
  CHECK(messages_of(r) == "system text(s)\nuser\n");
  CHECK(r.tools.size() == 1);
  CHECK(r.include_usage);
  CHECK(extras_of(r).starts_with("tools[1]={"));
  const dialects::target t{.model = "target", .constraints = {}, .max_output = std::nullopt};
  // Its bytes are not those of the chat form: they are never passed on as such, and what has no place is named.
  const std::string body = R"({"model":"m","input":"x","tools":[{"type":"function","name":"f"}]})";
  const auto other = read_body(openai_chat::client(), body);
  CHECK_FALSE(openai_chat::upstream().splice_request("openai_chat", body, other.request, t));
  const auto wire = openai_chat::upstream().write_request(other.request, t);
  REQUIRE(wire);
  CHECK(wire->body ==
        R"({"model":"target","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}]})");
  const auto refused = openai_chat::upstream().write_request(r, t);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().field == "tools[1]");
  CHECK(refused_place(openai_chat::client(), R"({"model":"m","input":[{"role":"x"}]})") == "input[0].role");
  CHECK(refused_place(openai_chat::client(), R"({"model":"m","input":"x","messages":[]})") == "messages");
  CHECK(refused_place(openai_chat::client(), R"({"model":"m"})") == "messages");
}
