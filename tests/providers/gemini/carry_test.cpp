#include <catch2/catch.hpp>

#include <functional>

#include "providers/dialects/gemini/gemini.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;

namespace {

std::string refused(const chat_request& r, std::vector<std::string_view> constraints = {}) {
  return refused_field(dialects::gemini::upstream(), r, {"gemini-x", std::move(constraints), 65536});
}
std::string refused_after(const std::function<void(chat_request&)>& change, std::vector<std::string_view> constraints = {}) {
  auto r = chat({user("Hi")});
  change(r);
  return refused(r, std::move(constraints));
}

}  // namespace

TEST_CASE("fields without a place in the form are named", "[gemini][carry]") {
  CHECK(refused_after([](auto&) {}) == "");
  CHECK(refused_after([](auto& r) { r.user = "u-1"; }) == "user");
  CHECK(refused_after([](auto& r) { r.min_p = 0.1; }) == "min_p");
  CHECK(refused_after([](auto& r) { r.repeat_penalty = 1.1; }) == "repeat_penalty");
  CHECK(refused_after([](auto& r) { r.verbosity = "high"; }) == "verbosity");
  CHECK(refused_after([](auto& r) { r.service_tier = "scale"; }) == "service_tier");
  CHECK(refused_after([](auto& r) { r.reasoning_effort = "extreme"; }) == "reasoning_effort");
  CHECK(refused_after([](auto& r) { r.messages[0].name = "Ann"; }) == "messages[0].name");
  CHECK(refused_after([](auto& r) { r.top_logprobs = 3; }) == "top_logprobs");
  const auto one_at_a_time = [](auto& r) {
    r.tools = {{"f", {}, std::nullopt, std::nullopt}};
    r.parallel_tool_calls = false;
  };
  CHECK(refused_after(one_at_a_time) == "parallel_tool_calls");
  CHECK(refused_after([](auto& r) { r.parallel_tool_calls = false; }) == "");
  json_store store;
  CHECK(refused_after([&](auto& r) { r.extra.push_back({"logit_bias", store(R"({"1":2})")}); }) == "logit_bias");
}

TEST_CASE("values out of the form's range are named, not clamped", "[gemini][carry]") {
  CHECK(refused_after([](auto& r) { r.n = 8; }) == "");
  CHECK(refused_after([](auto& r) { r.n = 9; }) == "n");
  CHECK(refused_after([](auto& r) { r.temperature = 2; }) == "");
  CHECK(refused_after([](auto& r) { r.temperature = 2.1; }) == "temperature");
  CHECK(refused_after([](auto& r) { r.seed = 2147483647; }) == "");
  CHECK(refused_after([](auto& r) { r.seed = 2147483648; }) == "seed");
  CHECK(refused_after([](auto& r) { r.stop = {"1", "2", "3", "4", "5"}; }) == "");
  CHECK(refused_after([](auto& r) { r.stop = {"1", "2", "3", "4", "5", "6"}; }) == "stop");
  CHECK(refused_after([](auto& r) { r.stop = {""}; }) == "stop");
  const auto many_logprobs = [](auto& r) {
    r.logprobs = true;
    r.top_logprobs = 21;
  };
  CHECK(refused_after(many_logprobs) == "top_logprobs");
  CHECK(refused_after([](auto& r) { r.tools = {{"1st", {}, std::nullopt, std::nullopt}}; }) == "tools[0].function.name");
}

TEST_CASE("a model's constraints name the field they refuse", "[gemini][carry]") {
  CHECK(refused_after([](auto& r) { r.temperature = 0.2; }, {"sampling_params_deprecated"}) == "temperature");
  CHECK(refused_after([](auto& r) { r.top_p = 0.9; }, {"sampling_params_deprecated"}) == "top_p");
  CHECK(refused_after([](auto& r) { r.top_k = 5; }, {"sampling_params_deprecated"}) == "top_k");
  CHECK(refused_after([](auto& r) { r.n = 2; }, {"no_candidate_count"}) == "n");
  CHECK(refused_after([](auto& r) { r.n = 1; }, {"no_candidate_count"}) == "");
  CHECK(refused_after([](auto& r) { r.frequency_penalty = 1; }, {"no_penalties"}) == "frequency_penalty");
  CHECK(refused_after([](auto& r) { r.logprobs = true; }, {"no_logprobs"}) == "logprobs");
  CHECK(refused(chat({user("Hi"), assistant("Sure,")}), {"no_prefill"}) == "messages[1].role");
  CHECK(refused(chat({user("Hi"), assistant("Sure,")})) == "");
}

TEST_CASE("content without a place is named by its part", "[gemini][carry]") {
  const auto with_part = [](part p) { return refused(chat({with(user("x"), p)})); };
  CHECK(with_part(image_part{"https://example.com/a.png", {}, {}, {}}) == "messages[0].content[1].image_url.url");
  for (const char* hint : {"low", "high", "auto", "original"}) CHECK(with_part(image_part{{}, "image/png", "AAAA", hint}) == "");
  CHECK(with_part(image_part{{}, "application/x", "AAAA", {}}) == "messages[0].content[1].image_url.url");
  CHECK(with_part(audio_part{"AAAA", "midi"}) == "messages[0].content[1].input_audio.format");
  CHECK(with_part(audio_part{"AAAA", "wav"}) == "");
  CHECK(with_part(file_part{"file-1", {}, {}, {}}) == "messages[0].content[1].file.file_id");
  CHECK(with_part(file_part{{}, "a.zip", "application/zip", "AAAA"}) == "messages[0].content[1].file.file_data");
  CHECK(refused(chat({user("?"), with(tool_result("c", "x"), image_part{{}, "image/png", "AAAA", {}})})) == "messages[1].content[1]");
  CHECK(refused(chat({says(role::system, "x")})) == "messages");
}
