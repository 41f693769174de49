#include "client_support.hpp"

using namespace naru;
using namespace naru::test;

namespace {

/// One field of the answer, canonical.
std::string field(const std::vector<event>& events, std::string_view key) {
  const auto doc = parsed(answered(events));
  const auto v = json::find(doc.root().get_object().value_unsafe(), key);
  return v ? canonical(*v) : std::string{};
}
std::string content(const std::vector<event>& events) { return field(events, "content"); }

std::string stop(finished end, std::vector<event> before = {}) {
  before.emplace_back(std::move(end));
  return field(before, "stop_reason") + field(before, "stop_sequence") + field(before, "stop_details");
}

usage some_usage() {
  usage u;
  u.input = {3510}, u.cached = {500}, u.cache_write = {1000}, u.cache_write_long = {2000}, u.output = {58}, u.reasoning = {50};
  return u;
}

}  // namespace

TEST_CASE("an answer is a message with its blocks in order", "[anthropic][client][answer]") {
  const std::vector<event> events{answer_start{"msg_01", "claude-sonnet-5-5", 0},
                                  reasoning_delta{0, "First,", ""},
                                  reasoning_delta{0, " think.", ""},
                                  reasoning_delta{0, "", "EqQB"},
                                  reasoning_delta{0, "", "Y2lw", true},
                                  text_delta{0, "Look"},
                                  text_delta{0, "ing."},
                                  tool_call_start{0, 0, "toolu_1", "ls", ""},
                                  tool_arguments_delta{0, 0, "{\"dir\":"},
                                  tool_arguments_delta{0, 0, "\".\"}"},
                                  tool_call_start{0, 1, "toolu_2", "now", ""},
                                  finished{0, finish_reason::tool_calls},
                                  usage_report{some_usage()}};
  CHECK(canonical(answered(events)) ==
        canonical(R"({"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-5-5","content":[
    {"type":"thinking","thinking":"First, think.","signature":"EqQB"},{"type":"redacted_thinking","data":"Y2lw"},
    {"type":"text","text":"Looking."},{"type":"tool_use","id":"toolu_1","name":"ls","input":{"dir":"."}},
    {"type":"tool_use","id":"toolu_2","name":"now","input":{}}],
    "stop_reason":"tool_use","stop_sequence":null,
    "usage":{"input_tokens":10,"cache_creation_input_tokens":3000,"cache_read_input_tokens":500,
      "cache_creation":{"ephemeral_5m_input_tokens":1000,"ephemeral_1h_input_tokens":2000},
      "output_tokens":58,"output_tokens_details":{"thinking_tokens":50},"service_tier":"standard"}})"));
}

TEST_CASE("an answer without a name of its own has ours", "[anthropic][client][answer]") {
  const std::vector<event> events{answer_start{}, tool_call_start{0, 0, "", "f", ""}, tool_call_start{0, 1, "", "f", ""}, finished{}};
  CHECK(field(events, "id") == "\"msg_fallback\"");
  CHECK(field(events, "model") == "\"asked\"");
  CHECK(content(events) == canonical(R"([{"type":"tool_use","id":"toolu_msg_fallback_0","name":"f","input":{}},
                                         {"type":"tool_use","id":"toolu_msg_fallback_1","name":"f","input":{}}])"));
  CHECK(field(events, "usage").find("\"input_tokens\":0") != std::string::npos);  // clients read it without a look
}

TEST_CASE("reasons of finishing have their words", "[anthropic][client][answer]") {
  using reason = finish_reason;
  CHECK(stop({0, reason::stop}) == "\"end_turn\"null");
  CHECK(stop({0, reason::length}) == "\"max_tokens\"null");
  CHECK(stop({0, reason::tool_calls}) == "\"tool_use\"null");
  CHECK(stop({0, reason::content_filter}) == "\"refusal\"null");
  CHECK(stop({0, reason::stop, "", "END"}) == "\"stop_sequence\"\"END\"");
  CHECK(stop({0, reason::stop, "stop_sequence"}) == "\"stop_sequence\"null");
  CHECK(stop({0, reason::stop, "pause_turn"}) == "\"pause_turn\"null");
  CHECK(stop({0, reason::length, "model_context_window_exceeded"}) == "\"model_context_window_exceeded\"null");
  CHECK(stop({0, reason::content_filter, "SAFETY"}) == "\"refusal\"null");
  // OpenAI says `stop` of a call that was demanded by name
  CHECK(stop({0, reason::stop}, {tool_call_start{0, 0, "a", "f", ""}}) == "\"tool_use\"null");
  CHECK(stop({0, reason::stop}, {refusal_delta{0, "I can"}, refusal_delta{0, "not."}}) ==
        "\"refusal\"null" + canonical(R"({"type":"refusal","category":null,"explanation":"I cannot."})"));
}

TEST_CASE("citations stand on the text that they speak of", "[anthropic][client][answer]") {
  citation page, own;
  page.url = "https://x.io", page.title = "X", page.quoted = "said";
  own.document = 2, own.quoted = "words", own.begin = 3, own.end = 8;
  CHECK(content({text_delta{0, "A"}, page, own, text_delta{0, "B"}, finished{}}) == canonical(R"([
    {"type":"text","text":"A","citations":[
      {"type":"web_search_result_location","cited_text":"said","url":"https://x.io","encrypted_index":"","title":"X"},
      {"type":"char_location","cited_text":"words","document_index":2,"document_title":null,"start_char_index":3,"end_char_index":8}]},
    {"type":"text","text":"B"}])"));
}

TEST_CASE("what the form has no place for becomes text or is another choice's", "[anthropic][client][answer]") {
  CHECK(content({image_made{0, "image/png", "AAAA", "", ""}, image_made{0, "", "", "https://x.io/a.png", ""}, finished{}}) ==
        canonical(R"x([{"type":"text","text":"![image](data:image/png;base64,AAAA)![image](https://x.io/a.png)"}])x"));
  CHECK(content({audio_delta{0, "a", "UklG", "spoken"}, finished{}}) == canonical(R"([{"type":"text","text":"spoken"}])"));
  CHECK(content({text_delta{1, "no"}, reasoning_delta{1, "no", ""}, tool_call_start{1, 0, "a", "f", ""}, tool_arguments_delta{1, 0, "{}"},
                 text_delta{0, "yes"}, finished{0, finish_reason::stop}, finished{1, finish_reason::length}}) ==
        canonical(R"([{"type":"text","text":"yes"}])"));
  CHECK(stop({1, finish_reason::length}) == "\"end_turn\"null");
}

TEST_CASE("arguments that are no object reach the client as what they are", "[anthropic][client][answer]") {
  for (const std::string bad : {"{\"a\":", "[1]", "7", "nonsense \"x\""}) {
    CAPTURE(bad);
    const auto all = content({tool_call_start{0, 0, "a", "f", ""}, tool_arguments_delta{0, 0, bad}, finished{}});
    CHECK(all.find("\"unreadable_arguments\":" + json::quoted(bad)) != std::string::npos);
  }
}

TEST_CASE("a call's signature travels before the call", "[anthropic][client][answer]") {
  CHECK(content({tool_call_start{0, 0, "a", "f", "sig=="}, finished{}}) ==
        canonical(R"([{"type":"redacted_thinking","data":"call_signature:sig=="},{"type":"tool_use","id":"a","name":"f","input":{}}])"));
}

TEST_CASE("tiers and speed are told as this vendor tells them", "[anthropic][client][answer]") {
  usage u;
  u.tier = "priority";
  CHECK(field({usage_report{u}, finished{}}, "usage").find(R"("service_tier":"priority")") != std::string::npos);
  u.tier = "fast";
  CHECK(field({usage_report{u}, finished{}}, "usage").find(R"("speed":"fast")") != std::string::npos);
  u.input = {5}, u.cached = {9};  // a vendor's counts that contradict each other
  CHECK(field({usage_report{u}, finished{}}, "usage").find(R"("input_tokens":0)") != std::string::npos);
}

TEST_CASE("errors have this vendor's types", "[anthropic][client][error]") {
  const auto type = [](error_code code) {
    const auto doc = parsed(dialects::anthropic_messages::client().write_error({code, "m", {}, {}, std::nullopt}, "req_1"));
    const auto root = doc.root().get_object().value_unsafe();
    CHECK(json::get_string(root, "type") == "error");
    CHECK(json::get_string(root, "request_id") == "req_1");
    return std::string{json::get_string(*json::get_object(root, "error"), "type").value_or("")};
  };
  CHECK(type(error_code::bad_request) == "invalid_request_error");
  CHECK(type(error_code::unsupported_field) == "invalid_request_error");
  CHECK(type(error_code::unprocessable) == "invalid_request_error");
  CHECK(type(error_code::unauthorized) == "authentication_error");
  CHECK(type(error_code::payment_required) == "billing_error");
  CHECK(type(error_code::forbidden) == "permission_error");
  CHECK(type(error_code::not_found) == "not_found_error");
  CHECK(type(error_code::request_timeout) == "timeout_error");
  CHECK(type(error_code::conflict) == "conflict_error");
  CHECK(type(error_code::payload_too_large) == "request_too_large");
  CHECK(type(error_code::rate_limited) == "rate_limit_error");
  CHECK(type(error_code::upstream_limited) == "rate_limit_error");
  CHECK(type(error_code::internal) == "api_error");
  CHECK(type(error_code::upstream_failed) == "api_error");
  CHECK(type(error_code::stream_broken) == "api_error");
  CHECK(type(error_code::nothing_cleared) == "api_error");
  CHECK(type(error_code::overloaded) == "overloaded_error");
  CHECK(type(error_code::shutting_down) == "overloaded_error");
  CHECK(type(error_code::upstream_timeout) == "timeout_error");
}

TEST_CASE("an error says where and what, and its code", "[anthropic][client][error]") {
  const auto& form = dialects::anthropic_messages::client();
  CHECK(
      form.write_error({error_code::bad_request, "want a string", "system", {}, std::nullopt}, "") ==
      R"({"type":"error","error":{"type":"invalid_request_error","message":"system: want a string","details":{"error_code":"bad_request"}},"request_id":null})");
  CHECK(
      form.write_error({error_code::bad_request, "system: want a string", "system", "odd", std::nullopt}, "r") ==
      R"({"type":"error","error":{"type":"invalid_request_error","message":"system: want a string","details":{"error_code":"odd"}},"request_id":"r"})");
  CHECK(form.write_error({error_code::context_too_long, "9 of 8 tokens", {}, {}, std::nullopt}, "")
            .find("prompt is too long: 9 of 8 tokens") != std::string::npos);
}

TEST_CASE("a vendor's own words reach the client", "[anthropic][client][error]") {
  const auto& form = dialects::anthropic_messages::client();
  failure f;
  f.cls = failure_class::request, f.status = 400, f.type = "invalid_request_error", f.message = "tools.0: no";
  CHECK(form.write_failure(f, "r") ==
        R"({"type":"error","error":{"type":"invalid_request_error","message":"tools.0: no"},"request_id":"r"})");
  f.cls = failure_class::too_small, f.type = "context_length_exceeded", f.code = "context_length_exceeded",
  f.message = "maximum context length is 8192";
  CHECK(
      form.write_failure(f, "r") ==
      R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: maximum context length is 8192","details":{"error_code":"context_length_exceeded"}},"request_id":"r"})");
  f.message = "prompt is too long: 9 > 8";
  CHECK(form.write_failure(f, "r").find("\"prompt is too long: 9 > 8\"") != std::string::npos);
  CHECK(form.write_failure({}, "").find("invalid_request_error") != std::string::npos);
  f.status = 413, f.type.clear();
  CHECK(form.write_failure(f, "").find("request_too_large") != std::string::npos);
}
