#include <deque>
#include <random>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "support.hpp"
#include "tests/providers/writing.hpp"

using namespace naru;
using namespace naru::test;
namespace openai_responses = naru::dialects::openai_responses;
namespace openai_chat = naru::dialects::openai_chat;

namespace {

const dialects::upstream_dialect& form() { return openai_responses::upstream(); }
const dialects::target plain{.model = "target", .constraints = {}, .max_output = std::nullopt};
const dialects::target reasoner{.model = "target",
                                .constraints = {"chat_tools_require_responses_api", "no_sampling_params_when_reasoning"},
                                .max_output = std::nullopt};

held_request chat(const std::string& fields) { return read_body(openai_chat::client(), R"({"model":"m",)" + fields + "}"); }
std::string hi(const std::string& fields) { return R"("messages":[{"role":"user","content":"hi"}],)" + fields; }
std::string field_of(const std::string& fields, std::string_view key, const dialects::target& t = plain) {
  return written_field(form(), chat(fields).request, t, key);
}
std::string refused(const std::string& fields, const dialects::target& t = plain) { return refused_field(form(), chat(fields).request, t); }

}  // namespace

TEST_CASE("a chat is written as items", "[openai_responses][write]") {
  const std::string messages = R"("messages":[{"role":"system","content":"s"},{"role":"developer","content":"d"},
    {"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}},
      {"type":"file","file":{"file_data":"data:application/pdf;base64,JVBE","filename":"f.pdf"}}]},
    {"role":"assistant","content":"t","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":" "}}]},
    {"role":"tool","tool_call_id":"c1","content":"r"}])";
  CHECK(field_of(messages, "input") ==
        canonical(R"([{"type":"message","role":"system","content":"s"},{"type":"message","role":"developer","content":"d"},
    {"type":"message","role":"user","content":[{"type":"input_text","text":"a"},
      {"type":"input_image","image_url":"data:image/png;base64,QUJD","detail":"auto"},
      {"type":"input_file","file_data":"data:application/pdf;base64,JVBE","filename":"f.pdf"}]},
    {"type":"message","role":"assistant","content":[{"type":"output_text","text":"t","annotations":[]}]},
    {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
    {"type":"function_call_output","call_id":"c1","output":"r"}])"));
}

TEST_CASE("the chat form's fields have their places", "[openai_responses][write]") {
  CHECK(field_of(hi(R"("max_tokens":7)"), "max_output_tokens") == "7");
  CHECK(field_of(hi(R"("n":1)"), "store") == "false");
  CHECK(field_of(hi(R"("store":true)"), "store") == "true");
  CHECK(field_of(hi(R"("reasoning_effort":"low")"), "reasoning") == canonical(R"({"effort":"low"})"));
  CHECK(field_of(hi(R"("verbosity":"high")"), "text") == canonical(R"({"verbosity":"high"})"));
  CHECK(field_of(hi(R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}})"),
                 "text") == canonical(R"({"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}})"));
  CHECK(field_of(hi(R"("tools":[{"type":"function","function":{"name":"f"}}])"), "tools") ==
        canonical(R"([{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}])"));
  CHECK(field_of(hi(R"("tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"f"}})"),
                 "tool_choice") == canonical(R"({"type":"function","name":"f"})"));
  CHECK(field_of(hi(R"("logprobs":true,"top_logprobs":3)"), "include") == R"(["message.output_text.logprobs"])");
  CHECK(field_of(hi(R"("metadata":{"a":"b"})"), "metadata") == canonical(R"({"a":"b"})"));
  CHECK(field_of(hi(R"("stream":true)"), "stream") == "true");
  CHECK(field_of(hi(R"("user":"u")"), "safety_identifier") == "\"u\"");
}

TEST_CASE("encrypted reasoning is asked for where a model reasons and nothing is stored", "[openai_responses][write]") {
  const std::string wish = R"(["reasoning.encrypted_content"])";
  CHECK(field_of(hi(R"("reasoning_effort":"low")"), "include") == wish);
  CHECK(field_of(hi(R"("n":1)"), "include", reasoner) == wish);
  CHECK(field_of(hi(R"("n":1)"), "include").empty());  // OpenAI refuses it of a model that does not reason
  CHECK(field_of(hi(R"("reasoning_effort":"none")"), "include", reasoner).empty());
  CHECK(field_of(hi(R"("reasoning_effort":"low","store":true)"), "include").empty());
}

TEST_CASE("tools beside reasoning, which the chat form cannot have, are carried here", "[openai_responses][carry]") {
  const std::string tools = hi(R"("tools":[{"type":"function","function":{"name":"f"}}],"reasoning_effort":"high")");
  CHECK(refused_field(openai_chat::upstream(), chat(tools).request, reasoner) == "tools");
  CHECK(refused(tools, reasoner).empty());
}

TEST_CASE("what has no place is refused by its name", "[openai_responses][carry]") {
  const std::vector<std::pair<std::string, std::string>> fields{
      {R"("n":2)", "n"},
      {R"("stop":"x")", "stop"},
      {R"("seed":1)", "seed"},
      {R"("frequency_penalty":1)", "frequency_penalty"},
      {R"("presence_penalty":1)", "presence_penalty"},
      {R"("top_k":1)", "top_k"},
      {R"("min_p":0.5)", "min_p"},
      {R"("repetition_penalty":1.5)", "repeat_penalty"},
      {R"("logit_bias":{"1":2})", "logit_bias"},
      {R"("prediction":{"type":"content"})", "prediction"},
      {R"("web_search_options":{"a":1})", "web_search_options"},
      {R"("modalities":["text","audio"])", "modalities"},
      {R"("tools":[{"type":"custom","custom":{"name":"g"}}])", "tools[].custom"},
      {R"("n":1,"frequency_penalty":0,"logit_bias":{},"modalities":["text"],"store":false,"repetition_penalty":1)", ""}};
  for (const auto& [field, name] : fields) {
    CAPTURE(field);
    CHECK(refused(hi(field)) == name);
  }
  CHECK(refused(R"("messages":[{"role":"user","name":"bob","content":"x"}])") == "messages[0].name");
  CHECK(refused(R"("messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}}]}])") ==
        "messages[0].content[0]");
  CHECK(refused(hi(R"("temperature":0.5)"), reasoner) == "temperature");
  CHECK(refused(hi(R"("temperature":1)"), reasoner).empty());
  CHECK(field_of(hi(R"("temperature":1)"), "temperature", reasoner).empty());
}

TEST_CASE("arguments that are no object are the request's fault", "[openai_responses][write]") {
  const auto held =
      chat(R"("messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"[1]"}}]}])");
  const auto w = form().write_request(held.request, plain);
  REQUIRE_FALSE(w);
  CHECK(w.error().code == error_code::bad_request);
  CHECK(w.error().field == "messages[0].tool_calls[0].function.arguments");
}

TEST_CASE("only this vendor's own reasoning is written back to it", "[openai_responses][reasoning]") {
  const auto held = chat(R"("messages":[{"role":"user","content":"q"},{"role":"assistant","content":"t","reasoning_details":[
    {"type":"reasoning.summary","summary":"why","format":"openai-responses-v1"},
    {"type":"reasoning.encrypted","id":"rs_1","data":"ENC","format":"openai-responses-v1"},
    {"type":"reasoning.text","text":"claude","signature":"c2ln","format":"anthropic-claude-v1"},
    {"type":"reasoning.encrypted","data":"UkVE","format":"anthropic-claude-v1"},
    {"type":"reasoning.encrypted","data":"WEFJ","format":"xai-responses-v1"}]}])");
  CHECK(
      written_field(form(), held.request, plain, "input") ==
      canonical(
          R"([{"type":"message","role":"user","content":"q"},{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"why"}],"encrypted_content":"ENC"},
          {"type":"message","role":"assistant","content":[{"type":"output_text","text":"t","annotations":[]}]}])"));
  // And the other way round: Anthropic gets what Anthropic made.
  const std::string there = written_field(dialects::anthropic_messages::upstream(), held.request, plain, "messages");
  CHECK(
      there ==
      canonical(
          R"([{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"assistant","content":[{"type":"thinking","thinking":"claude","signature":"c2ln"},
          {"type":"redacted_thinking","data":"UkVE"},{"type":"text","text":"t"}]}])"));
}

TEST_CASE("another vendor's reasoning goes through a client of this form and comes back as it was", "[openai_responses][reasoning]") {
  const std::vector<event> events{answer_start{"msg_1", "claude", 1},
                                  reasoning_delta{0, "let me ", {}, false},
                                  reasoning_delta{0, "see", "c2ln", false},
                                  reasoning_delta{0, {}, "redacted_thinking:UkVE", false},
                                  reasoning_delta{0, {}, "openai_reasoning:rs_1:ENC", false},
                                  tool_call_start{0, 0, "c", "f", "Z2VtaW5p"},
                                  finished{0, finish_reason::tool_calls, {}, {}}};
  const std::string answer = openai_responses::client().write_answer({}, events, "resp_f", 1);
  const auto doc = json::document::parse(answer);
  REQUIRE(doc);
  const std::string output = json::to_text(*json::find(doc->root().get_object().value_unsafe(), "output"));
  const std::string body = R"({"model":"m","input":)" + output + "}";
  const auto held = read_body(body);
  CHECK(messages_of(held.request) ==
        "assistant reasoning(let me see|c2ln) reasoning(|redacted_thinking:UkVE|redacted) reasoning(|openai_reasoning:rs_1:ENC) "
        "call(c|f|{}|Z2VtaW5p)\n");
  // To OpenAI itself the body is passed on, without what it could not decrypt.
  const auto spliced = form().splice_request("openai_responses", body, held.request, plain);
  REQUIRE(spliced);
  const auto again = json::document::parse(spliced->text());
  REQUIRE(again);
  const auto input = json::get_array(again->root().get_object().value_unsafe(), "input");
  REQUIRE(input);
  REQUIRE(input->size() == 2);
  CHECK(canonical(input->at(0).value_unsafe()) == canonical(R"({"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"ENC"})"));
  CHECK(spliced->text().find("naru_") == std::string::npos);
}

TEST_CASE("a body of the same form goes on as it came but for the model", "[openai_responses][splice]") {
  const std::string body =
      R"({ "input" : [{"type":"item_reference","id":"x"}] ,"model":"m","brand_new":{"a":1},"temperature":1, "store":true})";
  const auto held = read_body(body);
  CHECK_FALSE(form().cannot_carry(held.request, plain));
  const auto wire = form().splice_request("openai_responses", body, held.request, plain);
  REQUIRE(wire);
  CHECK(wire->path == "/responses");
  CHECK(wire->text() ==
        R"({ "input" : [{"type":"item_reference","id":"x"}] ,"model":"target","brand_new":{"a":1},"temperature":1, "store":true})");
  const auto reasoning = form().splice_request("openai_responses", body, held.request, reasoner);
  REQUIRE(reasoning);
  CHECK(reasoning->text().find("temperature") == std::string::npos);
  CHECK_FALSE(form().splice_request("openai_chat", body, held.request, plain));
  const std::string twin = R"({"model":"m","input":"x","mod\u0065l2":"y"})";
  CHECK_FALSE(form().splice_request("openai_responses", twin, read_body(twin).request, plain));
  // Written anew, what only splicing carries is refused.
  const auto anew = form().write_request(held.request, plain);
  REQUIRE_FALSE(anew);
  CHECK(anew.error().code == error_code::unsupported_field);
}

TEST_CASE("a count of tokens goes to its own path, without the fields of an answer", "[openai_responses][input_tokens]") {
  const std::string body = R"({"model":"m","input":"x","instructions":"i"})";
  const auto held = read_body(openai_responses::input_tokens_client(), body);
  const auto spliced = form().splice_request("openai_responses_input_tokens", body, held.request, plain);
  REQUIRE(spliced);
  CHECK(spliced->path == "/responses/input_tokens");
  const auto wire = form().write_request(held.request, plain);
  REQUIRE(wire);
  CHECK(wire->path == "/responses/input_tokens");
  CHECK(canonical(wire->body) ==
        canonical(R"({"model":"target","instructions":"i","input":[{"type":"message","role":"user","content":"x"}]})"));
  CHECK(refused_field(openai_chat::upstream(), held.request, plain) == "model");
}

TEST_CASE("an earlier answer that a request goes on from is never dropped", "[openai_responses][carry]") {
  const auto held = read_body(R"({"model":"m","input":"x","previous_response_id":"resp_1"})");
  CHECK(refused_field(openai_chat::upstream(), held.request, plain) == "previous_response_id");
  CHECK(refused_field(dialects::anthropic_messages::upstream(), held.request, plain) == "previous_response_id");
  CHECK(written_field(form(), held.request, plain, "previous_response_id") == "\"resp_1\"");
}

TEST_CASE("a request that is written reads back the same", "[openai_responses][property]") {
  for (std::uint32_t seed = 1; seed <= 1500; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    std::deque<std::string> texts;
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    const auto text = [&]() -> std::string_view {
      constexpr std::string_view pieces[] = {"a", "나루", "\"", "\\", "\n", "\x01", "😀", "{}"};
      std::string s = "t";
      for (std::uint32_t i = below(5); i > 0; --i) s += pieces[below(std::size(pieces))];
      return texts.emplace_back(std::move(s));
    };
    chat_request r;
    r.model = "target";
    for (std::uint32_t i = 1 + below(5); i > 0; --i) {
      message m;
      m.role = static_cast<role>(below(5));
      if (m.role == role::tool) m.tool_call_id = text();
      if (m.role == role::assistant) {
        // Two in a row are told apart by words alone, so each has some; a signature ends its reasoning.
        for (std::uint32_t k = below(3); k > 0; --k) {
          m.parts.emplace_back(reasoning_part{text(), texts.emplace_back("openai_reasoning:rs_" + std::to_string(k) + ":E")});
        }
        m.parts.emplace_back(text_part{text()});
        for (std::uint32_t k = below(3); k > 0; --k) m.calls.push_back({text(), text(), R"({"q":1})", {}});
        if (!r.messages.empty() && r.messages.back().role == role::assistant) continue;
      } else {
        for (std::uint32_t k = below(3); k > 0; --k) m.parts.emplace_back(text_part{text()});
        if (m.role == role::user && below(2) == 0) m.parts.emplace_back(image_part{{}, "image/png", "QUJD", "low"});
        if (m.role == role::user && below(3) == 0) m.parts.emplace_back(file_part{{}, "f.pdf", "application/pdf", "JVBE"});
      }
      r.messages.push_back(std::move(m));
    }
    if (below(2) == 0) r.max_output_tokens = 1 + below(1000);
    if (below(2) == 0) r.reasoning_effort = "low", r.verbosity = "high";
    if (below(2) == 0) r.store = below(2) == 0;
    const auto wire = form().write_request(r, plain);
    REQUIRE(wire);
    const auto held = read_body(wire->body);
    REQUIRE(messages_of(held.request) == messages_of(r));
    CHECK(held.request.max_output_tokens == r.max_output_tokens);
    CHECK(held.request.reasoning_effort == r.reasoning_effort);
    CHECK(held.request.verbosity == r.verbosity);
    CHECK(held.request.store == r.store.value_or(false));
  }
}
