#include <catch2/catch.hpp>
#include <functional>

#include "providers/dialects/bedrock_converse/bedrock_converse.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;

namespace {

constexpr std::string_view claude = "us.anthropic.claude-opus-4-8";
constexpr std::string_view nova = "amazon.nova-lite-v1:0";
constexpr std::string_view nova_2 = "us.amazon.nova-2-lite-v1:0";
constexpr std::string_view oss = "openai.gpt-oss-120b-1:0";
constexpr std::string_view llama = "meta.llama3-3-70b-instruct-v1:0";
constexpr std::string_view titan = "amazon.titan-text-express-v1";

std::string refused(const chat_request& r, std::string_view model = nova, std::vector<std::string_view> constraints = {}) {
  return refused_field(dialects::bedrock_converse::upstream(), r, {model, std::move(constraints), std::nullopt});
}
std::string after(const std::function<void(chat_request&)>& change, std::string_view model = nova,
                  std::vector<std::string_view> constraints = {}) {
  auto r = chat({user("Hi")});
  change(r);
  return refused(r, model, std::move(constraints));
}
tool named(std::string_view name) {
  tool t;
  t.name = name;
  return t;
}

}  // namespace

TEST_CASE("fields without a place in Converse are named", "[bedrock][carry]") {
  CHECK(after([](auto&) {}) == "");
  CHECK(after([](auto& r) { r.n = 2; }) == "n");
  CHECK(after([](auto& r) { r.seed = 7; }) == "seed");
  CHECK(after([](auto& r) { r.logprobs = true; }) == "logprobs");
  CHECK(after([](auto& r) { r.top_logprobs = 3; }) == "top_logprobs");
  CHECK(after([](auto& r) { r.frequency_penalty = 0.5; }) == "frequency_penalty");
  CHECK(after([](auto& r) { r.presence_penalty = 0.5; }) == "presence_penalty");
  CHECK(after([](auto& r) { r.min_p = 0.5; }) == "min_p");
  CHECK(after([](auto& r) { r.repeat_penalty = 1.5; }) == "repeat_penalty");
  CHECK(after([](auto& r) { r.verbosity = "low"; }) == "verbosity");
  CHECK(after([](auto& r) { r.service_tier = "scale"; }) == "service_tier");
  CHECK(after([](auto& r) { r.previous_response = "resp_1"; }) == "previous_response_id");
  CHECK(after([](auto& r) { r.response_format.what = response_format::kind::json_object; }) == "response_format");
  CHECK(after([](auto& r) { r.top_k = 5; }, llama) == "top_k");
  CHECK(after([](auto& r) { r.messages[0].name = "Ann"; }) == "messages[0].name");
  CHECK(after([](auto& r) { r.kind = request_kind::embedding; }) == "model");
  CHECK(after([](auto& r) { r.kind = request_kind::image; }) == "model");
  json_store store;
  CHECK(after([&](auto& r) { r.extra.push_back({"logit_bias", store(R"({"1":2})")}); }) == "logit_bias");
}

TEST_CASE("neutral values are carried to Bedrock by saying nothing", "[bedrock][carry]") {
  CHECK(after([](auto& r) {
          r.n = 1, r.frequency_penalty = 0, r.presence_penalty = 0, r.logprobs = false, r.top_logprobs = 0, r.repeat_penalty = 1;
          r.user = "u", r.service_tier = "auto", r.stop = {""}, r.store = false;
        }) == "");
}

TEST_CASE("values out of Converse's range are named, not clamped", "[bedrock][carry]") {
  CHECK(after([](auto& r) { r.temperature = 1.0; }) == "");
  CHECK(after([](auto& r) { r.temperature = 1.01; }) == "temperature");
  CHECK(after([](auto& r) { r.temperature = -0.1; }) == "temperature");
  CHECK(after([](auto& r) { r.top_p = 1.5; }) == "top_p");
  CHECK(after([](auto& r) { r.stop = {"END", " \n"}; }, claude) == "stop[1]");
  CHECK(after([](auto& r) { r.stop = {"END", " \n"}; }, nova) == "");
}

TEST_CASE("tools that cannot be said, or named back, are named", "[bedrock][carry]") {
  CHECK(after([](auto& r) { r.tools = {named("ok"), named("a.b")}; }) == "tools[1].function.name");
  CHECK(after([](auto& r) { r.tools = {named("")}; }) == "tools[0].function.name");
  const std::string longest(64, 'a'), longer(65, 'a');
  CHECK(after([&](auto& r) { r.tools = {named(longest)}; }) == "");
  CHECK(after([&](auto& r) { r.tools = {named(longer)}; }) == "tools[0].function.name");
  CHECK(after([](auto& r) { r.tools = {named("f")}, r.parallel_tool_calls = false; }) == "parallel_tool_calls");
  CHECK(after([](auto& r) { r.tools = {named("f")}, r.parallel_tool_calls = false; }, claude) == "");
  CHECK(after([](auto& r) { r.parallel_tool_calls = false; }) == "");
  CHECK(after([](auto& r) { r.tools = {named("f")}, r.tool_choice.how = tool_choice::mode::none; }) == "");
}

TEST_CASE("a conversation that has used tools wants them beside it", "[bedrock][carry]") {
  auto r = chat({user("Hi"), calls({{"c", "f", "{}", "", {}}}), tool_result("c", "ok")});
  CHECK(refused(r) == "messages[1].tool_calls");
  r.messages[1].calls.clear();
  CHECK(refused(r) == "messages[2]");
  r.messages[1].calls = {{"c", "f", "{}", "", {}}};
  r.tools = {named("f")};
  CHECK(refused(r) == "");
  r.tool_choice.how = tool_choice::mode::none;
  CHECK(refused(r) == "tool_choice");
  r.tool_choice = {};
  r.messages[2].tool_error = true;
  CHECK(refused(r, nova) == "");
  CHECK(refused(r, llama) == "messages[2].is_error");
}

TEST_CASE("thinking that a model cannot be asked for is named", "[bedrock][carry]") {
  const auto effort = [](std::string_view word, std::string_view model, std::vector<std::string_view> constraints = {}) {
    return after([&](auto& r) { r.reasoning_effort = word; }, model, std::move(constraints));
  };
  CHECK(effort("high", claude) == "");
  CHECK(effort("extreme", claude) == "reasoning_effort");
  CHECK(effort("none", claude, {"thinking_always_on"}) == "reasoning_effort");
  CHECK(effort("low", nova) == "reasoning_effort");
  CHECK(effort("none", nova) == "");
  CHECK(effort("xhigh", nova_2) == "reasoning_effort");
  CHECK(effort("none", oss) == "reasoning_effort");
  CHECK(after([](auto& r) { r.reasoning_effort = "high", r.temperature = 0.5; }, nova_2) == "reasoning_effort");
  CHECK(after([](auto& r) { r.reasoning_effort = "medium", r.temperature = 0.5; }, nova_2) == "");
  CHECK(after([](auto& r) { r.reasoning_effort = "low", r.max_output_tokens = 1024; }, "anthropic.claude-haiku-4-5-20251001-v1:0") ==
        "reasoning_effort");
  CHECK(after([](auto& r) { r.reasoning_effort = "low", r.tools = {named("f")}, r.tool_choice.how = tool_choice::mode::required; },
              claude) == "tool_choice");

  using mode = thinking_request::mode;
  const auto words = [](thinking_request t, std::string_view model, std::vector<std::string_view> constraints = {}) {
    return after([&](auto& r) { r.thinking = t, r.max_output_tokens = 4096; }, model, std::move(constraints));
  };
  CHECK(words({mode::enabled, 2048, {}}, claude) == "");
  CHECK(words({mode::enabled, 2048, {}}, claude, {"adaptive_thinking_only"}) == "thinking");
  CHECK(words({mode::enabled, 1023, {}}, claude) == "thinking");
  CHECK(words({mode::enabled, 4096, {}}, claude) == "thinking");
  CHECK(words({mode::adaptive, {}, {}}, "anthropic.claude-haiku-4-5-20251001-v1:0") == "thinking");
  CHECK(words({mode::adaptive, {}, {}}, nova_2) == "thinking");
  CHECK(words({mode::disabled, {}, {}}, llama) == "");
  CHECK(words({mode::disabled, {}, {}}, claude, {"thinking_always_on"}) == "thinking");
}

TEST_CASE("parts without a place in Converse are named where they stand", "[bedrock][carry]") {
  const auto part_of = [](part p, role who = role::user, std::string_view model = nova) {
    auto r = chat({user("Hi"), with(says(who, "x"), p)});
    return refused(r, model);
  };
  CHECK(part_of(image_part{"https://x.example/a.png", {}, {}, {}, {}}) == "messages[1].content[1].image_url.url");
  CHECK(part_of(image_part{{}, "image/bmp", "AAAA", {}, {}}) == "messages[1].content[1].image_url.url");
  CHECK(part_of(image_part{{}, "image/png", "AAAA", {}, {}}) == "");
  CHECK(part_of(image_part{{}, "image/png", "AAAA", {}, {}}, role::assistant) == "messages[1].content[1]");
  CHECK(part_of(image_part{{}, "image/png", "AAAA", {}, {}}, role::system) == "messages[1].content[1]");
  CHECK(part_of(audio_part{"AAAA", "pcm16"}) == "messages[1].content[1].input_audio.format");
  CHECK(part_of(audio_part{"AAAA", "wav"}, role::user, claude) == "messages[1].content[1].input_audio");
  CHECK(part_of(file_part{"file-1", {}, {}, {}, {}, {}, {}}) == "messages[1].content[1].file.file_id");
  CHECK(part_of(file_part{{}, "a.zip", "application/zip", "AAAA", {}, {}, {}}) == "messages[1].content[1].file.file_data");
}

TEST_CASE("a document wants words in its turn", "[bedrock][carry]") {
  message alone;
  alone.parts = {file_part{{}, "a.pdf", "application/pdf", "JVBE", {}, {}, {}}};
  CHECK(refused(chat({alone})) == "messages[0].content[0]");
  CHECK(refused(chat({user("Hi"), assistant("Yes?"), alone})) == "messages[2].content[0]");
  CHECK(refused(chat({user("Hi"), assistant("Yes?"), alone, user("sum it up")})) == "");
  CHECK(refused(chat({user("Hi"), assistant(" "), alone})) == "");
}

TEST_CASE("a conversation begins with the user and says something", "[bedrock][carry]") {
  CHECK(refused(chat({assistant("Hello")})) == "messages[0].role");
  CHECK(refused(chat({says(role::system, "S")})) == "messages");
  CHECK(refused(chat({user("  ")})) == "messages");
}

TEST_CASE("Titan's text models take words and nothing else", "[bedrock][carry]") {
  CHECK(refused(chat({user("Hi"), assistant("Yes?"), user("Go")}), titan) == "");
  CHECK(refused(chat({says(role::system, "S"), user("Hi")}), titan) == "messages[0]");
  CHECK(after([](auto& r) { r.tools = {named("f")}; }, titan) == "tools");
  CHECK(refused(chat({with(user("Hi"), image_part{{}, "image/png", "AAAA", {}, {}})}), titan) == "messages[0].content[1]");
  CHECK(refused(chat({with(user("Hi"), file_part{{}, "a", "application/pdf", "AAAA", {}, {}, {}})}), titan) == "messages[0].content[1]");
  CHECK(after([](auto& r) { r.reasoning_effort = "low"; }, titan) == "reasoning_effort");
  CHECK(after([](auto& r) { r.top_k = 3; }, titan) == "top_k");
}

TEST_CASE("what a form refuses, it carries once that is gone", "[bedrock][carry]") {
  auto r = chat({user("Hi")});
  r.n = 2, r.seed = 1, r.temperature = 1.5, r.reasoning_effort = "low", r.top_k = 3;
  std::vector<std::string> dropped;
  for (int i = 0; i < 10; ++i) {
    const std::string field = refused(r, llama);
    if (field.empty()) break;
    dropped.push_back(field);
    if (field == "n") r.n.reset();
    if (field == "seed") r.seed.reset();
    if (field == "temperature") r.temperature.reset();
    if (field == "reasoning_effort") r.reasoning_effort = {};
    if (field == "top_k") r.top_k.reset();
  }
  CHECK(dropped == std::vector<std::string>{"n", "seed", "top_k", "temperature", "reasoning_effort"});
}
