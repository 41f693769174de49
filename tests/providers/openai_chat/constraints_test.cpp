#include <catch2/catch.hpp>

#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "support.hpp"

using namespace naru;
using namespace naru::test;
namespace openai_chat = naru::dialects::openai_chat;

namespace {

/// The field that a target with `word` refuses in a body with these members; "" when it takes it.
std::string refused_field(std::string_view word, std::string_view members) {
  const auto held =
      read_body(R"({"model":"a","messages":[{"role":"user","content":"x"}])" + (members.empty() ? "" : "," + std::string{members}) + "}");
  const dialects::target t{.model = "b", .constraints = {word}, .max_output = std::nullopt};
  const auto e = openai_chat::upstream().cannot_carry(held.request, t);
  if (!e) return "";
  CHECK(e->code == error_code::unsupported_field);
  CHECK_THAT(e->message, Catch::StartsWith(e->field));
  return e->field;
}

constexpr std::string_view tools = R"("tools":[{"type":"function","function":{"name":"f"}}])";
std::string tools_and(std::string_view more) { return std::string{tools} + "," + std::string{more}; }

}  // namespace

TEST_CASE("each constraint word refuses its field and nothing else", "[openai_chat]") {
  struct row {
    std::string word, members, field;
  };
  const std::vector<row> rows{
      {"chat_tools_require_responses_api", std::string{tools}, "tools"},
      {"chat_tools_require_responses_api", R"("tools":[{"type":"custom","custom":{"name":"g"}}])", "tools"},
      {"chat_tools_require_responses_api", R"("reasoning_effort":"none")", ""},
      {"chat_tools_require_effort_none_or_responses_api", std::string{tools}, "reasoning_effort"},
      {"chat_tools_require_effort_none_or_responses_api", tools_and(R"("reasoning_effort":"low")"), "reasoning_effort"},
      {"chat_tools_require_effort_none_or_responses_api", tools_and(R"("reasoning_effort":"none")"), ""},
      {"chat_tools_require_effort_none_or_responses_api", R"("reasoning_effort":"low")", ""},
      {"chat_tools_require_effort_omitted_none_or_responses_api", std::string{tools}, ""},
      {"chat_tools_require_effort_omitted_none_or_responses_api", tools_and(R"("reasoning_effort":"none")"), ""},
      {"chat_tools_require_effort_omitted_none_or_responses_api", tools_and(R"("reasoning_effort":"high")"), "reasoning_effort"},
      {"effort_none_rejected", R"("reasoning_effort":"none")", "reasoning_effort"},
      {"effort_none_rejected", R"("reasoning_effort":"low")", ""},
      {"reasoning_cannot_be_disabled", R"("reasoning_effort":"none")", "reasoning_effort"},
      {"thinking_always_on", R"("reasoning_effort":"none")", "reasoning_effort"},
      {"no_sampling_params_when_reasoning", R"("temperature":0.2)", "temperature"},
      {"no_sampling_params_when_reasoning", R"("temperature":1)", ""},
      {"no_sampling_params_when_reasoning", R"("top_p":0.2)", "top_p"},
      {"no_sampling_params_when_reasoning", R"("logprobs":true)", "logprobs"},
      {"no_sampling_params_when_reasoning", R"("logprobs":false)", ""},
      {"no_sampling_params_when_reasoning", R"("temperature":0.2,"reasoning_effort":"none")", ""},
      {"no_sampling_params_when_reasoning", R"("temperature":0.2,"reasoning_effort":"low")", "temperature"},
      {"no_sampling_params", R"("temperature":0.2,"reasoning_effort":"none")", "temperature"},
      {"no_logprobs", R"("logprobs":true)", "logprobs"},
      {"no_logit_bias", R"("logit_bias":{"1":1})", "logit_bias"},
      {"no_penalties", R"("frequency_penalty":0.5)", "frequency_penalty"},
      {"no_penalties", R"("presence_penalty":0.5)", "presence_penalty"},
      {"no_penalties", R"("presence_penalty":0)", ""},
      {"no_stop", R"("stop":"x")", "stop"},
      {"n_1_only", R"("n":2)", "n"},
      {"n_1_only", R"("n":1)", ""},
      {"no_candidate_count", R"("n":2)", "n"},
      {"json_object_only", R"("response_format":{"type":"json_schema","json_schema":{"name":"s"}})", "response_format.type"},
      {"json_object_only", R"("response_format":{"type":"json_object"})", ""},
      {"tool_choice_auto_only", tools_and(R"("tool_choice":"required")"), "tool_choice"},
      {"tool_choice_auto_only", tools_and(R"("tool_choice":"auto")"), ""},
      {"tool_choice_ignored", tools_and(R"("tool_choice":"none")"), "tool_choice"},
      {"tool_choice_ignored", tools_and(R"("tool_choice":{"type":"allowed_tools","allowed_tools":{}})"), "tool_choice"},
      {"openai_fields_only", R"("top_k":5)", "top_k"},
      {"openai_fields_only", R"("min_p":0.1)", "min_p"},
      {"openai_fields_only", R"("repetition_penalty":1.1)", "repeat_penalty"},
      {"context_set_server_side", std::string{tools}, ""},
      {"legacy", R"("temperature":0.2)", ""},
  };
  for (const auto& r : rows) {
    INFO(r.word << " with " << r.members);
    CHECK(refused_field(r.word, r.members) == r.field);
    CHECK(refused_field("unknown_word", r.members).empty());
  }
}

TEST_CASE("a prefill is refused where the model cannot go on from it", "[openai_chat]") {
  const auto held = read_body(R"({"model":"a","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"So"}]})");
  const dialects::target t{.model = "b", .constraints = {"no_prefill"}, .max_output = std::nullopt};
  const auto e = openai_chat::upstream().cannot_carry(held.request, t);
  REQUIRE(e);
  CHECK(e->field == "messages");
}

TEST_CASE("a written body heeds the names that the target knows", "[openai_chat]") {
  const auto held = read_body(R"({"model":"a","messages":[{"role":"user","content":"x"}],"max_tokens":5,"temperature":1,"stream":true})");
  const dialects::target reasoning{
      .model = "b", .constraints = {"max_completion_tokens_only", "no_sampling_params_when_reasoning"}, .max_output = std::nullopt};
  CHECK(
      openai_chat::upstream().write_request(held.request, reasoning)->body ==
      R"({"model":"b","messages":[{"role":"user","content":"x"}],"max_completion_tokens":5,"stream":true,"stream_options":{"include_usage":true}})");
  dialects::target plain{.model = "b", .constraints = {}, .max_output = std::nullopt};
  plain.usage_in_stream = false;
  CHECK(openai_chat::upstream().write_request(held.request, plain)->body ==
        R"({"model":"b","messages":[{"role":"user","content":"x"}],"max_tokens":5,"temperature":1,"stream":true})");
}
