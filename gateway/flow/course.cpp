#include "gateway/flow/course.hpp"

#include <algorithm>

#include "policies/resilience/next.hpp"

namespace naru::flow {

namespace resilience = naru::resilience;

course::course(exchange& x) : x_(x), tried_(x.chosen.plan.order.size(), false) {
  state_.calls_made = 0;
  state_.call_limit = x.settings->attempts;
}

bool course::is_larger(std::size_t step, tokens than) const {
  const auto context = at(step).facts.can.context;
  return context && *context > than;
}

bool course::is_sure(std::size_t step) const {
  const auto seen = at(step).live->view(x_.now());
  return seen.is == resilience::standing::up && !seen.probe && !seen.unsure &&
         std::ranges::find(failed_providers_, at(step).provider->name) == failed_providers_.end();
}

void course::take(std::size_t step) {
  tried_[step] = true;
  state_.tries_here = 0;
}

std::optional<std::size_t> course::next(std::optional<tokens> larger_than) {
  if (spent()) return std::nullopt;
  // Nearly always: the first that may be called is up without doubt, and nobody else has to be looked at.
  const auto open_to = [&](std::size_t step) { return !tried_[step] && (!larger_than || is_larger(step, *larger_than)); };
  std::size_t first = 0;
  while (first < tried_.size() && !open_to(first)) ++first;
  if (first < tried_.size() && is_sure(first)) {
    take(first);
    return first;
  }
  std::vector<resilience::prospect> steps;
  steps.reserve(tried_.size());
  for (std::size_t step = 0; step < tried_.size(); ++step) {
    if (!open_to(step)) {
      steps.push_back({.possible = false});
      continue;
    }
    const auto seen = at(step).live->view(x_.now());
    const bool neighbour_failed = std::ranges::find(failed_providers_, at(step).provider->name) != failed_providers_.end();
    steps.push_back({seen.is == resilience::standing::up, seen.probe, seen.unsure || neighbour_failed});
  }
  const auto chosen = resilience::choose_next(steps, state_.calls_made, state_.call_limit - state_.calls_made, probed_);
  if (chosen) take(*chosen);
  return chosen;
}

std::optional<std::size_t> course::next_sure(std::size_t beside) {
  for (std::size_t step = 0; step < tried_.size(); ++step) {
    if (step == beside || tried_[step] || !is_sure(step)) continue;
    tried_[step] = true;
    return step;
  }
  return std::nullopt;
}

void course::called(bool probe) {
  ++state_.tries_here;
  ++state_.calls_made;
  probed_ = probed_ || probe;
}

resilience::attempt_state course::after(const failure& f, std::size_t step) {
  if (f.cls == failure_class::transient) failed_providers_.push_back(at(step).provider->name);
  state_.left = x_.answer_by.left(x_.now());
  state_.others_left = state_.larger_left = 0;
  const auto context = at(step).facts.can.context;
  for (std::size_t other = 0; other < tried_.size(); ++other) {
    if (tried_[other] || at(other).live->view(x_.now()).is != resilience::standing::up) continue;
    ++state_.others_left;
    if (context && is_larger(other, *context)) ++state_.larger_left;
  }
  const resilience::attempt_state seen = state_;
  state_.all_limited_before = state_.all_limited_before && f.cls == failure_class::limited;
  if (f.cls == failure_class::limited && f.retry_after)
    state_.soonest_wait = std::min(state_.soonest_wait.value_or(*f.retry_after), *f.retry_after);
  return seen;
}

bool course::has_spare_call() const noexcept {
  const auto untried = std::ranges::count(tried_, false);
  return state_.calls_made + static_cast<std::uint64_t>(untried) < state_.call_limit;
}

bool course::others_are_up() const {
  for (std::size_t step = 0; step < tried_.size(); ++step) {
    if (!tried_[step] && is_sure(step)) return true;
  }
  return false;
}

std::optional<steady_time> course::frees_at() const {
  std::optional<steady_time> soonest;
  for (std::size_t step = 0; step < tried_.size(); ++step) {
    const auto seen = at(step).live->view(x_.now());
    if (!tried_[step] && seen.is != resilience::standing::up) soonest = std::min(soonest.value_or(seen.until), seen.until);
  }
  return soonest;
}

}  // namespace naru::flow
