#include "policies/pricing/price.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "policies/pricing/effective.hpp"

namespace naru::pricing {
namespace {

using wide = unsigned __int128;
constexpr wide widest = ~wide{0};
constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

std::uint64_t add(std::uint64_t a, std::uint64_t b) noexcept { return a > most - b ? most : a + b; }
std::uint64_t less(std::uint64_t a, std::uint64_t b) noexcept { return a > b ? a - b : 0; }

/// Sum in thousandths of a pico-dollar, so that a service tier's factor (0.5, 1.75) is exact and rounding happens once: core's
/// `cost_sum` stops at whole pico-dollars. Saturates: 128 bits hold a price of 2^54 pico-dollars for 2^64 tokens.
class exact_sum {
 public:
  void add(pico_usd price, std::uint64_t count, std::uint32_t milli) noexcept {
    wide product = static_cast<wide>(price.value) * count;
    if (__builtin_mul_overflow(product, static_cast<wide>(milli), &product) || __builtin_add_overflow(sum_, product, &sum_)) {
      sum_ = widest;
      full_ = true;
    }
  }
  [[nodiscard]] nano_usd total() const noexcept {
    if (full_) return nano_usd::max();
    constexpr wide to_nano = 1'000'000;
    const wide nano = sum_ / to_nano + (sum_ % to_nano != 0 ? 1 : 0);
    return nano > most ? nano_usd::max() : nano_usd{static_cast<std::uint64_t>(nano)};
  }

 private:
  wide sum_ = 0;
  bool full_ = false;
};

/// A usage taken apart so that no token stands in two kinds.
struct parts {
  std::uint64_t fresh, cached, written, written_long, audio_in;
  std::uint64_t visible, reasoning, audio_out;
  std::uint64_t prompt;  ///< what tiers are chosen by
  bool adds_up;
};

parts take_apart(const usage& u) noexcept {
  parts p{};
  p.cached = u.cached.value;
  p.written = u.cache_write.value;
  p.written_long = u.cache_write_long.value;
  const std::uint64_t of_cache = add(p.cached, add(p.written, p.written_long));
  p.prompt = std::max(u.input.value, of_cache);
  const std::uint64_t uncached = less(u.input.value, of_cache);
  // Cached audio is in both figures and is billed as cached.
  p.audio_in = u.audio_input > u.input ? u.audio_input.value : std::min(u.audio_input.value, uncached);
  p.fresh = less(uncached, p.audio_in);
  p.reasoning = u.reasoning.value;
  p.audio_out = u.audio_output.value;
  const std::uint64_t of_output = add(p.reasoning, p.audio_out);
  p.visible = less(u.output.value, of_output);
  p.adds_up = of_cache <= u.input.value && u.audio_input <= u.input && of_output <= u.output.value;
  return p;
}

/// One bill in the making.
class bill {
 public:
  explicit bill(std::uint32_t milli) noexcept : milli_(milli) {}

  /// `n` units at their own rate; without one, at `container`'s. Only a rate that is *unknown* is flagged with `unknown`.
  void add(const rate& own, const rate& container, std::uint64_t n, std::string_view unknown) noexcept {
    if (n == 0) return;
    if (own.known()) return sum_.add(own.per_unit, n, milli_);
    if (own.is == rate::state::unknown || container.is == rate::state::unknown) flag(unknown);
    if (container.known()) sum_.add(container.per_unit, n, milli_);
  }
  /// Cached tokens are never dearer than input: without a price of their own the input price is a safe figure, and a known one.
  void add_cached(const rates& r, std::uint64_t n) noexcept {
    if (n != 0 && !r.cached_input.known()) note("cached tokens billed at the input price");
    add(r.cached_input.known() ? r.cached_input : r.input, r.input, n, "no input price is known");
  }
  void add_images(const rate& r, std::uint64_t n) noexcept {
    if (n != 0 && r.is == rate::state::unknown) flag("no image price is known");
    if (r.known()) sum_.add(r.per_unit, n, 1000);
  }
  void flag(std::string_view why) noexcept {
    if (why_.empty()) why_ = why;
  }
  void note(std::string_view what) noexcept {
    if (note_.empty()) note_ = what;
  }
  [[nodiscard]] charge total() const noexcept { return {sum_.total(), why_.empty(), why_, note_}; }

 private:
  std::uint32_t milli_;
  exact_sum sum_;
  std::string_view why_;
  std::string_view note_;
};

charge price_parts(const price& p, const parts& n, std::string_view service_tier, wall_time at, std::uint64_t images) noexcept {
  const effective_tariff in_force = tariff_at(p, at);
  rates scratch;
  const effective_rates chosen = rates_for(p, *in_force.tariff, {n.prompt}, scratch);
  const effective_modifier factor = modifier_for(p, service_tier, at);
  const rates& r = *chosen.rates;
  // Long writes cost at least what short ones do.
  const rate& short_write = r.cache_write.known() ? r.cache_write : r.input;

  bill b{factor.milli};
  b.add(r.input, rate::none(), n.fresh, "no input price is known");
  b.add_cached(r, n.cached);
  b.add(r.cache_write, r.input, n.written, "no price is known for cache writes");
  b.add(r.cache_write_long, short_write, n.written_long, "no price is known for long cache writes");
  b.add(r.audio_input, r.input, n.audio_in, "no audio input price is known");
  b.add(r.output, rate::none(), n.visible, "no output price is known");
  b.add(r.reasoning, r.output, n.reasoning, "no price is known for reasoning");
  b.add(r.audio_output, r.output, n.audio_out, "no audio output price is known");
  b.add_images(r.image, images);
  for (std::string_view why : {in_force.why_unknown, chosen.why_unknown, factor.why_unknown}) b.flag(why);
  if (p.confidence == confidence::unconfirmed) b.flag("the price is unconfirmed");
  if (!n.adds_up) b.note("the vendor's token figures do not add up; each was billed in full");
  return b.total();
}

void raise(std::optional<pico_usd>& top, const rates& r) noexcept {
  for (const rate& each :
       {r.input, r.output, r.cached_input, r.cache_write, r.cache_write_long, r.reasoning, r.audio_input, r.audio_output}) {
    if (each.known()) top = std::max(top.value_or(pico_usd{}), each.per_unit);
  }
}

constexpr std::array<std::string_view, 4> confidence_words{"doc", "third_party", "derived", "unconfirmed"};

}  // namespace

std::string_view to_string(confidence c) noexcept { return confidence_words[static_cast<std::size_t>(c)]; }

std::optional<confidence> find_confidence(std::string_view word) noexcept {
  const auto at = std::ranges::find(confidence_words, word);
  if (at == confidence_words.end()) return std::nullopt;
  return static_cast<confidence>(at - confidence_words.begin());
}

charge cost(const price& p, const usage& u, wall_time at, std::uint64_t images) noexcept {
  if (p.free) return {};
  return price_parts(p, take_apart(u), u.tier, at, images);
}

charge predict(const price& p, tokens input, tokens output, wall_time at) noexcept {
  if (p.free) return {};
  parts n{};
  n.fresh = n.prompt = input.value;
  n.visible = output.value;
  n.adds_up = true;
  return price_parts(p, n, {}, at, 0);
}

std::optional<pico_usd> dearest_per_million(const price& p, wall_time at) noexcept {
  if (p.free) return pico_usd{};
  std::optional<pico_usd> top;
  const tariff& in_force = *tariff_at(p, at).tariff;
  raise(top, in_force.rates);
  for (const tier& t : in_force.tiers.empty() ? p.tariff.tiers : in_force.tiers) raise(top, t.rates);
  if (!top) return std::nullopt;
  std::uint32_t factor = 1000;
  for (const modifier& m : p.modifiers) factor = std::max(factor, m.milli);
  const wide scaled = (static_cast<wide>(top->value) * factor + 999) / 1000;
  return pico_usd{scaled > most ? most : static_cast<std::uint64_t>(scaled)};
}

}  // namespace naru::pricing
