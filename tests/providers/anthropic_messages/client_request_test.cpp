#include <array>

#include "client_support.hpp"

using namespace naru;
using namespace naru::test;

namespace {

std::string first_words(std::string_view content, std::string_view role = "user") {
  return words(read_body(body_with(content, role)).request.messages.at(0));
}
std::string extras(const chat_request& r) {
  std::string out;
  for (const auto& e : r.extra) out += std::string{e.name} + '=' + canonical(e.value) + ' ';
  return out;
}
std::string extras_of(std::string_view content, std::string_view role = "user") {
  return extras(read_body(body_with(content, role)).request);
}
/// A body with more top-level fields.
std::string with_fields(std::string_view fields) {
  return fmt::format(R"({{"model":"m","max_tokens":9,"messages":[{{"role":"user","content":"Hi"}}],{}}})", fields);
}
chat_request request_with(std::string_view fields, std::vector<held_request>& kept) {
  kept.push_back(read_body(with_fields(fields)));
  return kept.back().request;
}

}  // namespace

TEST_CASE("a body of Claude Code is read with its marks, tools and thinking", "[anthropic][client][request]") {
  const std::array<dialect_header, 4> headers{{{"anthropic-version", "2023-06-01"},
                                               {"anthropic-beta", "claude-code-20250219,interleaved-thinking-2025-05-14"},
                                               {"anthropic-beta", "context-management-2025-06-27"},
                                               {"x-other", "1"}}};
  const auto held = read_body(
      R"({"model":"claude-opus-5","stream":true,"max_tokens":32000,"temperature":1,"metadata":{"user_id":"u-1"},
          "system":[{"type":"text","text":"You are."},{"type":"text","text":"Rules","cache_control":{"type":"ephemeral","ttl":"1h"}}],
          "messages":[
            {"role":"user","content":[{"type":"text","text":"List","cache_control":{"type":"ephemeral"}}]},
            {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"EqQB"},{"type":"text","text":"Looking."},
              {"type":"tool_use","id":"toolu_1","name":"ls","input":{"dir":"."},"caller":{"type":"direct"}},
              {"type":"tool_use","id":"toolu_2","name":"now","input":{}}]},
            {"role":"user","content":[
              {"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"a.txt"},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}],"cache_control":{"type":"ephemeral"}},
              {"type":"tool_result","tool_use_id":"toolu_2","content":"denied","is_error":true},
              {"type":"text","text":"Go on"}]}],
          "tools":[{"name":"ls","description":"Lists","input_schema":{"type":"object"},"eager_input_streaming":true},
                   {"type":"custom","name":"now","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],
          "tool_choice":{"type":"auto","disable_parallel_tool_use":true},
          "thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"high"}})",
      {.model = {}, .headers = headers});
  CHECK(words(held.request) == R"(chat claude-opus-5
system text(You are.|) text(Rules|1h)
user text(List|5m)
assistant thinking(Hm.|EqQB) text(Looking.|) call(toolu_1|ls|{"dir":"."}||) call(toolu_2|now|{}||)
tool[toolu_1 marked] text(a.txt|) image(|image/png|AAAA|)
tool[toolu_2 failed] text(denied|)
user text(Go on|)
tool ls|Lists|{"type":"object"}|-|
tool now||{"type":"object"}|-|5m
choice 2  parallel false
format 0 -
max 32000 t 1 p - k -
effort high thinking 3 - true
user u-1 tier  stream true
header anthropic-version: 2023-06-01
header anthropic-beta: claude-code-20250219,interleaved-thinking-2025-05-14
header anthropic-beta: context-management-2025-06-27
)");
  CHECK(held.request.form == "anthropic_messages");
  CHECK(held.request.include_usage);
}

TEST_CASE("a copy of a request keeps the texts that were made for it", "[anthropic][client][request]") {
  std::optional<chat_request> copy;
  auto held = read_body(
      body_with(R"([{"type":"tool_use","id":"a","name":"f","input":{"long enough to be on the heap":1234567890}}])", "assistant"));
  copy = held.request;
  held.request = {};
  CHECK(copy->messages.at(0).calls.at(0).arguments == R"({"long enough to be on the heap":1234567890})");
}

TEST_CASE("every kind of image and document has its part", "[anthropic][client][request]") {
  CHECK(first_words(R"([{"type":"image","source":{"type":"url","url":"https://x.io/a.png"},"cache_control":{"type":"ephemeral"}}])") ==
        "user image(https://x.io/a.png|||5m)");
  CHECK(first_words(R"([{"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"},
                         "citations":{"enabled":true}}])") == "user file(|a.pdf|application/pdf|JVBE||cited|)");
  CHECK(first_words(R"([{"type":"document","source":{"type":"url","url":"https://x.io/a.pdf"}}])") ==
        "user file(||application/pdf||https://x.io/a.pdf||)");
  CHECK(first_words(R"([{"type":"document","source":{"type":"text","media_type":"text/plain","data":"안녕"}}])") ==
        "user file(||text/plain|7JWI64WV|||)");
  CHECK(first_words(R"([{"type":"document","source":{"type":"file","file_id":"file_1"}}])") == "user file(file_1||||||)");
  CHECK(first_words(R"([{"type":"document","source":{"type":"content","content":"ab"}}])") == "user file(||text/plain|YWI=|||)");
  CHECK(first_words(
            R"([{"type":"document","source":{"type":"content","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}}])") ==
        "user file(||text/plain|YQoKYg==|||)");
}

TEST_CASE("what has no place in a part is kept whole under its path", "[anthropic][client][request]") {
  CHECK(extras_of(R"([{"type":"text","text":"x"},{"type":"search_result","source":"s","title":"t","content":[]}])") ==
        "messages[0].content[1]={\"content\":[],\n\"source\":\"s\",\n\"title\":\"t\",\n\"type\":\"search_result\"} ");
  CHECK(extras_of(R"([{"type":"image","source":{"type":"file","file_id":"f"}}])").starts_with("messages[0].content[0]="));
  CHECK(
      extras_of(R"([{"type":"document","citations":{"enabled":true},"source":{"type":"content","content":[{"type":"text","text":"a"}]}}])")
          .starts_with("messages[0].content[0]="));
  CHECK(extras_of(R"([{"type":"document","source":{"type":"content","content":[{"type":"image"}]}}])")
            .starts_with("messages[0].content[0]="));
  CHECK(extras_of(R"([{"type":"document","context":"from 1999","source":{"type":"text","data":"a"}}])") ==
        "messages[0].content[0].context=\"from 1999\" ");
  CHECK(extras_of(R"([{"type":"server_tool_use","id":"s","name":"web_search","input":{}}])", "assistant")
            .starts_with("messages[0].content[0]="));
  CHECK(extras_of(R"([{"type":"tool_use","id":"a","name":"f","input":{},"caller":{"type":"code_execution_20250825","tool_id":"x"}}])",
                  "assistant")
            .starts_with("messages[0].content[0].caller="));
  CHECK(extras_of(R"([{"type":"tool_result","tool_use_id":"a","content":[{"type":"tool_reference","tool_name":"f"}]}])")
            .starts_with("messages[0].content[0].content[0]="));
  std::vector<held_request> kept;
  CHECK(extras(request_with(R"("context_management":{"edits":[]},"container":null,"metadata":{"user_id":"u","x":1})", kept)) ==
        "context_management={\"edits\":[]} metadata.x=1 ");
  CHECK(extras(request_with(R"("tools":[{"type":"web_search_20250305","name":"web_search"},
                                         {"name":"f","input_schema":{},"defer_loading":true,"allowed_callers":["direct"],"input_examples":[]}])",
                            kept)) ==
        "tools[0]={\"name\":\"web_search\",\n\"type\":\"web_search_20250305\"} tools[1].defer_loading=true tools[1].input_examples=[] ");
  CHECK(extras(request_with(R"("output_config":{"effort":"low","task_budget":{"total":1}})", kept)) ==
        "output_config.task_budget={\"total\":1} ");
}

TEST_CASE("hints that no model reads are left out", "[anthropic][client][request]") {
  CHECK(extras_of(
            R"([{"type":"text","text":"x","citations":[{"type":"char_location"}],"cache_control":{"type":"ephemeral","scope":"global"}}])",
            "assistant")
            .empty());
  CHECK(first_words(R"([{"type":"text","text":"x","cache_control":null}])") == "user text(x|)");
}

TEST_CASE("a mark for the whole request is one on its last block", "[anthropic][client][request]") {
  std::vector<held_request> kept;
  CHECK(words(request_with(R"("cache_control":{"type":"ephemeral","ttl":"1h"})", kept).messages.at(0)) == "user text(Hi|1h)");
}

TEST_CASE("results stand before what the user says, wherever they came", "[anthropic][client][request]") {
  const auto held = read_body(body_with(
      R"([{"type":"text","text":"first"},{"type":"tool_result","tool_use_id":"a"},{"type":"text","text":"second"},{"type":"tool_result","tool_use_id":"b","content":""}])"));
  CHECK(words(held.request.messages) == std::vector<std::string>{"tool[a]", "tool[b]", "user text(first|) text(second|)"});
}

TEST_CASE("the system prompt is in front, and a system message stays where it is", "[anthropic][client][request]") {
  const auto held = read_body(
      R"({"messages":[{"role":"user","content":"Hi"},{"role":"system","content":"Later"}],"max_tokens":1,"model":"m","system":"First"})");
  CHECK(words(held.request.messages) == std::vector<std::string>{"system text(First|)", "user text(Hi|)", "system text(Later|)"});
}

TEST_CASE("thinking, choices and formats are read in every spelling", "[anthropic][client][request]") {
  std::vector<held_request> kept;
  using thinks = thinking_request::mode;
  auto r = request_with(R"("thinking":{"type":"enabled","budget_tokens":2048,"display":"omitted"})", kept);
  CHECK((r.thinking.how == thinks::enabled && r.thinking.budget == 2048 && r.thinking.shown == false));
  CHECK(request_with(R"("thinking":{"type":"disabled"})", kept).thinking.how == thinks::disabled);
  using mode = tool_choice::mode;
  CHECK(request_with(R"("tool_choice":{"type":"any"})", kept).tool_choice.how == mode::required);
  CHECK(request_with(R"("tool_choice":{"type":"none"})", kept).tool_choice.how == mode::none);
  r = request_with(R"("tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":false})", kept);
  CHECK((r.tool_choice.how == mode::named && r.tool_choice.name == "f" && r.parallel_tool_calls == true));
  for (const std::string_view where : {R"("output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}})",
                                       R"("output_format":{"type":"json_schema","schema":{"type":"object"}})"}) {
    r = request_with(where, kept);
    CHECK((r.response_format.what == response_format::kind::json_schema && r.response_format.strict == true));
    CHECK(canonical(*r.response_format.schema) == R"({"type":"object"})");
    CHECK_FALSE(r.response_format.name.empty());
  }
  CHECK(request_with(R"("service_tier":"standard_only")", kept).service_tier == "default");
  CHECK(request_with(R"("stop_sequences":["a","b"])", kept).stop == std::vector<std::string_view>{"a", "b"});
}

TEST_CASE("another vendor's signature of a call comes back to the call", "[anthropic][client][request]") {
  CHECK(first_words(R"([{"type":"redacted_thinking","data":"call_signature:sig=="},{"type":"tool_use","id":"a","name":"f","input":{}},
                        {"type":"tool_use","id":"b","name":"g","input":{}},{"type":"redacted_thinking","data":"Y2lw"}])",
                    "assistant") == "assistant redacted(|Y2lw) call(a|f|{}|sig==|) call(b|g|{}||)");
}

TEST_CASE("what is wrong in a body is named by the client's path", "[anthropic][client][request]") {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {R"({"max_tokens":1,"messages":[{"role":"user","content":"x"}]})", "model"},
      {R"({"model":"","max_tokens":1,"messages":[{"role":"user","content":"x"}]})", "model"},
      {R"({"model":"m","messages":[{"role":"user","content":"x"}]})", "max_tokens"},
      {R"({"model":"m","max_tokens":-1,"messages":[{"role":"user","content":"x"}]})", "max_tokens"},
      {R"({"model":"m","max_tokens":1})", "messages"},
      {R"({"model":"m","max_tokens":1,"messages":[]})", "messages"},
      {R"({"model":"m","max_tokens":1,"messages":{}})", "messages"},
      {R"({"model":"m","max_tokens":1,"messages":["x"]})", "messages[0]"},
      {R"({"model":"m","max_tokens":1,"messages":[{"role":"user"}]})", "messages[0].content"},
      {R"({"model":"m","max_tokens":1,"messages":[{"content":"x"}]})", "messages[0].role"},
      {body_with("7"), "messages[0].content"},
      {body_with("\"x\"", "tool"), "messages[0].role"},
      {body_with("[7]"), "messages[0].content[0]"},
      {body_with("[{}]"), "messages[0].content[0].type"},
      {body_with(R"([{"type":""}])"), "messages[0].content[0].type"},
      {body_with(R"([{"type":"text"}])"), "messages[0].content[0].text"},
      {body_with(R"([{"type":"text","text":"x","cache_control":{"type":"forever"}}])"), "messages[0].content[0].cache_control.type"},
      {body_with(R"([{"type":"tool_use","id":"a","name":"f"}])"), "messages[0].content[0].type"},
      {body_with(R"([{"type":"image","source":{"type":"url","url":"u"}}])", "assistant"), "messages[0].content[0].type"},
      {body_with(R"([{"type":"tool_result","tool_use_id":"a"}])", "assistant"), "messages[0].content[0].type"},
      {body_with(R"([{"type":"image","source":{"type":"url","url":"u"}}])", "system"), "messages[0].content[0].type"},
      {body_with(R"([{"type":"tool_use","name":"f"}])", "assistant"), "messages[0].content[0].id"},
      {body_with(R"([{"type":"tool_use","id":"a","name":""}])", "assistant"), "messages[0].content[0].name"},
      {body_with(R"([{"type":"tool_use","id":"a","name":"f","input":"{}"}])", "assistant"), "messages[0].content[0].input"},
      {body_with(R"([{"type":"thinking","thinking":"x"}])", "assistant"), "messages[0].content[0].signature"},
      {body_with(R"([{"type":"redacted_thinking"}])", "assistant"), "messages[0].content[0].data"},
      {body_with(R"([{"type":"tool_result"}])"), "messages[0].content[0].tool_use_id"},
      {body_with(R"([{"type":"tool_result","tool_use_id":"a","content":7}])"), "messages[0].content[0].content"},
      {body_with(R"([{"type":"tool_result","tool_use_id":"a","content":[{"type":"text"}]}])"), "messages[0].content[0].content[0].text"},
      {body_with(R"([{"type":"tool_result","tool_use_id":"a","is_error":"no"}])"), "messages[0].content[0].is_error"},
      {body_with(R"([{"type":"image"}])"), "messages[0].content[0].source"},
      {body_with(R"([{"type":"image","source":{"type":"base64","media_type":"image/png","data":""}}])"),
       "messages[0].content[0].source.data"},
      {body_with(R"([{"type":"image","source":{"type":"base64","data":"AA"}}])"), "messages[0].content[0].source.media_type"},
      {body_with(R"([{"type":"image","source":{"type":"url","url":""}}])"), "messages[0].content[0].source.url"},
      {body_with(R"([{"type":"document","source":{"type":"text"}}])"), "messages[0].content[0].source.data"},
      {body_with(R"([{"type":"document","source":{"type":"text","data":"x"},"citations":{"enabled":1}}])"),
       "messages[0].content[0].citations.enabled"},
      {with_fields(R"("system":[{"type":"image"}])"), "system[0].type"},
      {with_fields(R"("system":7)"), "system"},
      {with_fields(R"("stop_sequences":"x")"), "stop_sequences"},
      {with_fields(R"("stop_sequences":["x",1])"), "stop_sequences[1]"},
      {with_fields(R"("temperature":1.5)"), "temperature"},
      {with_fields(R"("top_k":-1)"), "top_k"},
      {with_fields(R"("stream":"yes")"), "stream"},
      {with_fields(R"("cache_control":7)"), "cache_control"},
      {with_fields(R"("metadata":{"user_id":1})"), "metadata.user_id"},
      {with_fields(R"("thinking":{"type":"enabled"})"), "thinking.budget_tokens"},
      {with_fields(R"("thinking":{"type":"enabled","budget_tokens":1000})"), "thinking.budget_tokens"},
      {with_fields(R"("thinking":{"type":"often"})"), "thinking.type"},
      {with_fields(R"("thinking":{"type":"adaptive","display":"loud"})"), "thinking.display"},
      {with_fields(R"("tools":[{"name":"f"}])"), "tools[0].input_schema"},
      {with_fields(R"("tools":[{"input_schema":{}}])"), "tools[0].name"},
      {with_fields(R"("tools":[{"name":"f","input_schema":[]}])"), "tools[0].input_schema"},
      {with_fields(R"("tool_choice":"auto")"), "tool_choice"},
      {with_fields(R"("tool_choice":{"type":"tool"})"), "tool_choice.name"},
      {with_fields(R"("tool_choice":{"type":"maybe"})"), "tool_choice.type"},
      {with_fields(R"("output_config":{"format":{"type":"json_schema"}})"), "output_config.format.schema"},
      {with_fields(R"("output_format":{"type":"json"})"), "output_format.type"},
  };
  for (const auto& [body, place] : wrong) {
    CAPTURE(body);
    CHECK(refused_place(body) == place);
  }
  const auto list = parsed("[]");
  CHECK_FALSE(dialects::anthropic_messages::client().read_request(list));
}

TEST_CASE("a count of tokens is the same body without max_tokens", "[anthropic][client][count]") {
  const auto& counts = dialects::anthropic_messages::count_tokens_client();
  const auto held = read_body(R"({"model":"m","system":"s","messages":[{"role":"user","content":"x"}]})", {}, counts);
  CHECK(held.request.kind == request_kind::token_count);
  CHECK(words(held.request.messages) == std::vector<std::string>{"system text(s|)", "user text(x|)"});
  CHECK(refused_place(R"({"model":"m"})", counts) == "messages");
  usage u;
  u.input = {2095};
  CHECK(counts.write_answer(held.request, {usage_report{u}, finished{}}, "id", 0) == R"({"input_tokens":2095})");
}
