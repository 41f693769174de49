#include <catch2/catch.hpp>

#include "providers/dialects/gemini/gemini.hpp"
#include "tests/support/answer_fold.hpp"
#include "tests/support/canonical_json.hpp"
#include "tests/support/transcripts.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::gemini::upstream(); }
std::string body_of(const std::string& name) { return read_file(contract_folder("gemini/v1beta_2026-11-23") / (name + ".json")); }

std::vector<event> read(const std::string& body) {
  auto events = form().read_answer(body);
  if (!events) FAIL(events.error().message);
  return std::move(*events);
}

}  // namespace

TEST_CASE("a whole answer is the sequence of events it stands for", "[gemini][answer]") {
  const auto a = fold(read(body_of("text")));
  CHECK(to_text(a) == "id=r-1 model=gemini-3.8-flash\ntext=Hello, 안녕\nreasoning=\nrefusal=\nfinish=stop\nusage=45/8/0/0 69/55 flex");
  CHECK(a.usage->audio_input.value == 10);

  const auto tools = fold(read(body_of("tools")));
  CHECK(tools.text == "Checking.");
  CHECK(tools.reasoning == "Need both.");
  REQUIRE(tools.calls.size() == 2);
  CHECK(tools.calls[0].id.starts_with("call_"));
  CHECK(tools.calls[0].signature == "CpQB");
  CHECK(tools.calls[1].id == "f2");
  CHECK(tools.calls[1].arguments == R"({"city":"Seoul","days":3})");
  CHECK(tools.finish == finish_reason::tool_calls);
}

TEST_CASE("several candidates are several choices", "[gemini][answer]") {
  const auto events = read(body_of("choices"));
  CHECK(fold(events, 0).text == "A");
  CHECK(fold(events, 0).finish == finish_reason::stop);
  CHECK(fold(events, 1).text == "B");
  CHECK(fold(events, 1).finish == finish_reason::tool_calls);
}

TEST_CASE("log probabilities come in OpenAI's form", "[gemini][answer]") {
  std::string found;
  for (const auto& e : read(body_of("logprobs"))) {
    if (const auto* l = std::get_if<logprobs_piece>(&e)) found = l->json;
  }
  REQUIRE_FALSE(found.empty());
  CHECK(canonical(found) == canonical(R"({"content":[{"token":"Hi","logprob":-0.25,"bytes":[72,105],"top_logprobs":[
      {"token":"Hi","logprob":-0.25,"bytes":[72,105]},{"token":"Yo","logprob":-2,"bytes":[89,111]}]}],"refusal":null})"));
}

TEST_CASE("a blocked prompt is refused content, and its prompt is counted", "[gemini][answer]") {
  const auto a = fold(read(body_of("blocked_prompt")));
  REQUIRE(a.failure);
  CHECK(a.failure->cls == failure_class::content_policy);
  CHECK(a.failure->code == "SAFETY");
  REQUIRE(a.usage);
  CHECK(a.usage->input.value == 40);
}

TEST_CASE("a call that the model wrote wrongly is a transient failure", "[gemini][answer]") {
  const auto a = fold(read(body_of("malformed_call")));
  REQUIRE(a.failure);
  CHECK(a.failure->cls == failure_class::transient);
  CHECK(a.failure->type == "MALFORMED_FUNCTION_CALL");
}

TEST_CASE("an answer that is not one is upstream_failed", "[gemini][answer]") {
  for (const std::string body : {"", "<html>502</html>", "[]", "{}", R"({"candidates":[]})", R"({"candidates":[{"content":{"parts":[]}}]})",
                                 R"({"candidates":[{"finishReason":"CONTINUATION"}]})", R"({"candidates":[{"finishReason":"STOP")"}) {
    CAPTURE(body);
    const auto events = form().read_answer(body);
    REQUIRE_FALSE(events);
    CHECK(events.error().code == error_code::upstream_failed);
  }
}

TEST_CASE("a damaged answer never breaks a rule of events", "[gemini][answer][property]") {
  const std::uint32_t seed = 4712;
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (const std::string name : {"text", "tools", "choices", "logprobs", "blocked_prompt"}) {
    const std::string body = body_of(name);
    for (int i = 0; i < 1000; ++i) {
      const std::string bad = damaged(body, random);
      const auto events = form().read_answer(bad);
      if (!events) continue;
      const auto a = fold(*events);
      if (!a.broken.empty()) {
        CAPTURE(bad, a.broken);
        FAIL("an answer out of order");
      }
    }
  }
}
