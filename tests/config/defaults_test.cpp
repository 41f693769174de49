#include <catch2/catch.hpp>

#include "tests/config/support.hpp"

using namespace naru::config;

namespace {

std::string ids(const model& m) {
  std::string out;
  for (const deployment& d : m.deployments) out += d.facts.id + " ";
  return out;
}

}  // namespace

TEST_CASE("no file and an empty file are the same, and work", "[defaults]") {
  world w;
  w.variables = {{"NARU_MODEL", "/m/SmolLM2-135M-Instruct.Q4_1.gguf"}};
  w.files->texts = {{"/m/SmolLM2-135M-Instruct.Q4_1.gguf", "x"}};
  for (const loaded& l : {w.defaults(), w.load(""), w.load("# nothing\n"), w.load("providers:\nmodels:\ncallers:\n")}) {
    REQUIRE(l.ok());
    CHECK(l.warnings.empty());
    const auto& s = *l.value;
    REQUIRE(s.traffic.size() == 1);
    CHECK(s.traffic[0].address() == "127.0.0.1:8080");
    CHECK(s.admin.at.address() == "127.0.0.1:8081");
    CHECK_FALSE(s.admin.token);
    CHECK(s.shards == 0);
    CHECK(s.callers.empty());
    REQUIRE(s.models.size() == 2);
    CHECK(s.models[0].name == "auto");
    CHECK(s.models[0].strategy == naru::routing::strategy::balanced);
    CHECK(s.models[0].tuning.balance == naru::routing::quality_first);
    CHECK(ids(s.models[0]) == "local/SmolLM2-135M-Instruct.Q4_1 ");
    CHECK(s.models[1].name == "local");
    CHECK(ids(s.models[1]) == "local/SmolLM2-135M-Instruct.Q4_1 ");
    CHECK(s.find_provider("openai")->off_reason == "OPENAI_API_KEY is not set");
    CHECK(s.find_provider("google")->off_reason == "neither GOOGLE_API_KEY nor GEMINI_API_KEY is set");
  }
}

TEST_CASE("a vendor comes on when its usual variable is set, with one small and one large model", "[defaults]") {
  world w;
  w.variables = {{"OPENAI_API_KEY", "sk-1"}, {"GEMINI_API_KEY", "g"}, {"ANTHROPIC_API_KEY", ""}};
  const loaded l = w.defaults();
  REQUIRE(l.ok());
  CHECK(ids(l.value->models[0]) ==
        "openai/gpt-6-sol openai/gpt-6-luna google/gemini-3.1-pro-preview google/gemini-2.5-flash-lite local/local ");
  CHECK(l.value->find_provider("openai")->api_keys.at(0).reveal() == "sk-1");
  CHECK(l.value->find_provider("anthropic")->off);  // an empty variable counts as none here
  CHECK(std::ranges::any_of(l.value->direct, [](const deployment& d) { return d.facts.id == "openai/gpt-4.1"; }));
}

TEST_CASE("each section has its default only while it is absent", "[defaults]") {
  world w;
  w.variables = {{"OPENAI_API_KEY", "sk-1"}};
  const auto models = good("models: {mine: {deployments: [openai/gpt-6-luna]}}\n", w);
  REQUIRE(models->models.size() == 1);
  CHECK(models->find_model("auto") == nullptr);
  const auto providers = good("providers: {anthropic: {}}\n", w);
  CHECK(providers->find_provider("openai") == nullptr);
  CHECK(providers->find_provider("local") != nullptr);
  CHECK(ids(providers->models[0]) == "local/local ");
  const auto without = good("providers: {openai: {}, local: off}\n", w);
  REQUIRE(without->models.size() == 1);
  CHECK(ids(without->models[0]) == "openai/gpt-6-sol openai/gpt-6-luna ");
}

TEST_CASE("settings in which nothing can answer are warned of", "[defaults]") {
  CHECK(warnings_of("providers: {local: off}\n") == "models: no model is offered: nothing can answer\n");
}

TEST_CASE("the small local model has the lowest quality of all", "[defaults]") {
  world w;
  w.variables = {{"OPENAI_API_KEY", "k"}, {"NARU_MODEL", "/m/SmolLM2-135M-Instruct.Q4_1.gguf"}};
  w.files->texts = {{"/m/SmolLM2-135M-Instruct.Q4_1.gguf", "x"}};
  const auto s = good("", w);
  const auto& all = s->models[0].deployments;
  REQUIRE(all.size() == 3);
  CHECK(all.back().facts.id == "local/SmolLM2-135M-Instruct.Q4_1");
  for (const deployment& d : s->direct) {
    if (d.facts.id != all.back().facts.id) CHECK(d.facts.quality > all.back().facts.quality);
  }
}
