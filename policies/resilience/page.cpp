#include <fmt/format.h>

#include "policies/resilience/decide.hpp"
#include "policies/resilience/health.hpp"
#include "policies/resilience/hedge.hpp"
#include "policies/resilience/shed.hpp"

namespace naru::resilience {
namespace {

std::string breaker_text() {
  const breaker_settings b;
  const health_settings h;
  return fmt::format(
      "\n## When a deployment is left alone\n\nIts breaker opens when, of at least {} calls in the last {} s, {} % failed or {} % were "
      "slow, and "
      "after {} failures in a row whatever was good before. Slow is a first content after more than {} s; a whole answer may take {} ms "
      "more for each of its tokens. It stays open for {} s, twice as long after each probe that fails, at most {} s; then one request at a "
      "time is let through as a probe. All of it is `breaker:` in the settings.\n\nA wait that the vendor names is kept: with a 429 up to "
      "{} minutes, with a 503 or a 529 up to {} s, and no probe comes before it. A 429 without one rests the deployment for {} s, doubling "
      "up to "
      "{} s.\n\nA request probes at most one deployment, never with its last call while another is up, and does not wait for a probe "
      "longer "
      "than a call may take without being slow. A deployment whose last calls have just failed, or whose provider has just failed this "
      "request, is passed over when no more calls are left than there are others. So an outage of all vendors but one costs at most 1.2 "
      "calls a request, fails nobody where no more deployments are down than `limits.attempts` allows for, and its end is noticed "
      "within 10 s.\n",
      b.minimum_calls, b.window.count() / 1000, b.error_share_milli / 10, b.slow_share_milli / 10, 2 * b.minimum_calls,
      b.slow_call.count() / 1000, breaker_settings::per_token.count(), b.open_for.count() / 1000, b.open_max.count() / 1000,
      h.max_cooldown.count() / 60'000, h.max_outage_wait.count() / 1000, h.default_cooldown.count() / 1000,
      h.default_cooldown_max.count() / 1000);
}

std::string hedge_text() {
  return fmt::format(
      "\n## Hedges\n\n`hedge:` of a model, off unless set. When the first content of a call is later than 95 of 100 calls of that "
      "deployment (or than "
      "a fixed time), one more call goes to the next deployment of the plan that is up without doubt and that the clearance gate permits. "
      "The "
      "first of the two that has content answers; the other is ended at once and charged for its input, as estimated; the answer's price "
      "holds both. A request hedges once, within `limits.attempts`. Hedges of a model come to at most `share` ({} %) of its calls, and of "
      "what "
      "they cost, over the last minutes; where a price is unknown there are none. `naru_hedges_total` says what became of them.\n",
      hedge_settings{}.share_milli / 10);
}

std::string_view deadline_text() {
  return "\n## Deadlines\n\n`limits.deadline` is ours. A client's own only shortens it, and the answer, a 504 in its dialect if need be, "
         "is there a "
         "twentieth (20 to 500 ms) before its patience ends.\n\n"
         "| header | for | form |\n|---|---|---|\n"
         "| `x-naru-timeout` | the whole answer | `30s`, `800ms`, `2m`; anything else is a 400 |\n"
         "| `grpc-timeout` | the whole answer | `2S`, `800m` |\n"
         "| `x-request-timeout-ms`, `x-envoy-expected-rq-timeout-ms` | the whole answer | milliseconds |\n"
         "| `x-stainless-timeout`, `x-stainless-read-timeout` | the first content; a stream that has begun goes on | seconds, as the "
         "official "
         "SDKs send them |\n";
}

std::string overload_text() {
  const overload_settings o;
  return fmt::format(
      "\n## Overload\n\nA thread is past its limit when it serves {} requests, or when its event loop runs {} ms late twice in a row "
      "(`overload:`). It then sheds what is cheapest to retry, with 503, `retry-after` and `x-should-retry: true`:\n\n"
      "| from | what is shed | because |\n|---|---|---|\n"
      "| the limit | new requests whose client retries by itself (`x-stainless-retry-count` 0 or 1) | nothing has been read or sent, and "
      "nobody "
      "sees the failure |\n"
      "| 5/4 of it | every new request, before its body is read | it has cost nothing yet |\n"
      "| 3/2 of it | also what waits between two calls | no vendor is working for it |\n\n"
      "A call that runs is never shed, because its answer is being paid for, and a stream that has begun least of all. `naru_shed_total` "
      "counts "
      "by limit.\n",
      o.requests, o.lag.count());
}

}  // namespace

std::string print_page() {
  std::string out =
      "# Who falls over, and who does not\n\nWhat is done about a failed upstream call. Printed from the table in "
      "`policies/resilience/rules.cpp`, which the gateway obeys, and from the policies' default numbers; a test compares.\n\n";
  out += print_table();
  out +=
      "\nA vendor's `x-should-retry: false` forbids the retry at this deployment, whatever the class; the next deployment is asked all the "
      "same.\n";
  return out.append(breaker_text()).append(hedge_text()).append(deadline_text()).append(overload_text());
}

}  // namespace naru::resilience
