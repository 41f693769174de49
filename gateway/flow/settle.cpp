#include "gateway/flow/steps.hpp"

namespace naru::flow {
namespace {

observe::outcome outcome_of(const result<void>& end) {
  if (end) return observe::outcome::ok;
  switch (end.error().code) {
    case error_code::canceled: return observe::outcome::canceled;
    case error_code::nothing_cleared:
    case error_code::payment_required:
    case error_code::forbidden:
    case error_code::rate_limited: return observe::outcome::policy_denied;
    case error_code::internal:
    case error_code::overloaded:
    case error_code::shutting_down:
    case error_code::nothing_available:
    case error_code::upstream_failed:
    case error_code::upstream_limited:
    case error_code::upstream_timeout:
    case error_code::stream_broken: return observe::outcome::upstream_error;
    default: return observe::outcome::client_error;
  }
}

void add(usage& sum, const usage& u) {
  sum.input = sum.input + u.input;
  sum.cached = sum.cached + u.cached;
  sum.cache_write = sum.cache_write + u.cache_write;
  sum.cache_write_long = sum.cache_write_long + u.cache_write_long;
  sum.output = sum.output + u.output;
  sum.reasoning = sum.reasoning + u.reasoning;
  sum.audio_input = sum.audio_input + u.audio_input;
  sum.audio_output = sum.audio_output + u.audio_output;
  sum.estimated = sum.estimated || u.estimated;
}

}  // namespace

void settle(exchange& x, const result<void>& end) {
  observe::exchange_record& r = x.record;
  std::chrono::microseconds upstream{0};
  for (const auto& attempt : r.attempts) {
    add(r.usage, attempt.usage);
    r.cost += attempt.charge.amount;
    r.cost_known = r.cost_known && attempt.charge.known;
    upstream += attempt.duration;
  }
  r.outcome = outcome_of(end);
  if (!end) r.error = end.error().code;
  r.status = r.outcome == observe::outcome::canceled ? 499 : x.reply->status();
  r.bytes_out = x.reply->bytes();
  r.duration = std::chrono::duration_cast<std::chrono::microseconds>(x.now() - x.began);
  r.overhead = r.duration > upstream ? r.duration - upstream : std::chrono::microseconds{0};
  x.shared.settled(r);
}

}  // namespace naru::flow
