#include <catch2/catch.hpp>

#include "tests/config/support.hpp"

using namespace naru::config;
using namespace std::chrono_literals;

TEST_CASE("a known vendor needs its key alone", "[providers]") {
  world w;
  w.variables = {{"OPENAI_API_KEY", "sk-o"}, {"K", "sk-a"}};
  const auto s =
      good("providers:\n  openai: {api_key: \"${env:OPENAI_API_KEY}\"}\n  claude: {type: anthropic, api_key: \"${env:K}\"}\n", w);
  const provider& o = *s->find_provider("openai");
  CHECK(
      (!o.off && o.type == "openai" && o.base_url == "https://api.openai.com/v1" && o.to->host == "api.openai.com" && o.to->path == "/v1"));
  CHECK(s->sensitivity.labels.name(o.clearance) == "internal");
  CHECK_FALSE(o.clearance_set);
  const provider& c = *s->find_provider("claude");
  CHECK((c.type == "anthropic" && c.to->host == "api.anthropic.com" && c.to->path.empty()));
  CHECK(c.timeouts.connect == 5s);
  CHECK(s->providers.back().name == "local");
  CHECK(s->sensitivity.labels.name(s->providers.back().clearance) == "restricted");
}

TEST_CASE("a provider whose only missing value is its key's variable is off, and said to be", "[providers]") {
  world w;
  const loaded l = w.load(
      "providers:\n  openai: {api_key: \"${env:OPENAI_API_KEY}\"}\n  g: {type: google, api_keys: [\"${env:A}\", \"${env:B}\"]}\n  "
      "anthropic:\n");
  REQUIRE(l.ok());
  CHECK(l.value->find_provider("openai")->off);
  CHECK(l.value->find_provider("openai")->off_reason == "OPENAI_API_KEY is not set");
  CHECK(l.value->find_provider("g")->off_reason == "neither A nor B is set");
  CHECK(l.value->find_provider("anthropic")->off_reason == "ANTHROPIC_API_KEY is not set");
  CHECK(to_lines(l.warnings) ==
        "providers.openai (naru.yaml:2:3): off: OPENAI_API_KEY is not set\n"
        "providers.g (naru.yaml:3:3): off: neither A nor B is set\n"
        "providers.anthropic (naru.yaml:4:3): off: ANTHROPIC_API_KEY is not set\n");
  CHECK(errors_of("providers:\n  openai: {api_key: \"${env:A}\", region: \"${env:B}\"}\n") ==
        "providers.openai.region (naru.yaml:2:41): the variable B is not set; ${env:B:-value} gives a default\n");
}

TEST_CASE("several keys share the load, and those that are there bear it", "[providers]") {
  world w;
  w.variables = {{"A", "k1"}, {"C", "k3"}};
  const loaded l = w.load("providers:\n  g: {type: google, api_keys: [\"${env:A}\", \"${env:B}\", \"${env:C}\"]}\n");
  REQUIRE(l.ok());
  CHECK(l.value->find_provider("g")->api_keys.size() == 2);
  CHECK(to_lines(l.warnings) == "providers.g.api_keys (naru.yaml:2:31): B is not set: the other keys bear the load\n");
  CHECK(to_lines(w.load("providers: {g: {type: google, api_key: \"${env:A}\", api_keys: [\"${env:A}\"]}}\n").errors) ==
        "providers.g.api_keys (naru.yaml:1:62): want either api_key or api_keys\n");
  CHECK(to_lines(w.load("providers: {g: {type: google, api_keys: []}}\n").errors) ==
        "providers.g.api_keys (naru.yaml:1:41): want at least one key, got an empty list\n");
}

TEST_CASE("a compatible server needs an address and no key", "[providers]") {
  const auto s = good(
      "providers:\n  gpu-farm: {type: compatible, base_url: \"http://10.1.2.3:8000/v1\", clearance: restricted, region: kr,\n"
      "             timeouts: {connect: 2s, first_byte: 30s, idle: 60s}, price: {input: 0.10, output: 0.40}}\n");
  const provider& p = *s->find_provider("gpu-farm");
  CHECK((!p.off && p.api_keys.empty() && p.clearance_set && !p.to->tls && p.to->port == 8000));
  CHECK((p.timeouts.connect == 2s && p.timeouts.first_byte == 30s && p.timeouts.idle == 60s && p.timeouts.total == 600s));
  CHECK(p.price->tariff.rates.input == naru::pricing::rate::of({100'000}));
  CHECK(p.price->tariff.rates.output == naru::pricing::rate::of({400'000}));
  CHECK(p.price->tariff.rates.cached_input == naru::pricing::rate::none());
  CHECK(errors_of("providers: {x: {type: compatible}}\n") ==
        "providers.x.base_url (naru.yaml:1:16): is missing: want an address such as https://host:port/v1 for type compatible\n");
  CHECK(errors_of("providers: {x: {type: compatible, base_url: 10.1.2.3}}\n") ==
        "providers.x.base_url (naru.yaml:1:45): want an address such as https://host:port/path, got 10.1.2.3\n");
}

TEST_CASE("a key that would travel unencrypted is warned of", "[providers]") {
  world w;
  w.variables = {{"K", "key"}};
  CHECK(to_lines(w.load("providers: {x: {type: compatible, base_url: \"http://gpu:1/v1\", api_key: \"${env:K}\"}}\n").warnings) ==
        "providers.x.base_url (naru.yaml:1:45): the key goes there unencrypted: want https\n");
  CHECK(w.load("providers: {x: {type: compatible, base_url: \"http://127.0.0.1:1/v1\", api_key: \"${env:K}\"}}\n").warnings.empty());
}

TEST_CASE("a provider's type must be known, and its name says it when it can", "[providers]") {
  const std::string missing = errors_of("providers: {opnai: {api_key: x}}\n");
  CHECK(missing.starts_with("providers.opnai.type (naru.yaml:1:20): is missing: want openai, anthropic, "));
  CHECK(missing.find(" or local, because opnai is no vendor's name, did you mean openai?\n") != std::string::npos);
  const std::string unknown = errors_of("providers: {a: {type: opnai}}\n");
  CHECK(unknown.starts_with("providers.a.type (naru.yaml:1:23): want openai, anthropic, "));
  CHECK(unknown.ends_with(" or local, got opnai, did you mean openai?\n"));
  CHECK(errors_of("providers: {\"a/b\": {type: openai}}\n") ==
        "providers.a/b (naru.yaml:1:13): want a name of letters, digits, _, - and ., at most 64: it stands in provider/model\n");
}

TEST_CASE("keys that mean nothing for a type are errors", "[providers]") {
  CHECK(errors_of("providers: {openai: {sequences: 4}}\n") == "providers.openai.sequences (naru.yaml:1:33): is only for type: local\n");
  CHECK(errors_of("providers: {local: {proxy: \"http://p:1\"}}\n") ==
        "providers.local.proxy (naru.yaml:1:28): means nothing for a model on this machine, which is reached by a socket\n");
  CHECK(errors_of("providers: {local: {base_url: \"http://gpu:1/v1\", threads: 4}}\n") ==
        "providers.local.threads (naru.yaml:1:59): means nothing for a naru-worker on another machine, which has settings of its own\n");
}

TEST_CASE("the embedded model is there unless it is switched off", "[local]") {
  world w;
  w.files->texts = {{"/models/qwen.gguf", "x"}, {"/shipped.gguf", "x"}};
  w.variables = {{"NARU_MODEL", "/shipped.gguf"}};
  const auto s = good("providers: {openai: {}}\n", w);
  const provider& usual = *s->find_provider("local");
  CHECK((!usual.off && usual.local->model == "/shipped.gguf" && usual.local->sequences == 4 && usual.local->queue == 64 && !usual.to));
  const auto own = good(
      "providers: {local: {type: local, model: /models/qwen.gguf, sequences: 8, context: 16384, threads: 3, queue: 0, max_tokens: 9, nice: "
      "0}}\n",
      w);
  const local_model& l = *own->find_provider("local")->local;
  CHECK((l.model == "/models/qwen.gguf" && l.sequences == 8 && l.context == 16'384 && l.threads == 3 && l.queue == 0 && l.max_tokens == 9 &&
         l.nice == 0));
  const auto off = good("providers: {local: off}\n", w);
  CHECK((off->find_provider("local")->off && off->find_provider("local")->off_reason == "switched off in the settings"));
  CHECK(off->find_model("local") == nullptr);
}

TEST_CASE("an embedded model without its file is off, and said to be", "[local]") {
  world w;
  CHECK(w.defaults().value->find_provider("local")->off_reason == "no model file: NARU_MODEL is not set, and the settings name none");
  const loaded l = w.load("providers: {local: {model: /none.gguf}}\n");
  REQUIRE(l.ok());
  CHECK(l.value->find_provider("local")->off_reason == "/none.gguf cannot be read: No such file or directory");
  CHECK(to_lines(l.warnings) == "providers.local.model (naru.yaml:1:28): /none.gguf cannot be read: No such file or directory\n");
}

TEST_CASE("a naru-worker on another machine is a local provider with an address", "[local]") {
  const auto s = good("providers: {local: {base_url: \"http://gpu:9000/v1\", model: qwen}}\n");
  const provider& p = *s->find_provider("local");
  CHECK((p.local->remote && !p.off && p.to->host == "gpu" && s->sensitivity.labels.name(p.clearance) == "restricted"));
  CHECK(s->find_model("local")->deployments.at(0).facts.id == "local/qwen");
}

TEST_CASE("one machine runs one embedded model", "[local]") {
  CHECK(errors_of("providers:\n  a: {type: local}\n  b: {type: local}\n") ==
        "not yet: providers.b (naru.yaml:3): a second embedded model on one machine\n");
  const auto s = good("providers: {mine: {type: local}}\n");
  CHECK(s->find_provider("local") == nullptr);
}

TEST_CASE("a proxy is the provider's own, or the environment's for https", "[proxy]") {
  world w;
  w.variables = {{"HTTPS_PROXY", "http://u:p@env-proxy:3128"}, {"NO_PROXY", "localhost, .acme.example,api.anthropic.com:443"}};
  const auto s = good(
      "providers:\n  openai: {}\n  anthropic: {}\n  own: {type: google, proxy: \"http://mine:1\"}\n  none: {type: google, proxy: off}\n"
      "  inside: {type: compatible, base_url: \"https://gpu.acme.example/v1\"}\n  plain: {type: compatible, base_url: \"http://gpu/v1\"}\n"
      "  other: {type: compatible, base_url: \"https://notacme.example/v1\"}\n",
      w);
  const proxy& p = *s->find_provider("openai")->proxy;
  CHECK((p.host == "env-proxy" && p.port == 3128 && p.credentials->reveal() == "u:p" && p.source == "HTTPS_PROXY"));
  CHECK_FALSE(s->find_provider("anthropic")->proxy);
  CHECK(s->find_provider("own")->proxy->host == "mine");
  CHECK(s->find_provider("own")->proxy->source == "settings");
  CHECK_FALSE(s->find_provider("none")->proxy);
  CHECK_FALSE(s->find_provider("inside")->proxy);
  CHECK_FALSE(s->find_provider("plain")->proxy);
  CHECK(s->find_provider("other")->proxy);
  w.variables = {{"https_proxy", "bare:8080"}};
  CHECK(good("providers: {openai: {}}\n", w)->find_provider("openai")->proxy->host == "bare");
  w.variables = {{"HTTPS_PROXY", "socks5://x:1"}};
  CHECK(to_lines(w.load("providers: {openai: {}}\n").errors) ==
        "providers.openai.proxy (naru.yaml:1:21): want a proxy such as http://proxy:3128 in ${env:HTTPS_PROXY}; `proxy: off` ignores it\n");
}

TEST_CASE("an operator's price list is complete and exact", "[price]") {
  using naru::pricing::rate;
  const auto s = good(R"(providers:
  a:
    type: compatible
    base_url: http://a/v1
    price:
      input: 0.0375
      output: 12
      cached_input: unknown
      cache_write: none
      image: 0.04
      tiers: [{above_prompt_tokens: 200000, input: 1, output: 2}]
      modifiers: {batch: 0.5, fast: {factor: 2, valid_until: 2027-02-28}}
      schedule: {peak_windows: ["01:00-04:00", "22:00-02:00"], peak_days: [mon, sun], peak_price: {input: 3, output: 4}}
  b: {type: compatible, base_url: "http://b/v1", price: free}
)");
  const naru::pricing::price& p = *s->find_provider("a")->price;
  CHECK(p.tariff.rates.input == rate::of({37'500}));
  CHECK(p.tariff.rates.cached_input == rate{});
  CHECK(p.tariff.rates.cache_write == rate::none());
  CHECK(p.tariff.rates.image == rate::of({40'000'000'000}));
  REQUIRE(p.tariff.tiers.size() == 1);
  CHECK(p.tariff.tiers[0].above_prompt == naru::tokens{200'000});
  REQUIRE(p.modifiers.size() == 2);
  CHECK((p.modifiers[0].milli == 500 && p.modifiers[1].milli == 2000 && p.modifiers[1].valid_until));
  CHECK(p.peak->windows.size() == 2);
  CHECK(p.peak->days == 0b1000001);
  CHECK(p.peak->tariff.rates.output == rate::of({4'000'000}));
  CHECK(s->find_provider("b")->price->free);
}

TEST_CASE("a price that cannot be read exactly is an error", "[price]") {
  const auto price = [](const std::string& text) {
    return errors_of("providers: {a: {type: compatible, base_url: \"http://a/v1\", price: " + text + "}}\n");
  };
  CHECK(price("{input: 0.00000001, output: 1}") ==
        "providers.a.price.input (naru.yaml:1:75): want unknown, none or USD per million tokens with at most 6 places, such as 0.0375, got "
        "0.00000001\n");
  CHECK(price("{input: 1e-3, output: 1}").find("price.input") != std::string::npos);
  CHECK(price("cheap") == "providers.a.price (naru.yaml:1:67): want free or a block, got cheap\n");
  CHECK(price("{input: 1, output: 1, currency: KRW}") == "not yet: KRW (naru.yaml:1): providers.a.price.currency\n");
  CHECK(price("{input: 1, output: 1, schedule: {peak_windows: [\"1-4\"], peak_price: {}}}")
            .find("want hours such as \"01:00-04:00\", got 1-4") != std::string::npos);
  CHECK(price("{input: 1, output: 1, tiers: [{above_prompt_tokens: 5}, {above_prompt_tokens: 5}]}").find("a second tier above 5 tokens") !=
        std::string::npos);
}
