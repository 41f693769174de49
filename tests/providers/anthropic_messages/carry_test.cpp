#include <catch2/catch.hpp>

#include <functional>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;

namespace {

std::string refused(const chat_request& r, std::vector<std::string_view> constraints = {}) {
  return refused_field(dialects::anthropic_messages::upstream(), r, {"claude-x", std::move(constraints), 64000});
}
std::string refused_after(const std::function<void(chat_request&)>& change, std::vector<std::string_view> constraints = {}) {
  auto r = chat({user("Hi")});
  change(r);
  return refused(r, std::move(constraints));
}

}  // namespace

TEST_CASE("fields without a place in the form are named", "[anthropic][carry]") {
  CHECK(refused_after([](auto&) {}) == "");
  CHECK(refused_after([](auto& r) { r.n = 2; }) == "n");
  CHECK(refused_after([](auto& r) { r.seed = 7; }) == "seed");
  CHECK(refused_after([](auto& r) { r.logprobs = true; }) == "logprobs");
  CHECK(refused_after([](auto& r) { r.top_logprobs = 3; }) == "top_logprobs");
  CHECK(refused_after([](auto& r) { r.frequency_penalty = 0.5; }) == "frequency_penalty");
  CHECK(refused_after([](auto& r) { r.presence_penalty = -0.5; }) == "presence_penalty");
  CHECK(refused_after([](auto& r) { r.min_p = 0.1; }) == "min_p");
  CHECK(refused_after([](auto& r) { r.repeat_penalty = 1.1; }) == "repeat_penalty");
  CHECK(refused_after([](auto& r) { r.verbosity = "low"; }) == "verbosity");
  CHECK(refused_after([](auto& r) { r.service_tier = "flex"; }) == "service_tier");
  CHECK(refused_after([](auto& r) { r.response_format.what = response_format::kind::json_object; }) == "response_format");
  CHECK(refused_after([](auto& r) { r.reasoning_effort = "extreme"; }) == "reasoning_effort");
  CHECK(refused_after([](auto& r) { r.messages[0].name = "Ann"; }) == "messages[0].name");
}

TEST_CASE("values out of the form's range are named, not clamped", "[anthropic][carry]") {
  CHECK(refused_after([](auto& r) { r.temperature = 1.0; }) == "");
  CHECK(refused_after([](auto& r) { r.temperature = 1.01; }) == "temperature");
  CHECK(refused_after([](auto& r) { r.temperature = -0.1; }) == "temperature");
  CHECK(refused_after([](auto& r) { r.top_p = 1.5; }) == "top_p");
  CHECK(refused_after([](auto& r) { r.stop = {"END", " \n"}; }) == "stop[1]");
}

TEST_CASE("an extra is named unless it asks for nothing", "[anthropic][carry]") {
  json_store store;
  const auto extra = [&](std::string_view name, std::string_view value) {
    return refused_after([&](auto& r) { r.extra.push_back({name, store(value)}); });
  };
  CHECK(extra("logit_bias", R"({"50256":-100})") == "logit_bias");
  CHECK(extra("logit_bias", "{}") == "");
  CHECK(extra("prediction", R"({"type":"content"})") == "prediction");
  CHECK(extra("anything", "false") == "anything");
  CHECK(extra("anything", "null") == "");
  CHECK(extra("store", "true") == "store");
  CHECK(extra("store", "false") == "");
  CHECK(extra("modalities", R"(["text"])") == "");
  CHECK(extra("modalities", R"(["text","audio"])") == "modalities");
}

TEST_CASE("neutral values are carried by saying nothing", "[anthropic][carry]") {
  CHECK(refused_after([](auto& r) {
          r.n = 1;
          r.logprobs = false;
          r.top_logprobs = 0;
          r.frequency_penalty = 0;
          r.presence_penalty = 0;
          r.repeat_penalty = 1;
          r.min_p = 0;
          r.verbosity = "medium";
          r.service_tier = "auto";
        }) == "");
}

TEST_CASE("a model's constraints name the field they refuse", "[anthropic][carry]") {
  CHECK(refused_after([](auto& r) { r.temperature = 0.2; }, {"no_sampling_params"}) == "temperature");
  CHECK(refused_after([](auto& r) { r.top_p = 0.9; }, {"no_sampling_params"}) == "top_p");
  CHECK(refused_after([](auto& r) { r.top_k = 5; }, {"no_sampling_params"}) == "top_k");
  CHECK(refused_after([](auto& r) { r.temperature = 1; }, {"no_sampling_params"}) == "");
  CHECK(refused_after([](auto& r) { r.reasoning_effort = "none"; }, {"thinking_always_on"}) == "reasoning_effort");
  CHECK(refused_after([](auto& r) { r.stop = {"x"}; }, {"no_stop"}) == "stop");
  const auto small_budget = [](auto& r) {
    r.reasoning_effort = "low";
    r.max_output_tokens = 1024;
  };
  CHECK(refused_after(small_budget, {"thinking_budget_tokens"}) == "reasoning_effort");
  CHECK(refused_after(small_budget) == "");
  const auto forced = [](auto& r) {
    r.reasoning_effort = "low";
    r.tool_choice.how = tool_choice::mode::required;
  };
  CHECK(refused_after(forced) == "tool_choice");
  CHECK(refused_after(forced, {"adaptive_thinking_only"}) == "");
}

TEST_CASE("a prefill is refused where the model takes none, however it is hidden", "[anthropic][carry]") {
  CHECK(refused(chat({user("Hi"), assistant("Sure,")}), {"no_prefill"}) == "messages[1].role");
  CHECK(refused(chat({user("Hi"), assistant("Sure,"), says(role::system, "x"), user("")}), {"no_prefill"}) == "messages[1].role");
  CHECK(refused(chat({user("Hi"), assistant("")}), {"no_prefill"}) == "");
  CHECK(refused(chat({user("Hi"), assistant("Sure,")})) == "");
  CHECK(refused(chat({user("Hi"), assistant("Sure,"), user("Go on")}), {"no_prefill"}) == "");
}

TEST_CASE("a conversation must begin with the user", "[anthropic][carry]") {
  CHECK(refused(chat({says(role::system, "x"), assistant("Hello"), user("Hi")})) == "messages[1].role");
  CHECK(refused(chat({says(role::system, "x")})) == "messages");
  CHECK(refused(chat({user(" \n")})) == "messages");
}

TEST_CASE("content without a place is named by its part", "[anthropic][carry]") {
  const auto with_part = [](part p) { return refused(chat({with(user("x"), p)})); };
  CHECK(with_part(audio_part{"AAAA", "wav"}) == "messages[0].content[1].input_audio");
  CHECK(with_part(image_part{{}, "image/tiff", "AAAA", {}}) == "messages[0].content[1].image_url.url");
  CHECK(with_part(image_part{{}, "image/png", "AAAA", "low"}) == "");
  CHECK(with_part(file_part{"file-1", {}, {}, {}}) == "messages[0].content[1].file.file_id");
  CHECK(with_part(file_part{{}, "a.zip", "application/zip", "AAAA"}) == "messages[0].content[1].file.file_data");
  CHECK(refused(chat({with(says(role::system, "x"), image_part{{}, "image/png", "AAAA", {}}), user("Hi")})) == "messages[0].content[1]");
  CHECK(refused(chat({user("Hi"), with(assistant("x"), image_part{{}, "image/png", "AAAA", {}}), user("y")})) == "messages[1].content[1]");
}

TEST_CASE("thinking that a model cannot do is named", "[anthropic][carry]") {
  using mode = thinking_request::mode;
  const auto thinks = [](mode how, std::optional<std::uint64_t> budget, std::vector<std::string_view> constraints = {}) {
    return refused_after(
        [&](auto& r) {
          r.thinking = {how, budget, std::nullopt};
          r.max_output_tokens = 4096;
        },
        std::move(constraints));
  };
  CHECK(thinks(mode::enabled, 2048) == "");
  CHECK(thinks(mode::enabled, 2048, {"adaptive_thinking_only"}) == "thinking");
  CHECK(thinks(mode::enabled, 1023) == "thinking");
  CHECK(thinks(mode::enabled, 4096) == "thinking");
  CHECK(thinks(mode::adaptive, std::nullopt, {"thinking_budget_tokens"}) == "thinking");
  CHECK(thinks(mode::disabled, std::nullopt, {"thinking_always_on"}) == "thinking");
  CHECK(thinks(mode::disabled, std::nullopt) == "");
}

TEST_CASE("kinds and files that the form does not have are named", "[anthropic][carry]") {
  CHECK(refused_after([](auto& r) { r.kind = request_kind::embedding; }) == "model");
  CHECK(refused_after([](auto& r) { r.kind = request_kind::token_count; }) == "");
  CHECK(refused_after([](auto& r) { r.previous_response = "resp_1"; }) == "previous_response_id");
  CHECK(refused_after([](auto& r) { r.store = true; }) == "store");
  CHECK(refused(chat({with(user("x"), file_part{{}, {}, "text/html", {}, "https://x.io", {}, {}})})) == "messages[0].content[1].file");
  auto own = chat({with(user("x"), file_part{"file_1", {}, {}, {}, {}, {}, {}})});
  CHECK(refused(own) == "messages[0].content[1].file.file_id");
  own.form = "anthropic_messages";
  CHECK(refused(own) == "");
}
