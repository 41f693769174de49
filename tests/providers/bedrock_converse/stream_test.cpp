#include <catch2/catch.hpp>
#include <map>

#include "providers/dialects/bedrock_converse/bedrock_converse.hpp"
#include "tests/support/stream_properties.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::bedrock_converse::upstream(); }
std::string bytes_of(const std::string& name) { return read_file(contract_folder("bedrock/2023-09-30_2026-11-23") / (name + ".sse")); }

reading read_events(const std::vector<std::pair<std::string, std::string>>& frames) {
  std::vector<sse_frame> all;
  for (const auto& [name, data] : frames) all.push_back({name, data});
  return read_frames(form(), all);
}

const std::pair<std::string, std::string> started{"messageStart", R"({"role":"assistant"})"};
const std::pair<std::string, std::string> stopped{"messageStop", R"({"stopReason":"end_turn"})"};

struct said {
  std::string text;
  std::size_t after_end = 1;  ///< frames behind messageStop
  bool fails = false;
};
/// What each transcript says, by hand.
const std::string nobody = "id= model=\ntext=";
const std::map<std::string, said> expected{
    {"text", {nobody + "Hello, 안녕 🚢\n\"quoted\" \\ done.\nreasoning=\nrefusal=\nfinish=stop\nusage=3621/3059/0/0 12/0 "}},
    {"tools",
     {nobody + "Checking\nreasoning=\nrefusal=\ncall=tooluse_a1 get_time {\"tz\":\"UTC\"} \nfinish=tool_calls\nusage=30/0/0/0 22/0 "}},
    {"parallel_tools",
     {nobody + "\nreasoning=\nrefusal=\ncall=tooluse_a now {} \ncall=tooluse_b get_weather {\"city\":\"Seoul\"} \n"
               "call=tooluse_c noop {} \nfinish=tool_calls\nusage=30/0/0/0 77/0 "}},
    {"thinking",
     {nobody + "42\nreasoning=First, carry the one.\nrefusal=\nsignature=EqQBCgIYAh==\nsignature=redacted_thinking:Y2lwaGVy\n"
               "finish=stop\nusage=30/0/0/0 58/0 "}},
    {"length", {nobody + "One two thr\nreasoning=\nrefusal=\nfinish=length\nusage=9/0/0/0 4/0 "}},
    {"stop_sequence", {nobody + "One two\nreasoning=\nrefusal=\nfinish=stop\nusage=9/0/0/0 4/0 "}},
    {"guardrail", {nobody + "I can\nreasoning=\nrefusal=\nfinish=content_filter\nusage=9/0/0/0 3/0 "}},
    {"cache_write", {nobody + "ok\nreasoning=\nrefusal=\nfinish=stop\nusage=3510/500/1000/2000 2/0 priority"}},
    {"citations", {nobody + "The dock is 12 m.\nreasoning=\nrefusal=\nfinish=stop\nusage=90/0/0/0 9/0 "}},
    {"unknown_kinds", {nobody + "Found.\nreasoning=\nrefusal=\nfinish=stop\nusage=5/0/0/0 9/0 "}},
    {"without_metadata", {nobody + "ok\nreasoning=\nrefusal=\nfinish=stop", 0}},
    {"malformed_tool", {nobody + "\nreasoning=\nrefusal=\ncall=tooluse_a f {\"a\" \nfailure=transient 0 malformed_tool_use", 1, true}},
    {"error_first", {nobody + "\nreasoning=\nrefusal=\nfailure=limited 429 throttlingException", 0, true}},
    {"error_middle", {nobody + "Half an \nreasoning=\nrefusal=\nfailure=transient 424 modelStreamErrorException", 0, true}},
};

}  // namespace

TEST_CASE("each transcript of Converse is read whole as what it says", "[bedrock][stream]") {
  std::size_t seen = 0;
  for (const auto& file : files_in(contract_folder("bedrock/2023-09-30_2026-11-23"), ".sse")) {
    const std::string name = file.stem().string();
    if (name.starts_with("invoke_")) continue;  // bedrock_anthropic's
    CAPTURE(name);
    REQUIRE(expected.contains(name));
    CHECK(to_text(fold(read_pieces(form(), {bytes_of(name)}).events)) == expected.at(name).text);
    ++seen;
  }
  CHECK(seen == expected.size());
}

TEST_CASE("a transcript of Converse means the same wherever its bytes are split", "[bedrock][stream][split]") {
  for (const auto& [name, what] : expected) {
    CAPTURE(name);
    check_every_split(form(), bytes_of(name));
  }
}

TEST_CASE("a stream of Converse cut after any frame is not complete before messageStop", "[bedrock][stream][cut]") {
  for (const auto& [name, what] : expected) {
    CAPTURE(name);
    const auto frames = frames_of(bytes_of(name));
    check_every_cut(form(), frames, what.fails ? frames.size() + 1 : frames.size() - what.after_end);
  }
}

TEST_CASE("damaged transcripts of Converse never break a rule of events", "[bedrock][stream][property]") {
  std::uint32_t seed = 20261123;
  for (const auto& [name, what] : expected) {
    CAPTURE(name);
    check_mutations(form(), bytes_of(name), seed++, 800);
  }
}

TEST_CASE("the end says the vendor's word and the stop string, where they say more", "[bedrock][stream]") {
  const auto end_of = [](const std::string& name) {
    for (const auto& e : read_pieces(form(), {bytes_of(name)}).events) {
      if (const auto* f = std::get_if<finished>(&e)) return f->vendor_reason + "|" + f->stop_sequence;
    }
    return std::string{"no end"};
  };
  CHECK(end_of("text") == "|");
  CHECK(end_of("tools") == "|");
  CHECK(end_of("length") == "|");
  CHECK(end_of("stop_sequence") == "stop_sequence|END");
  CHECK(end_of("guardrail") == "guardrail_intervened|");
}

TEST_CASE("a citation names its document and place", "[bedrock][stream]") {
  std::vector<citation> cited;
  for (const auto& e : read_pieces(form(), {bytes_of("citations")}).events) {
    if (const auto* c = std::get_if<citation>(&e)) cited.push_back(*c);
  }
  REQUIRE(cited.size() == 1);
  CHECK(cited[0].title == "harbour");
  CHECK(cited[0].quoted == "a dock of 12 m");
  CHECK(cited[0].url.empty());
  CHECK(cited[0].document == 1);
  CHECK(cited[0].begin == 12);
  CHECK(cited[0].end == 40);
}

TEST_CASE("a picture in a stream is told with its type", "[bedrock][stream]") {
  const auto r = read_events({started,
                              {"contentBlockStart", R"({"contentBlockIndex":0,"start":{"image":{"format":"webp"}}})"},
                              {"contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"image":{"source":{"bytes":"UklG"}}}})"},
                              {"contentBlockStop", R"({"contentBlockIndex":0})"},
                              stopped});
  REQUIRE(r.events.size() == 5);
  const auto* image = std::get_if<image_made>(&r.events[2]);
  REQUIRE(image);
  CHECK(image->media_type == "image/webp");
  CHECK(image->data == "UklG");
  CHECK(r.complete);
}

TEST_CASE("a frame without content and one yet unknown show that Bedrock lives, and say nothing", "[bedrock][stream]") {
  const auto r = read_events({{"", ""}, {"novelty", R"({"a":1})"}, {"messageStart", "{}"}, {"metadata", "{}"}});
  REQUIRE(r.events.size() == 4);
  CHECK(std::holds_alternative<keep_alive>(r.events[0]));
  CHECK(std::holds_alternative<keep_alive>(r.events[1]));
  CHECK(std::holds_alternative<keep_alive>(r.events[3]));
  CHECK_FALSE(r.complete);
}

TEST_CASE("a stream of Converse that breaks its own grammar is a failure, not an answer", "[bedrock][stream]") {
  const std::pair<std::string, std::string> text{"contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"x"}})"};
  const std::vector<std::vector<std::pair<std::string, std::string>>> garbled{
      {{"messageStart", "{\"role\":\"assis"}},
      {{"messageStart", "[]"}},
      {started, started},
      {text},
      {stopped},
      {started, {"contentBlockDelta", R"({"delta":{"text":"x"}})"}},
      {started, {"contentBlockDelta", R"({"contentBlockIndex":-1,"delta":{"text":"x"}})"}},
      {started, {"contentBlockDelta", R"({"contentBlockIndex":0})"}},
      {started, {"contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"toolUse":{"input":"{}"}}})"}},
      {started, {"contentBlockStart", R"({"contentBlockIndex":0})"}},
      {started, {"contentBlockStart", R"({"start":{}})"}},
      {started, text, {"contentBlockStart", R"({"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t","name":"f"}}})"}},
      {started, {"contentBlockStop", R"({})"}},
      {started, {"messageStop", R"({})"}},
      {started, stopped, text},
      {started, stopped, stopped},
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

TEST_CASE("nothing after the metadata or after an exception is read", "[bedrock][stream]") {
  auto frames = frames_of(bytes_of("text"));
  const auto before = read_frames(form(), frames);
  frames.push_back({"internalServerException", R"({"message":"late"})"});
  const auto after = read_frames(form(), frames);
  CHECK(after.complete);
  CHECK(after.events.size() == before.events.size());

  auto failed = frames_of(bytes_of("error_middle"));
  const auto stop_at = read_frames(form(), failed).events.size();
  for (const auto& f : frames_of(bytes_of("text"))) failed.push_back(f);
  CHECK(read_frames(form(), failed).events.size() == stop_at);
}

TEST_CASE("an exception between messageStop and the metadata spoils the end", "[bedrock][stream]") {
  const auto r = read_events({started, stopped, {"internalServerException", R"({"message":"m"})"}});
  CHECK_FALSE(r.complete);
  CHECK(fold(r.events).failure);
}

TEST_CASE("Bedrock's counts that are no counts are ignored and flagged", "[bedrock][usage]") {
  for (const std::string bad : {"-5", "\"12\"", "1e300", "99999999999999999", "2.5", "[]", "true"}) {
    CAPTURE(bad);
    const auto r = read_events({started, stopped, {"metadata", R"({"usage":{"inputTokens":7,"outputTokens":)" + bad + "}}"}});
    const auto a = fold(r.events);
    REQUIRE(a.usage);
    CHECK(a.usage->input.value == 7);
    CHECK(a.usage->output.value == 0);
    CHECK(a.usage->estimated);
    CHECK(r.complete);
  }
}
