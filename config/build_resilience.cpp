#include <fmt/format.h>

#include "config/build.hpp"

namespace naru::config {

void build_resilience(const reader& root, build_context& c) {
  const reader b = root["breaker"];
  resilience::breaker_settings& breaker = c.out.health.breaker;
  breaker.window = b["window"].duration();
  breaker.minimum_calls = b["least_calls"].integer();
  breaker.error_share_milli = b["share"].share();
  breaker.slow_call = b["slow_call"].says("off") ? milliseconds{0} : b["slow_call"].duration();
  breaker.slow_share_milli = b["slow_share"].share();
  breaker.open_for = b["cooldown"].duration();
  breaker.open_max = b["cooldown_max"].duration();
  breaker.probe_timeout = breaker.open_max;  // a probe that hangs must not hide a recovery either
  breaker.probes = b["probes"].integer();
  c.out.health.default_cooldown_max = breaker.open_max;
  c.out.health.default_cooldown = std::min(c.out.health.default_cooldown, breaker.open_max);
  if (breaker.open_max < breaker.open_for) {
    const reader at = b["cooldown_max"];
    c.problems.error(at.at(), at.path(),
                     fmt::format("want at least breaker.cooldown ({} ms), got {} ms", breaker.open_for.count(), breaker.open_max.count()));
  }
  const reader o = root["overload"];
  c.out.overload.requests = o["requests"].integer();
  c.out.overload.lag = o["lag"].says("off") ? milliseconds{0} : o["lag"].duration();
  c.out.overload.retry_after = o["retry_after"].duration();
}

std::optional<resilience::hedge_settings> build_hedge(const reader& r) {
  if (!r.present()) return std::nullopt;
  resilience::hedge_settings made;
  // The block's own default is a word, which reads as no duration.
  if (r["after"].present() && !r["after"].says("p95")) made.after = r["after"].duration();
  made.share_milli = r["share"].share();
  return made;
}

}  // namespace naru::config
