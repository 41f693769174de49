#include <random>

#include "support.hpp"
#include "tests/support/answer_fold.hpp"
#include "tests/support/canonical_json.hpp"
#include "tests/support/transcripts.hpp"

using namespace naru;
using namespace naru::test;
namespace openai_responses = naru::dialects::openai_responses;

namespace {

std::string stream_of(const chat_request& asked, const std::vector<event>& events) {
  const auto w = openai_responses::client().make_stream_writer(asked, "resp_fallback", 99);
  std::string out;
  for (const auto& e : events) w->write(e, out);
  w->finish(out);
  return out;
}

stream_watch watched(std::string_view bytes) {
  stream_watch w;
  w.feed(bytes);
  return w;
}

/// A vendor's answer: any order of words, thoughts and calls whose arguments interleave.
std::vector<event> random_answer(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  const auto text = [&] {
    constexpr std::string_view pieces[] = {"a", "나", "\n", "\"", "\\", "\x02", "😀", "x y"};
    std::string s;
    for (std::uint32_t i = below(4); i > 0; --i) s += pieces[below(std::size(pieces))];
    return s;
  };
  std::vector<event> out{answer_start{"id1", "vendor-model", 1795400000}};
  std::uint32_t calls = 0;
  for (std::uint32_t i = below(25); i > 0; --i) {
    switch (below(11)) {
      case 0:
      case 1: out.emplace_back(reasoning_delta{0, text(), below(3) == 0 ? "c2ln" : "", false}); break;
      case 2: out.emplace_back(refusal_delta{0, text()}); break;
      case 3: out.emplace_back(tool_call_start{0, calls++, below(2) == 0 ? "" : "call", "f", below(3) == 0 ? "sig" : ""}); break;
      case 4:
      case 5:
        if (calls > 0) out.emplace_back(tool_arguments_delta{0, below(calls), text()});
        break;
      case 6: out.emplace_back(citation{0, below(2) == 0 ? "https://example.com" : "", "t", {}, 0, 1, 2}); break;
      case 7:
        out.emplace_back(logprobs_piece{0, R"({"content":[{"token":"a","logprob":-1,"bytes":[97],"top_logprobs":[]}],"refusal":null})"});
        break;
      case 8: out.emplace_back(image_made{0, "image/png", below(2) == 0 ? "QUJD" : "", "https://example.com/i.png", {}}); break;
      default: out.emplace_back(text_delta{0, text()}); break;
    }
    if (below(9) == 0) out.emplace_back(keep_alive{});
  }
  constexpr finish_reason reasons[] = {finish_reason::stop, finish_reason::length, finish_reason::content_filter,
                                       finish_reason::tool_calls};
  out.emplace_back(finished{0, reasons[below(4)], {}, {}});
  usage u;
  u.input = {10}, u.cached = {4}, u.output = {7}, u.reasoning = {2};
  if (below(3) != 0) out.emplace_back(usage_report{u});
  return out;
}

}  // namespace

TEST_CASE("every stream keeps the rules by which the official SDKs read it", "[openai_responses][stream_writer][property]") {
  for (std::uint32_t seed = 1; seed <= 3000; ++seed) {
    const auto events = random_answer(seed);
    const std::string bytes = stream_of({}, events);
    const auto w = watched(bytes);
    if (!w.broken.empty()) {
      CAPTURE(seed, bytes);
      FAIL(w.broken);
    }
    // The last event repeats the whole answer, as it is without a stream.
    REQUIRE(canonical(w.last_response) == canonical(openai_responses::client().write_answer({}, events, "resp_fallback", 99)));
  }
}

TEST_CASE("what is written is read back as the same answer", "[openai_responses][stream_writer][property]") {
  for (std::uint32_t seed = 1; seed <= 2000; ++seed) {
    CAPTURE(seed);
    const auto events = random_answer(seed);
    const auto before = fold(events);
    const auto r = read_frames(openai_responses::upstream(), frames_of(stream_of({}, events)));
    const auto after = fold(r.events);
    REQUIRE(after.broken.empty());
    REQUIRE(r.complete);
    REQUIRE(after.refusal == before.refusal);
    REQUIRE(after.reasoning == before.reasoning);
    REQUIRE(after.calls.size() == before.calls.size());
    for (std::size_t i = 0; i < before.calls.size(); ++i) {
      REQUIRE(after.calls[i].name == before.calls[i].name);
      REQUIRE(after.calls[i].arguments == (before.calls[i].arguments.empty() ? "{}" : before.calls[i].arguments));
    }
    const bool calls = !before.calls.empty();
    const auto said = before.finish == finish_reason::tool_calls ? finish_reason::stop : *before.finish;
    REQUIRE(after.finish == (said == finish_reason::stop && calls ? finish_reason::tool_calls : said));
    const auto whole = openai_responses::upstream().read_answer(openai_responses::client().write_answer({}, events, "resp_f", 9));
    REQUIRE(whole);
    REQUIRE(fold(*whole).text == after.text);
  }
}

TEST_CASE("calls whose arguments interleave keep their own items open", "[openai_responses][stream_writer]") {
  const std::string bytes =
      stream_of({}, {answer_start{"x", "m", 1}, tool_call_start{0, 0, "a", "f", {}}, tool_call_start{0, 1, "b", "g", {}},
                     tool_arguments_delta{0, 1, "{\"b\":"}, tool_arguments_delta{0, 0, "{\"a\":1}"}, tool_arguments_delta{0, 1, "2}"},
                     finished{0, finish_reason::tool_calls, {}, {}}});
  const auto w = watched(bytes);
  CHECK(w.broken.empty());
  CHECK(w.last_type == "response.completed");
  CHECK(w.last_response.find(R"("call_id":"a","name":"f","arguments":"{\"a\":1}")") != std::string::npos);
  CHECK(w.last_response.find(R"("call_id":"b","name":"g","arguments":"{\"b\":2}")") != std::string::npos);
}

TEST_CASE("a stream that fails ends with response.failed and nothing behind it", "[openai_responses][stream_writer]") {
  const std::vector<std::pair<error, std::string>> failures{
      {{error_code::context_too_long, "too long", {}, {}, std::nullopt}, "context_length_exceeded"},
      {{error_code::payment_required, "no budget", {}, "budget", std::nullopt}, "insufficient_quota"},
      {{error_code::rate_limited, "slow", {}, {}, std::chrono::milliseconds{1300}}, "rate_limit_exceeded"},
      {{error_code::upstream_limited, "slow", {}, {}, std::nullopt}, "rate_limit_exceeded"},
      {{error_code::content_policy, "no", {}, {}, std::nullopt}, "invalid_prompt"},
      {{error_code::stream_broken, "cut", {}, {}, std::nullopt}, "server_error"},
      {{error_code::upstream_failed, "x", {}, "context_length_exceeded", std::nullopt}, "context_length_exceeded"}};
  for (const auto& [e, code] : failures) {
    for (const bool begun : {false, true}) {
      CAPTURE(code, begun);
      const auto writer = openai_responses::client().make_stream_writer({}, "resp_f", 1);
      std::string out;
      if (begun) {
        writer->write(answer_start{"x", "m", 1}, out);
        writer->write(text_delta{0, "half"}, out);
      }
      writer->fail(e, "req-1", out);
      writer->write(text_delta{0, "late"}, out);
      const auto w = watched(out);
      CHECK(w.broken.empty());
      CHECK(w.last_type == "response.failed");
      CHECK(w.last_response.find("\"code\":\"" + code + '"') != std::string::npos);
      CHECK(w.last_response.find(R"("status":"failed")") != std::string::npos);
      CHECK(out.find("[DONE]") == std::string::npos);
      if (e.retry_after) CHECK(w.last_response.find("try again in 1.300s") != std::string::npos);
    }
  }
}

TEST_CASE("an answer that was cut is incomplete, and says why", "[openai_responses][stream_writer]") {
  const auto length = watched(stream_of({}, {answer_start{"x", "m", 1}, text_delta{0, "t"}, finished{0, finish_reason::length, {}, {}}}));
  CHECK(length.last_type == "response.incomplete");
  CHECK(length.last_response.find(R"("incomplete_details":{"reason":"max_output_tokens"})") != std::string::npos);
  CHECK(length.last_response.find(R"("type":"message","status":"incomplete")") != std::string::npos);
  const auto filter = watched(stream_of({}, {answer_start{"x", "m", 1}, finished{0, finish_reason::content_filter, {}, {}}}));
  CHECK(filter.last_response.find(R"("incomplete_details":{"reason":"content_filter"})") != std::string::npos);
}

TEST_CASE("a response has every field that the SDK's type requires", "[openai_responses][answer_writer]") {
  const auto held = read_body(R"({"model":"m","instructions":"Be brief.","input":"hi","temperature":0.5,"metadata":{"k":"v"},
    "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":false},{"type":"custom","name":"g"}],
    "tool_choice":{"type":"function","name":"f"},"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}}})");
  const std::string text = openai_responses::client().write_answer(held.request, {answer_start{"msg_01", "claude", 5}}, "resp_f", 9);
  const auto doc = json::document::parse(text);
  REQUIRE(doc);
  const json::object o = doc->root().get_object().value_unsafe();
  for (const std::string key : {"id",
                                "created_at",
                                "error",
                                "incomplete_details",
                                "instructions",
                                "metadata",
                                "model",
                                "object",
                                "output",
                                "parallel_tool_calls",
                                "temperature",
                                "tool_choice",
                                "tools",
                                "top_p",
                                "usage",
                                "status",
                                "text",
                                "previous_response_id",
                                "reasoning",
                                "truncation",
                                "max_output_tokens",
                                "service_tier",
                                "store"}) {
    CAPTURE(key);
    CHECK(json::find(o, key));
  }
  CHECK(json::get_string(o, "id") == "resp_msg_01");
  CHECK(json::get_string(o, "instructions") == "Be brief.");
  CHECK(json::to_text(*json::find(o, "metadata")) == R"({"k":"v"})");
  CHECK(json::get_array(o, "tools")->size() == 2);
  CHECK(json::to_text(*json::find(o, "tool_choice")) == R"({"type":"function","name":"f"})");
}

TEST_CASE("a count of tokens is answered as a count", "[openai_responses][input_tokens]") {
  const auto& form = openai_responses::input_tokens_client();
  const auto held = read_body(form, R"({"model":"m","input":"hi","stream":true})");
  CHECK(held.request.kind == request_kind::token_count);
  CHECK_FALSE(held.request.stream);
  usage u;
  u.input = {42};
  CHECK(form.write_answer(held.request, {answer_start{}, usage_report{u}}, "f", 1) ==
        R"({"object":"response.input_tokens","input_tokens":42})");
}

TEST_CASE("a stream that was relayed as it came gets no second end", "[openai_responses][stream_writer]") {
  const auto w = dialects::openai_responses::client().make_stream_writer({}, "resp_1", 1);
  w->relaying();
  std::string out;
  w->finish(out);
  CHECK(out.empty());
  w->fail(error{error_code::stream_broken, "it broke", {}, "stream_broken", {}}, "req_1", out);
  CHECK(out.starts_with("event: response.failed\n"));
}
