#include <algorithm>

#include "gateway/flow/course.hpp"
#include "gateway/flow/hedge.hpp"
#include "gateway/flow/steps.hpp"
#include "policies/resilience/decide.hpp"

namespace naru::flow {
namespace {

namespace resilience = naru::resilience;

error left() { return {error_code::canceled, "the client left", {}, {}, {}}; }

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
  const bool worth_it = wait <= resilience::retry_settings{}.longest_limited_wait && wait < x.answer_by.left(x.now());
  return worth_it ? health.until : soonest;
}

std::chrono::milliseconds in_ms(std::chrono::microseconds t) { return std::chrono::duration_cast<std::chrono::milliseconds>(t); }

/// Notes how soon the answer came, for hedges and for the breaker.
resilience::timing note_time(const one_call& call, steady_time now) {
  resilience::timing took;
  if (!call.record.first_token) return took;
  took.until_content = in_ms(*call.record.first_token);
  if (!call.x.chat.stream) took.tokens = call.record.usage.output.value;
  call.deployment.live->note_first_content(call.x.chat.stream, took.until_content, now);
  return took;
}

/// Tells the deployment's health what became of a call. @return whether only this key was at fault, and another may be tried at once
bool report(lane& l, steady_time now) {
  one_call& call = l.call;
  if (call.outrun()) {
    // How long it had waited belongs to what is usual: else the late ones would be missing there, and hedges come ever sooner.
    if (call.made) call.deployment.live->note_first_content(call.x.chat.stream, in_ms(call.record.duration), now);
    l.admitted.outrun(now, in_ms(call.record.duration));
    return false;
  }
  const auto took = note_time(call, now);
  if (!l.failed) {
    l.admitted.succeeded(now, took);
    return false;
  }
  const auto& keys = call.deployment.provider->keys;
  const bool others = keys && keys->size() > 1 && keys->another_than(upstream::key_ring::none, now);
  // One key of several was refused or limited: it rests, and the deployment is as good as the others make it.
  const bool key_alone = others && (l.failed->cls == failure_class::account || l.failed->cls == failure_class::limited);
  // What was never asked says nothing about the deployment: a request that cannot be written or carried must not turn it off for others.
  // Nor does a path that is not there, where it is not the one that its chats take: many servers lack a second form, or cannot count.
  const bool beside = call.asked.kind == request_kind::token_count || &call.form == call.deployment.also;
  const bool no_such_path = beside && l.failed->cls == failure_class::settings;
  if (key_alone || no_such_path || !call.made || l.failed->cls == failure_class::canceled)
    l.admitted.abandoned();
  else
    l.admitted.failed(*l.failed, now);
  return key_alone;
}

/// The record of a call that was sent again over a fresh connection: the vendor may have seen the first too.
observe::attempt_record first_sending(const one_call& call) {
  observe::attempt_record r;
  r.deployment = call.record.deployment;
  r.provider = call.record.provider;
  r.model = call.record.model;
  r.failed = failure_class::transient;
  r.result = "connect";
  return r;
}

/// What a call, or the race of two, came to.
struct outcome {
  std::optional<failure> failed;  ///< nullopt: the client has its answer
  bool content_sent = false;
  std::size_t step = 0;
};

/// The way through the plan, call by call.
class walk_through {
 public:
  explicit walk_through(exchange& x) : x_(x), way_(x) {}

  net::task<> go() {
    auto step = way_.next(std::nullopt);
    while (step) {
      if (x_.canceled()) co_return fail(left());  // nobody waits for the answer: it is not to be paid for
      auto admitted = upstream::live_state::admit(way_.at(*step).live, x_.now());
      if (!admitted) {
        step = way_.next(larger_than_);
        continue;
      }
      lane first(x_, way_.index(*step), *step, std::move(*admitted));
      prepare(first);
      outcome came = co_await call(first);
      if (!came.failed) co_return result<void>{};
      if (came.failed->cls == failure_class::canceled || x_.canceled()) co_return fail(left());
      if (came.content_sent) co_return fail(told_already());
      last_ = std::move(came.failed);
      step = co_await after(came.step);
      if (x_.canceled()) co_return fail(left());
    }
    co_return co_await give_up();
  }

 private:
  /// Counts a call that is about to be made.
  void prepare(lane& l) {
    way_.called(l.admitted.probe());
    l.call.number = way_.calls();
    l.call.may_send_twice = way_.has_spare_call();
    l.call.content_by = x_.answer_by;
    // Whether a deployment is back is not found out at one client's expense: a probe is waited for as long as a call may be slow.
    if (const auto patience = x_.settings->probe_patience(x_.chat, x_.chosen.demand);
        l.admitted.probe() && patience && way_.others_are_up())
      l.call.content_by = l.call.content_by.sooner(x_.now(), *patience);
  }

  /// Makes the call, and a hedge beside it where that is wanted.
  net::asio::awaitable<outcome, net::executor> call(lane& first) {
    x_.on_cancel = [&first] { first.call.cancel(); };
    const auto due = hedge_due(first);
    std::optional<race> both;
    if (due)
      co_await both.emplace(x_, first).run(x_.now() + *due, [this, &first] { return make_hedge(first); });
    else
      first.failed = co_await first.call.run();
    x_.on_cancel = nullptr;
    lane* const second = both ? both->second() : nullptr;
    if (second != nullptr) note_hedge(first, *second);
    end(first);
    if (second != nullptr) {
      const bool of_first = another_key_;
      end(*second);
      another_key_ = another_key_ && of_first;
    }
    lane& decisive = both ? both->decisive() : first;
    co_return outcome{std::move(decisive.failed), decisive.call.content_sent, decisive.step};
  }

  void end(lane& l) {
    if (l.call.sent_twice) {
      way_.called(false);
      x_.record.attempts.push_back(first_sending(l.call));
    }
    another_key_ = report(l, x_.now());
    const bool never_made = !l.call.made && l.failed && l.failed->cls == failure_class::canceled;
    if (!never_made) x_.record.attempts.push_back(std::move(l.call.record));
  }

  [[nodiscard]] std::optional<std::chrono::milliseconds> hedge_due(const lane& first) const {
    if (!x_.model->hedge || hedged_ || way_.spent()) return std::nullopt;
    return resilience::hedge_due(*x_.model->hedge, first.call.deployment.live->usual_first_content(x_.chat.stream, x_.now()));
  }

  /// The second lane: the next of the plan that is up without doubt, if the model's share has room for it.
  std::unique_ptr<lane> make_hedge(const lane& first) {
    if (way_.spent() || x_.answer_by.passed(x_.now())) return nullptr;
    const auto step = way_.next_sure(first.step);
    if (!step) return nullptr;
    auto admitted = upstream::live_state::admit(way_.at(*step).live, x_.now());
    if (!admitted || !way_.judged(*step).predicted.known) return nullptr;  // a price that nobody knows has no share
    auto made = std::make_unique<lane>(x_, way_.index(*step), *step, std::move(*admitted));
    // Whichever of the two loses is charged for its input.
    const nano_usd expected = std::max(first.call.charge_if_outrun(), made->call.charge_if_outrun());
    if (!x_.model->hedge_budget->take(*x_.model->hedge, expected, x_.now())) return nullptr;
    hedge_expected_ = expected;
    hedged_ = true;
    prepare(*made);
    return made;
  }

  void note_hedge(const lane& first, const lane& second) {
    const bool lost = second.call.outrun();
    const lane& extra = first.call.outrun() ? first : second;
    x_.model->hedge_budget->settle(hedge_expected_, extra.call.record.charge.amount);
    x_.record.hedge = second.call.content_sent ? "won" : lost ? "lost" : "failed";
  }

  /// What comes after a failure. @return the step to be called next; nullopt: nothing
  net::asio::awaitable<std::optional<std::size_t>, net::executor> after(std::size_t step) {
    const upstream::deployment& d = way_.at(step);
    const auto stands = way_.after(*last_, step);
    if (another_key_ && !way_.spent() && !x_.answer_by.passed(x_.now())) co_return step;
    const auto decided = resilience::decide(*last_, stands, x_.shared.random());
    if (const auto* stop = std::get_if<resilience::stop>(&decided)) {
      told_ = stop->told;
      co_return std::nullopt;
    }
    told_ = resilience::told_to_client(*last_, stands);  // what is said when this one or the others turn out to be resting
    if (const auto* again = std::get_if<resilience::retry_here>(&decided)) {
      co_await rest_until(when_to_retry(x_, d, *again));
      co_return step;
    }
    if (x_.record.fallback_reason.empty()) x_.record.fallback_reason = to_string(last_->cls);
    larger_than_ = std::get<resilience::next_deployment>(decided).larger_only ? d.facts.can.context : std::nullopt;
    co_return way_.next(larger_than_);
  }

  net::asio::awaitable<void, net::executor> rest_until(steady_time at) {
    pause rest(x_.shared.shard);
    x_.on_cancel = [&rest] { rest.wake(); };
    x_.resting = true;
    if (at > x_.now()) co_await rest.until(at);
    x_.resting = false;
    x_.on_cancel = nullptr;
  }

  [[nodiscard]] error told_already() const {
    return {error_code::stream_broken, "the upstream broke while it was answering", {}, "told", {}};
  }

  net::task<> give_up() {
    if (!told_) {
      told_ = error{
          error_code::nothing_available, "every deployment of this model is resting after failures", "model", "nothing_available", {}};
      if (const auto frees = way_.frees_at()) told_->retry_after = deadline(*frees).left(x_.now());
    }
    x_.reply->set_header("x-naru-attempts", std::to_string(way_.calls()));
    if (!last_) co_return fail(std::move(*told_));
    co_return co_await tell(x_, *last_, *told_);
  }

  exchange& x_;
  course way_;
  std::optional<tokens> larger_than_;  ///< after "too long": only contexts known to be larger than this
  std::optional<failure> last_;
  std::optional<error> told_;
  bool another_key_ = false;
  bool hedged_ = false;  ///< an exchange hedges once
  nano_usd hedge_expected_;
};

/// What the exchange's ordinary calls were is what hedges of later ones may have a share of.
void pay_into_hedges(const exchange& x) {
  std::uint32_t calls = 0;
  nano_usd cost;
  for (const auto& a : x.record.attempts) {
    if (a.result == "outrun") continue;
    ++calls;
    cost += a.charge.amount;
  }
  x.model->hedge_budget->paid(calls, cost, x.now());
}

}  // namespace

net::task<> attempt(exchange& x) {
  if (x.chat.stream) {
    const auto writer = x.dialect.make_stream_writer(x.chat, {}, 0);
    x.reply->keep_alive(x.settings->hold_head, x.settings->ping, {writer->content_type(), writer->ping()});
  }
  walk_through way(x);
  auto end = co_await way.go();
  if (x.model->hedge) pay_into_hedges(x);
  co_return end;
}

}  // namespace naru::flow
