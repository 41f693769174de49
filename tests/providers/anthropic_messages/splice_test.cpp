#include "client_support.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::anthropic_messages::upstream(); }
const dialects::target to_b{.model = "b", .constraints = {}, .max_output = std::nullopt};

std::string spliced(std::string_view body, std::string* path = nullptr) {
  const auto held = read_body(body);
  const auto wire = form().splice_request("anthropic_messages", body, held.request, to_b);
  REQUIRE(wire);
  if (path != nullptr) *path = wire->path;
  return wire->text();
}

}  // namespace

TEST_CASE("a body of the same form goes on byte by byte, but for its model", "[anthropic][splice]") {
  std::string path;
  CHECK(spliced(R"({ "system":[{"type":"text","text":"é\u00e9","new":[1.50]}] ,"model" :"a", "max_tokens":1,
  "messages":[{"role":"user","content":[{"type":"brand_new","x":1e2}]}],"context_management":{"edits":[]},"tools":[{"type":"bash_20250124","name":"bash"}]} )",
                &path) == R"({ "system":[{"type":"text","text":"é\u00e9","new":[1.50]}] ,"model" :"b", "max_tokens":1,
  "messages":[{"role":"user","content":[{"type":"brand_new","x":1e2}]}],"context_management":{"edits":[]},"tools":[{"type":"bash_20250124","name":"bash"}]} )");
  CHECK(path == "/v1/messages");
  const auto held = read_body(body_with("\"x\""));
  CHECK_FALSE(form().splice_request("openai_chat", body_with("\"x\""), held.request, to_b));
}

TEST_CASE("a model spelled with an escape is the one that is replaced", "[anthropic][splice]") {
  CHECK(canonical(spliced(R"({"mod\u0065l":"a","max_tokens":1,"messages":[{"role":"user","content":"x"}],"new":{"a":[1]}})")) ==
        canonical(R"({"model":"b","max_tokens":1,"messages":[{"role":"user","content":"x"}],"new":{"a":[1]}})"));
}

TEST_CASE("other vendors' signatures stay here, and nothing else does", "[anthropic][splice]") {
  CHECK(canonical(spliced(R"({"model":"a","max_tokens":1,"container":"c","messages":[
      {"role":"user","content":"x"},
      {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"google:AA"},{"type":"thinking","thinking":"u","signature":"EqQB"},
        {"type":"redacted_thinking","data":"call_signature:s"},{"type":"tool_use","id":"1","name":"f","input":{},"new":1}],"more":2},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"1"}]},
      {"role":"assistant","content":[{"type":"redacted_thinking","data":"openai:x"}]}]})")) ==
        canonical(R"({"model":"b","max_tokens":1,"container":"c","messages":[
      {"role":"user","content":"x"},
      {"role":"assistant","content":[{"type":"thinking","thinking":"u","signature":"EqQB"},{"type":"tool_use","id":"1","name":"f","input":{},"new":1}],"more":2},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"1"}]}]})"));
}

TEST_CASE("the client's headers of this form go on, each line", "[anthropic][splice]") {
  auto held = read_body(body_with("\"x\""));
  held.request.headers = {{"anthropic-beta", "a,b"}, {"anthropic-beta", "c"}, {"x-goog-user-project", "p"}};
  const auto wire = form().splice_request("anthropic_messages", body_with("\"x\""), held.request, to_b);
  REQUIRE(wire);
  CHECK(wire->headers ==
        std::vector<dialects::header>{{"anthropic-version", "2023-06-01"}, {"anthropic-beta", "a,b"}, {"anthropic-beta", "c"}});
  held.request.headers = {{"anthropic-version", "2026-10-21"}};
  const auto written = form().write_request(held.request, to_b);
  REQUIRE(written);
  CHECK(written->headers == std::vector<dialects::header>{{"anthropic-version", "2026-10-21"}});
}

TEST_CASE("a count of tokens goes to its own path, without an answer's fields", "[anthropic][splice][count]") {
  const std::string body = R"({"model":"a","messages":[{"role":"user","content":"x"}],"thinking":{"type":"enabled","budget_tokens":2048}})";
  auto held = read_body(body, {}, dialects::anthropic_messages::count_tokens_client());
  const auto wire = form().splice_request("anthropic_messages", body, held.request, to_b);
  REQUIRE(wire);
  CHECK(wire->path == "/v1/messages/count_tokens");
  held.request.temperature = 0.5, held.request.stop = {"x"}, held.request.stream = true, held.request.user = "u", held.request.seed = 1;
  CHECK_FALSE(form().cannot_carry(held.request, to_b));
  const auto written = form().write_request(held.request, to_b);
  REQUIRE(written);
  CHECK(written->path == "/v1/messages/count_tokens");
  CHECK(canonical(written->body) == canonical(R"({"model":"b","messages":[{"role":"user","content":[{"type":"text","text":"x"}]}],
    "thinking":{"type":"enabled","budget_tokens":2048}})"));
}

TEST_CASE("what a model is known to refuse stands against a body that goes on as it came", "[anthropic][splice][carry]") {
  const auto taken = [](std::string_view body, std::vector<std::string_view> constraints) {
    const auto held = read_body(body);
    const auto e = form().cannot_take(held.request, {.model = "m", .constraints = std::move(constraints), .max_output = std::nullopt});
    return e ? e->field : std::string{};
  };
  const std::string odd = R"({"model":"m","max_tokens":9,"temperature":0.5,"new_field":1,"thinking":{"type":"disabled"},
    "messages":[{"role":"user","content":[{"type":"brand_new"}]},{"role":"assistant","content":"Sure"}]})";
  CHECK(taken(odd, {}).empty());
  CHECK(taken(odd, {"no_sampling_params"}) == "temperature");
  CHECK(taken(odd, {"no_prefill"}) == "messages[1].role");
  CHECK(taken(odd, {"thinking_always_on"}) == "thinking");
}
