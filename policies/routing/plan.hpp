#pragma once
#include <boost/container/small_vector.hpp>
#include <chrono>
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
#include "policies/routing/pace.hpp"
#include "policies/routing/room.hpp"

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

/// Bands of the quality figure, for priors.
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
  std::uint32_t quality = 500;                         ///< thousandths, 0..1000
  std::uint32_t weight = 1;                            ///< for weighted; 0: only when all others have failed
  std::optional<std::chrono::milliseconds> retention;  ///< how long the vendor keeps what it saw; nullopt: unknown
  ability trains_on_data = ability::unknown;           ///< whether the vendor may learn from it
  bool provisioned = false;  ///< capacity that is paid for anyway: tried first while it has room, and its tokens cost nothing more
};

/// One deployment and how it is just now.
struct candidate {
  const deployment* facts = nullptr;  ///< never null; outlives the plan
  resilience::health_view health;
  bool off = false;             ///< by the settings or an operator: no key, switched off
  std::string_view off_reason;  ///< "no API key"; empty: not said
  bool draining = false;
  std::uint32_t in_flight = 0;  ///< calls running
  routing::pace pace;           ///< for this request's size class
  routing::room room;
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

enum class strategy : std::uint8_t { priority, weighted, cheapest, fastest, balanced };
[[nodiscard]] std::string_view to_string(strategy s) noexcept;
[[nodiscard]] std::optional<strategy> find_strategy(std::string_view word) noexcept;

/// Hard limits: `require:` of a model or a rule. What is unknown of a deployment satisfies none but max_latency, which needs measurements
/// to exclude (a deployment that nobody tries would never be measured).
struct requirements {
  std::optional<nano_usd> max_cost;                      ///< of one call: at most the upper input, and the output asked for (else expected)
  std::optional<std::chrono::milliseconds> max_latency;  ///< to the first content
  std::vector<std::string> regions;                      ///< any of them; empty: anywhere
  std::uint32_t min_quality = 0;                         ///< thousandths
  std::optional<std::chrono::milliseconds> retention;    ///< at most
  bool no_training = false;                              ///< the vendor must not learn from it
};

/// Weights of `balanced`; only their proportions count. With equal ones, half the cost is worth as much as half the time, and as 0.2 more
/// quality (one class); a weight twice as large makes its factor count twice.
struct balance {
  std::uint32_t cost = 400;  ///< thousandths; not all three 0
  std::uint32_t latency = 300;
  std::uint32_t quality = 300;
  bool operator==(const balance&) const = default;
};
/// For `auto`: the best class, whatever it costs; among equals the cheaper and faster.
inline constexpr balance quality_first{50, 50, 900};
/// Under `balanced` all costs below a thousandth of a cent are as good as none.
inline constexpr nano_usd least_cost{10'000};

/// What a model's strategy is told beside its name.
struct tuning {
  routing::balance balance;
  std::uint32_t explore = 50;  ///< for fastest: thousandths of the requests that go where the figures are oldest, 0..500
  pace_prior prior;
};

struct rule;

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
  denied,             ///< word: the rule
  too_slow,           ///< limit: milliseconds to the first content, seen: predicted
  kept_too_long,      ///< limit: milliseconds, seen: its retention; word "unknown" when it is
  trains_on_data,     ///< word "unknown" when it is
};
inline constexpr std::size_t verdicts = 18;
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
  float first_token = 0;      ///< predicted seconds to the first content
  float total = 0;            ///< predicted seconds to the end of the expected output: what `fastest` compares
  bool measured = false;      ///< whether enough measurements stand behind these two
  bool crowded = false;       ///< near its vendor's limits, and this request's turn to go elsewhere: tried last
  double score = 0;           ///< what the strategy sorts by, the least first
  std::uint32_t tier = 0;     ///< what comes before the score
};

/// A usual number of candidates needs no allocation.
template <class T>
using few = boost::container::small_vector<T, 8>;

struct plan {
  few<std::uint32_t> order;             ///< indices of candidates, first to be tried first
  few<judgement> judgements;            ///< one for each candidate
  bool explored = false;                ///< the first is there to be measured: under `fastest`, the fastest is the second
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
  /// For weighted, exploration and crowding. Best a number that counts up: then every window of requests explores alike.
  std::uint64_t seed = 0;
  steady_time now;
  wall_time wall_now;
  routing::tuning tuning{};
  const rule* acted = nullptr;  ///< the rule that matched; null: none
};

/// Constraints first, then health (what cools down or is open is left out while others are up), then in this order: room at the vendor,
/// what the rule prefers, what is known to be able, what is paid for anyway, and the strategy.
/// Thread: any. Cost: O(n log n), no allocation up to 8 candidates and two above, besides a refusal's words; under 5 us for 20 candidates
/// in a release build (load_tests/routing/decision_bench.cpp).
[[nodiscard]] plan make_plan(const question& q);

/// A judgement in words, for `naru explain` and the log: "context of 8192 tokens, 12000 needed".
[[nodiscard]] std::string describe(const judgement& j, const label_scheme& labels, steady_time now);

}  // namespace naru::routing
