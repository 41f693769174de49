#include <catch2/catch.hpp>

#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "support.hpp"

using namespace naru;
using namespace naru::test;
namespace openai_chat = naru::dialects::openai_chat;
using dialects::target;

namespace {

target to(std::string_view model, std::vector<std::string_view> words = {}) {
  return {.model = model, .constraints = std::move(words), .max_output = std::nullopt};
}

/// The spliced body; "not spliced" when it is written anew instead.
std::string splice(std::string_view body, const target& t) {
  const auto held = read_body(body);
  const auto wire = openai_chat::upstream().splice_request("openai_chat", body, held.request, t);
  if (!wire) return "not spliced";
  CHECK(wire->path == "/chat/completions");
  CHECK(parsed(wire->text()).root().is_object());  // still JSON, no key twice
  return wire->text();
}

}  // namespace

TEST_CASE("splicing keeps every other byte, unknown fields included", "[openai_chat]") {
  CHECK(splice("{ \"odd\" : [1.50e1 , {\"\\u0041\":  \"\\/\"}],\n  \"model\" : \"a\" , \"messages\":[ "
               "{\"role\":\"user\",\"content\":\"\\ud83d\\ude00\"} ] }",
               to("b")) ==
        "{ \"odd\" : [1.50e1 , {\"\\u0041\":  \"\\/\"}],\n  \"model\" : \"b\" , \"messages\":[ "
        "{\"role\":\"user\",\"content\":\"\\ud83d\\ude00\"} ] }");
}

TEST_CASE("a stream is always asked for its usage", "[openai_chat]") {
  const auto body = [](std::string_view more) {
    return R"({"model":"a","messages":[{"role":"user","content":"x"}],"stream":true)" + std::string{more} + "}";
  };
  CHECK(splice(body(""), to("b")) ==
        R"({"model":"b","messages":[{"role":"user","content":"x"}],"stream":true,"stream_options":{"include_usage":true}})");
  CHECK(splice(body(R"(,"stream_options":null)"), to("b")) ==
        R"({"model":"b","messages":[{"role":"user","content":"x"}],"stream":true,"stream_options":{"include_usage":true}})");
  CHECK(
      splice(body(R"(,"stream_options":{"include_obfuscation":false,"odd":[1, 2]})"), to("b")) ==
      R"({"model":"b","messages":[{"role":"user","content":"x"}],"stream":true,"stream_options":{"include_obfuscation":false,"odd":[1, 2],"include_usage":true}})");
  CHECK(splice(body(R"(,"stream_options":{"include_usage":false})"), to("b")) ==
        R"({"model":"b","messages":[{"role":"user","content":"x"}],"stream":true,"stream_options":{"include_usage":true}})");
  CHECK(splice(body(R"(,"stream_options":{"include_\u0075sage":false})"), to("b")) ==
        R"({"model":"b","messages":[{"role":"user","content":"x"}],"stream":true,"stream_options":{"include_usage":true}})");
  CHECK(splice(body(R"(,"stream_options":{"include_usage":true, "x":1})"), to("b")) ==
        R"({"model":"b","messages":[{"role":"user","content":"x"}],"stream":true,"stream_options":{"include_usage":true, "x":1}})");

  auto refuses = to("b");
  refuses.usage_in_stream = false;
  CHECK(splice(body(R"(,"stream_options":{"include_usage":true},"seed":1)"), refuses) ==
        R"({"model":"b","messages":[{"role":"user","content":"x"}],"stream":true,"seed":1})");
}

TEST_CASE("the output limit gets the name that the target knows", "[openai_chat]") {
  const auto body = [](std::string_view more) {
    return R"({"model":"a","messages":[{"role":"user","content":"x"}])" + std::string{more} + "}";
  };
  const auto newer = to("b", {"max_completion_tokens_only"});
  CHECK(splice(body(R"(,"max_tokens":7)"), newer) ==
        R"({"model":"b","messages":[{"role":"user","content":"x"}],"max_completion_tokens":7})");
  CHECK(splice(body(R"(,"max_tokens":7,"max_completion_tokens":9)"), newer) ==
        R"({"model":"b","messages":[{"role":"user","content":"x"}],"max_completion_tokens":9})");
  CHECK(splice(body(R"(,"max_completion_tokens":9)"), newer) ==
        R"({"model":"b","messages":[{"role":"user","content":"x"}],"max_completion_tokens":9})");
  auto older = to("b");
  older.max_tokens_field_only = true;
  CHECK(splice(body(R"(,"max_completion_tokens":9)"), older) ==
        R"({"model":"b","messages":[{"role":"user","content":"x"}],"max_tokens":9})");
  CHECK(splice(body(R"(,"max_tokens":7,"max_completion_tokens":9)"), older) ==
        R"({"model":"b","messages":[{"role":"user","content":"x"}],"max_tokens":9})");
  CHECK(splice(body(R"(,"max_tokens":7)"), to("b")) == R"({"model":"b","messages":[{"role":"user","content":"x"}],"max_tokens":7})");
}

TEST_CASE("sampling values that say nothing are left out where the model refuses the fields", "[openai_chat]") {
  const auto body = R"({"model":"a","temperature":1,"messages":[{"role":"user","content":"x"}],"top_p":1.0})";
  CHECK(splice(body, to("b", {"no_sampling_params_when_reasoning"})) == R"({"model":"b","messages":[{"role":"user","content":"x"}]})");
  CHECK(splice(body, to("b")) == R"({"model":"b","temperature":1,"messages":[{"role":"user","content":"x"}],"top_p":1.0})");
}

TEST_CASE("a model behind an escaped key cannot be smuggled past the splice", "[openai_chat]") {
  // Written anew instead, with one model.
  const auto body = R"({"mod\u0065l":"a","messages":[{"role":"user","content":"x\ny"}]})";
  CHECK(splice(body, to("b")) == "not spliced");
  const auto held = read_body(body);
  CHECK(held.request.model == "a");
  CHECK(openai_chat::upstream().write_request(held.request, to("b"))->body ==
        R"({"model":"b","messages":[{"role":"user","content":"x\ny"}]})");
  // Escapes elsewhere are harmless.
  CHECK(splice(R"({"model":"a","messages":[{"role":"user","c\u006fntent":"\\"}],"x":{"mod\u0065l":1}})", to("b")) != "not spliced");
}

TEST_CASE("another form's body is not spliced", "[openai_chat]") {
  const auto held = read_body(R"({"model":"a","messages":[{"role":"user","content":"x"}]})");
  CHECK_FALSE(openai_chat::upstream().splice_request("anthropic_messages", "{}", held.request, to("b")));
}

TEST_CASE("developer messages become system messages where the server knows no other", "[openai_chat]") {
  const auto body = R"({"model":"a","messages":[{"role":"developer","content":"d"},{"role":"user","content":"x"}]})";
  const auto t = to("b", {"developer_as_system"});
  CHECK(splice(body, t) == "not spliced");
  CHECK(openai_chat::upstream().write_request(read_body(body).request, t)->body ==
        R"({"model":"b","messages":[{"role":"system","content":"d"},{"role":"user","content":"x"}]})");
}

TEST_CASE("a body that is written anew refuses what it has no place for, by name", "[openai_chat]") {
  const auto held = read_body(R"({"model":"a","messages":[{"role":"user","content":"x","cache_control":{"type":"ephemeral"}}]})");
  const auto wire = openai_chat::upstream().write_request(held.request, to("b"));
  REQUIRE_FALSE(wire.has_value());
  CHECK(wire.error().code == error_code::unsupported_field);
  CHECK(wire.error().field == "messages[].*");
}
