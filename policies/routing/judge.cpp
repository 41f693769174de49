#include "policies/routing/judge.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "policies/routing/regions.hpp"
#include "policies/routing/rules.hpp"

namespace naru::routing {
namespace {

using resilience::standing;

tokens plus(tokens a, tokens b) noexcept {
  const tokens sum = a + b;
  return sum < a ? tokens{std::numeric_limits<std::uint64_t>::max()} : sum;
}
tokens times(tokens a, std::uint32_t n) noexcept {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a.value, std::uint64_t{n}, &product) ? tokens{std::numeric_limits<std::uint64_t>::max()} : tokens{product};
}
tokens upper_input(const demand& d) noexcept { return std::max(d.input, d.input_upper); }

judgement refused(judgement j, verdict v, std::string_view word = {}, std::uint64_t limit = 0, std::uint64_t seen = 0) noexcept {
  j.verdict = v;
  j.word = word;
  j.limit = limit;
  j.seen = seen;
  return j;
}

struct need {
  bool wanted;
  ability has;
  std::string_view word;
};
std::array<need, 6> needs_of(const demand& d, const capabilities& can) noexcept {
  return {{{d.tools, can.tools, "tools"},
           {d.images, can.vision, "vision"},
           {d.audio, can.audio, "audio"},
           {d.json_schema, can.json_schema, "json_schema"},
           {d.choices > 1, can.many_choices, "n"},
           {d.logprobs, can.logprobs, "logprobs"}}};
}

/// Checks abilities and lengths; clears `sure` where something is not known.
judgement check_abilities(judgement j, const candidate& c, const demand& d) noexcept {
  const capabilities& can = c.facts->can;
  for (const need& n : needs_of(d, can)) {
    if (!n.wanted || n.has == ability::yes) continue;
    if (n.has == ability::no) return refused(j, verdict::lacks, n.word);
    j.sure = false;
  }
  if (!c.cannot_carry.empty()) return refused(j, verdict::cannot_carry, c.cannot_carry);
  const tokens wanted_output = d.max_output.value_or(tokens{1});
  if (can.max_output && d.max_output && *d.max_output > *can.max_output) {
    return refused(j, verdict::output_too_small, {}, can.max_output->value, d.max_output->value);
  }
  if (!can.context) {
    j.sure = false;
    return j;
  }
  const tokens needed = plus(d.input, wanted_output);
  if (needed > *can.context) return refused(j, verdict::context_too_small, {}, can.context->value, needed.value);
  if (plus(upper_input(d), wanted_output) > *can.context) j.sure = false;
  return j;
}

/// The highest cost of a call: the upper input, and the output asked for (else expected), as often as choices are asked for.
pricing::charge highest_cost(const deployment& facts, const question& q) noexcept {
  const tokens output = times(q.demand.max_output.value_or(q.demand.expected_output), std::max(q.demand.choices, 1U));
  return pricing::predict(facts.price, upper_input(q.demand), output, q.wall_now);
}

std::uint64_t count(std::chrono::milliseconds t) noexcept { return static_cast<std::uint64_t>(std::max<std::int64_t>(t.count(), 0)); }

judgement check_requirements(judgement j, const deployment& facts, const question& q, const requirements& r) noexcept {
  if (!r.regions.empty() && !in_any_region(r.regions, facts.region)) return refused(j, verdict::wrong_region, facts.region);
  if (r.no_training && facts.trains_on_data != ability::no) {
    return refused(j, verdict::trains_on_data, facts.trains_on_data == ability::unknown ? "unknown" : "");
  }
  if (r.retention && (!facts.retention || *facts.retention > *r.retention)) {
    return refused(j, verdict::kept_too_long, facts.retention ? "" : "unknown", count(*r.retention),
                   facts.retention ? count(*facts.retention) : 0);
  }
  if (facts.quality < r.min_quality) return refused(j, verdict::quality_too_low, {}, r.min_quality, facts.quality);
  if (r.max_cost) {
    const pricing::charge most = highest_cost(facts, q);
    if (!most.known) return refused(j, verdict::price_unknown, most.why_unknown);
    if (most.amount > *r.max_cost) return refused(j, verdict::too_dear, {}, r.max_cost->value, most.amount.value);
  }
  if (r.max_latency && j.measured) {
    const auto milliseconds = static_cast<std::uint64_t>(j.first_token * 1000);
    if (milliseconds > count(*r.max_latency)) return refused(j, verdict::too_slow, {}, count(*r.max_latency), milliseconds);
  }
  return j;
}

std::string_view off_word(const candidate& c) noexcept {
  if (c.off) return c.off_reason.empty() ? "switched off" : c.off_reason;
  return c.health.why == failure_class::settings ? "the vendor does not know this model" : "the vendor refused our account";
}

pricing::charge expected_cost(const deployment& facts, const question& q) noexcept {
  const demand& d = q.demand;
  const tokens output = std::min(d.expected_output, d.max_output.value_or(d.expected_output));
  return pricing::predict(facts.price, d.input, times(output, std::max(d.choices, 1U)), q.wall_now);
}

}  // namespace

judgement judge(const candidate& c, const question& q) noexcept {
  const deployment& facts = *c.facts;
  judgement j;
  j.predicted = expected_cost(facts, q);
  const expected_pace pace = predict(c.pace, q.tuning.prior, q.now);
  j.first_token = pace.first_token;
  j.total = pace.total(std::min(q.demand.expected_output, q.demand.max_output.value_or(q.demand.expected_output)));
  j.measured = pace.evidence >= enough_evidence;

  if (!permits(facts.clearance, q.demand.label)) {
    return refused(j, verdict::not_cleared, {}, facts.clearance.rank, q.demand.label.rank);
  }
  if (q.acted != nullptr && q.acted->denies(facts.id)) return refused(j, verdict::denied, q.acted->name);
  if (c.off || c.health.is == standing::off) {
    if (!c.off) j.frees_at = c.health.until;
    return refused(j, verdict::off, off_word(c));
  }
  if (c.draining) return refused(j, verdict::draining);
  j = check_abilities(j, c, q.demand);
  if (j.verdict != verdict::allowed) return j;
  j = check_requirements(j, facts, q, q.require);
  if (j.verdict == verdict::allowed && q.acted != nullptr) j = check_requirements(j, facts, q, q.acted->require);
  if (j.verdict != verdict::allowed || c.health.is == standing::up) return j;
  j.frees_at = c.health.until;
  return refused(j, c.health.is == standing::cooling ? verdict::cooling : verdict::breaker_open);
}

}  // namespace naru::routing
