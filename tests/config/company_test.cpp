// A whole company's file: what is not there yet is listed at once, and the rest means what it says.
#include <catch2/catch.hpp>

#include "tests/config/support.hpp"

using namespace naru::config;
using namespace std::chrono_literals;

namespace {

const std::string head = R"(# yaml-language-server: $schema=naru.schema.json
include: [models.d/*.yaml]

listen:
  traffic: {address: "0.0.0.0:8443", tls: {certificate: /etc/naru/tls.crt, key: /etc/naru/tls.key}}
  admin:   {address: "127.0.0.1:9090", token: "${file:/run/secrets/naru-admin}"}
shards: auto

limits:
  head: 64KiB
  body: 32MiB
  head_time: 10s
  body_time: 30s
  idle_time: 60s
  connections: 20000
  attempts: 3
  deadline: 10m

providers:
  openai:    {api_key: "${env:OPENAI_API_KEY}"}
  anthropic: {api_key: "${env:ANTHROPIC_API_KEY}", clearance: internal}
)";
const std::string azure_provider =
    R"(  seoul:     {type: azure, resource: acme-kc, api_key: "${file:/run/secrets/azure}", region: koreacentral, clearance: confidential}
)";
const std::string later_providers =
    R"(  aws:       {type: bedrock, region: ap-northeast-2, credentials: auto}
  clova:     {type: naver, api_key: "${env:CLOVASTUDIO_API_KEY}", region: kr, clearance: confidential}
)";
const std::string providers =
    R"(  gem:       {type: google, api_keys: ["${env:GEMINI_KEY_A}", "${env:GEMINI_KEY_B}"], proxy: "http://proxy.acme:3128"}
  gpu-farm:  {type: compatible, base_url: "http://10.1.2.3:8000/v1", clearance: restricted,
              timeouts: {connect: 2s, first_byte: 30s, idle: 60s}, tls: {ca: /etc/naru/ca.pem}, price: {input: 0.10, output: 0.40}}
  local:     {type: local, model: /models/qwen.gguf, sequences: 8, context: 16384, clearance: restricted}

)";
const std::string models_all = R"(models:
  chat:
    strategy: cheapest
    deployments:
      - openai/gpt-6-luna
      - {use: anthropic/claude-haiku-5-5, weight: 2, clearance: confidential}
      - clova/HCX-007
      - local
    require: {max_cost: 0.02, max_latency: 8s, region: [kr, us], quality: 0.4, retention: 30d, trains_on_data: false}
    label:   internal
    balance: {cost: 0.5, latency: 0.3, quality: 0.2}
    expect:  {output_tokens: 400}
)";
const std::string models_now = R"(models:
  chat:
    strategy: cheapest
    deployments:
      - openai/gpt-6-luna
      - {use: anthropic/claude-haiku-5-5, weight: 2, clearance: confidential}
      - local
    require: {max_cost: 0.02, max_latency: 8s, region: [kr, us], quality: 0.4, retention: 30d, trains_on_data: false}
    label:   internal
    balance: {cost: 0.5, latency: 0.3, quality: 0.2}
    expect:  {output_tokens: 400}
)";
const std::string code =
    R"(  code: {strategy: priority, deployments: [anthropic/claude-sonnet-5-5, gpu-farm/qwen3-coder, local], aliases: [gpt-6, gpt-4o]}

)";
const std::string rules = R"(rules:
  - {name: seoul-office, when: {team: [seoul], language: ko}, prefer: [clova/HCX-007]}
  - {name: long-batch,   when: {header: {x-job: batch}, input_tokens: ">50000"}, use: code}
  - {name: interns,      when: {team: interns}, deny: [openai/gpt-6-astra], require: {max_cost: 0.005}}

)";
const std::string rules_now = R"(rules:
  - {name: seoul-office, when: {team: [seoul], language: ko}, prefer: [local]}
  - {name: long-batch,   when: {header: {x-job: batch}, input_tokens: ">50000"}, use: gpt-6}
  - {name: interns,      when: {team: interns}, deny: [openai/gpt-6-astra], require: {max_cost: 0.005}}

)";
const std::string sensitivity_head = R"(sensitivity:
  labels: [public, internal, confidential, restricted]
  default: internal
  detectors: {secrets: restricted, card: restricted, openai_key: confidential, email: internal}
  opaque: inherit
)";
const std::string custom = R"(  custom:
    - {name: project_x, pattern: '(?i)\bproject[ -]x\b', label: restricted}
)";
const std::string callers = R"(  trust_header: true

callers:
  - {name: web,    key: "${env:NARU_KEY_WEB}", team: shop, models: [chat], label: internal}
  - {name: seoul,  key: "${env:NARU_KEY_SEOUL}", team: seoul}
  - {name: intern, key: "${env:NARU_KEY_INTERN}", team: interns}
  - {name: vault,  key_sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", team: legal, label: restricted}

)";
const std::string budgets = R"(budgets:
  - {team: shop, limit: 500, every: month, soft: [50%, 80%], at_limit: local}
rates:
  - {team: shop, requests_per_minute: 600, tokens_per_minute: 2000000, concurrent: 50}

cache: {size: 512MiB, scope: team, ttl: 1h, up_to: internal}
store: {path: /var/lib/naru}
)";
const std::string rates_now = R"(rates:
  - {team: shop, concurrent: 50}

)";
const std::string tail = R"(log:   {access: stdout, level: info, content: never}
stream: {hold_head: 15s, ping: 15s}
shutdown: {delay: 15s, cap: 10m}
)";

world company() {
  world w;
  for (const char* name :
       {"OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_KEY_A", "GEMINI_KEY_B", "NARU_KEY_WEB", "NARU_KEY_SEOUL", "NARU_KEY_INTERN"}) {
    w.variables[name] = std::string("value-of-") + name;
  }
  for (const char* path : {"/etc/naru/tls.crt", "/etc/naru/tls.key", "/etc/naru/ca.pem", "/models/qwen.gguf"}) w.files->texts[path] = "x";
  w.files->texts["/run/secrets/naru-admin"] = "admin-token\n";
  w.files->texts["/run/secrets/azure"] = "azure-key\n";
  return w;
}

}  // namespace

TEST_CASE("the whole example lists all that is not there yet, at once and nothing else", "[company]") {
  world w = company();
  const std::string text = head + azure_provider + later_providers + providers + models_all + code + rules + sensitivity_head + custom +
                           callers + budgets + tail;
  const loaded l = w.load(text);
  CHECK(to_lines(l.errors) ==
        "not yet: budgets (naru.yaml:64)\n"
        "not yet: rates[0].requests_per_minute (naru.yaml:67)\n"
        "not yet: rates[0].tokens_per_minute (naru.yaml:67)\n"
        "not yet: cache (naru.yaml:69)\n"
        "not yet: store (naru.yaml:70)\n");
}

TEST_CASE("the example without what is not there yet loads and means what it says", "[company]") {
  world w = company();
  const loaded l =
      w.load(head + azure_provider + providers + models_now + code + rules_now + sensitivity_head + callers + rates_now + tail);
  CHECK(to_lines(l.errors).empty());
  REQUIRE(l.ok());
  CHECK(to_lines(l.warnings).empty());
  const naru::settings& s = *l.value;
  CHECK(s.traffic.at(0).address() == "0.0.0.0:8443");
  CHECK(s.traffic.at(0).tls->certificate == "/etc/naru/tls.crt");
  CHECK(s.admin.token->reveal() == "admin-token");
  CHECK((s.limits.attempts == 3 && s.limits.deadline == 10min && s.limits.body == 33'554'432));
  REQUIRE(s.providers.size() == 6);
  CHECK(s.find_provider("seoul")->base_url == "https://acme-kc.openai.azure.com");
  CHECK(s.find_provider("gem")->api_keys.size() == 2);
  CHECK(s.find_provider("gem")->proxy->host == "proxy.acme");
  CHECK(s.find_provider("gpu-farm")->tls_ca == "/etc/naru/ca.pem");
  const model& chat = *s.find_model("chat");
  REQUIRE(chat.deployments.size() == 3);
  CHECK((chat.deployments[1].facts.weight == 2 && s.sensitivity.labels.name(chat.deployments[1].facts.clearance) == "confidential"));
  CHECK(chat.deployments[2].facts.id == "local/qwen");
  CHECK(s.find_model("gpt-4o")->name == "code");
  CHECK(s.find_model("code")->strategy == naru::routing::strategy::priority);
  const auto found = std::ranges::find(s.sensitivity.detectors, "openai_key", &naru::sensitivity::detector_action::detector);
  CHECK(s.sensitivity.labels.name(found->raises_to) == "confidential");
  REQUIRE(s.callers.size() == 4);
  CHECK(s.sensitivity.labels.name(*s.callers[3].label) == "restricted");
  CHECK((chat.require.max_latency == 8s && chat.require.no_training && chat.tuning.balance == naru::routing::balance{500, 300, 200}));
  REQUIRE(s.rules.size() == 3);
  CHECK((s.rules[0].when.teams == std::vector<std::string>{"seoul"} && s.rules[0].when.languages == std::vector<std::string>{"ko"}));
  CHECK((s.rules[1].use == "code" && s.rule_headers == std::vector<std::string>{"x-job"} && s.rules[1].when.input_tokens->from == 50'001));
  CHECK((s.rules[2].deny == std::vector<std::string>{"openai/gpt-6-astra"} && s.rules[2].require.max_cost == naru::nano_usd{5'000'000}));
  REQUIRE(s.concurrency.size() == 1);
  CHECK(s.concurrency[0].concurrent == 50);
}

TEST_CASE("loading never throws, whichever line of the example is missing or cut", "[company]") {
  world w = company();
  const std::string text = head + providers + models_now + code + rules_now + sensitivity_head + callers + rates_now + tail;
  std::size_t loads = 0;
  for (std::size_t begin = 0; begin < text.size();) {  // each line left out
    const std::size_t end = text.find('\n', begin) + 1;
    CHECK_NOTHROW(w.load(text.substr(0, begin) + text.substr(end)));
    ++loads;
    begin = end;
  }
  for (std::size_t cut = 0; cut < text.size(); cut += 13) {
    const loaded l = w.load(text.substr(0, cut));
    CHECK(l.ok() == l.errors.empty());
    ++loads;
  }
  CHECK(loads > 200);
}
