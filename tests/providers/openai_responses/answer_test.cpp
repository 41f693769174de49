#include <map>

#include "support.hpp"
#include "tests/support/answer_fold.hpp"
#include "tests/support/stream_properties.hpp"

using namespace naru;
using namespace naru::test;
namespace openai_responses = naru::dialects::openai_responses;

namespace {

const dialects::upstream_dialect& form() { return openai_responses::upstream(); }
const auto folder = contract_folder("openai_responses/2026-07");
std::string bytes_of(const std::string& name) { return read_file(folder / (name + ".sse")); }

const std::string start = "id=resp_7 model=gpt-6.2-sol\n";
/// What each transcript says, by hand.
const std::map<std::string, std::string> expected{
    {"text", start + "text=Hello, 안녕 🚢\n\"quoted\" \\ done.\nreasoning=\nrefusal=\nfinish=stop\nusage=2062/2048/0/0 12/0 priority"},
    {"parallel_tools", start + "text=\nreasoning=Need both.\n\nAt once.\nrefusal=\nsignature=openai_reasoning:rs_1:gAAAAB==\n"
                               "call=call_a get_time {\"tz\":\"UTC\"} \ncall=call_b now {} \nfinish=tool_calls\nusage=52/0/0/0 30/12 "},
    {"call_at_once", start + "text=\nreasoning=\nrefusal=\ncall=call_c f {\"a\":1} \nfinish=tool_calls\nusage=5/0/0/0 3/0 "},
    {"length", start + "text=One two thr\nreasoning=\nrefusal=\nfinish=length\nusage=9/0/0/0 4/0 "},
    {"filter", start + "text=\nreasoning=\nrefusal=\nfinish=content_filter\nusage=9/0/0/0 0/0 "},
    {"refusal", start + "text=\nreasoning=\nrefusal=I will not.\nfinish=stop\nusage=9/0/0/0 4/0 "},
    {"hosted_tool", start + "text=Found.\nreasoning=\nrefusal=\nfinish=stop\nusage=50/10/20/0 9/0 "},
    {"reasoning_text",
     start + "text=42\nreasoning=Carry the one.\nrefusal=\nsignature=openai_reasoning:rs_9:\nfinish=stop\nusage=7/0/0/0 6/4 "},
    {"failed_first", start + "text=\nreasoning=\nrefusal=\nfailure=transient 0 "},
    {"failed_middle", start + "text=Half an \nreasoning=\nrefusal=\nfailure=limited 0 "},
    {"error_event", start + "text=\nreasoning=\nrefusal=\nfailure=too_small 0 "},
};

bool fails(const std::string& name) { return name.starts_with("failed") || name.starts_with("error"); }

reading read_events(const std::vector<std::string>& frames) {
  std::vector<sse_frame> all;
  for (const auto& data : frames) all.push_back({"", data});
  return read_frames(form(), all);
}

const std::string created = R"({"type":"response.created","response":{"id":"r","model":"m"}})";
const std::string completed = R"({"type":"response.completed","response":{"id":"r","status":"completed","output":[]}})";

}  // namespace

TEST_CASE("each transcript is read as what it says", "[openai_responses][stream]") {
  for (const auto& file : files_in(folder, ".sse")) {
    const std::string name = file.stem().string();
    CAPTURE(name);
    REQUIRE(expected.contains(name));
    CHECK(to_text(fold(read_pieces(form(), {bytes_of(name)}).events)) == expected.at(name));
  }
}

TEST_CASE("a whole answer says what its stream says", "[openai_responses][answer]") {
  for (const auto& file : files_in(folder, ".json")) {
    const std::string name = file.stem().string();
    CAPTURE(name);
    const auto events = form().read_answer(read_file(file));
    REQUIRE(events);
    if (name == "failed")
      CHECK(to_text(fold(*events)) == "id= model=\ntext=\nreasoning=\nrefusal=\nfailure=transient 0 ");
    else
      CHECK(to_text(fold(*events)) == expected.at(name));
  }
}

TEST_CASE("a transcript means the same wherever its bytes are split", "[openai_responses][stream][split]") {
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    check_every_split(form(), bytes_of(name));
  }
}

TEST_CASE("a stream cut after any frame is not complete before its end", "[openai_responses][stream][cut]") {
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    const auto frames = frames_of(bytes_of(name));
    check_every_cut(form(), frames, fails(name) ? frames.size() + 1 : frames.size());
  }
}

TEST_CASE("damaged transcripts never break a rule of events", "[openai_responses][stream][property]") {
  std::uint32_t seed = 20261124;
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    check_mutations(form(), bytes_of(name), seed++, 700);
  }
}

TEST_CASE("citations of web pages and log probabilities come as they are told", "[openai_responses][stream]") {
  const auto r = read_pieces(form(), {bytes_of("text")});
  std::size_t citations = 0;
  for (const auto& e : r.events) {
    if (const auto* c = std::get_if<citation>(&e)) {
      ++citations;
      CHECK(c->url == "https://example.com/a");
      CHECK((c->begin == 0 && c->end == 5));
    }
  }
  CHECK(citations == 1);  // a file of the vendor's own means nothing elsewhere
  const auto logged =
      read_events({created, R"({"type":"response.output_text.delta","output_index":0,"delta":"a","logprobs":[{"token":"a"}]})"});
  CHECK(std::get<logprobs_piece>(logged.events.back()).json == R"({"content":[{"token":"a"}],"refusal":null})");
}

TEST_CASE("an answer that comes in its last event alone is read from there", "[openai_responses][stream]") {
  const auto r = read_events(
      {R"({"type":"response.completed","response":{"id":"r","model":"m","status":"completed","output":[{"type":"message","content":[
          {"type":"output_text","text":"all"}]}]}})"});
  CHECK(r.complete);
  CHECK(fold(r.events).text == "all");
}

TEST_CASE("a failure has the class of its code", "[openai_responses][stream]") {
  const std::vector<std::pair<std::string, failure_class>> codes{
      {"server_error", failure_class::transient},         {"rate_limit_exceeded", failure_class::limited},
      {"insufficient_quota", failure_class::account},     {"context_length_exceeded", failure_class::too_small},
      {"invalid_prompt", failure_class::content_policy},  {"bio_policy", failure_class::content_policy},
      {"invalid_image_url", failure_class::request},      {"image_too_large", failure_class::request},
      {"vector_store_timeout", failure_class::transient}, {"brand_new", failure_class::transient}};
  for (const auto& [code, cls] : codes) {
    CAPTURE(code);
    const std::string words = R"({"code":")" + code + R"(","message":"m"})";
    for (const std::string& frame :
         {R"({"type":"response.failed","response":{"status":"failed","error":)" + words + "}}", R"({"type":"error","error":)" + words + "}",
          R"({"type":"error","message":"m","code":")" + code + "\"}"}) {
      const auto r = read_events({created, frame, completed});
      const auto a = fold(r.events);
      REQUIRE(a.failure);
      CHECK(a.failure->cls == cls);
      CHECK(a.failure->code == code);
      CHECK(a.failure->message == "m");
      CHECK_FALSE(r.complete);
    }
  }
}

TEST_CASE("frames that are not of the form fail the stream, never end it", "[openai_responses][stream]") {
  for (const std::string bad : {"{\"type\":", "[]", "plain", R"({"type":"response.completed"})", R"({"type":"response.output_item.added"})",
                                R"({"type":"response.output_text.delta","delta":"x"})", R"({"type":"response.failed"})",
                                R"({"type":"response.function_call_arguments.delta","output_index":7,"delta":"x"})"}) {
    CAPTURE(bad);
    const auto r = read_events({created, bad, completed});
    CHECK(fold(r.events).failure);
    CHECK_FALSE(r.complete);
  }
}

TEST_CASE("what is no answer is upstream_failed", "[openai_responses][answer]") {
  for (const std::string bad : {"", "<html>", "[]", "{}", R"({"status":"completed"})", R"({"status":"in_progress","output":[]})",
                                R"({"object":"response.input_tokens","input_tokens":-1})"}) {
    CAPTURE(bad);
    const auto events = form().read_answer(bad);
    REQUIRE_FALSE(events);
    CHECK(events.error().code == error_code::upstream_failed);
  }
  const auto count = form().read_answer(R"({"object":"response.input_tokens","input_tokens":17})");
  REQUIRE(count);
  CHECK(fold(*count).usage->input.value == 17);
}

TEST_CASE("counts that cannot be true are cut, and say so", "[openai_responses][usage]") {
  const auto events = form().read_answer(
      R"({"status":"completed","output":[],"usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":9},"output_tokens":"x"}})");
  REQUIRE(events);
  const auto u = *fold(*events).usage;
  CHECK(u.input.value == 5);
  CHECK(u.cached.value == 5);
  CHECK(u.output.value == 0);
  CHECK(u.estimated);
}
