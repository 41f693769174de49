#include <algorithm>
#include <catch2/catch.hpp>

#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "support.hpp"

using namespace naru;
using namespace naru::test;

namespace {

reading read_file(std::string_view name) { return read_fast(frames_of(transcript(name))); }

/// Frames with one choice's delta.
std::string chunk(std::string_view choice) {
  return R"({"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[)" + std::string{choice} + "]}";
}
reading read_all(std::vector<std::string> data) {
  std::vector<frame> frames;
  for (auto& d : data) frames.push_back({"", std::move(d)});
  return read_fast(frames);
}

}  // namespace

TEST_CASE("a stream gives the same events wherever it is split", "[openai_chat]") {
  for (const auto& name : transcripts(".sse")) {
    INFO(name);
    const auto bytes = transcript(name);
    const auto whole = read_fast(frames_of(bytes));
    const auto expected = describe(whole.events);
    CHECK(describe(read_slow(frames_of(bytes)).events) == expected);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      const auto split = read_fast(frames_of(bytes, cut));
      if (describe(split.events) != expected || split.complete != whole.complete) FAIL_CHECK("differs when split before byte " << cut);
    }
  }
}

TEST_CASE("a stream that is cut anywhere is never complete", "[openai_chat]") {
  for (const auto& name : transcripts(".sse")) {
    const auto bytes = transcript(name);
    if (!read_fast(frames_of(bytes)).complete) continue;
    INFO(name);
    const auto end = bytes.rfind("[DONE]");
    for (std::size_t size = 0; size < end; ++size) {
      if (read_fast(frames_of(std::string_view{bytes}.substr(0, size))).complete) FAIL_CHECK("complete after " << size << " bytes");
    }
  }
}

TEST_CASE("OpenAI's stream of text", "[openai_chat]") {
  const auto r = read_file("openai/text.sse");
  CHECK(describe(r.events) ==
        "start id=chatcmpl-A1 model=gpt-4.1-2025-04-14 created=1795400000\n"
        "text[0] 나루\ntext[0]  is\ntext[0]  a \"landing\"\n\ntext[0] .\n"
        "finished[0] stop\n"
        "usage in=61 cached=12 write=0 write_long=0 out=17 reasoning=0 audio=0/0 tier= estimated=false\n");
  CHECK(r.complete);
  CHECK(std::ranges::count(r.usage_only, true) == 1);
  CHECK(r.usage_only[r.usage_only.size() - 2]);
}

TEST_CASE("tool calls come in pieces", "[openai_chat]") {
  CHECK(describe(joined(read_file("openai/tools.sse").events)) ==
        "start id=chatcmpl-A1 model=gpt-4.1-2025-04-14 created=1795400000\n"
        "call[0][0] id=call_q1 name=get_time signature=\n"
        "arguments[0][0] {\"tz\":\"Asia/Seoul\"}\n"
        "call[0][1] id=call_q2 name=get_date signature=\n"
        "arguments[0][1] {}\n"
        "finished[0] tool_calls\n"
        "usage in=61 cached=12 write=0 write_long=0 out=17 reasoning=0 audio=0/0 tier= estimated=false\n");
}

TEST_CASE("every server's way of usage is read", "[openai_chat]") {
  const auto last_usage = [](std::string_view name) {
    std::string out;
    for (const auto& e : read_file(name).events) {
      if (const auto* u = std::get_if<usage_report>(&e)) out = describe(u->usage);
    }
    return out;
  };
  CHECK(last_usage("groq/text.sse") == "in=11 cached=0 write=0 write_long=0 out=4 reasoning=0 audio=0/0 tier= estimated=false");
  CHECK(last_usage("mistral/thinking_and_tool.sse") ==
        "in=50 cached=0 write=0 write_long=0 out=21 reasoning=0 audio=0/0 tier= estimated=false");
  CHECK(last_usage("vllm/usage_on_every_chunk.sse") ==
        "in=15 cached=0 write=0 write_long=0 out=2 reasoning=0 audio=0/0 tier= estimated=false");
  CHECK(last_usage("deepseek/reasoning.sse") == "in=20 cached=8 write=0 write_long=0 out=31 reasoning=22 audio=0/0 tier= estimated=false");
}

TEST_CASE("usage on a chunk with choices is not hidden from the client", "[openai_chat]") {
  for (const auto* name : {"vllm/usage_on_every_chunk.sse", "mistral/thinking_and_tool.sse", "groq/text.sse", "deepseek/reasoning.sse"}) {
    const auto r = read_file(name);
    CHECK(std::ranges::count(r.usage_only, true) == 0);
  }
}

TEST_CASE("reasoning is told apart from text", "[openai_chat]") {
  CHECK_THAT(describe(read_file("deepseek/reasoning.sse").events), Catch::Contains("reasoning[0] Need the zone. \ntext[0] It is 3 pm.\n"));
  CHECK_THAT(describe(read_file("vllm/reasoning.sse").events),
             Catch::Contains("reasoning[0] Think \n") && Catch::Contains("text[0] Yes.\n"));
  CHECK_THAT(describe(read_file("mistral/thinking_and_tool.sse").events),
             Catch::Contains("reasoning[0] User wants time. \ncall[0][0] id=a1B2c3D4e name=get_time"));
}

TEST_CASE("Azure's first frame without choices does not start the answer", "[openai_chat]") {
  const auto r = read_file("azure/text.sse");
  CHECK(describe(r.events[0]) == "keep-alive");
  CHECK(describe(r.events[1]) == "start id=chatcmpl-z model=gpt-4.1 created=1795400000");
  CHECK_FALSE(r.usage_only[0]);
  CHECK(r.complete);
}

TEST_CASE("each choice has its own end", "[openai_chat]") {
  const auto r = read_file("openai/two_choices.sse");
  CHECK(r.complete);
  CHECK_THAT(describe(r.events), Catch::Contains("finished[1] stop\nfinished[0] length\n"));
}

TEST_CASE("a stream that ends without a finish reason or an end marker is cut", "[openai_chat]") {
  for (const auto* name : {"openai/cut_without_end.sse", "openai/done_without_finish.sse", "ollama/cut_by_error.sse"}) {
    INFO(name);
    CHECK_FALSE(read_file(name).complete);
  }
  CHECK_FALSE(read_all({"[DONE]"}).complete);
  CHECK_FALSE(read_all({chunk(R"({"index":0,"delta":{},"finish_reason":"stop"})")}).complete);
  CHECK_FALSE(read_all({chunk(R"({"index":0,"delta":{},"finish_reason":""})"), "[DONE]"}).complete);
  CHECK(read_all({chunk(R"({"index":0,"delta":{},"finish_reason":"stop"})"), "[DONE]"}).complete);
}

TEST_CASE("an error in the stream ends it, whatever its form", "[openai_chat]") {
  const auto last = [](const reading& r) { return describe(r.events.back()); };
  CHECK(last(read_file("openai/error_inside.sse")) == "failed transient status=0 type=server_error code= message=The server had an error");
  CHECK(last(read_file("vllm/error_inside.sse")) ==
        "failed transient status=500 type=InternalServerError code=500 message=EngineCore died");
  CHECK(last(read_file("openrouter/error_inside.sse")) ==
        "failed transient status=502 type=provider_unavailable code=502 message=Provider disconnected");
  CHECK(last(read_file("groq/cut.sse")) == "failed transient status=0 type= code= message=over capacity");
  CHECK(last(read_all({R"({"error":"model crashed"})"})) == "failed transient status=0 type= code= message=model crashed");
  CHECK(last(read_all({R"({"object":"error","message":"too long: maximum context length is 5","type":"BadRequestError","code":400})"})) ==
        "failed too_small status=400 type=BadRequestError code=400 message=too long: maximum context length is 5");
  CHECK(last(read_fast({{"error", R"({"message":"boom","code":503})"}})) == "failed transient status=503 type= code=503 message=boom");
  CHECK(last(read_fast({{"error", "plain words"}})) ==
        "failed transient status=0 type= code=unreadable message=the upstream reported an error in its stream");
  CHECK(last(read_all({R"({"error":{"message":"no money","code":"insufficient_quota"}})"})) ==
        "failed account status=0 type= code=insufficient_quota message=no money");
  CHECK(last(read_all({chunk(R"({"index":0,"delta":{},"finish_reason":"insufficient_system_resource"})"), "[DONE]"})) ==
        "failed transient status=0 type= code=insufficient_system_resource message=the upstream ended the answer with an error");
  for (const auto* name : {"openai/error_inside.sse", "vllm/error_inside.sse", "openrouter/error_inside.sse", "groq/cut.sse"}) {
    CHECK_FALSE(read_file(name).complete);
  }
}

TEST_CASE("nothing is told after a failure", "[openai_chat]") {
  const auto r = read_all({"not json", chunk(R"({"index":0,"delta":{"content":"x"},"finish_reason":"stop"})"), "[DONE]"});
  REQUIRE(r.events.size() == 1);
  CHECK(describe(r.events[0]) == "failed transient status=0 type= code=unreadable message=a frame is not a JSON object");
  CHECK_FALSE(r.complete);
}

TEST_CASE("an answer's numbers are bounded", "[openai_chat]") {
  const auto code = [](const reading& r) {
    const auto* f = std::get_if<answer_failed>(&r.events.back());
    return f == nullptr ? std::string{} : f->failure.code;
  };
  CHECK(code(read_all({chunk(R"({"index":128,"delta":{}})")})) == "unreadable");
  CHECK(code(read_all({chunk(R"({"index":-1,"delta":{}})")})) == "unreadable");
  CHECK(code(read_all({chunk(R"({"index":"0","delta":{}})")})) == "unreadable");
  CHECK(code(read_all({chunk(R"({"index":0,"delta":{"tool_calls":[{"index":99999,"id":"a","function":{"name":"f"}}]}})")})) ==
        "unreadable");
  CHECK(code(read_all({chunk("5")})) == "unreadable");
  CHECK(code(read_all({"[]"})) == "unreadable");
}

TEST_CASE("servers that give every call the number 0 are understood", "[openai_chat]") {
  const auto r =
      read_all({chunk(R"({"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}})"),
                chunk(R"({"index":0,"delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"g","arguments":"{\"x\":1}"}}]}})"),
                chunk(R"({"index":0,"delta":{},"finish_reason":"stop"})"), "[DONE]"});
  CHECK(describe(r.events) ==
        "start id=x model=m created=1\ncall[0][0] id=a name=f signature=\narguments[0][0] {}\n"
        "call[0][1] id=b name=g signature=\narguments[0][1] {\"x\":1}\nfinished[0] tool_calls\n");
}

TEST_CASE("a call's id may come before its name, and its arguments as an object", "[openai_chat]") {
  const auto r = read_all({chunk(R"({"index":0,"delta":{"tool_calls":[{"index":0,"id":"a"}]}})"),
                           chunk(R"({"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":{"x":1}},
                                  "extra_content":{"google":{"thought_signature":"sig"}}}]}})")});
  CHECK(describe(r.events) == "start id=x model=m created=1\ncall[0][0] id=a name=f signature=sig\narguments[0][0] {\"x\":1}\n");
}

TEST_CASE("the older function_call is a tool call", "[openai_chat]") {
  const auto r = read_all({chunk(R"({"index":0,"delta":{"role":"assistant","function_call":{"name":"f","arguments":""}}})"),
                           chunk(R"({"index":0,"delta":{"function_call":{"arguments":"{}"}}})"),
                           chunk(R"({"index":0,"delta":{},"finish_reason":"function_call"})")});
  CHECK(describe(r.events) ==
        "start id=x model=m created=1\ncall[0][0] id= name=f signature=\narguments[0][0] {}\nfinished[0] tool_calls\n");
}

TEST_CASE("logprobs are kept as they came", "[openai_chat]") {
  CHECK_THAT(describe(read_file("openai/logprobs.sse").events), Catch::Contains(R"(logprobs[0] {"content":[{"token":"Hi")"));
}

TEST_CASE("the tier that a stream names goes with its usage", "[openai_chat]") {
  const auto r = read_all({R"({"id":"x","service_tier":"flex","choices":[{"index":0,"delta":{"content":"a"}}]})",
                           R"({"id":"x","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}})"});
  CHECK_THAT(describe(r.events), Catch::Contains("tier=flex"));
}

TEST_CASE("the tier is the one that was named last, by a frame that was not parsed too", "[openai_chat]") {
  const auto named = [](std::string_view tier, std::string_view text) {
    return R"({"id":"x","service_tier":")" + std::string{tier} + R"(","choices":[{"index":0,"delta":{"content":")" + std::string{text} +
           R"("}}]})";
  };
  const auto r = read_all({named("flex", "start"), named("flex", "learned"), named("priority", "a\\n"), named("flex", "by template"),
                           R"({"id":"x","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}})"});
  CHECK_THAT(describe(r.events.back()), Catch::Contains("tier=flex"));
}
