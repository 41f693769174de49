#include "gateway/observe/count.hpp"

#include <charconv>

namespace naru::observe {
namespace {

double seconds(std::chrono::microseconds t) { return static_cast<double>(t.count()) / 1e6; }
double dollars(nano_usd n) { return static_cast<double>(n.value) / 1e9; }
double number(tokens t) { return static_cast<double>(t.value); }

class code_text {
 public:
  explicit code_text(int status) { end_ = std::to_chars(buffer_, buffer_ + sizeof buffer_, status).ptr; }
  [[nodiscard]] std::string_view view() const { return {buffer_, static_cast<std::size_t>(end_ - buffer_)}; }

 private:
  char buffer_[12];
  char* end_;
};

void count_attempts(cells& into, const exchange_record& r) {
  for (const attempt_record& a : r.attempts) {
    into.add(metric::upstream_attempts, {a.provider, r.model, a.result}, 1);
    if (a.usage.input.value == 0 && a.usage.output.value == 0) continue;
    into.add(metric::tokens, {r.team, r.model, a.provider, "input"}, number(a.usage.input));
    into.add(metric::tokens, {r.team, r.model, a.provider, "output"}, number(a.usage.output));
    if (a.usage.cached.value > 0) into.add(metric::cache_read_tokens, {r.team, r.model, a.provider}, number(a.usage.cached));
    const tokens written = a.usage.cache_write + a.usage.cache_write_long;
    if (written.value > 0) into.add(metric::cache_write_tokens, {r.team, r.model, a.provider}, number(written));
    if (a.usage.reasoning.value > 0) into.add(metric::reasoning_tokens, {r.team, r.model, a.provider}, number(a.usage.reasoning));
    into.add(metric::cost_usd, {r.team, r.model, a.provider}, dollars(a.charge.amount));
    if (!a.charge.known) into.add(metric::unpriced_requests, {r.model, a.provider}, 1);
    if (a.usage.estimated) into.add(metric::usage_estimated, {r.model, a.provider}, 1);
  }
}

void count_times(cells& into, const exchange_record& r) {
  if (r.duration.count() == 0) return;  // refused at the door, or answered without an exchange: no time was taken
  const std::string_view stream = r.stream ? "true" : "false";
  into.observe(metric::request_duration, {r.api, r.model, r.provider, stream}, seconds(r.duration));
  into.observe(metric::overhead, {}, seconds(r.overhead));
  if (!r.first_token) return;
  into.observe(metric::time_to_first_token, {r.api, r.model, r.provider, stream}, seconds(*r.first_token));
  if (r.stream && r.usage.output.value > 1 && r.duration > *r.first_token) {
    into.observe(metric::time_per_output_token, {r.model, r.provider},
                 seconds(r.duration - *r.first_token) / static_cast<double>(r.usage.output.value - 1));
  }
}

}  // namespace

void count(cells& into, const exchange_record& r) {
  into.add(metric::requests, {r.api, r.team, r.model, r.provider, code_text(r.status).view(), to_string(r.outcome)}, 1);
  if (!r.strategy.empty()) into.add(metric::route_decisions, {r.model, r.strategy, r.rule}, 1);
  count_times(into, r);
  count_attempts(into, r);
  if (!r.fallback_reason.empty() && !r.provider.empty() && r.attempts.size() > 1 && r.attempts.front().deployment != r.deployment) {
    into.add(metric::fallbacks, {r.attempts.front().deployment, r.deployment, r.fallback_reason}, 1);
  }
  if (!r.hedge.empty()) into.add(metric::hedges, {r.model, r.hedge}, 1);
  if (!r.shed.empty()) into.add(metric::shed, {r.shed}, 1);
  if (r.outcome == outcome::policy_denied && r.error) {
    into.add(metric::policy_denied, {to_string(*r.error)}, 1);
    if (*r.error == error_code::rate_limited) into.add(metric::rate_limited, {r.team}, 1);
  }
}

void create_series(cells& into, std::string_view team, std::string_view model, std::string_view provider) {
  into.add(metric::requests, {"chat", team, model, provider, "200", "ok"}, 0);
  into.add(metric::tokens, {team, model, provider, "input"}, 0);
  into.add(metric::tokens, {team, model, provider, "output"}, 0);
  into.add(metric::cost_usd, {team, model, provider}, 0);
}

}  // namespace naru::observe
