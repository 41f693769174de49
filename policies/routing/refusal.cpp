#include "policies/routing/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "policies/routing/judge.hpp"
#include "policies/routing/rules.hpp"

namespace naru::routing {
namespace {

using std::chrono::milliseconds;

/// How many candidates got each verdict, and the figures that a refusal quotes.
struct tally {
  std::array<std::uint32_t, verdicts> count{};
  std::uint64_t largest_context = 0;
  std::uint64_t tokens_needed = 0;
  std::uint64_t largest_output = 0;
  std::uint64_t cheapest = std::uint64_t(-1);
  std::uint64_t best_quality = 0;
  std::string_view field;                      ///< first that could not be carried
  std::string_view lack;                       ///< first ability that was missing
  std::string_view rule;                       ///< that denied
  std::uint64_t quickest = std::uint64_t(-1);  ///< milliseconds to the first content

  [[nodiscard]] std::uint32_t of(verdict v) const noexcept { return count[static_cast<std::size_t>(v)]; }
};

void take(tally& t, const judgement& j) noexcept {
  ++t.count[static_cast<std::size_t>(j.verdict)];
  switch (j.verdict) {
    case verdict::context_too_small:
      t.largest_context = std::max(t.largest_context, j.limit);
      t.tokens_needed = j.seen;
      break;
    case verdict::output_too_small: t.largest_output = std::max(t.largest_output, j.limit); break;
    case verdict::too_dear: t.cheapest = std::min(t.cheapest, j.seen); break;
    case verdict::quality_too_low: t.best_quality = std::max(t.best_quality, j.seen); break;
    case verdict::denied: t.rule = j.word; break;
    case verdict::too_slow: t.quickest = std::min(t.quickest, j.seen); break;
    case verdict::cannot_carry:
      if (t.field.empty()) t.field = j.word;
      break;
    case verdict::lacks:
      if (t.lack.empty()) t.lack = j.word;
      break;
    default: break;
  }
}

tally tally_of(std::span<const judgement> judgements) noexcept {
  tally t;
  for (const judgement& j : judgements) take(t, j);
  return t;
}

/// "2 lack tools, 1 has too small a context": every kind of exclusion with its count.
std::string counted(const tally& t) {
  struct words {
    verdict v;
    std::string_view text;
  };
  static constexpr std::array<words, 17> all{{{verdict::not_cleared, "not cleared for its label"},
                                              {verdict::off, "off"},
                                              {verdict::draining, "draining"},
                                              {verdict::lacks, "without an ability that it needs"},
                                              {verdict::cannot_carry, "unable to carry one of its fields"},
                                              {verdict::context_too_small, "with too small a context"},
                                              {verdict::output_too_small, "with too small an output"},
                                              {verdict::wrong_region, "in another region"},
                                              {verdict::quality_too_low, "below the wanted quality"},
                                              {verdict::price_unknown, "without a known price"},
                                              {verdict::too_dear, "above max_cost"},
                                              {verdict::cooling, "limiting us"},
                                              {verdict::breaker_open, "failing"},
                                              {verdict::denied, "denied by a rule"},
                                              {verdict::too_slow, "slower than max_latency"},
                                              {verdict::kept_too_long, "not known to forget within the wanted retention"},
                                              {verdict::trains_on_data, "not known to keep from learning"}}};
  std::string out;
  for (const words& w : all) {
    if (t.of(w.v) == 0) continue;
    fmt::format_to(std::back_inserter(out), "{}{} {}", out.empty() ? "" : ", ", t.of(w.v), w.text);
  }
  return out;
}

std::optional<milliseconds> until(std::optional<steady_time> at, steady_time now) noexcept {
  if (!at) return std::nullopt;
  // Rounded up: a client that comes back a moment early would be refused again.
  return std::max(std::chrono::ceil<milliseconds>(*at - now), milliseconds{1});
}

error not_cleared(const question& q, const tally& t) {
  return {error_code::nothing_cleared,
          fmt::format("no deployment that is up may receive a request labelled {} ({}): clear a deployment for {}, bring back one "
                      "that is, or send content with a lower label",
                      q.labels.name(q.demand.label), counted(t), q.labels.name(q.demand.label)),
          {},
          "nothing_cleared",
          {}};
}

error waiting(const question& q, const tally& t, std::optional<steady_time> frees_at) {
  const auto wait = until(frees_at, q.now);
  const std::string when =
      wait ? fmt::format("; the soonest may be asked again in {:.1f} s", static_cast<double>(wait->count()) / 1000.0) : std::string{};
  if (t.of(verdict::breaker_open) == 0) {
    return {error_code::upstream_limited, fmt::format("every deployment that this request may use is limiting us{}", when), {}, {}, wait};
  }
  return {error_code::nothing_available,
          fmt::format("no deployment that this request may use is up ({}){}", counted(t), when),
          {},
          "deployments_failing",
          wait};
}

error context_too_long(const tally& t) {
  if (t.of(verdict::context_too_small) > 0) {
    return {error_code::context_too_long,
            fmt::format("about {} tokens are needed (prompt and wanted output) and the largest context is {} ({}): shorten the prompt, "
                        "ask for less output, or add a deployment with a larger context",
                        t.tokens_needed, t.largest_context, counted(t)),
            "messages",
            "context_length_exceeded",
            {}};
  }
  return {error_code::context_too_long,
          fmt::format("more output is asked for than any deployment gives: want at most {} ({})", t.largest_output, counted(t)),
          "max_completion_tokens",
          "max_output_exceeded",
          {}};
}

error unsupported(const tally& t) {
  if (!t.field.empty()) {
    return {error_code::unsupported_field,
            fmt::format("no deployment of this model can carry `{}` ({}): leave it out, or ask for another model", t.field, counted(t)),
            std::string{t.field},
            "unsupported_parameter",
            {}};
  }
  return {
      error_code::unsupported_field,
      fmt::format("no deployment of this model supports {} ({}): ask for another model, or add a deployment that does", t.lack, counted(t)),
      std::string{t.lack},
      "unsupported_feature",
      {}};
}

const requirements* rules_own(const question& q) noexcept { return q.acted == nullptr ? nullptr : &q.acted->require; }

/// Of the model's and the rule's.
nano_usd tightest_cost(const question& q) noexcept {
  nano_usd most{std::numeric_limits<std::uint64_t>::max()};
  if (q.require.max_cost) most = std::min(most, *q.require.max_cost);
  if (const auto* own = rules_own(q); own != nullptr && own->max_cost) most = std::min(most, *own->max_cost);
  return most;
}

std::chrono::milliseconds tightest_latency(const question& q) noexcept {
  std::chrono::milliseconds most = q.require.max_latency.value_or(std::chrono::milliseconds::max());
  if (const auto* own = rules_own(q); own != nullptr) most = std::min(most, own->max_latency.value_or(most));
  return most;
}

std::string wanted_regions(const question& q) {
  std::string wanted = fmt::format("{}", fmt::join(q.require.regions, ", "));
  if (const auto* own = rules_own(q); own != nullptr && !own->regions.empty()) {
    wanted += fmt::format("{}{}", wanted.empty() ? "" : ", and in ", fmt::join(own->regions, ", "));
  }
  return wanted;
}

std::uint32_t highest_quality(const question& q) noexcept {
  const auto* own = rules_own(q);
  return std::max(q.require.min_quality, own == nullptr ? 0U : own->min_quality);
}

error denied(const tally& t) {
  return {error_code::forbidden,
          fmt::format("the rule {} denies every deployment that could answer ({}): ask for another model, or change the rule", t.rule,
                      counted(t)),
          "model",
          "denied_by_rule",
          {}};
}

error over_max_cost(const question& q, const tally& t) {
  const std::string limit = to_usd_string(tightest_cost(q));
  if (t.of(verdict::too_dear) > 0) {
    return {error_code::payment_required,
            fmt::format("the cheapest deployment would cost up to {} USD and max_cost is {} USD ({}): raise max_cost, ask for less "
                        "output, or shorten the prompt",
                        to_usd_string({t.cheapest}), limit, counted(t)),
            "require.max_cost",
            "max_cost_exceeded",
            {}};
  }
  return {error_code::payment_required,
          fmt::format("max_cost is {} USD and no price is known to hold to it ({}): set `price:` on a deployment, or drop max_cost", limit,
                      counted(t)),
          "require.max_cost",
          "price_unknown",
          {}};
}

error required(const question& q, const tally& t) {
  if (t.of(verdict::wrong_region) > 0) {
    return {error_code::nothing_available,
            fmt::format("no deployment is known to be in {} ({}): add one there, set `region:` on one that is, or widen require.region",
                        wanted_regions(q), counted(t)),
            "require.region",
            "no_deployment_in_region",
            {}};
  }
  if (t.of(verdict::kept_too_long) + t.of(verdict::trains_on_data) > 0) {
    const bool training = t.of(verdict::trains_on_data) > 0;
    return {error_code::nothing_available,
            fmt::format("no deployment is known to {} ({}): say `{}:` on one that does, or widen require.{}",
                        training ? "keep from learning from what it sees" : "forget what it saw within the wanted retention", counted(t),
                        training ? "trains_on_data" : "retention", training ? "trains_on_data" : "retention"),
            training ? "require.trains_on_data" : "require.retention",
            training ? "trains_on_data" : "kept_too_long",
            {}};
  }
  if (t.of(verdict::too_slow) > 0) {
    const auto in_seconds = [](std::uint64_t ms) { return static_cast<double>(ms) / 1000.0; };
    return {error_code::nothing_available,
            fmt::format("the quickest deployment takes about {:.1f} s to its first content and max_latency is {:.1f} s ({}): raise "
                        "max_latency, or come back later",
                        in_seconds(t.quickest), in_seconds(static_cast<std::uint64_t>(tightest_latency(q).count())), counted(t)),
            "require.max_latency",
            "too_slow",
            {}};
  }
  return {error_code::nothing_available,
          fmt::format("the best deployment has quality {:.2f} and {:.2f} is required ({}): lower require.quality or add a better one",
                      static_cast<double>(t.best_quality) / 1000.0, static_cast<double>(highest_quality(q)) / 1000.0, counted(t)),
          "require.quality",
          "quality_too_low",
          {}};
}

error all_down(const question& q, const tally& t, std::optional<steady_time> frees_at) {
  if (q.candidates.empty()) {
    return {error_code::nothing_available,
            "this model has no deployment that the request may use: add one to it in the settings",
            {},
            "no_deployments",
            {}};
  }
  return {error_code::nothing_available,
          fmt::format("no deployment of this model is up ({}): see /admin/providers or `naru check` for the reason of each", counted(t)),
          {},
          "deployments_off",
          until(frees_at, q.now)};
}

}  // namespace

error explain_nothing_left(const question& q, std::span<const judgement> judgements, std::optional<steady_time> frees_at) {
  const tally t = tally_of(judgements);
  if (t.of(verdict::cooling) + t.of(verdict::breaker_open) > 0) return waiting(q, t, frees_at);
  const std::uint32_t down = t.of(verdict::off) + t.of(verdict::draining);
  const std::uint32_t up_and_cleared = static_cast<std::uint32_t>(judgements.size()) - down - t.of(verdict::not_cleared);
  if (up_and_cleared == 0) return t.of(verdict::not_cleared) > 0 ? not_cleared(q, t) : all_down(q, t, frees_at);
  if (t.of(verdict::denied) == up_and_cleared) return denied(t);
  // Several kinds may stand beside each other: the first that the caller can change by itself is the one to tell.
  if (t.of(verdict::context_too_small) + t.of(verdict::output_too_small) > 0) return context_too_long(t);
  if (t.of(verdict::lacks) + t.of(verdict::cannot_carry) > 0) return unsupported(t);
  if (t.of(verdict::too_dear) + t.of(verdict::price_unknown) > 0) return over_max_cost(q, t);
  return required(q, t);
}

}  // namespace naru::routing
