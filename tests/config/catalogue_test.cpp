#include "config/catalogue.hpp"

#include <catch2/catch.hpp>

#include <map>

#include "config/sources.hpp"
#include "providers/vendors/vendor.hpp"
#include "tests/config/support.hpp"

using namespace naru::config;
using namespace naru;
using namespace std::chrono_literals;

TEST_CASE("the shipped catalogue loads and is the file in the tree", "[catalogue]") {
  const loaded_catalogue file = load_catalogue(read_repository_file("config/models.yaml"));
  CHECK(to_lines(file.errors).empty());
  REQUIRE(file.value);
  CHECK(file.value->entries().size() == shipped_catalogue().entries().size());
  CHECK(file.value->entries().size() == 129);
}

TEST_CASE("a vendor offers at most two models by default, and those who have small and large ones one of each", "[catalogue]") {
  for (const vendors::vendor& v : vendors::all_vendors()) {
    if (v.key_variables.empty()) continue;
    std::vector<std::string> classes;
    for (const catalogue_entry* e : shipped_catalogue().chat_models_of(v.name)) {
      if (e->offered_by_default) classes.push_back(e->quality_class);
    }
    std::ranges::sort(classes);
    CAPTURE(v.name);
    CHECK(classes.size() <= 2);
    if (v.name == "openai" || v.name == "anthropic" || v.name == "google") CHECK(classes == std::vector<std::string>{"large", "small"});
  }
}

TEST_CASE("priors of quality are those that routing has bands for", "[catalogue]") {
  for (const catalogue_entry& e : shipped_catalogue().entries()) {
    if (e.kind != "chat") continue;
    CAPTURE(e.id);
    const auto band = routing::class_of(e.quality);
    CHECK(routing::to_string(band) == e.quality_class);
    CHECK(routing::quality_prior(band) == e.quality);
  }
}

TEST_CASE("prices, tiers, factors, dates and peak hours of the catalogue are exact", "[catalogue]") {
  using pricing::rate;
  const catalogue_entry& luna = *shipped_catalogue().find("openai", "gpt-6-luna");
  CHECK(luna.price.tariff.rates.input == rate::of({100'000}));
  CHECK(luna.price.tariff.rates.cached_input == rate::of({10'000}));
  REQUIRE(luna.price.tariff.tiers.size() == 1);
  CHECK(luna.price.tariff.tiers[0].above_prompt == tokens{272'000});
  CHECK(luna.price.tariff.tiers[0].rates.output == rate::of({750'000}));
  CHECK(luna.price.confidence == pricing::confidence::third_party);

  const catalogue_entry& nova = *shipped_catalogue().find("bedrock", "amazon.nova-micro-v1:0");
  CHECK(nova.price.tariff.rates.cached_input == rate::of({8'750}));
  CHECK(nova.price.tariff.rates.cache_write == rate{});

  const catalogue_entry& haiku = *shipped_catalogue().find("anthropic", "claude-haiku-5-5");
  CHECK(haiku.price.tariff.rates.cache_write_long == rate::of({200'000}));
  CHECK(haiku.price.tariff.tiers.at(0).rates.cache_write_long == rate::of({1'000'000}));

  const catalogue_entry& sol = *shipped_catalogue().find("openai", "gpt-6.2-sol");
  const auto ultra = std::ranges::find(sol.price.modifiers, "ultrafast", &pricing::modifier::service_tier);
  REQUIRE(ultra != sol.price.modifiers.end());
  CHECK((ultra->milli == 3000 && ultra->valid_until == std::chrono::sys_days{2027y / 2 / 28}));

  const catalogue_entry& flash = *shipped_catalogue().find("google", "gemini-3.8-flash");
  REQUIRE(flash.price.next);
  CHECK(flash.price.valid_until == std::chrono::sys_days{2026y / 12 / 31});
  CHECK(flash.price.next->tariff.rates.output == rate::of({7'500'000}));
  CHECK(flash.price.next->tariff.rates.cache_write == rate::none());  // as today: Google bills no writing

  const catalogue_entry& old = *shipped_catalogue().find("openai", "gpt-5.6-sol");
  REQUIRE(old.price.list);
  CHECK(old.price.list->rates.output == rate::of({30'000'000}));

  const catalogue_entry& deep = *shipped_catalogue().find("deepseek", "deepseek-flash");
  REQUIRE(deep.price.peak);
  CHECK((deep.price.peak->windows.size() == 2 && deep.price.peak->days == 0b0011111));
  CHECK(deep.price.peak->tariff.rates.cached_input == rate::of({6'000}));

  CHECK_FALSE(shipped_catalogue().find("naver", "HCX-007")->price.tariff.rates.input.known());
  CHECK(shipped_catalogue().find("naver", "HCX-007")->price.confidence == pricing::confidence::unconfirmed);
}

TEST_CASE("no chat model of the catalogue is free by mistake", "[catalogue]") {
  for (const catalogue_entry& e : shipped_catalogue().entries()) {
    if (e.kind != "chat" || !e.price.free) continue;
    CAPTURE(e.id);
    const std::vector<std::string> own{"local", "kakao", "ollama", "vllm", "llamacpp"};
    CHECK(std::ranges::find(own, e.vendor) != own.end());
  }
}

TEST_CASE("abilities say what is known and leave the rest unknown", "[catalogue]") {
  using routing::ability;
  const auto& can = shipped_catalogue().find("groq", "llama-3.3-70b-versatile")->can;
  CHECK((can.tools == ability::yes && can.vision == ability::no && can.json_schema == ability::no && can.many_choices == ability::no));
  CHECK(can.logprobs == ability::no);
  CHECK(can.context == tokens{131'072});
  CHECK(shipped_catalogue().find("bedrock", "amazon.nova-lite-v1:0")->can.json_schema == ability::unknown);
  CHECK(shipped_catalogue().find("google", "gemini-2.5-pro")->can.audio == ability::yes);
  CHECK_FALSE(shipped_catalogue().find("xai", "grok-4.7")->can.max_output);
  CHECK(shipped_catalogue().find("openai", "nothing") == nullptr);
}

TEST_CASE("a bad catalogue says where", "[catalogue]") {
  const std::string head = "as_of: 2026-11-23\nquality: {small: {prior: 0.3, reason: because}}\nsources: {doc: page}\nmodels:\n";
  const auto errors = [&](const std::string& models) { return to_lines(load_catalogue(head + models).errors); };
  CHECK(errors("  a/b: {kind: chat, quality: small, price: free, source: [doc], confidence: doc}\n").empty());
  CHECK(errors("  ab: {kind: chat, quality: big, price: {inptu: 1}, source: [dco], confidence: doc}\n") ==
        "models.ab (models.yaml:5:7): want vendor/model as its name\n"
        "models.ab.quality (models.yaml:5:29): no class big in `quality:`\n"
        "models.ab.price.inptu (models.yaml:5:42): unknown key, did you mean input?\n"
        "models.ab.source[0] (models.yaml:5:62): no source dco, did you mean doc?\n");
  CHECK(errors("  a/b: {kind: chat, confidence: doc}\n").find("a chat model has a class of quality") != std::string::npos);
}
