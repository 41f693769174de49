#include <rapidcheck.h>
#include <catch2/catch.hpp>
#include <random>

#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "support.hpp"

using namespace naru;
using namespace naru::test;
namespace openai_chat = naru::dialects::openai_chat;

namespace {

std::string stream_of(const std::vector<event>& events, bool include_usage) {
  chat_request asked;
  asked.model = "as-asked";
  asked.include_usage = include_usage;
  const auto w = openai_chat::client().make_stream_writer(asked, "fallback", 99);
  std::string out;
  for (const auto& e : events) w->write(e, out);
  w->finish(out);
  return out;
}

usage used() {
  usage u;
  u.input = {10}, u.cached = {4}, u.output = {7}, u.reasoning = {2};
  return u;
}

/// Events of a vendor's answer as its reader gives them: choices one after the other, pieces of random text.
std::vector<event> random_answer(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  const auto text = [&] {
    constexpr std::string_view pieces[] = {"a", "나", "\n", "\"", "\\", "\x02", "😀", "x y"};
    std::string s = "p";
    for (std::uint32_t i = below(4); i > 0; --i) s += pieces[below(std::size(pieces))];
    return s;
  };
  std::vector<event> out{answer_start{"id1", "vendor-model", 1795400000}};
  const auto choices = 1 + below(3);
  for (std::uint32_t c = 0; c < choices; ++c) {
    if (below(2) == 0) out.emplace_back(reasoning_delta{c, text(), {}});
    for (std::uint32_t i = below(3); i > 0; --i) out.emplace_back(text_delta{c, text()});
    if (below(4) == 0) out.emplace_back(refusal_delta{c, text()});
    const auto calls = below(3);
    for (std::uint32_t k = 0; k < calls; ++k) {
      out.emplace_back(tool_call_start{c, k, "id" + std::to_string(k), "name", below(2) == 0 ? "sig" : ""});
      for (std::uint32_t i = 1 + below(2); i > 0; --i) out.emplace_back(tool_arguments_delta{c, k, text()});
    }
    if (below(4) == 0) out.emplace_back(logprobs_piece{c, R"({"content":[],"refusal":null})"});
    out.emplace_back(finished{c, calls > 0 ? finish_reason::tool_calls : below(2) == 0 ? finish_reason::stop : finish_reason::length});
  }
  out.emplace_back(usage_report{used()});
  return out;
}

}  // namespace

TEST_CASE("a stream of text is written as the official SDKs want it", "[openai_chat]") {
  const std::vector<event> events{answer_start{"id1", "vm", 5}, text_delta{0, "Hi"}, text_delta{0, "!"}, finished{0, finish_reason::stop},
                                  usage_report{used()}};
  CHECK(stream_of(events, true) ==
        "data: "
        "{\"id\":\"id1\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"vm\",\"choices\":[{\"index\":0,\"delta\":{\"role\":"
        "\"assistant\",\"content\":\"Hi\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n"
        "data: "
        "{\"id\":\"id1\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"vm\",\"choices\":[{\"index\":0,\"delta\":{"
        "\"content\":\"!\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n"
        "data: "
        "{\"id\":\"id1\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"vm\",\"choices\":[{\"index\":0,\"delta\":{},"
        "\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":null}\n\n"
        "data: "
        "{\"id\":\"id1\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"vm\",\"choices\":[],\"usage\":{\"prompt_tokens\":"
        "10,\"completion_tokens\":7,\"total_tokens\":17,\"prompt_tokens_details\":{\"cached_tokens\":4},\"completion_tokens_details\":{"
        "\"reasoning_tokens\":2}}}\n\n"
        "data: [DONE]\n\n");
}

TEST_CASE("usage is told only to a client that asked", "[openai_chat]") {
  const auto out = stream_of({text_delta{0, "Hi"}, finished{0, finish_reason::stop}, usage_report{used()}}, false);
  CHECK_THAT(out, !Catch::Contains("usage"));
  CHECK_THAT(out, Catch::EndsWith("data: [DONE]\n\n"));
  CHECK_THAT(out, Catch::Contains("\"id\":\"fallback\"") && Catch::Contains("\"created\":99") && Catch::Contains("\"model\":\"as-asked\""));
}

TEST_CASE("a call's id and name stand on its first piece only, and are never missing", "[openai_chat]") {
  const auto out = stream_of({answer_start{"id1", "vm", 5}, tool_call_start{0, 0, "", "f", "sig"}, tool_arguments_delta{0, 0, "{}"},
                              finished{0, finish_reason::tool_calls}},
                             false);
  CHECK_THAT(
      out,
      Catch::Contains(
          R"("delta":{"role":"assistant","tool_calls":[{"index":0,"id":"call_id1_0_0","type":"function","function":{"name":"f","arguments":""},"extra_content":{"google":{"thought_signature":"sig"}}}]})"));
  CHECK_THAT(out, Catch::Contains(R"("delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]})"));
}

TEST_CASE("an answer that says nothing still has a role", "[openai_chat]") {
  CHECK_THAT(stream_of({finished{0, finish_reason::length}}, false),
             Catch::Contains(R"("delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":"length")"));
}

TEST_CASE("a broken stream ends with an error and no end marker", "[openai_chat]") {
  const auto w = openai_chat::client().make_stream_writer({}, "f", 1);
  std::string out;
  w->write(text_delta{0, "half"}, out);
  out.clear();
  w->fail(error{error_code::stream_broken, "the upstream broke", {}, {}, {}}, "req-1", out);
  CHECK(out ==
        "data: {\"error\":{\"message\":\"the upstream "
        "broke\",\"type\":\"server_error\",\"param\":null,\"code\":\"stream_broken\",\"request_id\":\"req-1\"}}\n\n");
  const auto again = read_fast(frames_of(out));
  CHECK(std::holds_alternative<answer_failed>(again.events.back()));
}

TEST_CASE("a stream that is written reads back the same", "[openai_chat][property]") {
  CHECK(rc::check("read(write(events)) == events", [](std::uint32_t seed) {
    const auto events = random_answer(seed);
    const auto again = read_fast(frames_of(stream_of(events, true)));
    RC_ASSERT(again.complete);
    RC_ASSERT(describe(joined(again.events)) == describe(joined(events)));
  }));
}

TEST_CASE("a whole answer that is written reads back the same", "[openai_chat][property]") {
  CHECK(rc::check("read(write(events)) == events", [](std::uint32_t seed) {
    const auto events = random_answer(seed);
    const auto body = openai_chat::client().write_answer({}, events, "fallback", 7);
    const auto again = openai_chat::upstream().read_answer(body);
    RC_ASSERT(again.has_value());
    // Signatures and calls keep their places; within a choice the order is reasoning, text, refusal, calls, logprobs: the maker's order.
    RC_ASSERT(describe(joined(*again)) == describe(joined(events)));
  }));
}

TEST_CASE("a whole answer has what SDKs read", "[openai_chat]") {
  CHECK(
      openai_chat::client().write_answer({}, {tool_call_start{0, 0, "c", "f", ""}, finished{0, finish_reason::tool_calls}}, "fb", 7) ==
      R"({"id":"fb","object":"chat.completion","created":7,"model":"","choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":null,)"
      R"("tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}]})");
  const std::vector<event> pieces{text_delta{0, "ab"}, logprobs_piece{0, R"({"content":[{"token":"a"}],"refusal":null})"},
                                  logprobs_piece{0, R"({"content":[{"token":"b"}],"refusal":null})"}, finished{0, finish_reason::stop}};
  CHECK_THAT(openai_chat::client().write_answer({}, pieces, "fb", 7),
             Catch::Contains(R"("logprobs":{"content":[{"token":"a"},{"token":"b"}],"refusal":[]})"));
}

TEST_CASE("errors have OpenAI's types", "[openai_chat]") {
  const auto written = [](error_code c, std::string field = {}, std::string reason = {}) {
    return openai_chat::client().write_error(error{c, "why", std::move(field), std::move(reason), {}}, "");
  };
  CHECK(written(error_code::bad_request, "n") ==
        R"({"error":{"message":"why","type":"invalid_request_error","param":"n","code":"bad_request"}})");
  CHECK(written(error_code::context_too_long) ==
        R"({"error":{"message":"why","type":"invalid_request_error","param":null,"code":"context_length_exceeded"}})");
  CHECK(written(error_code::unauthorized) ==
        R"({"error":{"message":"why","type":"authentication_error","param":null,"code":"invalid_api_key"}})");
  CHECK_THAT(written(error_code::forbidden), Catch::Contains("permission_error"));
  CHECK_THAT(written(error_code::payment_required), Catch::Contains("insufficient_quota"));
  CHECK_THAT(written(error_code::not_found), Catch::Contains("invalid_request_error"));
  CHECK_THAT(written(error_code::rate_limited), Catch::Contains("rate_limit_error"));
  CHECK_THAT(written(error_code::upstream_limited), Catch::Contains("rate_limit_error"));
  CHECK_THAT(written(error_code::internal), Catch::Contains("server_error"));
  CHECK_THAT(written(error_code::nothing_cleared, "", "nothing_cleared"), Catch::Contains("server_error"));
}

TEST_CASE("a vendor's refusal is relayed in its own words", "[openai_chat]") {
  const auto f = openai_chat::upstream().read_failure(400, {}, transcript("openai/error_400_param.json"));
  CHECK(
      openai_chat::client().write_failure(f, "") ==
      R"({"error":{"message":"Unsupported value: 'temperature' does not support 0.2 with this model.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}})");
  failure silent;
  silent.cls = failure_class::content_policy;
  silent.status = 400;
  CHECK_THAT(openai_chat::client().write_failure(silent, ""),
             Catch::Contains("content_policy_violation") && Catch::Contains("without a word"));
}
