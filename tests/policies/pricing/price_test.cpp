#include "policies/pricing/price.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace naru;
using namespace naru::pricing;
using namespace std::chrono_literals;
using std::chrono::sys_days;

// Figures are from the vendors' price pages as the catalogue has them (2026-11); sums were worked out by hand.
namespace {

constexpr auto day(int y, unsigned m, unsigned d) { return sys_days{std::chrono::year{y} / std::chrono::month{m} / std::chrono::day{d}}; }
const wall_time today = day(2026, 11, 24) + 12h;

rate usd(std::string_view per_million) { return rate::of(parse_usd_per_million(per_million).value()); }

rates chat_rates(std::string_view input, std::string_view output, std::string_view cached = {}) {
  rates r;
  r.input = usd(input);
  r.output = usd(output);
  if (!cached.empty()) r.cached_input = usd(cached);
  return r;
}

price gpt_6_luna() {
  price p;
  p.tariff.rates = chat_rates("0.1", "0.5", "0.01");
  p.tariff.rates.cache_write = usd("0.125");
  rates high = chat_rates("0.2", "0.75", "0.02");
  high.cache_write = usd("0.25");
  p.tariff.tiers = {{{272'000}, high}};
  p.modifiers = {{"batch", 500, {}}, {"flex", 500, {}}, {"fast", 2000, {}}};
  return p;
}

price haiku_5_5() {
  price p;
  p.tariff.rates = chat_rates("0.1", "0.5", "0.01");
  p.tariff.rates.cache_write = usd("0.125");
  p.tariff.rates.cache_write_long = usd("0.2");
  rates high = chat_rates("0.5", "2.5", "0.05");
  high.cache_write = usd("0.625");
  high.cache_write_long = usd("1");
  p.tariff.tiers = {{{100'000}, high}};
  return p;
}

price gpt_5_6_sol() {
  price p;
  p.tariff.rates = chat_rates("4", "20", "0.4");
  p.tariff.tiers = {{{272'000}, chat_rates("8", "30", "0.8")}};
  p.valid_until = day(2026, 11, 21);
  p.list = tariff{chat_rates("5", "30", "0.5"), {}};
  return p;
}

price deepseek_flash() {
  price p;
  p.tariff.rates = chat_rates("0.15", "0.6", "0.003");
  p.peak = peak_hours{{{1h, 4h}, {6h, 10h}}, 0x1f, {chat_rates("0.3", "1.2", "0.006"), {}}};
  return p;
}

usage used(std::uint64_t input, std::uint64_t output) {
  usage u;
  u.input = {input};
  u.output = {output};
  return u;
}

std::uint64_t amount(const price& p, const usage& u, wall_time at = today) {
  const charge c = cost(p, u, at);
  CHECK(c.known);
  CHECK(c.why_unknown.empty());
  return c.amount.value;
}

}  // namespace

TEST_CASE("a prompt of exactly the tier's border is still the short tier", "[pricing]") {
  CHECK(amount(gpt_6_luna(), used(272'000, 1000)) == 27'700'000);  // 0.0272 + 0.0005 USD
  CHECK(amount(gpt_6_luna(), used(272'001, 1000)) == 55'150'200);  // 0.0544002 + 0.00075: the whole request
  CHECK(amount(haiku_5_5(), used(100'000, 0)) == 10'000'000);
  CHECK(amount(haiku_5_5(), used(100'001, 0)) == 50'000'500);
}

TEST_CASE("cached and written tokens count towards the tier and are billed at their own rates", "[pricing]") {
  usage u = used(100'001, 200);
  u.cached = {60'000};
  u.cache_write = {10'000};
  u.cache_write_long = {5'000};
  // 60,000 x 0.05 + 10,000 x 0.625 + 5,000 x 1 + 25,001 x 0.5 + 200 x 2.5, per million
  CHECK(amount(haiku_5_5(), u) == 27'250'500);
  u.input = {100'000};  // 24,999... one fresh token less, and the short tier
  CHECK(amount(haiku_5_5(), u) == 600'000 + 1'250'000 + 1'000'000 + 2'500'000 + 100'000);
}

TEST_CASE("of several tiers the highest that the prompt exceeds holds, in whatever order they are written", "[pricing]") {
  price p;
  p.tariff.rates = chat_rates("1", "1");
  p.tariff.tiers = {{{500}, chat_rates("5", "5")}, {{100}, chat_rates("2", "2")}};
  CHECK(amount(p, used(100, 0)) == 100'000);
  CHECK(amount(p, used(101, 0)) == 202'000);
  CHECK(amount(p, used(500, 0)) == 1'000'000);
  CHECK(amount(p, used(501, 0)) == 2'505'000);
}

TEST_CASE("a promotion holds to the end of its last day in UTC, then the list price does", "[pricing]") {
  const wall_time last_second = day(2026, 11, 22) - 1s;
  CHECK(amount(gpt_5_6_sol(), used(1000, 100), last_second) == 6'000'000);
  CHECK(amount(gpt_5_6_sol(), used(1000, 100), day(2026, 11, 22)) == 8'000'000);
}

TEST_CASE("a list price without tiers is not silently used for a long prompt", "[pricing]") {
  const charge c = cost(gpt_5_6_sol(), used(300'000, 1000), today);
  CHECK_FALSE(c.known);
  CHECK(c.why_unknown == "no price is known for a prompt this long");
  CHECK(c.amount.value == 300'000ULL * 8'000 + 1000 * 30'000);  // the dearer of list and promotional tier, rate by rate
}

TEST_CASE("the next price replaces the present one from its day on", "[pricing]") {
  price gemini;
  gemini.tariff.rates = chat_rates("0.75", "3.75", "0.075");
  gemini.valid_until = day(2026, 12, 31);
  gemini.next = next_tariff{day(2027, 1, 1), {chat_rates("1.5", "7.5", "0.15"), {}}};
  CHECK(amount(gemini, used(1000, 1000), day(2027, 1, 1) - 1ms) == 4'500'000);
  CHECK(amount(gemini, used(1000, 1000), day(2027, 1, 1)) == 9'000'000);
}

TEST_CASE("a price outside its dates is computed and flagged", "[pricing]") {
  price p;
  p.tariff.rates = chat_rates("2", "10");
  p.valid_from = day(2026, 10, 7);
  p.valid_until = day(2026, 12, 31);
  CHECK(cost(p, used(1000, 0), day(2026, 10, 6) + 23h).why_unknown == "the price is not valid yet");
  CHECK(amount(p, used(1000, 0), day(2026, 10, 7)) == 2'000'000);
  const charge past = cost(p, used(1000, 0), day(2027, 1, 1));
  CHECK_FALSE(past.known);
  CHECK(past.why_unknown == "the price is past its last day");
  CHECK(past.amount.value == 2'000'000);
}

TEST_CASE("peak hours cost their own price, on their days only", "[pricing]") {
  const auto tuesday = day(2026, 11, 24);
  const auto saturday = day(2026, 11, 28);
  const usage u = used(1'000'000, 0);
  CHECK(amount(deepseek_flash(), u, tuesday + 59min) == 150'000'000);
  CHECK(amount(deepseek_flash(), u, tuesday + 1h) == 300'000'000);
  CHECK(amount(deepseek_flash(), u, tuesday + 4h - 1ns) == 300'000'000);
  CHECK(amount(deepseek_flash(), u, tuesday + 4h) == 150'000'000);
  CHECK(amount(deepseek_flash(), u, tuesday + 9h) == 300'000'000);
  CHECK(amount(deepseek_flash(), u, saturday + 2h) == 150'000'000);
}

TEST_CASE("a peak window past midnight belongs to the day on which it starts", "[pricing]") {
  price p = deepseek_flash();
  p.peak->windows = {{22h, 2h}};
  p.peak->days = 0x10;  // Friday
  const auto friday = day(2026, 11, 27);
  const usage u = used(1'000'000, 0);
  CHECK(amount(p, u, friday + 1h) == 150'000'000);
  CHECK(amount(p, u, friday + 23h) == 300'000'000);
  CHECK(amount(p, u, friday + 25h) == 300'000'000);
  CHECK(amount(p, u, friday + 26h) == 150'000'000);
  CHECK(amount(p, u, friday + 47h) == 150'000'000);
}

TEST_CASE("the tier that the answer reports multiplies every token price", "[pricing]") {
  usage u = used(1001, 100);
  u.tier = "flex";
  CHECK(amount(gpt_6_luna(), u) == 75'050);  // (100,100 + 50,000) / 2
  u.tier = "default";
  CHECK(amount(gpt_6_luna(), u) == 150'100);
  price p = gpt_6_luna();
  p.modifiers = {{"priority", 1750, {}}};
  u.tier = "priority";
  CHECK(amount(p, u) == 262'675);
}

TEST_CASE("a service tier without a price is flagged, not billed as if it were ordinary and forgotten", "[pricing]") {
  usage u = used(1000, 0);
  u.tier = "ultrafast";
  CHECK(cost(gpt_6_luna(), u, today).why_unknown == "no price is known for the answer's service tier");
  price p = gpt_6_luna();
  p.modifiers = {{"ultrafast", 3000, day(2027, 2, 28)}};
  CHECK(amount(p, u, day(2027, 2, 28) + 23h) == 300'000);
  CHECK(cost(p, u, day(2027, 3, 1)).why_unknown == "the service tier's price is past its last day");
  p.modifiers.push_back({"ultrafast", 6000, {}});
  CHECK(amount(p, u, day(2027, 3, 1)) == 600'000);
}

TEST_CASE("a sum is rounded up once, not part by part", "[pricing]") {
  price p;
  p.tariff.rates.input = rate::of({400});
  p.tariff.rates.output = rate::of({400});
  CHECK(amount(p, used(1, 1)) == 1);  // 0.8 nano-dollars
  CHECK(amount(p, used(1, 2)) == 2);  // 1.2
  p.modifiers = {{"batch", 500, {}}};
  usage u = used(1, 4);  // 2,000 pico, halved: exactly 1 nano-dollar
  u.tier = "batch";
  CHECK(amount(p, u) == 1);
  u.output = {5};
  CHECK(amount(p, u) == 2);
}

TEST_CASE("cached tokens without a cached price are billed at the input price, and it says so", "[pricing]") {
  price p;
  p.tariff.rates = chat_rates("2", "10");
  usage u = used(1000, 0);
  u.cached = {400};
  const charge c = cost(p, u, today);
  CHECK(c.known);
  CHECK(c.amount.value == 2'000'000);
  CHECK(c.note == "cached tokens billed at the input price");
}

TEST_CASE("writes without a known price are flagged; where a vendor has none they cost what input does", "[pricing]") {
  price p;
  p.tariff.rates = chat_rates("2", "10");
  usage u = used(1000, 0);
  u.cache_write = {400};
  CHECK(cost(p, u, today).why_unknown == "no price is known for cache writes");
  CHECK(cost(p, u, today).amount.value == 2'000'000);
  p.tariff.rates.cache_write = rate::none();
  CHECK(amount(p, u) == 2'000'000);
  p.tariff.rates.cache_write = usd("2.5");
  u.cache_write = {0};
  u.cache_write_long = {400};
  const charge c = cost(p, u, today);
  CHECK(c.why_unknown == "no price is known for long cache writes");
  CHECK(c.amount.value == 600 * 2'000 + 400 * 2'500);
}

TEST_CASE("reasoning is billed as output once, or at its own price", "[pricing]") {
  price p;
  p.tariff.rates = chat_rates("0", "10");
  usage u = used(0, 100);
  u.reasoning = {60};
  CHECK(amount(p, u) == 1'000'000);
  p.tariff.rates.reasoning = usd("1");
  CHECK(amount(p, u) == 460'000);
}

TEST_CASE("audio has its own rates, and cached audio is not billed twice", "[pricing]") {
  price p;
  p.tariff.rates = chat_rates("1", "4", "0.1");
  usage u = used(1000, 10);
  u.audio_input = {500};
  CHECK(cost(p, u, today).why_unknown == "no audio input price is known");
  p.tariff.rates.audio_input = usd("10");
  CHECK(amount(p, u) == 500 * 1'000 + 500 * 10'000 + 10 * 4'000);
  u.cached = {900};
  CHECK(amount(p, u) == 900 * 100 + 100 * 10'000 + 10 * 4'000);
  p.tariff.rates.audio_output = usd("20");
  u.audio_output = {4};
  CHECK(amount(p, u) == 900 * 100 + 100 * 10'000 + 6 * 4'000 + 4 * 20'000);
}

TEST_CASE("images are billed each, and no service tier touches them", "[pricing]") {
  price p;
  p.tariff.rates.input = rate::none();
  p.tariff.rates.output = rate::none();
  p.tariff.rates.image = rate::of({40'000'000'000});  // 0.04 USD
  p.modifiers = {{"batch", 500, {}}};
  usage u = used(100, 0);
  u.tier = "batch";
  const charge c = cost(p, u, today, 3);
  CHECK(c.known);
  CHECK(c.amount.value == 120'000'000);
  p.tariff.rates.image = {};
  CHECK(cost(p, u, today, 1).why_unknown == "no image price is known");
}

TEST_CASE("an unknown price is never silently zero, a free one is zero on purpose", "[pricing]") {
  const price nothing;
  CHECK_FALSE(cost(nothing, used(1, 0), today).known);
  CHECK_FALSE(cost(nothing, used(0, 1), today).known);
  CHECK_FALSE(predict(nothing, {1}, {1}, today).known);
  CHECK_FALSE(dearest_per_million(nothing, today));
  price gratis;
  gratis.free = true;
  CHECK(amount(gratis, used(1'000'000, 1'000'000)) == 0);
  CHECK(predict(gratis, {1}, {1}, today).known);
  CHECK(dearest_per_million(gratis, today) == pico_usd{0});
}

TEST_CASE("an unconfirmed price is computed and flagged", "[pricing]") {
  price p = gpt_6_luna();
  p.confidence = confidence::unconfirmed;
  const charge c = cost(p, used(1000, 0), today);
  CHECK_FALSE(c.known);
  CHECK(c.amount.value == 100'000);
  p.confidence = confidence::derived;
  CHECK(cost(p, used(1000, 0), today).known);
}

TEST_CASE("figures that do not add up are billed in full and noted", "[pricing]") {
  price p;
  p.tariff.rates = chat_rates("1", "1", "0.5");
  usage u = used(100, 0);
  u.cached = {300};
  const charge c = cost(p, u, today);
  CHECK(c.amount.value == 150'000);
  CHECK(c.note == "the vendor's token figures do not add up; each was billed in full");
}

TEST_CASE("absurd figures saturate and never wrap to something small", "[pricing]") {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  price p;
  p.tariff.rates.input = rate::of({most});
  p.tariff.rates.output = rate::of({most});
  p.modifiers = {{"fast", std::numeric_limits<std::uint32_t>::max(), {}}};
  usage u = used(most, most);
  CHECK(cost(p, u, today).amount == nano_usd::max());
  u.tier = "fast";
  u.reasoning = u.audio_output = u.cached = u.cache_write = u.audio_input = {most};
  CHECK(cost(p, u, today).amount == nano_usd::max());
  CHECK(dearest_per_million(p, today) == pico_usd{most});
}

TEST_CASE("a prediction is the cost of fresh tokens at the standard tier, length tiers included", "[pricing]") {
  CHECK(predict(gpt_6_luna(), {272'000}, {1000}, today).amount.value == 27'700'000);
  CHECK(predict(gpt_6_luna(), {272'001}, {1000}, today).amount.value == 55'150'200);
}

TEST_CASE("the dearest price looks at tiers and service tiers", "[pricing]") {
  CHECK(to_usd_per_million_string(dearest_per_million(gpt_6_luna(), today).value()) == "1.5");  // 0.75 output, twice for fast
  CHECK(to_usd_per_million_string(dearest_per_million(haiku_5_5(), today).value()) == "2.5");
  CHECK(to_usd_per_million_string(dearest_per_million(gpt_5_6_sol(), today).value()) == "30");
}

TEST_CASE("words of confidence are read and written alike", "[pricing]") {
  for (auto c : {confidence::doc, confidence::third_party, confidence::derived, confidence::unconfirmed}) {
    CHECK(find_confidence(to_string(c)) == c);
  }
  CHECK_FALSE(find_confidence("certain"));
}
