#include "policies/routing/pace.hpp"

#include <algorithm>
#include <cmath>

namespace naru::routing {
namespace {

/// Fewer tokens than this say little about the time between two.
constexpr std::uint64_t fewest_tokens = 8;
constexpr float surprising = 1.6F;
constexpr float shortest = 1e-6F;

/// What is left of evidence at `now`, as a factor.
float faded(steady_time since, steady_time now) noexcept {
  if (now <= since) return 1;
  const auto age = std::chrono::duration<float>(now - since).count();
  return std::exp2(-age / std::chrono::duration<float>(half_life).count());
}

average times(average a, float factor) noexcept {
  a.evidence *= factor;
  return a;
}

pace faded(const pace& known, steady_time now) noexcept {
  const float factor = faded(known.at, now);
  return {times(known.first_token, factor), times(known.per_token, factor), now};
}

void weigh_in(average& a, float seconds) noexcept {
  a.value += (seconds - a.value) / (a.evidence + 1);
  a.evidence = std::min(a.evidence + 1, longest_memory);
}

average after(average a, float seconds) noexcept {
  seconds = std::max(seconds, shortest);
  if (a.evidence <= 0) return {seconds, 1, 0};
  const bool slower = seconds > a.value * surprising;
  const bool faster = seconds < a.value / surprising;
  if (!slower && !faster) {
    a.odd = 0;
    weigh_in(a, seconds);
    return a;
  }
  const bool again = a.odd > 0 && (a.odd > a.value) == slower;
  if (again) return {(a.odd + seconds) / 2, 2, 0};
  weigh_in(a, slower ? a.value * surprising : a.value / surprising);
  a.odd = seconds;
  return a;
}

float drawn(const average& a, float prior) noexcept { return (a.evidence * a.value + prior_weight * prior) / (a.evidence + prior_weight); }

}  // namespace

size_class size_class_of(tokens input) noexcept {
  if (input.value < 1'000) return size_class::small;
  if (input.value < 8'000) return size_class::medium;
  return input.value < 32'000 ? size_class::large : size_class::huge;
}

pace learn(const pace& known, const answer_time& answer, const pace_prior& prior, steady_time now) noexcept {
  pace next = faded(known, now);
  const auto others = static_cast<float>(answer.output.value > 0 ? answer.output.value - 1 : 0);
  const bool long_enough = answer.output.value >= fewest_tokens;
  if (answer.first_token) {
    next.first_token = after(next.first_token, *answer.first_token);
    if (long_enough) next.per_token = after(next.per_token, std::max(answer.total - *answer.first_token, 0.0F) / others);
    return next;
  }
  const expected_pace thought = predict(known, prior, now);
  const float off_by = answer.total / std::max(thought.first_token + thought.per_token * others, shortest);
  next.first_token = after(next.first_token, thought.first_token * off_by);
  if (long_enough) next.per_token = after(next.per_token, thought.per_token * off_by);
  return next;
}

pace learn_at_least(const pace& known, float seconds, const pace_prior& prior, steady_time now) noexcept {
  const expected_pace thought = predict(known, prior, now);
  pace next = faded(known, now);
  next.first_token = after(next.first_token, std::max(seconds, thought.first_token));
  return next;
}

expected_pace predict(const pace& known, const pace_prior& prior, steady_time now) noexcept {
  if (known.first_token.evidence <= 0 && known.per_token.evidence <= 0) return {prior.first_token, prior.per_token, 0};
  const pace left = faded(known, now);
  return {drawn(left.first_token, prior.first_token), drawn(left.per_token, prior.per_token), left.first_token.evidence};
}

}  // namespace naru::routing
