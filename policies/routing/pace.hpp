#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/deadline.hpp"
#include "core/money.hpp"

/// How fast a deployment answers, as measured: what `fastest` and `balanced` compare and `max_latency` limits.
/// Values only: who keeps them for all shards is gateway/upstream/figures.hpp.
namespace naru::routing {

/// Prompts are compared with their like: the time to the first token grows with the prompt.
enum class size_class : std::uint8_t { small, medium, large, huge };
inline constexpr std::size_t size_classes = 4;
/// Below 1,000 input tokens small, 8,000 medium, 32,000 large, else huge.
[[nodiscard]] size_class size_class_of(tokens input) noexcept;

/// What is believed of a deployment that has not been measured. All start alike, so that the first measurements decide.
struct pace_prior {
  float first_token = 1.0F;  ///< seconds, > 0
  float per_token = 0.015F;  ///< seconds, > 0
};

/// An exponentially weighted average that knows how much stands behind it.
struct average {
  float value = 0;     ///< seconds
  float evidence = 0;  ///< answers that it stands for, 0..9; halves with every `half_life` without a new one
  float odd = 0;       ///< the last answer when it was more than 1.6 times off; 0: it was not
};

/// One deployment's figures for one size class.
struct pace {
  average first_token;
  average per_token;
  steady_time at{};  ///< of the last answer; meaningless while there is no evidence
};

/// Old figures fade: after this long without an answer they count half.
inline constexpr std::chrono::minutes half_life{5};
/// Answers that the average remembers at most: a new one weighs at least a tenth.
inline constexpr float longest_memory = 9;
/// How many answers the prior counts for: little, so that two measurements outweigh it.
inline constexpr float prior_weight = 0.25F;
/// From so much evidence on, figures are knowledge: `max_latency` excludes by them.
inline constexpr float enough_evidence = 0.5F;

/// What one answer took.
struct answer_time {
  std::optional<float> first_token;  ///< seconds to the first content; absent for a whole answer, whose first token nobody sees
  float total = 0;                   ///< seconds to the end
  tokens output;
};

/// The figures after one more answer. A single answer that is more than 1.6 times off counts as so much off; when the next one is off to
/// the same side, the two replace what was known: a deployment that changed is found out by its second answer. A whole answer is shared out
/// between first token and the others in the proportion that was known.
[[nodiscard]] pace learn(const pace& known, const answer_time& answer, const pace_prior& prior, steady_time now) noexcept;
/// A call that was given up without content after so many seconds: it would have taken at least that.
[[nodiscard]] pace learn_at_least(const pace& known, float seconds, const pace_prior& prior, steady_time now) noexcept;

/// What the next answer will take.
struct expected_pace {
  float first_token = 0;  ///< seconds
  float per_token = 0;    ///< seconds
  float evidence = 0;     ///< of the first token, faded to now; 0: all prior
  [[nodiscard]] float total(tokens output) const noexcept { return first_token + per_token * static_cast<float>(output.value); }
};
/// The average drawn towards the prior, the more the less evidence is left at `now`.
[[nodiscard]] expected_pace predict(const pace& known, const pace_prior& prior, steady_time now) noexcept;

}  // namespace naru::routing
