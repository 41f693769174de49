// The cost engine against a slow exact reference: big decimal numbers, school arithmetic, no saturation, no shortcuts.
#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "policies/pricing/price.hpp"

using namespace naru;
using namespace naru::pricing;

namespace {

const wall_time noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours{12};

/// Non-negative integer as decimal digits, lowest first.
using digits = std::vector<int>;

digits of(std::uint64_t n) {
  digits d;
  for (; n > 0; n /= 10) d.push_back(static_cast<int>(n % 10));
  return d;
}
void trim(digits& d) {
  while (!d.empty() && d.back() == 0) d.pop_back();
}
digits sum(const digits& a, const digits& b) {
  digits out;
  int carry = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry > 0; ++i) {
    carry += (i < a.size() ? a[i] : 0) + (i < b.size() ? b[i] : 0);
    out.push_back(carry % 10);
    carry /= 10;
  }
  return out;
}
digits product(const digits& a, const digits& b) {
  digits out(a.size() + b.size() + 1, 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    int carry = 0;
    for (std::size_t j = 0; j < b.size() || carry > 0; ++j) {
      carry += out[i + j] + a[i] * (j < b.size() ? b[j] : 0);
      out[i + j] = carry % 10;
      carry /= 10;
    }
  }
  trim(out);
  return out;
}
/// Divided by 10^places, rounded up, cut at the largest 64-bit number.
std::uint64_t up(digits d, std::size_t places) {
  const bool rest =
      std::any_of(d.begin(), d.begin() + static_cast<std::ptrdiff_t>(std::min(places, d.size())), [](int x) { return x != 0; });
  d.erase(d.begin(), d.begin() + static_cast<std::ptrdiff_t>(std::min(places, d.size())));
  if (rest) d = sum(d, {1});
  trim(d);
  const digits most = of(nano_usd::max().value);
  if (d.size() > most.size() ||
      (d.size() == most.size() && std::lexicographical_compare(most.rbegin(), most.rend(), d.rbegin(), d.rend()))) {
    return nano_usd::max().value;
  }
  std::uint64_t n = 0;
  for (auto i = d.rbegin(); i != d.rend(); ++i) n = n * 10 + static_cast<std::uint64_t>(*i);
  return n;
}

struct sample {
  price p;
  usage u;
  std::uint32_t milli = 1000;
};

/// All rates known, figures that add up; magnitudes from a token to far beyond any bill.
sample random_sample(std::mt19937_64& gen) {
  const auto below = [&](std::uint64_t n) { return n == 0 ? 0 : gen() % n; };
  const auto sized = [&] { return gen() >> (gen() % 64); };
  const auto any_rates = [&] {
    rates r;
    for (rate* each :
         {&r.input, &r.output, &r.cached_input, &r.cache_write, &r.cache_write_long, &r.reasoning, &r.audio_input, &r.audio_output}) {
      *each = rate::of({sized()});
    }
    return r;
  };
  sample s;
  s.p.tariff.rates = any_rates();
  const std::uint64_t input = sized();
  for (std::uint64_t n = below(4); n > 0; --n) {
    s.p.tariff.tiers.push_back({{below(2) == 0 ? input : sized()}, any_rates()});
  }
  s.u.input = {input};
  std::uint64_t left = input;
  for (tokens* part : {&s.u.cached, &s.u.cache_write, &s.u.cache_write_long, &s.u.audio_input}) {
    part->value = below(2) == 0 ? below(left) : 0;
    left -= part->value;
  }
  s.u.output = {sized()};
  s.u.reasoning = {below(s.u.output.value)};
  s.u.audio_output = {below(s.u.output.value - s.u.reasoning.value)};
  if (below(2) == 0) {
    s.milli = static_cast<std::uint32_t>(below(6000));
    s.u.tier = "special";
    s.p.modifiers = {{"special", s.milli, {}}};
  }
  return s;
}

std::uint64_t reference(const sample& s) {
  const rates* r = &s.p.tariff.rates;
  std::uint64_t above = 0;
  bool tiered = false;
  for (const tier& t : s.p.tariff.tiers) {
    if (s.u.input.value > t.above_prompt.value && (!tiered || t.above_prompt.value > above)) {
      r = &t.rates;
      above = t.above_prompt.value;
      tiered = true;
    }
  }
  const usage& u = s.u;
  const std::uint64_t fresh = u.input.value - u.cached.value - u.cache_write.value - u.cache_write_long.value - u.audio_input.value;
  const std::uint64_t visible = u.output.value - u.reasoning.value - u.audio_output.value;
  digits total;
  const auto add = [&](const rate& price, std::uint64_t n) { total = sum(total, product(of(price.per_unit.value), of(n))); };
  add(r->input, fresh);
  add(r->cached_input, u.cached.value);
  add(r->cache_write, u.cache_write.value);
  add(r->cache_write_long, u.cache_write_long.value);
  add(r->audio_input, u.audio_input.value);
  add(r->output, visible);
  add(r->reasoning, u.reasoning.value);
  add(r->audio_output, u.audio_output.value);
  return up(product(total, of(s.milli)), 6);
}

using engine = charge (*)(const price&, const usage&, wall_time, std::uint64_t) noexcept;

/// @return the first seed of `runs` at which the engine differs from the reference, or none.
std::optional<std::uint64_t> first_difference(engine compute, std::uint64_t runs) {
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    std::mt19937_64 gen{seed};
    const sample s = random_sample(gen);
    if (compute(s.p, s.u, noon, 0).amount.value != reference(s)) return seed;
  }
  return std::nullopt;
}

// Planted defects: each is an engine with one thing wrong.
charge tier_at_the_border(const price& p, const usage& u, wall_time at, std::uint64_t n) noexcept {
  price q = p;
  for (tier& t : q.tariff.tiers) t.above_prompt.value -= t.above_prompt.value > 0 ? 1 : 0;
  return cost(q, u, at, n);
}
charge reasoning_twice(const price& p, const usage& u, wall_time at, std::uint64_t n) noexcept {
  usage v = u;
  v.output = v.output + v.reasoning;
  return cost(p, v, at, n);
}
charge rounds_down(const price& p, const usage& u, wall_time at, std::uint64_t n) noexcept {
  charge c = cost(p, u, at, n);
  if (c.amount.value > 0 && c.amount != nano_usd::max()) --c.amount.value;
  return c;
}
charge tier_ignored(const price& p, const usage& u, wall_time at, std::uint64_t n) noexcept {
  usage v = u;
  v.tier.clear();
  return cost(p, v, at, n);
}
charge wraps(const price& p, const usage& u, wall_time at, std::uint64_t n) noexcept {
  charge c = cost(p, u, at, n);
  if (c.amount == nano_usd::max()) c.amount.value = 7;
  return c;
}

}  // namespace

TEST_CASE("the cost of a call is that of exact arithmetic, rounded up once", "[pricing][property]") {
  const auto differs = first_difference(&cost, 20'000);
  INFO("seed " << differs.value_or(0));
  CHECK_FALSE(differs);
}

TEST_CASE("the comparison with exact arithmetic finds planted defects", "[pricing][property]") {
  CHECK(first_difference(&tier_at_the_border, 2000));
  CHECK(first_difference(&reasoning_twice, 2000));
  CHECK(first_difference(&rounds_down, 2000));
  CHECK(first_difference(&tier_ignored, 2000));
  CHECK(first_difference(&wraps, 2000));
}

TEST_CASE("more of anything never costs less inside one tier", "[pricing][property]") {
  for (std::uint64_t seed = 1; seed <= 5000; ++seed) {
    std::mt19937_64 gen{seed};
    sample s = random_sample(gen);
    s.p.tariff.tiers.clear();
    usage more = s.u;
    more.input.value += more.input.value < nano_usd::max().value ? 1 : 0;
    more.output.value += more.output.value < nano_usd::max().value ? 1 : 0;
    INFO("seed " << seed);
    REQUIRE(cost(s.p, more, noon).amount >= cost(s.p, s.u, noon).amount);
  }
}
