#include "policies/routing/plan.hpp"

#include <catch2/catch.hpp>

#include "tests/policies/routing/fixture.hpp"

using namespace naru;
using namespace naru::routing;
using namespace naru::routing::testing;

namespace {

using order = few<std::uint32_t>;
constexpr label confidential{2};

verdict verdict_of_only(const scene& s) {
  const plan p = s.plan();
  REQUIRE(p.judgements.size() == 1);
  CHECK(p.order.empty() == (p.judgements[0].verdict != verdict::allowed));
  return p.judgements[0].verdict;
}
std::string said(const scene& s) { return describe(s.plan().judgements[0], s.labels, now); }
error refusal(const scene& s) {
  const plan p = s.plan();
  CHECK(p.order.empty());
  REQUIRE(p.refusal);
  return *p.refusal;
}
bool mentions(const error& e, std::string_view text) { return e.message.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("priority keeps the settings' order", "[routing]") {
  scene s;
  s.add("a/1");
  s.add("b/2");
  s.add("c/3");
  CHECK(s.plan().order == order{0, 1, 2});
  CHECK_FALSE(s.plan().refusal);
}

TEST_CASE("a deployment below the label is excluded first, whatever else is wrong with it", "[routing]") {
  scene s;
  s.add("a/1").clearance = {1};
  s.candidates[0].off = true;
  s.demand.label = confidential;
  CHECK(verdict_of_only(s) == verdict::not_cleared);
  CHECK(said(s) == "cleared for internal, the request is confidential");
  s.facts[0].clearance = {2};
  s.candidates[0].off = false;
  CHECK(verdict_of_only(s) == verdict::allowed);
}

TEST_CASE("each hard limit excludes and says so", "[routing]") {
  scene s;
  deployment& d = s.add("a/1");
  candidate& c = s.candidates[0];

  SECTION("off by the settings") {
    c.off = true;
    c.off_reason = "no API key";
    CHECK(verdict_of_only(s) == verdict::off);
    CHECK(said(s) == "off: no API key");
  }
  SECTION("off by its health") {
    c.health = {resilience::standing::off, now + 30s, failure_class::account};
    CHECK(verdict_of_only(s) == verdict::off);
    CHECK(said(s) == "off: the vendor refused our account, again in 30.0 s");
    CHECK(refusal(s).retry_after == 30s);
  }
  SECTION("draining") {
    c.draining = true;
    CHECK(verdict_of_only(s) == verdict::draining);
  }
  SECTION("an ability that it lacks") {
    d.can.tools = ability::no;
    CHECK(verdict_of_only(s) == verdict::allowed);
    s.demand.tools = true;
    CHECK(verdict_of_only(s) == verdict::lacks);
    CHECK(said(s) == "no tools");
  }
  SECTION("a field that it cannot carry") {
    c.cannot_carry = "logit_bias";
    CHECK(verdict_of_only(s) == verdict::cannot_carry);
    CHECK(said(s) == "cannot carry `logit_bias`");
  }
  SECTION("a context that is too small, prompt and wanted output together") {
    s.demand.input = {127'000};
    s.demand.max_output = tokens{1'000};
    CHECK(verdict_of_only(s) == verdict::allowed);
    s.demand.max_output = tokens{1'001};
    CHECK(verdict_of_only(s) == verdict::context_too_small);
    CHECK(said(s) == "context of 128000 tokens, 128001 needed");
  }
  SECTION("an output that is too small") {
    s.demand.max_output = tokens{16'001};
    CHECK(verdict_of_only(s) == verdict::output_too_small);
    CHECK(said(s) == "output of at most 16000 tokens, 16001 asked for");
  }
  SECTION("a region") {
    s.require.regions = {"us", "koreacentral"};
    CHECK(verdict_of_only(s) == verdict::wrong_region);
    d.region = "Korea Central";
    CHECK(verdict_of_only(s) == verdict::allowed);
    d.region = "";
    CHECK(said(s) == "region unknown");
  }
  SECTION("quality") {
    s.require.min_quality = 501;
    CHECK(verdict_of_only(s) == verdict::quality_too_low);
    CHECK(said(s) == "quality 0.50, 0.50 required");
  }
  SECTION("a price that nobody knows, where money is limited") {
    d.price = {};
    CHECK(verdict_of_only(s) == verdict::allowed);
    s.require.max_cost = nano_usd::max();
    CHECK(verdict_of_only(s) == verdict::price_unknown);
  }
  SECTION("max_cost, at the upper input and the output asked for, n times") {
    s.demand.input = {500};
    s.demand.input_upper = {1'000};
    s.demand.max_output = tokens{100};
    s.demand.choices = 2;
    s.require.max_cost = nano_usd{1'800'000};  // 1,000 x 1 + 2 x 100 x 4 USD per million
    CHECK(verdict_of_only(s) == verdict::allowed);
    s.require.max_cost = nano_usd{1'799'999};
    CHECK(verdict_of_only(s) == verdict::too_dear);
    CHECK(said(s) == "up to 0.0018 USD, max_cost is 0.001799999 USD");
  }
}

TEST_CASE("an unknown ability is tried after those known to have it, under every strategy", "[routing]") {
  for (strategy st : {strategy::priority, strategy::weighted, strategy::cheapest, strategy::fastest, strategy::balanced}) {
    scene s;
    s.strategy = st;
    deployment& unsure = s.add("a/cheap");
    unsure.can.tools = ability::unknown;
    unsure.price = priced(1, 1);
    unsure.quality = 1000;
    unsure.weight = 1'000'000;
    s.add("b/known");
    s.demand.tools = true;
    INFO(to_string(st));
    CHECK(s.plan().order == order{1, 0});
    CHECK_FALSE(s.plan().judgements[0].sure);
    s.demand.tools = false;
    CHECK(s.plan().order == order{0, 1});
  }
}

TEST_CASE("a context that may be too small, or is unknown, is tried after one that fits for certain", "[routing]") {
  scene s;
  s.add("a/tight").can.context = tokens{1000};
  s.add("b/unknown").can.context.reset();
  s.add("c/roomy");
  s.demand.input = {900};
  s.demand.input_upper = {1200};
  CHECK(s.plan().order == order{2, 0, 1});
}

TEST_CASE("what cools down or is open is left out while others are up", "[routing]") {
  scene s;
  s.add("a/1");
  s.add("b/2");
  s.add("c/3");
  s.candidates[0].health = {resilience::standing::cooling, now + 3s, {}};
  s.candidates[1].health = {resilience::standing::open, now + 2s, {}};
  const plan p = s.plan();
  CHECK(p.order == order{2});
  CHECK(p.judgements[0].verdict == verdict::cooling);
  CHECK(p.judgements[1].verdict == verdict::breaker_open);
  CHECK(describe(p.judgements[0], s.labels, now) == "limited by the vendor, again in 3.0 s");
}

TEST_CASE("when all allowed ones wait, the plan says when the soonest frees", "[routing]") {
  scene s;
  s.add("a/1");
  s.add("b/2");
  s.candidates[0].health = {resilience::standing::cooling, now + 3s, {}};
  s.candidates[1].health = {resilience::standing::cooling, now + 1500ms + 1ns, {}};
  const error limited = refusal(s);
  CHECK(limited.code == error_code::upstream_limited);
  CHECK(limited.retry_after == 1501ms);
  CHECK(s.plan().frees_at == now + 1500ms + 1ns);
  s.candidates[1].health.is = resilience::standing::open;
  const error failing = refusal(s);
  CHECK(failing.code == error_code::nothing_available);
  CHECK(failing.retry_after == 1501ms);
  CHECK(mentions(failing, "1 limiting us, 1 failing"));
}

TEST_CASE("a cooling deployment that the label excludes does not promise a later answer", "[routing]") {
  scene s;
  s.add("a/1").clearance = {1};
  s.candidates[0].health = {resilience::standing::cooling, now + 3s, {}};
  s.demand.label = confidential;
  const error e = refusal(s);
  CHECK(e.code == error_code::nothing_cleared);
  CHECK_FALSE(e.retry_after);
  CHECK_FALSE(s.plan().frees_at);
}

TEST_CASE("cheapest compares the whole predicted cost, tiers included", "[routing]") {
  scene s;
  s.strategy = strategy::cheapest;
  s.add("a/tiered").price = [] {
    pricing::price p = priced(100'000, 500'000);
    p.tariff.tiers = {{{100'000}, priced(500'000, 2'500'000).tariff.rates}};
    return p;
  }();
  s.add("b/flat").price = priced(200'000, 500'000);
  s.demand.input = {100'000};
  CHECK(s.plan().order == order{0, 1});
  s.demand.input = {100'001};
  CHECK(s.plan().order == order{1, 0});
  // An input price that is twice as high may be the cheaper one for a long answer.
  scene t;
  t.strategy = strategy::cheapest;
  t.add("a/1").price = priced(100'000, 900'000);
  t.add("b/2").price = priced(200'000, 400'000);
  t.demand.input = {100};
  t.demand.expected_output = {5};
  CHECK(t.plan().order == order{0, 1});
  t.demand.expected_output = {500};
  CHECK(t.plan().order == order{1, 0});
  t.demand.max_output = tokens{5};
  CHECK(t.plan().order == order{0, 1});
}

TEST_CASE("an unknown price comes last among the cheapest, and ties keep their order", "[routing]") {
  scene s;
  s.strategy = strategy::cheapest;
  s.add("a/unknown").price = {};
  s.add("b/1");
  s.add("c/unconfirmed").price.confidence = pricing::confidence::unconfirmed;
  s.add("d/2");
  s.add("e/free").price.free = true;
  CHECK(s.plan().order == order{4, 1, 3, 0, 2});
}

TEST_CASE("with quality first the best class wins, then the cheapest, then the less busy", "[routing]") {
  scene s;
  s.strategy = strategy::balanced;
  s.tuning.balance = quality_first;
  deployment& tiny = s.add("local/tiny");
  tiny.quality = quality_prior(quality_class::tiny);
  tiny.price.free = true;
  s.add("a/large").quality = 700;
  deployment& cheaper = s.add("b/large");
  cheaper.quality = 700;
  cheaper.price = priced(500'000, 500'000);
  s.add("c/frontier").quality = 900;
  s.add("d/large").quality = 700;
  s.candidates[1].in_flight = 5;
  CHECK(s.plan().order == order{3, 2, 4, 1, 0});
}

TEST_CASE("a weight of nothing is tried only after all others", "[routing]") {
  scene s;
  s.strategy = strategy::weighted;
  s.add("a/0").weight = 0;
  s.add("b/1").weight = 1;
  s.add("c/0").weight = 0;
  s.add("d/1").weight = 3;
  for (s.seed = 0; s.seed < 200; ++s.seed) {
    const order o = s.plan().order;
    REQUIRE(o.size() == 4);
    CHECK(o[2] == 0);
    CHECK(o[3] == 2);
  }
}

TEST_CASE("refusals name the code and what would have to change", "[routing]") {
  scene s;
  SECTION("no candidate at all") {
    CHECK(refusal(s).code == error_code::nothing_available);
    CHECK(refusal(s).reason == "no_deployments");
  }
  SECTION("the label excludes all that are up") {
    s.add("a/1").clearance = {1};
    s.add("local/1");
    s.candidates[1].draining = true;
    s.demand.label = confidential;
    const error e = refusal(s);
    CHECK(e.code == error_code::nothing_cleared);
    CHECK(http_status(e.code) == 503);
    CHECK(mentions(e, "labelled confidential"));
    CHECK(mentions(e, "1 not cleared for its label, 1 draining"));
  }
  SECTION("all are off") {
    s.add("a/1");
    s.candidates[0].off = true;
    CHECK(refusal(s).code == error_code::nothing_available);
    CHECK(refusal(s).reason == "deployments_off");
    CHECK_FALSE(refusal(s).retry_after);
  }
  SECTION("too long a prompt, with counts") {
    s.add("a/1");
    s.add("b/2").can.context = tokens{200'000};
    s.demand.input = {300'000};
    const error e = refusal(s);
    CHECK(e.code == error_code::context_too_long);
    CHECK(e.reason == "context_length_exceeded");
    CHECK(mentions(e, "about 300001 tokens"));
    CHECK(mentions(e, "largest context is 200000"));
    CHECK(mentions(e, "2 with too small a context"));
  }
  SECTION("more output than any gives") {
    s.add("a/1");
    s.demand.max_output = tokens{20'000};
    CHECK(refusal(s).code == error_code::context_too_long);
    CHECK(refusal(s).reason == "max_output_exceeded");
    CHECK(mentions(refusal(s), "want at most 16000"));
  }
  SECTION("a field that none can carry") {
    s.add("a/1");
    s.add("b/2");
    s.candidates[0].cannot_carry = "seed";
    s.candidates[1].cannot_carry = "seed";
    CHECK(refusal(s).code == error_code::unsupported_field);
    CHECK(refusal(s).field == "seed");
  }
  SECTION("an ability that none has") {
    s.add("a/1").can.vision = ability::no;
    s.demand.images = true;
    CHECK(refusal(s).code == error_code::unsupported_field);
    CHECK(mentions(refusal(s), "supports vision"));
  }
  SECTION("max_cost") {
    s.add("a/1");
    s.add("b/2").price = {};
    s.demand.input = {1'000'000};
    s.facts[0].can.context = s.facts[1].can.context = tokens{2'000'000};
    s.require.max_cost = nano_usd{20'000'000};
    const error e = refusal(s);
    CHECK(e.code == error_code::payment_required);
    CHECK(e.reason == "max_cost_exceeded");
    CHECK(mentions(e, "up to 1.0016 USD"));
    CHECK(mentions(e, "max_cost is 0.02 USD"));
    CHECK(mentions(e, "1 without a known price, 1 above max_cost"));
  }
  SECTION("no known price under max_cost") {
    s.add("a/1").price = {};
    s.require.max_cost = nano_usd{1};
    CHECK(refusal(s).reason == "price_unknown");
  }
  SECTION("a region") {
    s.add("a/1");
    s.require.regions = {"us", "eu"};
    CHECK(refusal(s).code == error_code::nothing_available);
    CHECK(mentions(refusal(s), "in us, eu"));
  }
  SECTION("quality") {
    s.add("a/1");
    s.require.min_quality = 900;
    CHECK(refusal(s).reason == "quality_too_low");
    CHECK(mentions(refusal(s), "0.50 and 0.90 is required"));
  }
}

TEST_CASE("every candidate has a verdict and a predicted cost, also those that are excluded", "[routing]") {
  scene s;
  s.add("a/1");
  s.add("b/2").clearance = {0};
  s.demand.label = confidential;
  s.demand.input = {1000};
  s.demand.expected_output = {100};
  const plan p = s.plan();
  REQUIRE(p.judgements.size() == 2);
  for (const judgement& j : p.judgements) CHECK(j.predicted.amount == nano_usd{1'400'000});
}

TEST_CASE("words of strategies, classes and verdicts", "[routing]") {
  for (auto st : {strategy::priority, strategy::weighted, strategy::cheapest, strategy::fastest, strategy::balanced}) {
    CHECK(find_strategy(to_string(st)) == st);
  }
  CHECK_FALSE(find_strategy("automatic"));
  for (auto c : {quality_class::tiny, quality_class::small, quality_class::middle, quality_class::large, quality_class::frontier}) {
    CHECK(class_of(quality_prior(c)) == c);
  }
  CHECK(class_of(149) == quality_class::tiny);
  CHECK(class_of(150) == quality_class::small);
  CHECK(class_of(1000) == quality_class::frontier);
  CHECK(to_string(verdict::breaker_open) == "breaker_open");
  CHECK(to_string(verdict::lacks) == "lacks");
}
