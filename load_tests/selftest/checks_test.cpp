#include <catch2/catch.hpp>

#include "load_tests/selftest/vendors.hpp"

// The mock refuses what its vendor would refuse: a gateway that translates badly fails against it.
using namespace naru::test;

namespace {

mock_upstream& mock() {
  static mock_upstream one;
  return one;
}

struct refused {
  const char* body;
  int status;
  const char* word;  ///< in the message; for 200: in the answer
};

void check(const vendor& v, const std::string& path, const header_lines& headers, const std::vector<refused>& all) {
  for (const auto& one : all) {
    CAPTURE(v.name, one.body);
    const http_answer a = ask(mock().port(), "POST", path, headers, one.body);
    CAPTURE(a.body);
    CHECK(a.status == one.status);
    CHECK(a.body.find(one.word) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("OpenAI's demands", "[mock]") {
  const auto& v = vendor_named("openai");
  check(
      v, v.path, v.headers,
      {
          {R"({"model":"ok"})", 400, "Missing required parameter: 'messages'"},
          {R"({"messages":[{"role":"user","content":"x"}]})", 400, "model parameter"},
          {R"({"model":"ok","messages":[]})", 400, "empty array"},
          {R"({"model":"ok","messages":[{"role":"user","content":"x"}],"max_output_tokens":3})", 400,
           "Unrecognized request argument supplied: max_output_tokens"},
          {R"({"model":"lenient+ok","messages":[{"role":"user","content":"x"}],"max_output_tokens":3})", 200, "Hello"},
          {R"({"model":"ok","messages":[{"role":"model","content":"x"}]})", 400, "Invalid value: 'model'"},
          {R"({"model":"ok","messages":[{"role":"user","content":null}]})", 400, "content"},
          {R"({"model":"ok","messages":[{"role":"user","content":[{"type":"text"}]}]})", 400, "content[0].text"},
          {R"({"model":"ok","messages":[{"role":"user","content":[{"type":"image","source":{}}]}]})", 400, "Invalid value: 'image'"},
          {R"({"model":"ok","messages":[{"role":"tool","tool_call_id":"a","content":"x"}]})", 400,
           "must be a response to a preceeding message"},
          {R"({"model":"ok","messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"y"}]})",
           400, "did not have response messages: a"},
          {R"({"model":"ok","messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":{}}}]},{"role":"tool","tool_call_id":"a","content":"y"}]})",
           400, "expected a string"},
          {R"({"model":"ok","messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":true}})", 400,
           "only allowed when 'stream'"},
          {R"({"model":"no-stream-options+ok","stream":true,"messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":true}})",
           400, "stream_options"},
          {R"({"model":"strict+ok","messages":[{"role":"user","content":"x"}],"temperature":1})", 400,
           "Unsupported parameter: 'temperature'"},
          {R"({"model":"strict+ok","messages":[{"role":"user","content":"x"}],"max_tokens":9})", 400, "max_completion_tokens"},
          {R"({"model":"ok","messages":[{"role":"user","content":"x"}],"temperature":2.5})", 400, "temperature"},
          {R"({"model":"ok","messages":[{"role":"user","content":"x"}],"stop":["a","b","c","d","e"]})", 400, "stop"},
          {R"({"model":"ok","messages":[{"role":"user","content":"x"}],"top_logprobs":2})", 400, "top_logprobs"},
          {R"({"model":"ok","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"a b"}}]})", 400,
           "pattern"},
          {R"({"model":"ok","messages":[{"role":"user","content":"x"}],"tool_choice":"auto"})", 400, "tool_choice"},
          {R"({"model":"ok","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"schema":{}}}})",
           400, "name"},
          {R"({"model":"ok","messages":)", 400, "parse"},
      });
  check(v, v.path, {}, {{R"({})", 401, "API key"}});
  check(v, v.path, {{"Authorization", "Bearer wrong"}}, {{R"({})", 401, "invalid_api_key"}});
  check(v, "/v1/nowhere", v.headers, {{R"({})", 404, "Invalid URL"}});
}

TEST_CASE("Anthropic's demands", "[mock]") {
  const auto& v = vendor_named("anthropic");
  check(
      v, v.path, v.headers,
      {
          {R"({"model":"ok","messages":[{"role":"user","content":"x"}]})", 400, "max_tokens: Field required"},
          {R"({"model":"ok","max_tokens":9,"messages":[]})", 400, "at least one message"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"system","content":"x"}]})", 400, "'user' or 'assistant'"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"assistant","content":"x"}]})", 400, "first message"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]})", 400,
           "prefill"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":""}]}]})", 400, "non-empty"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":"x"}],"seed":1})", 400, "seed: Extra inputs"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":"x"}],"temperature":1.5})", 400, "temperature"},
          {R"({"model":"strict+ok","max_tokens":9,"messages":[{"role":"user","content":"x"}],"temperature":0.5})", 400, "deprecated"},
          {R"({"model":"strict+ok","max_tokens":9,"messages":[{"role":"user","content":"x"}],"temperature":1})", 200, "Hello"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":"x"}],"stop_sequences":["  "]})", 400, "non-whitespace"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f","input_schema":{}}]})", 400,
           "input_schema.type"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":"x"}],"tool_choice":"auto"})", 400, "tool_choice"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":"x"}],"output_config":{"format":{"type":"json_schema","name":"n","schema":{}}}})",
           400, "output_config.format.name"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":"y"}]})",
           400, "without `tool_result`"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":"{}"}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"y"}]}]})",
           400, "valid dictionary"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"a.b","name":"f","input":{}}]},{"role":"user","content":"y"}]})",
           400, "pattern"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":[{"type":"text","text":"t"},{"type":"tool_result","tool_use_id":"a","content":"y"}]}]})",
           400, "before any other content"},
          {R"({"model":"tools","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"y"},{"type":"text","text":"t"}]}]})",
           200, "The tool said: y"},
          {R"({"model":"ok","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/bmp","data":"AAAA"}}]}]})",
           400, "media_type"},
      });
  check(v, v.path, {{"x-api-key", std::string(mock_upstream::default_key)}},
        {{R"({"model":"ok"})", 400, "anthropic-version: header is required"}});
  check(
      v, v.path, {v.headers[0], {"anthropic-version", "2026-10-21"}},
      {{R"({"model":"ok","max_tokens":9,"temperature":1,"messages":[{"role":"user","content":"x"}]})", 400, "temperature: Extra inputs"}});
  check(v, v.path, {v.headers[1]}, {{R"({})", 401, "authentication_error"}});
}

TEST_CASE("Gemini's demands", "[mock]") {
  const auto& v = vendor_named("gemini");
  const std::string path = filled(v.path, '@', "ok");
  check(
      v, path, v.headers,
      {
          {R"({})", 400, "contents is not specified"},
          {R"({"contents":[{"role":"user","parts":[{"text":"x"}]}],"messages":[]})", 400, "Unknown name \\\"messages\\\""},
          {R"({"contents":[{"role":"assistant","parts":[{"text":"x"}]}]})", 400, "valid role"},
          {R"({"contents":[{"role":"user","parts":[]}]})", 400, "parts"},
          {R"({"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"user","parts":[{"text":"y"}]}]})", 400, "alternate"},
          {R"({"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[{"text":"y"}]}]})", 400,
           "ending with a model turn"},
          {R"({"contents":[{"role":"user","parts":[{"text":"x"}]}],"generationConfig":{"max_tokens":3}})", 400, "generation_config"},
          {R"({"contents":[{"role":"user","parts":[{"text":"x"}]}],"generationConfig":{"responseJsonSchema":{"type":"object"}}})", 400,
           "response_mime_type"},
          {R"({"contents":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"***"}}]}]})", 400, "Base64"},
          {R"({"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]},{"role":"user","parts":[{"text":"y"}]}]})",
           400, "equal to the number of function call parts"},
          {R"({"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":"{}"}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"y"}}}]}]})",
           400, "want an object"},
          {R"({"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"response":{"output":"y"}}}]}]})",
           400, "Name cannot be empty"},
          {R"({"contents":[{"role":"user","parts":[{"text":"x"}]}],"toolConfig":{"functionCallingConfig":{"mode":"required"}}})", 400,
           "mode"},
          {R"({"contents":[{"role":"user","parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"9lives"}]}]})", 400,
           "Invalid function name"},
      });
  check(
      v, filled(v.path, '@', "signed+tools"), v.headers,
      {{R"({"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"y"}}}]}]})",
        400, "thought_signature"},
       {R"({"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}},"thoughtSignature":"c2lnbmVkLWJ5LW1vY2s="}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"y"}}}]}]})",
        200, "The tool said: y"}});
  check(v, path, {}, {{R"({})", 403, "unregistered callers"}});
  check(v, path, {{"x-goog-api-key", "wrong"}}, {{R"({})", 400, "API key not valid"}});
}

TEST_CASE("framing that no client should send is refused and counted", "[mock]") {
  mock_upstream own;
  for (const char* head : {"POST /v1/messages HTTP/1.0\r\nHost: x\r\n\r\n", "POST /v1/messages HTTP/1.1\r\n\r\n",
                           "POST /v1/messages HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                           "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                           "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 1a\r\n\r\n"}) {
    CAPTURE(head);
    http_client client(own.port());
    client.send(head);
    CHECK(client.read_answer().status == 400);
    CHECK(client.wait_for_end(std::chrono::seconds(2)) == ended::closed);
  }
  CHECK(own.stat("malformed") == 5);
}
