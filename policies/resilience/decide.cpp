#include "policies/resilience/decide.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace naru::resilience {
namespace {

using std::chrono::milliseconds;

/// What a call needs at least to be worth starting.
constexpr milliseconds least_for_a_call{50};

/// splitmix64 (Steele, Lea, Flood 2014): one good number from one seed.
std::uint64_t mixed(std::uint64_t x) noexcept {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

milliseconds up_to(milliseconds most, std::uint64_t seed) noexcept {
  return milliseconds{static_cast<std::int64_t>(mixed(seed) % (static_cast<std::uint64_t>(most.count()) + 1))};
}

/// Half of the step for certain and half of it by chance, so that clients who failed together do not return together.
milliseconds backoff(const attempt_state& s, const retry_settings& r, std::uint64_t seed) noexcept {
  const std::uint32_t doublings = std::min(std::max(s.tries_here, 1U) - 1, 20U);
  const milliseconds step = std::min(r.first_wait * (std::int64_t{1} << doublings), r.longest_wait);
  return step / 2 + up_to(step - step / 2, seed + s.calls_made);
}

/// The vendor's wait and a little more, so that all who were told the same do not come at once.
milliseconds wait_for(milliseconds asked, std::uint64_t seed) noexcept {
  return asked + up_to(std::min(asked / 10, milliseconds{250}), seed);
}

bool timed_out(const failure& f) noexcept { return f.status == 408 || f.status == 504 || (f.status == 0 && f.code == "timeout"); }

/// Failures that are over in an instant: a stale connection, one bad worker behind a balancer. What refuses connections or says that
/// it is overloaded is better left alone while others are up, and a timeout has already cost the client its time.
bool likely_to_help_here(const failure& f) noexcept {
  if (f.status == 0) return f.code.empty() || f.code == "reset" || f.code == "unreadable";
  return f.status == 409 || f.status == 425 || f.status == 500 || f.status == 502 || (f.status >= 200 && f.status < 300);
}

/// The decisions, with what they share.
class judge {
 public:
  judge(const failure& f, const attempt_state& s, std::uint64_t seed, const retry_settings& settings) noexcept
      : f_(f), s_(s), seed_(seed), settings_(settings) {}

  [[nodiscard]] decision operator()() const {
    if (s_.content_sent) return end();
    switch (rule_of(f_.cls).next) {
      case next_step::retry_or_next: return retry_or_next();
      case next_step::next_or_wait: return next_or_wait();
      case next_step::next: return next_if(s_.others_left > 0);
      case next_step::next_larger: return larger();
      case next_step::relay: return next_if(f_.cls == failure_class::content_policy && s_.content_policy_falls_over && s_.others_left > 0);
      case next_step::end: break;
    }
    return end();
  }

 private:
  [[nodiscard]] bool may_call() const noexcept { return s_.calls_made < s_.call_limit && s_.left > least_for_a_call; }
  [[nodiscard]] bool fits(milliseconds wait) const noexcept { return wait + least_for_a_call < s_.left; }
  [[nodiscard]] decision end() const { return stop{told_to_client(f_, s_)}; }
  [[nodiscard]] decision next_if(bool there_is_one) const { return there_is_one && may_call() ? decision{next_deployment{}} : end(); }
  [[nodiscard]] decision larger() const {
    return s_.larger_left > 0 && may_call() ? decision{next_deployment{.larger_only = true}} : end();
  }
  [[nodiscard]] decision here_after(milliseconds wait) const {
    return may_call() && fits(wait) && !f_.not_here_again ? decision{retry_here{wait}} : end();
  }

  [[nodiscard]] decision retry_or_next() const {
    if (s_.others_left > 0) {
      // A call here must not take away the one that another would have answered.
      const bool enough_for_all = std::uint64_t{s_.calls_made} + 1 + s_.others_left <= s_.call_limit;
      const bool can_spare = enough_for_all && s_.tries_here < settings_.tries_beside_others;
      const milliseconds wait = backoff(s_, settings_, seed_);
      if (can_spare && !f_.retry_after && !f_.not_here_again && likely_to_help_here(f_) && fits(wait)) return retry_here{wait};
      return next_if(true);
    }
    const milliseconds own = backoff(s_, settings_, seed_);
    if (!f_.retry_after) return here_after(own);
    if (*f_.retry_after > settings_.longest_limited_wait) return end();
    return here_after(std::max(own, wait_for(*f_.retry_after, seed_)));
  }

  [[nodiscard]] decision next_or_wait() const {
    if (s_.others_left > 0) return next_if(true);
    const milliseconds asked = f_.retry_after.value_or(milliseconds{0});
    if (asked <= milliseconds{0}) return here_after(backoff(s_, settings_, seed_));
    if (asked > settings_.longest_limited_wait) return end();
    return here_after(wait_for(asked, seed_));
  }

  const failure& f_;
  const attempt_state& s_;
  std::uint64_t seed_;
  const retry_settings& settings_;
};

std::optional<milliseconds> sooner(std::optional<milliseconds> a, std::optional<milliseconds> b) noexcept {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

std::string calls(const attempt_state& s) { return s.calls_made == 1 ? "1 call" : fmt::format("{} calls", s.calls_made); }

error exhausted(const failure& f, const attempt_state& s) {
  if (s.left <= milliseconds{0}) {
    return {error_code::upstream_timeout, fmt::format("no answer within the request's deadline ({} made)", calls(s)), {}, {}, {}};
  }
  if (f.cls == failure_class::transient && timed_out(f)) {
    return {error_code::upstream_timeout, fmt::format("the upstream did not answer in time ({} made)", calls(s)), {}, {}, {}};
  }
  return {error_code::upstream_failed,
          fmt::format("every upstream attempt failed ({} made)", calls(s)),
          {},
          {},
          sooner(s.soonest_wait, f.cls == failure_class::transient || f.cls == failure_class::limited ? f.retry_after : std::nullopt)};
}

error limited(const failure& f, const attempt_state& s) {
  if (!s.all_limited_before) return exhausted(f, s);
  const milliseconds wait = sooner(s.soonest_wait, f.retry_after).value_or(milliseconds{1000});
  return {error_code::upstream_limited, "every deployment that this request may use is limiting us; try again later", {}, {}, wait};
}

/// The vendor's own words about the request, or ours where it said nothing.
error relayed(error_code code, const failure& f, std::string_view otherwise, std::string_view reason) {
  return {code, f.message.empty() ? std::string{otherwise} : f.message, f.param, f.code.empty() ? std::string{reason} : f.code, {}};
}

error_code code_of_refusal(int status) noexcept {
  switch (status) {
    case 413: return error_code::payload_too_large;
    case 415: return error_code::unsupported_media;
    case 422: return error_code::unprocessable;
    default: return error_code::bad_request;
  }
}

}  // namespace

decision decide(const failure& f, const attempt_state& s, std::uint64_t seed, const retry_settings& settings) {
  return judge{f, s, seed, settings}();
}

error told_to_client(const failure& f, const attempt_state& s) {
  if (s.content_sent && f.cls != failure_class::canceled) {
    return {error_code::stream_broken, "the upstream's answer broke off after a part of it had been sent", {}, {}, {}};
  }
  switch (f.cls) {
    case failure_class::transient:
    case failure_class::account:
    case failure_class::settings: return exhausted(f, s);
    case failure_class::limited: return limited(f, s);
    case failure_class::too_small: {
      error e = relayed(error_code::context_too_long, f, "the prompt is longer than the model's context", {});
      e.reason = "context_length_exceeded";
      return e;
    }
    case failure_class::request: return relayed(code_of_refusal(f.status), f, "the vendor refused the request without saying why", {});
    case failure_class::content_policy:
      return relayed(error_code::content_policy, f, "the vendor refused the content of this request", "content_policy_violation");
    case failure_class::busy:
      return {error_code::overloaded,
              "the local model's queue is full; try again",
              {},
              "local_queue_full",
              f.retry_after.value_or(milliseconds{1000})};
    case failure_class::broken_stream:
      return {error_code::stream_broken, "the upstream's answer broke off after a part of it had been sent", {}, {}, {}};
    case failure_class::canceled: break;
  }
  if (s.left <= milliseconds{0}) return exhausted(f, s);
  return {error_code::canceled, "the client left before the answer was complete", {}, {}, {}};
}

}  // namespace naru::resilience
