#include "policies/pricing/effective.hpp"

#include <algorithm>
#include <array>

namespace naru::pricing {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;

bool on_day(std::uint8_t mask, sys_days day) noexcept {
  const unsigned from_monday = std::chrono::weekday{day}.iso_encoding() - 1;
  return ((mask >> from_monday) & 1U) != 0;
}

bool in_peak(const peak_hours& peak, wall_time at) noexcept {
  const auto day = std::chrono::floor<days>(at);
  const auto minute = std::chrono::floor<minutes>(at - day);
  return std::ranges::any_of(peak.windows, [&](const peak_hours::window& w) {
    if (w.from < w.to) return w.from <= minute && minute < w.to && on_day(peak.days, day);
    return (minute >= w.from && on_day(peak.days, day)) || (minute < w.to && on_day(peak.days, day - days{1}));
  });
}

const rates* tier_of(const tariff& t, tokens prompt) noexcept {
  const tier* best = nullptr;
  for (const tier& each : t.tiers) {
    if (prompt > each.above_prompt && (best == nullptr || each.above_prompt > best->above_prompt)) best = &each;
  }
  return best == nullptr ? nullptr : &best->rates;
}

rate dearer(const rate& a, const rate& b) noexcept {
  if (!a.known()) return b;
  if (!b.known()) return a;
  return a.per_unit > b.per_unit ? a : b;
}

rates dearer(const rates& a, const rates& b) noexcept {
  return {dearer(a.input, b.input),
          dearer(a.output, b.output),
          dearer(a.cached_input, b.cached_input),
          dearer(a.cache_write, b.cache_write),
          dearer(a.cache_write_long, b.cache_write_long),
          dearer(a.reasoning, b.reasoning),
          dearer(a.audio_input, b.audio_input),
          dearer(a.audio_output, b.audio_output),
          dearer(a.image, b.image)};
}

bool is_standard(std::string_view service_tier) noexcept {
  // OpenAI answers "default", Anthropic "standard", Gemini and Bedrock "on_demand" or "default" (their API references, 2026-11).
  constexpr std::array<std::string_view, 4> words{"default", "standard", "auto", "on_demand"};
  return std::ranges::find(words, service_tier) != words.end();
}

}  // namespace

effective_tariff tariff_at(const price& p, wall_time at) noexcept {
  const auto day = std::chrono::floor<days>(at);
  if (p.next && day >= p.next->valid_from) return {&p.next->tariff, {}};
  if (p.valid_until && day > *p.valid_until) {
    if (p.list) return {&*p.list, {}};
    return {&p.tariff, "the price is past its last day"};
  }
  if (p.valid_from && day < *p.valid_from) return {&p.tariff, "the price is not valid yet"};
  if (p.peak && in_peak(*p.peak, at)) return {&p.peak->tariff, {}};
  return {&p.tariff, {}};
}

effective_rates rates_for(const price& p, const tariff& in_force, tokens prompt, rates& scratch) noexcept {
  if (const rates* tier = tier_of(in_force, prompt)) return {tier, {}};
  // A list, next or peak price is often published for the short prompt alone. Billing a long one by it would be too little.
  if (&in_force != &p.tariff && in_force.tiers.empty()) {
    if (const rates* usual = tier_of(p.tariff, prompt)) {
      scratch = dearer(in_force.rates, *usual);
      return {&scratch, "no price is known for a prompt this long"};
    }
  }
  return {&in_force.rates, {}};
}

effective_modifier modifier_for(const price& p, std::string_view service_tier, wall_time at) noexcept {
  if (service_tier.empty()) return {};
  const auto day = std::chrono::floor<days>(at);
  const modifier* expired = nullptr;
  for (const modifier& m : p.modifiers) {
    if (m.service_tier != service_tier) continue;
    if (!m.valid_until || day <= *m.valid_until) return {m.milli, {}};
    expired = &m;
  }
  if (expired != nullptr) return {expired->milli, "the service tier's price is past its last day"};
  if (is_standard(service_tier)) return {};
  return {1000, "no price is known for the answer's service tier"};
}

}  // namespace naru::pricing
