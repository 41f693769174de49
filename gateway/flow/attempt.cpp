#include <algorithm>

#include "gateway/flow/one_call.hpp"
#include "gateway/flow/steps.hpp"
#include "policies/resilience/decide.hpp"

namespace naru::flow {
namespace {

namespace resilience = naru::resilience;

error left() { return {error_code::canceled, "the client left", {}, {}, {}}; }

/// Goes through the plan: which deployment is next, and where the exchange stands for the table to judge.
class course {
 public:
  explicit course(exchange& x) : x_(x), tried_(x.chosen.plan.order.size(), false) {
    state_.calls_made = 0;
    state_.call_limit = x.settings->attempts;
  }

  [[nodiscard]] const upstream::deployment& at(std::size_t step) const { return *x_.model->deployments[x_.chosen.plan.order[step]]; }

  /// The first untried step from the front that may be called now; with `larger_than`, one whose context is known to be larger.
  std::optional<std::size_t> next(std::optional<tokens> larger_than) {
    for (std::size_t step = 0; step < tried_.size(); ++step) {
      if (tried_[step] || (larger_than && !is_larger(step, *larger_than))) continue;
      tried_[step] = true;
      state_.tries_here = 0;
      return step;
    }
    return std::nullopt;
  }

  resilience::attempt_state after(const failure& f, std::size_t step) {
    state_.left = x_.deadline.left(x_.now());
    state_.others_left = state_.larger_left = 0;
    for (std::size_t other = 0; other < tried_.size(); ++other) {
      if (tried_[other] || at(other).live->view(x_.now()).is != resilience::standing::up) continue;
      ++state_.others_left;
      const auto context = at(step).facts.can.context;
      if (context && is_larger(other, *context)) ++state_.larger_left;
    }
    resilience::attempt_state seen = state_;
    state_.all_limited_before = state_.all_limited_before && f.cls == failure_class::limited;
    if (f.cls == failure_class::limited && f.retry_after)
      state_.soonest_wait = std::min(state_.soonest_wait.value_or(*f.retry_after), *f.retry_after);
    return seen;
  }

  void called() {
    ++state_.tries_here;
    ++state_.calls_made;
  }
  [[nodiscard]] bool spent() const noexcept { return state_.calls_made >= state_.call_limit; }
  [[nodiscard]] std::uint32_t calls() const noexcept { return state_.calls_made; }

 private:
  [[nodiscard]] bool is_larger(std::size_t step, tokens than) const {
    const auto context = at(step).facts.can.context;
    return context && *context > than;
  }

  exchange& x_;
  std::vector<bool> tried_;
  resilience::attempt_state state_;
};

/// The vendor refused the request itself: its own words go to the client, in the client's dialect.
bool relayed(const failure& f) noexcept {
  return (f.cls == failure_class::request || f.cls == failure_class::content_policy || f.cls == failure_class::too_small) &&
         f.status >= 400 && f.status < 500;
}

net::task<> tell(exchange& x, const failure& f, const error& told) {
  if (!relayed(f) || x.reply->head_sent()) co_return fail(told);
  x.reply->set_header("x-should-retry", "false");
  auto sent = co_await x.reply->send(f.status, "application/json", x.dialect.write_failure(f, x.record.request_id));
  if (!sent && sent.error().code == error_code::conflict) co_return fail(told);  // a ping has opened the stream: told as an event
  if (!sent) co_return fail(left());
  error quiet = told;
  quiet.reason = "relayed";
  co_return fail(std::move(quiet));
}

/// A 429 that names no wait rests the deployment for longer than a retry's backoff: to come back before that would be refused by our own
/// cooldown. Other calls may have made it longer still; beyond what is waited for, or past the deadline, the refusal stands.
steady_time when_to_retry(const exchange& x, const upstream::deployment& d, const resilience::retry_here& again) {
  const steady_time soonest = x.now() + again.after;
  const auto health = d.live->view(x.now());
  if (health.is != resilience::standing::cooling || health.until <= soonest) return soonest;
  const auto wait = deadline(health.until).left(x.now());
  const bool worth_it = wait <= resilience::retry_settings{}.longest_limited_wait && wait < x.deadline.left(x.now());
  return worth_it ? health.until : soonest;
}

/// Tells the deployment's health what became of a call. @return whether only this key was at fault, and another may be tried at once
bool report(upstream::live_state::call& admitted, const one_call& call, const std::optional<failure>& failed, steady_time now) {
  if (!failed) {
    admitted.succeeded(now);
    return false;
  }
  const bool others = call.deployment.provider->keys && call.deployment.provider->keys->size() > 1 &&
                      call.deployment.provider->keys->another_than(upstream::key_ring::none, now);
  // One key of several was refused or limited: it rests, and the deployment is as good as the others make it.
  const bool key_alone = others && (failed->cls == failure_class::account || failed->cls == failure_class::limited);
  // What was never asked says nothing about the deployment: a request that cannot be written or carried must not turn it off for others.
  if (key_alone || !call.asked || failed->cls == failure_class::canceled)
    admitted.abandoned();
  else
    admitted.failed(*failed, now);
  return key_alone;
}

}  // namespace

net::task<> attempt(exchange& x) {
  if (x.chat.stream) x.reply->keep_alive(x.settings->hold_head, x.settings->ping);
  course way(x);
  auto step = way.next(std::nullopt);
  std::optional<tokens> larger_than;  // after "too long": only contexts known to be larger than this
  std::optional<failure> last;
  std::optional<error> told;
  while (step) {
    if (x.canceled()) co_return fail(left());  // nobody waits for the answer: it is not to be paid for
    const upstream::deployment& d = way.at(*step);
    auto admitted = upstream::live_state::admit(d.live, x.now());
    if (!admitted) {
      if (!told) {
        told = error{error_code::nothing_available, "every deployment of this model is resting after failures", "model",
                     "nothing_available", deadline(admitted.error()).left(x.now())};
      }
      step = way.next(larger_than);
      continue;
    }
    way.called();
    one_call call(x, d);
    call.number = way.calls();
    call.may_send_twice = !way.spent();
    auto failed = co_await call.run();
    if (call.sent_twice) way.called();  // the vendor may have seen both
    const bool another_key = report(*admitted, call, failed, x.now());
    x.record.attempts.push_back(std::move(call.record));
    if (!failed) co_return result<void>{};
    if (failed->cls == failure_class::canceled || x.canceled()) co_return fail(left());
    if (call.content_sent) {
      co_return fail(error{error_code::stream_broken, "the upstream broke while it was answering", {}, "told", {}});
    }
    last = std::move(failed);
    const auto stands = way.after(*last, *step);
    if (another_key && !way.spent() && !x.deadline.passed(x.now())) continue;
    const auto decided = resilience::decide(*last, stands, x.shared.random());
    if (const auto* stop = std::get_if<resilience::stop>(&decided)) {
      told = stop->told;
      break;
    }
    told = resilience::told_to_client(*last, stands);  // what is said when this one or the others turn out to be resting
    if (const auto* again = std::get_if<resilience::retry_here>(&decided)) {
      pause rest(x.shared.shard);
      x.on_cancel = [&rest] { rest.wake(); };
      const auto at = when_to_retry(x, d, *again);
      if (at > x.now()) co_await rest.until(at);
      x.on_cancel = nullptr;
      if (x.canceled()) co_return fail(left());
      continue;
    }
    if (x.record.fallback_reason.empty()) x.record.fallback_reason = to_string(last->cls);
    larger_than = std::get<resilience::next_deployment>(decided).larger_only ? d.facts.can.context : std::nullopt;
    step = way.next(larger_than);
  }
  if (!told) told = error{error_code::nothing_available, "no deployment of this model is up", "model", "nothing_available", {}};
  x.reply->set_header("x-naru-attempts", std::to_string(way.calls()));
  if (!last) co_return fail(std::move(*told));
  co_return co_await tell(x, *last, *told);
}

}  // namespace naru::flow
