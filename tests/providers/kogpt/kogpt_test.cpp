#include <catch2/catch.hpp>

#include <functional>

#include "providers/dialects/kogpt/kogpt.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/answer_fold.hpp"
#include "tests/support/chat_builder.hpp"
#include "tests/support/transcripts.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::kogpt::upstream(); }
const dialects::target model{"kogpt", {}, std::nullopt};
std::string refused_after(const std::function<void(chat_request&)>& change) {
  auto r = chat({user("안녕")});
  change(r);
  return refused_field(form(), r, model);
}

}  // namespace

TEST_CASE("KoGPT is asked with one prompt", "[kogpt]") {
  auto r = chat({user("안녕")});
  CHECK(written_body(form(), r, model) == canonical(R"({"prompt":"안녕","max_tokens":256})"));
  CHECK(written_body(form(), r, {"kogpt", {}, 64}) == canonical(R"({"prompt":"안녕","max_tokens":64})"));
  r.max_output_tokens = 20;
  r.temperature = 0.5;
  r.top_p = 1;
  r.n = 2;
  CHECK(written_body(form(), r, model) == canonical(R"({"prompt":"안녕","max_tokens":20,"temperature":0.5,"top_p":1,"n":2})"));
  CHECK(form().write_request(r, model)->path == "/v1/inference/kogpt/generation");
}

TEST_CASE("what KoGPT cannot carry is named", "[kogpt][carry]") {
  CHECK(refused_after([](auto& r) { r.stream = true; }) == "stream");
  CHECK(refused_after([](auto& r) { r.temperature = 1.5; }) == "temperature");
  CHECK(refused_after([](auto& r) { r.stop = {"x"}; }) == "stop");
  CHECK(refused_after([](auto& r) { r.seed = 1; }) == "seed");
  CHECK(refused_after([](auto& r) { r.n = 17; }) == "n");
  CHECK(refused_after([](auto& r) { r.tools = {{"f", {}, std::nullopt, std::nullopt}}; }) == "tools");
  CHECK(refused_after([](auto& r) { r.messages.insert(r.messages.begin(), says(role::system, "x")); }) == "messages[0]");
}

TEST_CASE("each generation is a choice", "[kogpt][answer]") {
  const auto events = form().read_answer(read_file(contract_folder("kakao") / "kogpt.json"));
  REQUIRE(events);
  CHECK(to_text(fold(*events)) == "id=k-1 model=\ntext=안녕하세요\nreasoning=\nrefusal=\nfinish=stop\nusage=4/0/0/0 11/0 ");
  CHECK(fold(*events, 1).text == "반갑습니다");
  for (const std::string_view body : {"", "[]", "{}", R"({"generations":[]})", R"({"generations":[{}]})", R"({"generations":[1]})"}) {
    CHECK_FALSE(form().read_answer(body));
  }
}

TEST_CASE("KoGPT's failures are read by their status", "[kogpt][failure]") {
  const auto f = form().read_failure(401, {}, R"({"code":-401,"msg":"wrong appKey"})");
  CHECK(f.cls == failure_class::account);
  CHECK(f.code == "-401");
  CHECK(f.message == "wrong appKey");
  CHECK(form().read_failure(429, {}, R"({"msg":"API limit has been exceeded."})").cls == failure_class::limited);
  CHECK(form().read_failure(500, {}, "").message == "HTTP 500 without a readable error");
}
