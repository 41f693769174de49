#include <catch2/catch.hpp>

#include <map>

#include "providers/dialects/gemini/gemini.hpp"
#include "tests/support/stream_properties.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::gemini::upstream(); }
std::string bytes_of(const std::string& name) { return read_file(contract_folder("gemini/v1beta_2026-11-23") / (name + ".sse")); }
folded_answer answer_of(const std::string& name) { return fold(read_pieces(form(), {bytes_of(name)}).events); }

reading read_events(const std::vector<std::string>& frames) {
  std::vector<sse_frame> all;
  for (const auto& data : frames) all.push_back({"", data});
  return read_frames(form(), all);
}

const std::string head = "id=r-1 model=gemini-3.8-flash\n";
const std::string used = "\nusage=40/8/0/0 69/55 ";
const std::string used_prompt = "\nusage=40/0/0/0 0/0 ";

/// What each transcript says, by hand. `parallel_tools` has ids of our making: see below.
const std::map<std::string, std::string> expected{
    {"text", head + "text=Hello, 안녕 🚢\n\"quoted\"\nreasoning=\nrefusal=\nfinish=stop" + used},
    {"tools",
     head + "text=\nreasoning=Let me look.\nrefusal=\ncall=f1 get_time {\"tz\":\"Asia/Seoul\"} CpQBAXLI\nfinish=tool_calls" + used},
    {"thinking", head + "text=42\nreasoning=First, carry the one.\nrefusal=\nfinish=stop" + used},
    {"safety", head + "text=I can\nreasoning=\nrefusal=\nfinish=content_filter" + used},
    {"length", head + "text=One two thr\nreasoning=\nrefusal=\nfinish=length\nusage=40/0/0/0 60/60 "},
    {"blocked_prompt", head + "text=\nreasoning=\nrefusal=" + used_prompt + "\nfailure=content_policy 0 prompt_blocked"},
    {"malformed_call", head + "text=Calling.\nreasoning=\nrefusal=" + used + "\nfailure=transient 0 MALFORMED_FUNCTION_CALL"},
    {"continuation", head + "text=Part one.\nreasoning=\nrefusal=" + used},
    {"error_first", "id= model=\ntext=\nreasoning=\nrefusal=\nfailure=transient 503 UNAVAILABLE"},
    {"error_middle", head + "text=Half an \nreasoning=\nrefusal=" + used_prompt + "\nfailure=transient 503 UNAVAILABLE"},
};

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto& file : files_in(contract_folder("gemini/v1beta_2026-11-23"), ".sse")) names.push_back(file.stem().string());
  return names;
}

/// Text of a transcript, read apart from the reader under test.
std::string text_by_hand(const std::string& bytes) {
  std::string text;
  for (const auto& f : frames_of(bytes)) {
    const auto doc = json::document::parse(f.data);
    REQUIRE(doc);
    simdjson::dom::array parts;
    if (doc->root().at_pointer("/candidates/0/content/parts").get(parts) != simdjson::SUCCESS) continue;
    for (const auto part : parts) {
      std::string_view words;
      if (part["thought"].error() != simdjson::SUCCESS && part["text"].get(words) == simdjson::SUCCESS) text += words;
    }
  }
  return text;
}

}  // namespace

TEST_CASE("each transcript is read whole as what it says", "[gemini][stream]") {
  for (const auto& name : all_names()) {
    if (name == "parallel_tools") continue;
    CAPTURE(name);
    REQUIRE(expected.contains(name));
    CHECK(to_text(answer_of(name)) == expected.at(name));
  }
}

TEST_CASE("calls without ids get ids of their own, and one index over all frames", "[gemini][stream]") {
  const auto a = answer_of("parallel_tools");
  CHECK(a.broken.empty());
  REQUIRE(a.calls.size() == 3);
  CHECK(a.calls[0].name == "now");
  CHECK(a.calls[0].arguments == "{}");
  CHECK(a.calls[0].signature == "CpQB");
  CHECK(a.calls[1].arguments == R"({"city":"Seoul"})");
  CHECK(a.calls[2].arguments == R"({"city":"Busan"})");
  CHECK(a.calls[2].signature.empty());
  for (const auto& call : a.calls) CHECK(call.id.starts_with("call_"));
  CHECK(a.calls[0].id != a.calls[1].id);
  CHECK(a.calls[1].id != a.calls[2].id);
  CHECK(answer_of("parallel_tools").calls[2].id == a.calls[2].id);
  CHECK(a.finish == finish_reason::tool_calls);
  REQUIRE(a.usage);
  CHECK(a.usage->output.value == 69);
}

TEST_CASE("a transcript means the same wherever its bytes are split", "[gemini][stream][split]") {
  for (const auto& name : all_names()) {
    CAPTURE(name);
    check_every_split(form(), bytes_of(name));
  }
}

TEST_CASE("a stream cut after any frame is not complete before its finish reason", "[gemini][stream][cut]") {
  const std::map<std::string, std::size_t> ends{{"text", 3},     {"tools", 3},  {"parallel_tools", 3},
                                                {"thinking", 3}, {"safety", 2}, {"length", 2}};
  for (const auto& name : all_names()) {
    CAPTURE(name);
    const auto frames = frames_of(bytes_of(name));
    if (name == "continuation") {
      CHECK_FALSE(read_frames(form(), frames).complete);
      continue;
    }
    check_every_cut(form(), frames, ends.contains(name) ? ends.at(name) : frames.size() + 1);
  }
}

TEST_CASE("the text deltas of a transcript are its text", "[gemini][stream]") {
  for (const auto& name : all_names()) {
    CAPTURE(name);
    CHECK(answer_of(name).text == text_by_hand(bytes_of(name)));
  }
}

TEST_CASE("damaged transcripts never break a rule of events", "[gemini][stream][property]") {
  std::uint32_t seed = 20261123;
  for (const auto& name : all_names()) {
    CAPTURE(name);
    check_mutations(form(), bytes_of(name), seed++, 1500);
  }
}

TEST_CASE("CONTINUATION is no end: the stream counts as cut", "[gemini][stream]") {
  const auto r = read_pieces(form(), {bytes_of("continuation")});
  CHECK_FALSE(r.complete);
  CHECK_FALSE(fold(r.events).finish);
}

TEST_CASE("every finish reason has its meaning", "[gemini][stream]") {
  const auto end = [](const std::string& reason) {
    return fold(read_events({R"({"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":")" + reason + "\"}]}"}).events);
  };
  CHECK(end("STOP").finish == finish_reason::stop);
  CHECK(end("MAX_TOKENS").finish == finish_reason::length);
  for (const std::string reason : {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "IMAGE_SAFETY",
                                   "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"}) {
    CHECK(end(reason).finish == finish_reason::content_filter);
  }
  for (const std::string reason :
       {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "NO_IMAGE", "IMAGE_OTHER", "OTHER", "SOMETHING_NEW"}) {
    const auto a = end(reason);
    REQUIRE(a.failure);
    CHECK(a.failure->cls == failure_class::transient);
    CHECK(a.failure->type == reason);
    CHECK_FALSE(a.finish);
  }
}

TEST_CASE("choices are told apart, each with calls and an end of its own", "[gemini][stream]") {
  const auto call = [](int choice, const std::string& name, const std::string& end) {
    return R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":")" + name + R"(","args":{}}}]},"index":)" +
           std::to_string(choice) + end + "}]}";
  };
  const auto r = read_events({call(0, "a", ""), call(1, "b", ""), call(0, "c", R"(,"finishReason":"STOP")")});
  CHECK_FALSE(r.complete);  // choice 1 has not ended
  CHECK(fold(r.events, 0).calls.size() == 2);
  CHECK(fold(r.events, 1).calls.size() == 1);
  CHECK(fold(r.events, 0).broken.empty());
  const auto both = read_events({call(0, "a", R"(,"finishReason":"STOP")"), call(1, "b", R"(,"finishReason":"MAX_TOKENS")")});
  CHECK(both.complete);
  CHECK(fold(both.events, 1).finish == finish_reason::length);
}

TEST_CASE("frames that are not the form's are a failure, not an answer", "[gemini][stream]") {
  for (const std::string frame : {"{\"candidates\":[", "[]", "7", R"({"candidates":[1]})", R"({"candidates":[{"index":-1}]})",
                                  R"({"candidates":[{"index":400}]})", R"({"candidates":[{"content":{"parts":["x"]}}]})",
                                  R"({"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":"{}"}}]}}]})"}) {
    CAPTURE(frame);
    const auto r = read_events({frame});
    const auto a = fold(r.events);
    REQUIRE(a.failure);
    CHECK(a.failure->type == "unreadable");
    CHECK(a.failure->cls == failure_class::transient);
    CHECK_FALSE(r.complete);
  }
  const auto late =
      read_events({R"({"candidates":[{"finishReason":"STOP"}]})", R"({"candidates":[{"content":{"parts":[{"text":"late"}]}}]})"});
  CHECK(fold(late.events).failure);
  CHECK_FALSE(late.complete);
}

TEST_CASE("counts that are no counts are ignored and flagged", "[gemini][usage]") {
  for (const std::string bad : {"-5", "\"12\"", "1e300", "99999999999999999", "2.5", "[]", "true"}) {
    CAPTURE(bad);
    const auto a =
        fold(read_events(
                 {R"({"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":)" + bad + "}}"})
                 .events);
    REQUIRE(a.usage);
    CHECK(a.usage->input.value == 7);
    CHECK(a.usage->output.value == 0);
    CHECK(a.usage->estimated);
  }
}
