#include <map>

#include "client_support.hpp"
#include "tests/support/stream_properties.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& vendor() { return dialects::anthropic_messages::upstream(); }
std::string transcript(const std::string& name) { return read_file(contract_folder("anthropic/2023-06-01_2026-11-23") / (name + ".sse")); }

/// The frames of a stream, one line each: the event's name and what is told in it.
std::string lines(const std::string& bytes) {
  std::string out;
  for (const auto& f : frames_of(bytes)) out += f.event + ' ' + f.data + '\n';
  return out;
}

std::unique_ptr<dialects::stream_writer> writer() { return dialects::anthropic_messages::client().make_stream_writer({}, "msg_ours", 1); }

std::string told_by(dialects::stream_writer& w, const event& e) {
  std::string out;
  w.write(e, out);
  return lines(out);
}

}  // namespace

TEST_CASE("a stream has this form's events in their order", "[anthropic][client][stream]") {
  usage first, last;
  first.input = {2062}, first.cached = {2048}, first.output = {1};
  last = first;
  last.output = {41};
  CHECK(
      lines(streamed({answer_start{"msg_01", "claude-sonnet-5-5", 0}, usage_report{first}, text_delta{0, "Check"}, text_delta{0, "ing."},
                      tool_call_start{0, 0, "toolu_9", "get_time", ""}, tool_arguments_delta{0, 0, "{\"tz\": \"UT"},
                      tool_arguments_delta{0, 0, "C\"}"}, finished{0, finish_reason::tool_calls}, usage_report{last}})) ==
      R"(message_start {"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-5-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":14,"cache_creation_input_tokens":0,"cache_read_input_tokens":2048,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":1,"service_tier":"standard"}}}
content_block_start {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
content_block_delta {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Check"}}
content_block_delta {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"ing."}}
content_block_stop {"type":"content_block_stop","index":0}
content_block_start {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_9","name":"get_time","input":{}}}
content_block_delta {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"tz\": \"UT"}}
content_block_delta {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"C\"}"}}
content_block_stop {"type":"content_block_stop","index":1}
message_delta {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":14,"cache_creation_input_tokens":0,"cache_read_input_tokens":2048,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":41,"service_tier":"standard"}}
message_stop {"type":"message_stop"}
)");
}

TEST_CASE("thinking ends with its signature, and redacted thinking is whole in its start", "[anthropic][client][stream]") {
  const std::string out =
      lines(streamed({answer_start{}, reasoning_delta{0, "Hm", ""}, reasoning_delta{0, ".", ""}, reasoning_delta{0, "", "EqQB"},
                      reasoning_delta{0, "", "Y2lw", true}, reasoning_delta{0, "More", ""}, finished{}}));
  CHECK(out.find(R"("index":0,"delta":{"type":"signature_delta","signature":"EqQB"}})") != std::string::npos);
  CHECK(out.find(R"("index":1,"content_block":{"type":"redacted_thinking","data":"Y2lw"}})") != std::string::npos);
  CHECK(out.find(R"("index":2,"delta":{"type":"thinking_delta","thinking":"More"}})") != std::string::npos);
}

TEST_CASE("calls whose arguments come mixed are told one after the other", "[anthropic][client][stream]") {
  const auto w = writer();
  CHECK(told_by(*w, tool_call_start{0, 0, "a", "f", ""}).find("content_block_start") != std::string::npos);
  CHECK(told_by(*w, tool_arguments_delta{0, 0, "{\"x\":\"}"}).find("partial_json") !=
        std::string::npos);  // a brace in a string ends nothing
  CHECK(told_by(*w, tool_call_start{0, 1, "b", "g", ""}).empty());
  CHECK(told_by(*w, tool_arguments_delta{0, 1, "{\"y\":"}).empty());
  CHECK(told_by(*w, text_delta{0, "behind"}).empty());
  const std::string freed = told_by(*w, tool_arguments_delta{0, 0, "\\\"\"}"});
  CHECK(freed ==
        R"(content_block_delta {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\\\"\"}"}}
content_block_stop {"type":"content_block_stop","index":0}
content_block_start {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"b","name":"g","input":{}}}
content_block_delta {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"y\":"}}
)");
  CHECK(told_by(*w, finished{0, finish_reason::tool_calls}) ==
        R"(content_block_stop {"type":"content_block_stop","index":1}
content_block_start {"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}
content_block_delta {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"behind"}}
content_block_stop {"type":"content_block_stop","index":2}
)");
}

TEST_CASE("a call without arguments has an empty object, also when another follows", "[anthropic][client][stream]") {
  const auto read =
      read_pieces(vendor(), {streamed({answer_start{}, tool_call_start{0, 0, "a", "f", ""}, tool_call_start{0, 1, "b", "g", ""},
                                       tool_arguments_delta{0, 1, "{\"y\":1}"}, finished{0, finish_reason::tool_calls}})});
  const auto a = fold(read.events);
  REQUIRE(a.calls.size() == 2);
  CHECK(a.calls[0].arguments == "{}");
  CHECK(a.calls[1].arguments == R"({"y":1})");
}

TEST_CASE("a stream that was told nothing writes no end of its own", "[anthropic][client][stream]") {
  std::string out;
  const auto w = writer();
  w->write(keep_alive{}, out);
  w->write(answer_start{"msg_01", "m", 0}, out);
  w->write(usage_report{}, out);
  w->finish(out);
  CHECK(out.empty());
}

TEST_CASE("an answer of nothing is still a whole message", "[anthropic][client][stream]") {
  const auto read = read_pieces(vendor(), {streamed({answer_start{"msg_01", "m", 0}, finished{}})});
  CHECK(read.complete);
  CHECK(words(read.events) == "start msg_01 m\nfinished stop  \nused 0/0/0/0 0/0 \n");
}

TEST_CASE("a failed stream ends with an error event and no end", "[anthropic][client][stream]") {
  std::string out;
  const auto w = writer();
  w->write(text_delta{0, "Half"}, out);
  w->fail({error_code::stream_broken, "the vendor's stream was cut", {}, {}, std::nullopt}, "req_1", out);
  CHECK(
      out.ends_with("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"the vendor's stream was cut\","
                    "\"details\":{\"error_code\":\"stream_broken\"}},\"request_id\":\"req_1\"}\n\n"));
  CHECK(out.find("message_stop") == std::string::npos);
  const auto read = read_pieces(vendor(), {out});
  CHECK_FALSE(read.complete);
  CHECK(fold(read.events).failure);
}

TEST_CASE("pings and remarks are skipped by every reader, wherever they stand", "[anthropic][client][stream]") {
  const auto w = writer();
  CHECK(w->content_type() == "text/event-stream; charset=utf-8");
  std::string out{w->ping()};
  w->remark("x-naru-cost-usd: 0.01", out);
  w->write(text_delta{0, "Hi"}, out);
  out += w->ping();
  w->write(finished{}, out);
  w->remark("x", out);
  w->finish(out);
  CHECK(frames_of(w->ping()).size() == 1);
  CHECK(frames_of(w->ping())[0].event == "ping");
  const auto read = read_pieces(vendor(), {out});
  CHECK(read.complete);
  CHECK(fold(read.events).text == "Hi");
  CHECK(fold(read.events).id == "msg_ours");
}

TEST_CASE("a vendor's transcript means the same after it was written for a client", "[anthropic][client][stream][property]") {
  for (const auto& file : files_in(contract_folder("anthropic/2023-06-01_2026-11-23"), ".sse")) {
    const std::string name = file.stem().string();
    CAPTURE(name);
    if (name.starts_with("error")) continue;  // told by `fail`
    const auto before = read_pieces(vendor(), {transcript(name)});
    const std::string bytes = streamed(before.events);
    const auto after = read_pieces(vendor(), {bytes});
    CHECK(after.complete);
    CHECK(words(after.events) == words(before.events));
    // The whole answer of the same events says the same.
    const auto whole = vendor().read_answer(answered(before.events));
    REQUIRE(whole);
    CHECK(words(*whole) == words(before.events));
  }
}

TEST_CASE("what is written for a client reads the same in any two pieces", "[anthropic][client][stream][split]") {
  for (const std::string name : {"parallel_tools", "thinking", "citations"}) {
    check_every_split(vendor(), streamed(read_pieces(vendor(), {transcript(name)}).events));
  }
}
