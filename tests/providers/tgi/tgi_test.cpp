#include <catch2/catch.hpp>

#include <functional>
#include <map>

#include "providers/dialects/tgi/tgi.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"
#include "tests/support/stream_properties.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::tgi::upstream(); }
const dialects::target model{"tgi", {}, std::nullopt};
std::string file(const std::string& name) { return read_file(contract_folder("tgi/3.3_2026-11-23") / name); }
std::string refused(const chat_request& r) { return refused_field(form(), r, model); }
std::string refused_after(const std::function<void(chat_request&)>& change) {
  auto r = chat({user("Hi")});
  change(r);
  return refused(r);
}
std::string parameters(const std::function<void(chat_request&)>& change) {
  auto r = chat({user("Hi")});
  change(r);
  return written_field(form(), r, model, "parameters");
}

/// What each transcript says, by hand.
const std::map<std::string, std::string> expected{
    {"text", "id= model=\ntext=The 안녕 🚢\nreasoning=\nrefusal=\nfinish=stop\nusage=12/0/0/0 3/0 "},
    {"stop", "id= model=\ntext=One END\nreasoning=\nrefusal=\nfinish=stop\nusage=3/0/0/0 2/0 "},
    {"error_first", "id= model=\ntext=\nreasoning=\nrefusal=\nfailure=limited 429 overloaded"},
    {"error_middle", "id= model=\ntext=Half\nreasoning=\nrefusal=\nfailure=transient 424 generation"},
};

}  // namespace

TEST_CASE("one plain user message is TGI's prompt", "[tgi][request]") {
  auto r = chat({user("안녕?")});
  CHECK(written_body(form(), r, model) == canonical(R"({"inputs":"안녕?","parameters":{"details":true,"return_full_text":false}})"));
  CHECK(form().write_request(r, model)->path == "/generate");
  r.stream = true;
  CHECK(form().write_request(r, model)->path == "/generate_stream");
}

TEST_CASE("sampling is switched on by what asks for it, and off by a temperature of 0", "[tgi][request]") {
  json_store store;
  CHECK(parameters([](auto& r) {
          r.temperature = 0.7;
          r.top_p = 0.9;
          r.top_k = 5;
          r.repeat_penalty = 1.1;
          r.frequency_penalty = 0.5;
          r.seed = 7;
          r.stop = {"END"};
          r.max_output_tokens = 20;
        }) == canonical(R"({"max_new_tokens":20,"do_sample":true,"temperature":0.7,"top_p":0.9,"top_k":5,"repetition_penalty":1.1,
          "frequency_penalty":0.5,"seed":7,"stop":["END"],"details":true,"return_full_text":false})"));
  CHECK(parameters([](auto& r) {
          r.temperature = 0;
          r.top_p = 0.9;
        }) == canonical(R"({"do_sample":false,"details":true,"return_full_text":false})"));
  CHECK(parameters([](auto& r) { r.top_p = 1; }) == canonical(R"({"do_sample":true,"details":true,"return_full_text":false})"));
  CHECK(parameters([&](auto& r) {
          r.response_format.what = response_format::kind::json_schema;
          r.response_format.schema = store(R"({"type":"object"})");
        }) == canonical(R"({"grammar":{"type":"json","value":{"type":"object"}},"details":true,"return_full_text":false})"));
}

TEST_CASE("a chat is no prompt, and is refused by the message in the way", "[tgi][carry]") {
  CHECK(refused(chat({says(role::system, "x"), user("Hi")})) == "messages[0]");
  CHECK(refused(chat({user("a"), assistant("b"), user("c")})) == "messages[0]");
  CHECK(refused(chat({assistant("b")})) == "messages[0].role");
  CHECK(refused(chat({with(user("x"), image_part{{}, "image/png", "AAAA", {}})})) == "messages[0].content[1]");
  CHECK(refused(chat({user(" ")})) == "messages");
  CHECK(refused(chat({})) == "messages");
}

TEST_CASE("what TGI's form cannot carry is named", "[tgi][carry]") {
  CHECK(refused_after([](auto& r) { r.tools = {{"f", {}, std::nullopt, std::nullopt}}; }) == "tools");
  CHECK(refused_after([](auto& r) { r.n = 2; }) == "n");
  CHECK(refused_after([](auto& r) { r.logprobs = true; }) == "logprobs");
  CHECK(refused_after([](auto& r) { r.presence_penalty = 0.1; }) == "presence_penalty");
  CHECK(refused_after([](auto& r) { r.frequency_penalty = -2; }) == "frequency_penalty");
  CHECK(refused_after([](auto& r) { r.repeat_penalty = 0; }) == "repeat_penalty");
  CHECK(refused_after([](auto& r) { r.top_p = 0; }) == "top_p");
  CHECK(refused_after([](auto& r) { r.top_k = 0; }) == "top_k");
  CHECK(refused_after([](auto& r) { r.seed = -1; }) == "seed");
  CHECK(refused_after([](auto& r) { r.reasoning_effort = "low"; }) == "reasoning_effort");
  CHECK(refused_after([](auto& r) { r.reasoning_effort = "none"; }).empty());
  CHECK(refused_after([](auto& r) { r.response_format.what = response_format::kind::json_object; }) == "response_format");
}

TEST_CASE("each of TGI's transcripts is read as what it says, wherever it is split", "[tgi][stream][split]") {
  for (const auto& path : files_in(contract_folder("tgi/3.3_2026-11-23"), ".sse")) {
    const std::string name = path.stem().string();
    CAPTURE(name);
    REQUIRE(expected.contains(name));
    const std::string bytes = file(name + ".sse");
    CHECK(to_text(fold(read_pieces(form(), {bytes}).events)) == expected.at(name));
    check_every_split(form(), bytes);
    const auto frames = frames_of(bytes);
    check_every_cut(form(), frames, name.starts_with("error") ? frames.size() + 1 : frames.size());
    check_mutations(form(), bytes, 71, 500);
  }
}

TEST_CASE("whole answers of TGI's, bare and wrapped", "[tgi][answer]") {
  const std::string want = "id= model=\ntext=안녕\nreasoning=\nrefusal=\nfinish=length\nusage=0/0/0/0 4/0  estimated";
  CHECK(to_text(fold(*form().read_answer(file("text.json")))) == want);
  CHECK(to_text(fold(*form().read_answer("[" + file("text.json") + "]"))) == want);
  const auto failed = form().read_answer(R"({"error":"`inputs` tokens + `max_new_tokens` must be <= 4096","error_type":"validation"})");
  REQUIRE(failed);
  CHECK(fold(*failed).failure->cls == failure_class::too_small);
  for (const std::string_view body : {"", "[]", "[1]", "7", "{}", R"({"generated_text":"x"})"}) {
    CAPTURE(body);
    CHECK_FALSE(form().read_answer(body));
  }
}

TEST_CASE("each of TGI's failures has its class", "[tgi][failure]") {
  const auto failed = [](int status, std::string_view type) {
    return form().read_failure(status, {}, R"({"error":"m","error_type":")" + std::string{type} + "\"}");
  };
  CHECK(failed(422, "validation").cls == failure_class::request);
  CHECK(failed(424, "generation").cls == failure_class::transient);
  CHECK(failed(429, "overloaded").cls == failure_class::limited);
  CHECK(failed(500, "incomplete_generation").cls == failure_class::transient);
  CHECK(failed(500, "incomplete_generation").message == "m");
  CHECK(form().read_failure(401, {}, "").cls == failure_class::account);
  CHECK(form().read_failure(401, {}, "").message == "HTTP 401 without a readable error");
}
