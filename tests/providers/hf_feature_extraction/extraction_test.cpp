#include <catch2/catch.hpp>

#include "providers/dialects/hf_feature_extraction/hf_feature_extraction.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;

namespace {
const dialects::upstream_dialect& form() { return dialects::hf_feature_extraction::upstream(); }
}  // namespace

TEST_CASE("texts go to the model's own path", "[hf]") {
  const dialects::target model{"BAAI/bge-m3", {}, std::nullopt};
  auto r = chat({user("a"), user("안녕")});
  r.kind = request_kind::embedding;
  CHECK(written_body(form(), r, model) == canonical(R"({"inputs":["a","안녕"]})"));
  CHECK(form().write_request(r, model)->path == "/hf-inference/models/BAAI/bge-m3/pipeline/feature-extraction");
  for (const std::string_view bad : {"", "a/../b", "a?b", "a b"}) CHECK(form().write_request(r, {bad, {}, {}}).error().field == "model");
  r.embedding.dimensions = 8;
  CHECK(refused_field(form(), r, model) == "dimensions");
}

TEST_CASE("one vector each is read, vectors of tokens are not", "[hf]") {
  const auto made = form().read_answer("[[0.5,-0.25],[1,2]]");
  REQUIRE(made);
  REQUIRE(made->size() == 4);
  CHECK(std::get<embedding_made>(made->at(2)).index == 1);
  CHECK(std::get<embedding_made>(made->at(2)).vector == std::vector<float>{1.F, 2.F});
  for (const std::string_view body : {"", "[]", "7", "[[[0.5],[1]]]", "[[]]", "[0.5]", "[null]"}) {
    CAPTURE(body);
    const auto bad = form().read_answer(body);
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code == error_code::upstream_failed);
  }
  const auto failed = form().read_answer(R"({"error":"Model too busy"})");
  REQUIRE(failed);
  CHECK(std::get<answer_failed>(failed->at(0)).failure.message == "Model too busy");
  CHECK(form().read_failure(402, {}, R"({"error":"credits"})").cls == failure_class::account);
  CHECK(form().read_failure(503, {}, "").message == "HTTP 503 without a readable error");
}
