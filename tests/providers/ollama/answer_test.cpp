#include <catch2/catch.hpp>

#include <map>

#include "providers/dialects/ollama_chat/ollama_chat.hpp"
#include "providers/dialects/ollama_embed/ollama_embed.hpp"
#include "tests/support/stream_properties.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::ollama_chat::upstream(); }
std::string file(const std::string& name) { return read_file(contract_folder("ollama/native_2026-11-23") / name); }
failure failed(int status, std::string_view body) { return form().read_failure(status, {}, body); }

/// What each transcript says, by hand.
const std::map<std::string, std::string> expected{
    {"text", "id= model=gpt-oss:20b\ntext=Hello, 안녕 \"quoted\" 🚢\nreasoning=Hm.\nrefusal=\nfinish=stop\nusage=9/0/0/0 3/0 "},
    {"tools",
     "id= model=qwen3\ntext=\nreasoning=\nrefusal=\ncall=call_1 get_time {\"tz\":\"UTC\"} \ncall= noop {} \nfinish=tool_calls\n"
     "usage=90/0/0/0 30/0 "},
    {"length", "id= model=qwen3\ntext=One two thr\nreasoning=\nrefusal=\nfinish=length\nusage=0/0/0/0 4/0  estimated"},
    {"error_middle", "id= model=qwen3\ntext=Half an \nreasoning=\nrefusal=\nfailure=transient 0 "},
    {"error_first", "id= model=\ntext=\nreasoning=\nrefusal=\nfailure=transient 0 "},
};

}  // namespace

TEST_CASE("each of Ollama's transcripts is read as what it says, wherever it is split", "[ollama][stream][split]") {
  CHECK(form().frames() == dialects::framing::ndjson);
  for (const auto& path : files_in(contract_folder("ollama/native_2026-11-23"), ".ndjson")) {
    const std::string name = path.stem().string();
    CAPTURE(name);
    REQUIRE(expected.contains(name));
    CHECK(to_text(fold(read_pieces(form(), {file(name + ".ndjson")}).events)) == expected.at(name));
    check_every_split(form(), file(name + ".ndjson"));
  }
}

TEST_CASE("Ollama's stream is complete with its last line and not before", "[ollama][stream][cut]") {
  for (const auto& [name, text] : expected) {
    CAPTURE(name);
    const auto lines = lines_of(file(name + ".ndjson"));
    check_every_cut(form(), lines, name.starts_with("error") ? lines.size() + 1 : lines.size());
  }
}

TEST_CASE("damaged transcripts of Ollama's never break a rule of events", "[ollama][stream][property]") {
  std::uint32_t seed = 61;
  for (const auto& [name, text] : expected) check_mutations(form(), file(name + ".ndjson"), seed++, 500);
}

TEST_CASE("a line that is not one of Ollama's is a failure", "[ollama][stream]") {
  for (const std::string line : {"{", "[]", R"({"message":{"content":"x"}})", R"({"done":"yes"})"}) {
    CAPTURE(line);
    const auto r = read_frames(form(), {{"", line}});
    const auto a = fold(r.events);
    REQUIRE(a.failure);
    CHECK(a.failure->type == "unreadable");
    CHECK_FALSE(r.complete);
  }
}

TEST_CASE("whole answers of Ollama's are the events they stand for", "[ollama][answer]") {
  const auto events = form().read_answer(file("text.json"));
  REQUIRE(events);
  CHECK(to_text(fold(*events)) == "id= model=qwen3\ntext=Hi\nreasoning=Hm.\nrefusal=\nfinish=stop\nusage=9/0/0/0 3/0 ");
  CHECK(std::get<logprobs_piece>(events->at(3)).json == R"({"content":[{"token":"Hi","logprob":-0.5,"bytes":[72,105]}],"refusal":null})");
  const auto bad = form().read_answer(R"({"error":"model \"x\" not found"})");
  REQUIRE(bad);
  CHECK(fold(*bad).failure);
  for (const std::string_view body : {"", "[]", "{}", R"({"message":{}})", R"({"message":{},"done":false})"}) {
    CAPTURE(body);
    CHECK_FALSE(form().read_answer(body));
  }
}

TEST_CASE("each of Ollama's failures has its class", "[ollama][failure]") {
  CHECK(failed(404, R"({"error":"model \"x\" not found, try pulling it first"})").cls == failure_class::settings);
  CHECK(failed(400, R"({"error":"invalid message format"})").cls == failure_class::request);
  CHECK(failed(400, R"({"error":"the input length exceeds the context length"})").cls == failure_class::too_small);
  CHECK(failed(429, R"({"error":"slow"})").cls == failure_class::limited);
  CHECK(failed(503, R"({"error":"server busy, please try again"})").cls == failure_class::transient);
  CHECK(failed(503, R"({"error":"server busy, please try again"})").message == "server busy, please try again");
  CHECK(failed(502, "<html>").message == "HTTP 502 without a readable error");
}

TEST_CASE("Ollama's vectors are read with what they cost", "[ollama][embed]") {
  const auto& vectors = dialects::ollama_embed::upstream();
  const auto events = vectors.read_answer(file("embed.json"));
  REQUIRE(events);
  REQUIRE(events->size() == 5);
  CHECK(std::get<answer_start>(events->at(0)).model == "nomic-embed-text");
  CHECK(std::get<embedding_made>(events->at(2)).vector == std::vector<float>{1.F, 2.F});
  CHECK(std::get<usage_report>(events->at(4)).usage.input.value == 8);
  CHECK(std::get<answer_failed>(vectors.read_answer(R"({"error":"x"})")->at(0)).failure.message == "x");
  for (const std::string_view bad : {"", "{}", R"({"embeddings":[]})", R"({"embeddings":[1]})"}) CHECK_FALSE(vectors.read_answer(bad));
}
