#include <catch2/catch.hpp>

#include "config/catalogue.hpp"
#include "tests/config/support.hpp"

using namespace naru::config;
using naru::routing::ability;

namespace {

world with_keys() {
  world w;
  w.variables = {{"OPENAI_API_KEY", "sk-o"}, {"ANTHROPIC_API_KEY", "sk-a"}, {"NARU_MODEL", "/m/SmolLM2-135M-Instruct.Q4_1.gguf"}};
  w.files->texts = {{"/m/SmolLM2-135M-Instruct.Q4_1.gguf", "x"}};
  return w;
}

std::string errors_with_keys(const std::string& text) {
  world w = with_keys();
  return to_lines(w.load(text).errors);
}
std::string warnings_with_keys(const std::string& text) {
  world w = with_keys();
  const loaded l = w.load(text);
  return to_lines(l.errors) + to_lines(l.warnings);
}

}  // namespace

TEST_CASE("a model is a strategy over deployments, with what differs here", "[models]") {
  const auto s = good(R"(providers:
  openai: {region: us}
  anthropic: {clearance: confidential}
  gpu: {type: compatible, base_url: "http://gpu/v1", price: {input: 1, output: 2}}
models:
  chat:
    strategy: weighted
    deployments:
      - openai/gpt-6-luna
      - {use: anthropic/claude-haiku-5-5, weight: 2, clearance: restricted, quality: 0.45, region: eu}
      - {use: gpu/qwen/qwen3-coder, tools: true, vision: false, json_schema: true, context: 32768, max_output: 4096, price: free}
      - local
    require: {max_cost: 0.02, region: [kr, us]}
    label: public
    expect: {output_tokens: 250}
    aliases: [gpt-4o, gpt-6]
)",
                      with_keys());
  const model& m = *s->find_model("chat");
  CHECK(s->find_model("gpt-6") == &m);
  CHECK(m.strategy == naru::routing::strategy::weighted);
  CHECK(m.require.max_cost == naru::nano_usd{20'000'000});
  CHECK(m.require.regions == std::vector<std::string>{"kr", "us"});
  CHECK(s->sensitivity.labels.name(*m.label) == "public");
  CHECK(m.expected_output == naru::tokens{250});
  REQUIRE(m.deployments.size() == 4);
  const auto& [luna, haiku, qwen, local] = std::tie(m.deployments[0], m.deployments[1], m.deployments[2], m.deployments[3]);
  CHECK((luna.facts.id == "openai/gpt-6-luna" && luna.provider == "openai" && luna.model == "gpt-6-luna" && luna.in_catalogue));
  CHECK((luna.facts.weight == 1 && luna.facts.region == "us" && luna.facts.can.tools == ability::yes &&
         luna.facts.can.context == naru::tokens{1'050'000}));
  CHECK(luna.facts.price.tariff.rates.input == naru::pricing::rate::of({100'000}));
  CHECK(std::ranges::count(luna.constraints, "max_completion_tokens_only") == 1);
  CHECK(std::ranges::count(luna.constraints, "openai_fields_only") == 1);
  CHECK((haiku.facts.weight == 2 && haiku.facts.quality == 450 && haiku.facts.region == "eu"));
  CHECK(s->sensitivity.labels.name(haiku.facts.clearance) == "restricted");
  CHECK((qwen.facts.id == "gpu/qwen/qwen3-coder" && qwen.model == "qwen/qwen3-coder" && !qwen.in_catalogue && qwen.facts.price.free));
  CHECK((qwen.facts.can.tools == ability::yes && qwen.facts.can.vision == ability::no && qwen.facts.can.audio == ability::unknown));
  CHECK((qwen.facts.can.context == naru::tokens{32'768} && qwen.facts.can.max_output == naru::tokens{4096}));
  CHECK(local.facts.id == "local/SmolLM2-135M-Instruct.Q4_1");
  CHECK((local.facts.price.free && local.facts.can.context == naru::tokens{8192} && local.facts.can.tools == ability::no));
}

TEST_CASE("a deployment's clearance is its own, else its provider's, else the default label; local has the highest", "[models]") {
  const auto s = good(
      "providers: {openai: {}, anthropic: {clearance: confidential}}\n"
      "models: {m: {deployments: [openai/gpt-6-luna, anthropic/claude-haiku-5-5, {use: anthropic/claude-sonnet-5-5, clearance: public}, "
      "local]}}\n",
      with_keys());
  const auto& d = s->models[0].deployments;
  const auto name = [&](std::size_t i) { return s->sensitivity.labels.name(d[i].facts.clearance); };
  CHECK((name(0) == "internal" && name(1) == "confidential" && name(2) == "public" && name(3) == "restricted"));
}

TEST_CASE("asked for directly a deployment has the lowest clearance that its provider or any line gives it", "[models]") {
  const auto s = good(
      "providers: {openai: {clearance: confidential}, gpu: {type: compatible, base_url: 'http://10.0.0.1/v1', clearance: internal}}\n"
      "models:\n"
      "  a: {deployments: [{use: openai/gpt-6-luna, clearance: restricted}, {use: gpu/x, clearance: public}, {use: gpu/y, clearance: "
      "restricted}]}\n"
      "  b: {deployments: [{use: openai/gpt-6-luna, clearance: internal}, gpu/x, {use: openai/gpt-6-sol, clearance: public}]}\n"
      "  c: {deployments: [openai/gpt-6-luna, {use: openai/gpt-6-sol, clearance: internal}]}\n",
      with_keys());
  const auto direct = [&](std::string_view id) -> std::string {
    const auto found = std::ranges::find(s->direct, id, [](const deployment& d) { return d.facts.id; });
    return found == s->direct.end() ? "not there" : std::string(s->sensitivity.labels.name(found->facts.clearance));
  };
  CHECK(direct("openai/gpt-6-luna") == "internal");   // raised, lowered and left, in this order
  CHECK(direct("gpu/x") == "public");                 // lowered, then left
  CHECK(direct("gpu/y") == "internal");               // raised only: not beyond its provider's
  CHECK(direct("openai/gpt-6-sol") == "public");      // lowered twice
  CHECK(direct("openai/gpt-4.1") == "confidential");  // no line
  CHECK(s->sensitivity.labels.name(s->models[0].deployments[0].facts.clearance) == "restricted");  // under its name the line holds
}

TEST_CASE("the default strategy is cheapest", "[models]") {
  CHECK(good("models: {m: {deployments: [local]}}\n")->models[0].strategy == naru::routing::strategy::cheapest);
  CHECK(good("models: {m: {strategy: priority, deployments: [local]}}\n")->models[0].strategy == naru::routing::strategy::priority);
  const auto automatic = good("models: {m: {strategy: auto, deployments: [local]}}\n");
  CHECK(automatic->models[0].strategy == naru::routing::strategy::balanced);
  CHECK(automatic->models[0].tuning.balance == naru::routing::quality_first);
  CHECK(errors_of("models: {m: {strategy: cheapst, deployments: [local]}}\n") ==
        "models.m.strategy (naru.yaml:1:24): want cheapest, fastest, balanced, weighted, priority or auto, got cheapst, did you mean "
        "cheapest?\n");
}

TEST_CASE("every name that a model uses must exist", "[models]") {
  CHECK(errors_with_keys("models:\n  m:\n    deployments: [opnai/gpt-6-luna, openai, openai/, openai/gpt-4o-mini-tts, "
                         "local/other]\n    label: intrenal\n") ==
        "models.m.deployments[0] (naru.yaml:3:19): no provider opnai, did you mean openai?\n"
        "models.m.deployments[1] (naru.yaml:3:37): want provider/model, got openai: which model of openai?\n"
        "models.m.deployments[2] (naru.yaml:3:45): want provider/model, got openai/: which model of openai?\n"
        "models.m.deployments[3] (naru.yaml:3:54): openai/gpt-4o-mini-tts is for speech, which nothing here asks for\n"
        "models.m.deployments[4] (naru.yaml:3:78): local has one model, SmolLM2-135M-Instruct.Q4_1: `local` alone means it\n"
        "models.m.label (naru.yaml:4:12): want public, internal, confidential or restricted, got intrenal, did you mean internal?\n");
  CHECK(errors_with_keys("models: {m: {deployments: []}}\n") ==
        "models.m.deployments (naru.yaml:1:27): want at least one deployment, got an empty list\n");
  CHECK(errors_with_keys("models: {m: {deployments: [local, {use: local}]}}\n").find("local/SmolLM2-135M-Instruct.Q4_1 stands twice") !=
        std::string::npos);
  CHECK(errors_with_keys("models: {m: {strategy: weighted, deployments: [{use: local, weight: 0}]}}\n")
            .find("want at least one weight above 0") != std::string::npos);
}

TEST_CASE("names and aliases are one space", "[models]") {
  CHECK(errors_with_keys("models:\n  a: {deployments: [local], aliases: [b, x]}\n  b: {deployments: [local], aliases: [x, \"a b\", "
                         "openai/gpt-6-luna]}\n") ==
        "models.a.aliases[0] (naru.yaml:2:39): b is taken: naru.yaml:3\n"
        "models.b.aliases[0] (naru.yaml:3:39): x is taken: naru.yaml:2\n"
        "models.b.aliases[1] (naru.yaml:3:42): want a name without blanks, at most 128 bytes\n"
        "models.b.aliases[2] (naru.yaml:3:49): openai/gpt-6-luna already means a model of the provider openai\n");
  CHECK(errors_with_keys("models: {zeta/llama: {deployments: [local]}}\n").empty());
}

TEST_CASE("a model that the catalogue does not know is tried, with a warning", "[models]") {
  CHECK(warnings_with_keys("models: {m: {deployments: [openai/gpt-6-lunar]}}\n") ==
        "models.m.deployments[0] (naru.yaml:1:28): the catalogue does not know openai/gpt-6-lunar: its price and abilities are unknown, "
        "did you mean gpt-6-luna?\n"
        "models.m.deployments[0] (naru.yaml:1:28): the price of openai/gpt-6-lunar is not known, so that its costs are flagged as unknown: "
        "say `price:`\n");
}

TEST_CASE("where no request of the default label can get is warned of", "[models]") {
  CHECK(warnings_with_keys("providers:\n  openai: {clearance: public}\nmodels:\n  m: {deployments: [openai/gpt-6-luna]}\n") ==
        "providers.openai.clearance (naru.yaml:2:23): no request of the default label, internal, can reach it\n"
        "models.m (naru.yaml:4:6): no deployment is cleared for internal, the default label: every request will be refused\n");
  CHECK(warnings_with_keys("models:\n  m: {deployments: [openai/gpt-6-luna], label: confidential}\n") ==
        "models.m (naru.yaml:2:6): no deployment is cleared for confidential, the label of this model: every request will be refused\n");
  CHECK(warnings_with_keys("models:\n  m: {deployments: [local, {use: openai/gpt-6-luna, clearance: public}]}\n") ==
        "models.m.deployments[1].clearance (naru.yaml:2:64): no request of the default label, internal, can reach it\n");
  CHECK(warnings_with_keys("providers:\n  openai: {clearance: public}\nmodels:\n  m: {label: public, deployments: [openai/gpt-6-luna]}\n")
            .find("models.m ") == std::string::npos);
}

TEST_CASE("what a maximum cost makes useless is warned of", "[models]") {
  CHECK(warnings_of("providers: {gpu: {type: compatible, base_url: \"http://g/v1\"}}\nmodels:\n  m: {deployments: [gpu/x], require: "
                    "{max_cost: 0.1}}\n") ==
        "models.m.deployments[0] (naru.yaml:3:21): the price of gpu/x is not known, so that it is never tried under require.max_cost: say "
        "`price:`\n");
}

TEST_CASE("provider and model can be asked for directly", "[models]") {
  const auto s = good("providers: {mine: {type: openai, api_key: \"${env:OPENAI_API_KEY}\", price: {input: 7, output: 8}}}\n", with_keys());
  const auto found = std::ranges::find(s->direct, "mine/gpt-6-luna", [](const deployment& d) { return d.facts.id; });
  REQUIRE(found != s->direct.end());
  CHECK(found->facts.price.tariff.rates.input == naru::pricing::rate::of({7'000'000}));
  CHECK(std::ranges::any_of(s->direct, [](const deployment& d) { return d.model == "text-embedding-3-small"; }));
  CHECK(std::ranges::none_of(s->direct, [](const deployment& d) { return d.model == "gpt-4o-mini-tts"; }));
  const deployment other = direct_deployment(*s, *s->find_provider("mine"), "gpt-99");
  CHECK((other.facts.id == "mine/gpt-99" && !other.in_catalogue && other.facts.can.tools == ability::unknown));
  CHECK(std::ranges::count(other.constraints, "openai_fields_only") == 1);
}

TEST_CASE("an off provider's deployments stay in the list, so that a refusal can say why", "[models]") {
  const auto s = good("models: {m: {deployments: [openai/gpt-6-luna, local]}}\n");
  CHECK(s->models[0].deployments.size() == 2);
  CHECK(s->find_provider("openai")->off);
}

TEST_CASE("fastest and balanced are told their weights, their prior and their share of exploration", "[models]") {
  const auto s = good(R"(models:
  quick: {strategy: fastest, deployments: [local], explore: 0.1, expect: {first_token: 400ms, per_token: 8ms}}
  usual: {strategy: fastest, deployments: [local]}
  fair: {strategy: balanced, deployments: [local], balance: {cost: 5, latency: 2.5}}
  plain: {strategy: balanced, deployments: [local]}
)");
  const auto& quick = s->find_model("quick")->tuning;
  CHECK((quick.explore == 100 && quick.prior.first_token == 0.4F && quick.prior.per_token == 0.008F));
  const auto& usual = s->find_model("usual")->tuning;
  CHECK((usual.explore == 50 && usual.prior.first_token == 1.0F && usual.prior.per_token == 0.015F));
  CHECK(s->find_model("fair")->tuning.balance == naru::routing::balance{5000, 2500, 0});
  CHECK(s->find_model("plain")->tuning.balance == naru::routing::balance{});
  CHECK(errors_of("models: {m: {strategy: balanced, deployments: [local], balance: {cost: 0}}}\n") ==
        "models.m.balance (naru.yaml:1:65): want at least one weight above 0\n");
  CHECK(errors_of("models: {m: {strategy: auto, deployments: [local], balance: {cost: 1}}}\n").find("auto has weights of its own") !=
        std::string::npos);
  CHECK(errors_of("models: {m: {deployments: [local], explore: 0.6}}\n").find("want 0..0.5") != std::string::npos);
}

TEST_CASE("hard limits compare facts that providers and deployments state", "[models]") {
  const auto s = good(R"(providers:
  openai: {retention: 30d, trains_on_data: false}
models:
  m:
    deployments: [openai/gpt-6-luna, {use: openai/gpt-6-sol, retention: 0s, trains_on_data: true, provisioned: true}, local]
    require: {max_latency: 8s, quality: 0.4, retention: 30d, trains_on_data: false}
)",
                      with_keys());
  const model& m = s->models[0];
  CHECK((m.require.max_latency == std::chrono::seconds{8} && m.require.min_quality == 400));
  CHECK((m.require.retention == std::chrono::days{30} && m.require.no_training));
  const auto& [luna, sol, local] = std::tie(m.deployments[0].facts, m.deployments[1].facts, m.deployments[2].facts);
  CHECK((luna.retention == std::chrono::days{30} && luna.trains_on_data == ability::no && !luna.provisioned));
  CHECK((sol.retention == std::chrono::milliseconds{0} && sol.trains_on_data == ability::yes && sol.provisioned));
  CHECK((local.retention == std::chrono::milliseconds{0} && local.trains_on_data == ability::no));  // on this machine
  const auto unsaid = good("models: {m: {deployments: [openai/gpt-6-luna]}}\n", with_keys());
  CHECK_FALSE(unsaid->models[0].deployments[0].facts.retention);
  CHECK(unsaid->models[0].deployments[0].facts.trains_on_data == ability::unknown);
  CHECK_FALSE(unsaid->models[0].require.no_training);
  CHECK(errors_of("models: {m: {deployments: [local], require: {max_latency: 8}}}\n").find(": write 8s or 8") != std::string::npos);
}
