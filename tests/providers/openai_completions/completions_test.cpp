#include <catch2/catch.hpp>

#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "providers/dialects/openai_completions/openai_completions.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/stream_properties.hpp"

using namespace naru;
using namespace naru::test;
namespace openai_completions = naru::dialects::openai_completions;

namespace {

const dialects::client_dialect& client() { return openai_completions::client(); }
const dialects::upstream_dialect& form() { return openai_completions::upstream(); }
const dialects::target plain{.model = "target", .constraints = {}, .max_output = std::nullopt};

struct held_request {
  json::document doc;
  chat_request request;
};
held_request read_body(std::string_view body) {
  INFO("body: " << body);
  held_request out{std::move(*json::document::parse(body)), {}};
  auto r = client().read_request(out.doc);
  if (!r) FAIL(r.error().message);
  out.request = std::move(*r);
  return out;
}

const std::string stream =
    R"(data: {"id":"cmpl-1","object":"text_completion","created":5,"model":"m","choices":[{"text":"Hel","index":0,"logprobs":null,"finish_reason":null}]}

data: {"id":"cmpl-1","object":"text_completion","created":5,"model":"m","choices":[{"text":"lo","index":0,"logprobs":null,"finish_reason":"length"}]}

data: {"id":"cmpl-1","object":"text_completion","created":5,"model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}

data: [DONE]

)";

}  // namespace

TEST_CASE("a prompt is the one message of a user", "[openai_completions][request]") {
  for (const std::string prompt : {R"("def f")", R"(["def f"])"}) {
    const auto held = read_body(R"({"model":"m","prompt":)" + prompt +
                                R"(,"max_tokens":9,"temperature":0.5,"stop":["\n"],"n":2,"seed":3,"stream":true,
      "stream_options":{"include_usage":true},"suffix":"end","echo":false,"best_of":1,"logprobs":2,"logit_bias":{"1":2},"brand_new":1})");
    const auto& r = held.request;
    REQUIRE(r.messages.size() == 1);
    CHECK(r.messages[0].role == role::user);
    CHECK(std::get<text_part>(r.messages[0].parts[0]).text == "def f");
    CHECK((r.max_output_tokens == 9 && r.temperature == 0.5 && r.n == 2 && r.seed == 3 && r.stream && r.include_usage));
    std::string extras;
    for (const auto& e : r.extra) extras += std::string{e.name} + ' ';
    CHECK(extras == "suffix logprobs logit_bias brand_new ");
  }
}

TEST_CASE("what is no single prompt is refused, and what was wanted is said", "[openai_completions][request]") {
  for (const std::string prompt : {R"([])", R"(["a","b"])", R"([1,2,3])", R"([[1,2]])", R"(7)"}) {
    CAPTURE(prompt);
    const auto doc = json::document::parse(R"({"model":"m","prompt":)" + prompt + "}");
    const auto r = client().read_request(*doc);
    REQUIRE_FALSE(r);
    CHECK(r.error().code == error_code::bad_request);
    CHECK(r.error().field == "prompt");
    CHECK(r.error().message.find("one prompt") != std::string::npos);
  }
  const std::vector<std::pair<std::string, std::string>> bodies{{R"({"prompt":"x"})", "model"},
                                                                {R"({"model":"m"})", "prompt"},
                                                                {R"({"model":"m","prompt":"x","max_tokens":"9"})", "max_tokens"},
                                                                {R"({"model":"m","prompt":"x","stream_options":{}})", "stream_options"}};
  for (const auto& [body, place] : bodies) {
    const auto doc = json::document::parse(body);
    const auto r = client().read_request(*doc);
    REQUIRE_FALSE(r);
    CHECK(r.error().field == place);
  }
  CHECK(client().place("messages[0].content[0]") == "prompt");
  CHECK(client().place("max_completion_tokens") == "max_tokens");
}

TEST_CASE("a suffix, which a chat has no place for, is refused there by its name", "[openai_completions][carry]") {
  const auto held = read_body(R"({"model":"m","prompt":"x","suffix":"y"})");
  const auto wire = dialects::openai_chat::upstream().write_request(held.request, plain);
  REQUIRE_FALSE(wire);
  CHECK(wire.error().field == "suffix");
  const auto bare = read_body(R"({"model":"m","prompt":"x","suffix":"","echo":false})");
  CHECK(written_field(dialects::openai_chat::upstream(), bare.request, plain, "messages") ==
        canonical(R"([{"role":"user","content":"x"}])"));
}

TEST_CASE("the body goes on as it came, or is written anew", "[openai_completions][write]") {
  const std::string body = R"({"model":"m", "prompt":["x"],"suffix":"y","stream":true,"brand_new":1})";
  const auto held = read_body(body);
  const auto spliced = form().splice_request("openai_completions", body, held.request, plain);
  REQUIRE(spliced);
  CHECK(spliced->path == "/completions");
  CHECK(spliced->text() ==
        R"({"model":"target", "prompt":["x"],"suffix":"y","stream":true,"brand_new":1,"stream_options":{"include_usage":true}})");
  CHECK_FALSE(form().splice_request("openai_chat", body, held.request, plain));
  CHECK(refused_field(form(), held.request, plain) == "brand_new");
  const auto known = read_body(R"({"model":"m","prompt":"x","suffix":"y","max_tokens":4,"stop":"e"})");
  CHECK(written_body(form(), known.request, plain) ==
        canonical(R"({"model":"target","prompt":"x","max_tokens":4,"stop":["e"],"suffix":"y"})"));
}

TEST_CASE("a conversation is no prompt", "[openai_completions][carry]") {
  const auto refuses = [](std::string_view body) {
    const auto doc = json::document::parse(body);
    const auto r = dialects::openai_chat::client().read_request(*doc);
    REQUIRE(r);
    return refused_field(form(), *r, plain);
  };
  CHECK(refuses(R"({"model":"m","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]})") == "messages");
  CHECK(refuses(R"({"model":"m","messages":[{"role":"system","content":"a"}]})") == "messages");
  CHECK(refuses(R"({"model":"m","messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"f"}}]})") ==
        "tools");
  CHECK(refuses(R"({"model":"m","messages":[{"role":"user","content":"a"}],"response_format":{"type":"json_object"}})") ==
        "response_format");
  CHECK(refuses(R"({"model":"m","messages":[{"role":"user","content":"a"}],"logprobs":true})") == "logprobs");
  CHECK(refuses(R"({"model":"m","messages":[{"role":"user","content":"a"}]})").empty());
}

TEST_CASE("a stream is read, wherever it is split and cut", "[openai_completions][stream]") {
  const auto r = read_pieces(form(), {stream});
  CHECK(r.complete);
  CHECK(to_text(fold(r.events)) == "id=cmpl-1 model=m\ntext=Hello\nreasoning=\nrefusal=\nfinish=length\nusage=3/0/0/0 2/0 ");
  check_every_split(form(), stream);
  const auto frames = frames_of(stream);
  check_every_cut(form(), frames, frames.size());
  check_mutations(form(), stream, 20261124, 3000);
  const auto failed = read_pieces(form(), {R"(data: {"error":{"message":"m","code":"server_error"}})"
                                           "\n\ndata: [DONE]\n\n"});
  CHECK_FALSE(failed.complete);
  CHECK(fold(failed.events).failure);
}

TEST_CASE("a whole answer is read", "[openai_completions][answer]") {
  const auto events = form().read_answer(
      R"({"id":"c","model":"m","choices":[{"text":"a","index":0,"finish_reason":"stop"},{"text":"b","index":1,"finish_reason":"length"}],
          "usage":{"prompt_tokens":1,"completion_tokens":2}})");
  REQUIRE(events);
  CHECK(fold(*events, 1).text == "b");
  CHECK(fold(*events, 1).finish == finish_reason::length);
  for (const std::string bad : {"", "{}", "[]", R"({"choices":[]})", R"({"choices":[1]})"}) CHECK_FALSE(form().read_answer(bad));
}

TEST_CASE("what is written reads back the same", "[openai_completions][stream_writer]") {
  usage u;
  u.input = {3}, u.output = {2};
  const std::vector<event> events{answer_start{"id", "vm", 7},
                                  text_delta{0, "a\"b"},
                                  text_delta{1, "c"},
                                  finished{0, finish_reason::length, {}, {}},
                                  finished{1, finish_reason::tool_calls, {}, {}},
                                  usage_report{u}};
  for (const bool asked_usage : {false, true}) {
    chat_request asked;
    asked.include_usage = asked_usage;
    const auto w = client().make_stream_writer(asked, "f", 1);
    std::string out;
    for (const auto& e : events) w->write(e, out);
    w->finish(out);
    CHECK(out.ends_with("data: [DONE]\n\n"));
    const auto r = read_pieces(form(), {out});
    CHECK(r.complete);
    CHECK(fold(r.events).text == "a\"b");
    CHECK(fold(r.events).finish == finish_reason::length);
    CHECK(fold(r.events, 1).finish == finish_reason::stop);
    CHECK(fold(r.events).usage.has_value() == asked_usage);
  }
  const auto whole = form().read_answer(client().write_answer({}, events, "f", 1));
  REQUIRE(whole);
  CHECK(fold(*whole, 1).text == "c");
  CHECK(fold(*whole).usage->input.value == 3);
}
