#include <catch2/catch.hpp>

#include <map>

#include "client_support.hpp"
#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "tests/support/stream_properties.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::anthropic_messages::upstream(); }
std::string bytes_of(const std::string& name) { return read_file(contract_folder("anthropic/2023-06-01_2026-11-23") / (name + ".sse")); }
std::string read_text(const std::string& name) { return to_text(fold(read_pieces(form(), {bytes_of(name)}).events)); }

/// The frames one after the other, each with its type as the event's name.
reading read_events(const std::vector<std::pair<std::string, std::string>>& frames) {
  std::vector<sse_frame> all;
  for (const auto& [name, data] : frames) all.push_back({name, data});
  return read_frames(form(), all);
}

const std::pair<std::string, std::string> started{
    "message_start", R"({"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":1,"output_tokens":1}}})"};
const std::pair<std::string, std::string> stopped{"message_stop", R"({"type":"message_stop"})"};

/// What each transcript says, by hand.
const std::map<std::string, std::string> expected{
    {"text",
     "id=msg_01 model=claude-sonnet-5-5\ntext=Hello, 안녕 🚢\n\"quoted\" \\ done.\nreasoning=\nrefusal=\nfinish=stop\n"
     "usage=2062/2048/0/0 12/0 "},
    {"tools",
     "id=msg_01 model=claude-sonnet-5-5\ntext=Checking.\nreasoning=\nrefusal=\ncall=toolu_9 get_time {\"tz\": \"UTC\"} "
     "\nfinish=tool_calls\n"
     "usage=2062/2048/0/0 41/0 "},
    {"parallel_tools",
     "id=msg_01 model=claude-sonnet-5-5\ntext=\nreasoning=\nrefusal=\ncall=toolu_a now {} \ncall=toolu_b get_weather {\"city\":\"Seoul\"} "
     "\n"
     "call=toolu_c noop {} \nfinish=tool_calls\nusage=2062/2048/0/0 77/0 "},
    {"thinking",
     "id=msg_01 model=claude-sonnet-5-5\ntext=42\nreasoning=First, carry the one.\nrefusal=\nsignature=EqQBCgIYAh==\n"
     "signature=Y2lwaGVy\nfinish=stop\nusage=30/0/0/0 58/50 "},
    {"refusal",
     "id=msg_01 model=claude-sonnet-5-5\ntext=I can\nreasoning=\nrefusal=This asks for harm.\nfinish=content_filter\nusage=9/0/0/0 3/0 "},
    {"length", "id=msg_01 model=claude-sonnet-5-5\ntext=One two thr\nreasoning=\nrefusal=\nfinish=length\nusage=9/0/0/0 4/0 "},
    {"cache_write", "id=msg_01 model=claude-sonnet-5-5\ntext=ok\nreasoning=\nrefusal=\nfinish=stop\nusage=3510/500/1000/2000 2/0 "},
    {"citations",
     "id=msg_01 model=claude-sonnet-5-5\ntext=나루 says: a landing, too.\nreasoning=\nrefusal=\nfinish=stop\nusage=90/0/0/0 21/0 "},
    {"stop_sequence", "id=msg_01 model=claude-sonnet-5-5\ntext=One, two, \nreasoning=\nrefusal=\nfinish=stop\nusage=9/0/0/0 6/0 "},
    {"unknown_kinds", "id=msg_01 model=claude-sonnet-5-5\ntext=Found.\nreasoning=\nrefusal=\nfinish=stop\nusage=5/0/0/0 9/0 "},
    {"error_first", "id= model=\ntext=\nreasoning=\nrefusal=\nfailure=transient 529 overloaded_error"},
    {"error_middle",
     "id=msg_01 model=claude-sonnet-5-5\ntext=Half an \nreasoning=\nrefusal=\nusage=9/0/0/0 1/0 \nfailure=transient 529 overloaded_error"},
};

/// Text of a transcript, read apart from the reader under test.
std::string text_by_hand(const std::string& bytes) {
  std::string text;
  for (const auto& f : frames_of(bytes)) {
    const auto doc = json::document::parse(f.data);
    REQUIRE(doc);
    const auto delta = json::get_object(doc->root().get_object().value_unsafe(), "delta");
    if (delta && json::get_string(*delta, "type") == "text_delta") text += *json::get_string(*delta, "text");
  }
  return text;
}

}  // namespace

TEST_CASE("each transcript is read whole as what it says", "[anthropic][stream]") {
  for (const auto& file : files_in(contract_folder("anthropic/2023-06-01_2026-11-23"), ".sse")) {
    const std::string name = file.stem().string();
    CAPTURE(name);
    REQUIRE(expected.contains(name));
    CHECK(read_text(name) == expected.at(name));
  }
}

TEST_CASE("a transcript means the same wherever its bytes are split", "[anthropic][stream][split]") {
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    check_every_split(form(), bytes_of(name));
  }
}

TEST_CASE("a stream cut after any frame is not complete before message_stop", "[anthropic][stream][cut]") {
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    const auto frames = frames_of(bytes_of(name));
    const bool fails = name.starts_with("error");
    check_every_cut(form(), frames, fails ? frames.size() + 1 : frames.size());
  }
}

TEST_CASE("the text deltas of a transcript are its text", "[anthropic][stream]") {
  for (const auto& [name, text] : expected) {
    const std::string bytes = bytes_of(name);
    CHECK(fold(read_pieces(form(), {bytes}).events).text == text_by_hand(bytes));
  }
}

TEST_CASE("damaged transcripts never break a rule of events", "[anthropic][stream][property]") {
  std::uint32_t seed = 20261123;
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    check_mutations(form(), bytes_of(name), seed++, 1500);
  }
}

TEST_CASE("a ping and an unknown event show that the vendor lives, and say nothing", "[anthropic][stream]") {
  const auto r = read_events({{"ping", R"({"type":"ping"})"}, {"brand_new", R"({"type":"brand_new"})"}, {"ping", ""}});
  REQUIRE(r.events.size() == 3);
  for (const auto& e : r.events) CHECK(std::holds_alternative<keep_alive>(e));
  CHECK_FALSE(r.complete);
}

TEST_CASE("a stream that breaks its own grammar is a failure, not an answer", "[anthropic][stream]") {
  const std::vector<std::vector<std::pair<std::string, std::string>>> garbled{
      {{"message_delta", "{\"type\":\"message_del"}},
      {{"message_start", "[]"}},
      {{"message_start", R"({"type":"message_start"})"}},
      {started, started},
      {{"content_block_delta", R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}})"}},
      {started, {"content_block_delta", R"({"type":"content_block_delta","index":3,"delta":{"type":"text_delta","text":"x"}})"}},
      {started, {"content_block_start", R"({"type":"content_block_start","index":-1,"content_block":{"type":"text"}})"}},
      {started, {"content_block_start", R"({"type":"content_block_start","index":0})"}},
      {started, stopped},
      {{"error", ""}},
      {{"error", R"({"type":"error"})"}},
  };
  for (std::size_t i = 0; i < garbled.size(); ++i) {
    CAPTURE(i);
    const auto r = read_events(garbled[i]);
    const auto a = fold(r.events);
    REQUIRE(a.failure);
    CHECK(a.failure->cls == failure_class::transient);
    CHECK(a.failure->type == "unreadable");
    CHECK_FALSE(r.complete);
  }
}

TEST_CASE("content after the stop reason is garbled", "[anthropic][stream]") {
  const auto r =
      read_events({started,
                   {"message_delta", R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}})"},
                   {"content_block_start", R"({"type":"content_block_start","index":0,"content_block":{"type":"text"}})"},
                   stopped});
  CHECK(fold(r.events).failure);
  CHECK_FALSE(r.complete);
}

TEST_CASE("nothing after message_stop or after an error is read", "[anthropic][stream]") {
  auto frames = frames_of(bytes_of("text"));
  const auto before = read_frames(form(), frames);
  frames.push_back({"error", R"({"type":"error","error":{"type":"api_error","message":"late"}})"});
  const auto after = read_frames(form(), frames);
  CHECK(after.complete);
  CHECK(after.events.size() == before.events.size());

  auto failed = frames_of(bytes_of("error_middle"));
  const auto stop_at = read_frames(form(), failed).events.size();
  for (const auto& f : frames_of(bytes_of("text"))) failed.push_back(f);
  CHECK(read_frames(form(), failed).events.size() == stop_at);
}

TEST_CASE("a tool whose input came with its start still has arguments", "[anthropic][stream]") {
  const auto r =
      read_events({started,
                   {"content_block_start",
                    R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"a":1}}})"},
                   // no content_block_stop: the end of the message closes it
                   {"message_delta", R"({"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2}})"},
                   stopped});
  const auto a = fold(r.events);
  REQUIRE(a.calls.size() == 1);
  CHECK(a.calls[0].arguments == R"({"a":1})");
  CHECK(r.complete);
}

TEST_CASE("counts that are no counts are ignored and flagged", "[anthropic][usage]") {
  for (const std::string bad : {"-5", "\"12\"", "1e300", "99999999999999999", "2.5", "[]", "true"}) {
    CAPTURE(bad);
    const auto r = read_events(
        {started,
         {"message_delta", R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":)" + bad + "}}"},
         stopped});
    const auto a = fold(r.events);
    REQUIRE(a.usage);
    CHECK(a.usage->output.value == 1);  // what message_start said
    CHECK(a.usage->estimated);
    CHECK(r.complete);
  }
}

TEST_CASE("in-band errors have the class of their type", "[anthropic][stream]") {
  const std::vector<std::tuple<std::string, failure_class, int>> types{
      {"overloaded_error", failure_class::transient, 529}, {"api_error", failure_class::transient, 500},
      {"timeout_error", failure_class::transient, 504},    {"rate_limit_error", failure_class::limited, 429},
      {"billing_error", failure_class::account, 402},      {"authentication_error", failure_class::account, 401},
      {"not_found_error", failure_class::settings, 404},   {"invalid_request_error", failure_class::request, 400},
      {"request_too_large", failure_class::request, 413},  {"brand_new_error", failure_class::transient, 0}};
  for (const auto& [type, cls, status] : types) {
    CAPTURE(type);
    const auto a = fold(read_events({{"error", R"({"type":"error","error":{"type":")" + type + R"(","message":"m"}})"}}).events);
    REQUIRE(a.failure);
    CHECK(a.failure->cls == cls);
    CHECK(a.failure->status == status);
    CHECK(a.failure->message == "m");
  }
}

TEST_CASE("citations are told behind the text that they speak of, wherever they came in its block", "[anthropic][stream]") {
  CHECK(words(read_pieces(form(), {bytes_of("citations")}).events) == R"(start msg_01 claude-sonnet-5-5
text 나루 says: a landing
citation |Words|A ferry landing.|1|20-36
text , too.
citation https://example.com/f||Ferries|0|18-24
finished stop  
used 90/0/0/0 21/0 
)");
}

TEST_CASE("a stream says which sequence stopped it, and marks what is redacted", "[anthropic][stream]") {
  CHECK(words(read_pieces(form(), {bytes_of("stop_sequence")}).events).find("finished stop  three\n") != std::string::npos);
  CHECK(words(read_pieces(form(), {bytes_of("thinking")}).events).find("redacted Y2lwaGVy\n") != std::string::npos);
}
