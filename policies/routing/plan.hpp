#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "core/label.hpp"
#include "core/money.hpp"
#include "policies/pricing/price.hpp"
#include "policies/resilience/health.hpp"

/// Which deployments a request is tried at, in which order, and why not at the others.
/// The plan only orders: whatever carries bytes out asks the clearance gate again.
namespace naru::routing {

/// What is known of an ability.
enum class ability : std::uint8_t { unknown, no, yes };

struct capabilities {
  ability tools = ability::unknown;
  ability vision = ability::unknown;
  ability audio = ability::unknown;
  ability json_schema = ability::unknown;
  ability many_choices = ability::unknown;  ///< n > 1
  ability logprobs = ability::unknown;
  std::optional<tokens> context;  ///< prompt and output together; nullopt: unknown
  std::optional<tokens> max_output;
};

/// Bands of the quality figure; `automatic` compares these, so that a small difference of priors does not decide over money.
enum class quality_class : std::uint8_t { tiny, small, middle, large, frontier };
/// @param quality  thousandths. Below 150 tiny, 400 small, 600 middle, 800 large, else frontier.
[[nodiscard]] quality_class class_of(std::uint32_t quality) noexcept;
/// The prior of a class, in thousandths: 50, 300, 500, 700, 900. A prior by price class, not measured.
[[nodiscard]] std::uint32_t quality_prior(quality_class c) noexcept;
[[nodiscard]] std::string_view to_string(quality_class c) noexcept;

/// What the settings say of one deployment. Immutable; belongs to the settings snapshot.
struct deployment {
  std::string id;  ///< "provider/model"
  naru::clearance clearance;
  std::string region;  ///< as configured: a country or a vendor's name; empty: unknown
  capabilities can;
  pricing::price price;
  std::uint32_t quality = 500;  ///< thousandths, 0..1000
  std::uint32_t weight = 1;     ///< for weighted; 0: only when all others have failed
};

/// One deployment and how it is just now.
struct candidate {
  const deployment* facts = nullptr;  ///< never null; outlives the plan
  resilience::health_view health;
  bool off = false;             ///< by the settings or an operator: no key, switched off
  std::string_view off_reason;  ///< "no API key"; empty: not said
  bool draining = false;
  std::uint32_t in_flight = 0;    ///< calls running on this shard
  std::string_view cannot_carry;  ///< a field of the request that its wire form cannot carry; empty: none
};

/// What a request needs.
struct demand {
  naru::label label;
  bool tools = false;
  bool images = false;
  bool audio = false;
  bool json_schema = false;
  std::uint32_t choices = 1;  ///< n: above 1 it needs `many_choices`, and the output is paid that often
  bool logprobs = false;
  tokens input;                      ///< expected
  tokens input_upper;                ///< at most, as far as an estimate can say; less than `input` counts as `input`
  std::optional<tokens> max_output;  ///< asked for
  tokens expected_output{400};       ///< the model's prior; what was asked for when that is less
};

enum class strategy : std::uint8_t { priority, weighted, cheapest, automatic };
[[nodiscard]] std::string_view to_string(strategy s) noexcept;
[[nodiscard]] std::optional<strategy> find_strategy(std::string_view word) noexcept;

/// Hard limits: `require:` of a model or a rule.
struct requirements {
  std::optional<nano_usd> max_cost;  ///< of one call: at most the upper input, and the output asked for (else expected)
  std::vector<std::string> regions;  ///< any of them; empty: anywhere
  std::uint32_t min_quality = 0;     ///< thousandths
};

enum class verdict : std::uint8_t {
  allowed,
  not_cleared,  ///< limit: clearance rank, seen: label rank
  off,          ///< word: reason
  draining,
  lacks,              ///< word: tools, vision, audio, json_schema, n, logprobs
  cannot_carry,       ///< word: field
  context_too_small,  ///< limit: context, seen: tokens needed
  output_too_small,   ///< limit: max output, seen: asked for
  wrong_region,       ///< word: its region
  quality_too_low,    ///< limit: wanted, seen: its quality
  price_unknown,      ///< word: why
  too_dear,           ///< limit, seen: nano_usd
  cooling,            ///< frees_at
  breaker_open,       ///< frees_at
};
[[nodiscard]] std::string_view to_string(verdict v) noexcept;

/// What became of one candidate. `word` points into the inputs or to static text.
struct judgement {
  routing::verdict verdict = routing::verdict::allowed;
  std::uint64_t limit = 0;
  std::uint64_t seen = 0;
  std::string_view word;
  std::optional<steady_time> frees_at;
  bool sure = true;           ///< false: an ability or the fit of the context is not known; tried after those that are sure
  pricing::charge predicted;  ///< of the expected tokens: what `cheapest` compares
};

struct plan {
  std::vector<std::uint32_t> order;     ///< indices of candidates, first to be tried first
  std::vector<judgement> judgements;    ///< one for each candidate
  std::optional<error> refusal;         ///< set when `order` is empty: what would have to change
  std::optional<steady_time> frees_at;  ///< with a refusal for now: when the soonest allowed candidate may be asked again
};

/// Everything a decision depends on: the same inputs make the same plan.
struct question {
  std::span<const candidate> candidates;  ///< in the settings' order
  const routing::demand& demand;
  const requirements& require;
  routing::strategy strategy = strategy::priority;
  const label_scheme& labels;  ///< for the words of a refusal
  std::uint64_t seed = 0;      ///< for weighted
  steady_time now;
  wall_time wall_now;
};

/// Constraints first, then health (what cools down or is open is left out while others are up), then the strategy.
/// Thread: any. Cost: O(n log n), two allocations besides a refusal's words; under 5 us for 20 candidates in a release build.
[[nodiscard]] plan make_plan(const question& q);

/// A judgement in words, for `naru explain` and the log: "context of 8192 tokens, 12000 needed".
[[nodiscard]] std::string describe(const judgement& j, const label_scheme& labels, steady_time now);

}  // namespace naru::routing
