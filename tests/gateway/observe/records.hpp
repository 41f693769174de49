#pragma once
#include "gateway/observe/record.hpp"

namespace naru::observe::test {

/// A call that answered, with a figure of its own in every field.
inline attempt_record answered_attempt() {
  attempt_record a;
  a.deployment = "openai/gpt-x";
  a.provider = "openai";
  a.model = "gpt-x";
  a.status = 200;
  a.usage.input = {100};
  a.usage.cached = {40};
  a.usage.cache_write = {7};
  a.usage.cache_write_long = {2};
  a.usage.output = {11};
  a.usage.reasoning = {5};
  a.usage.estimated = true;
  a.charge.amount = {1'500'000};
  a.charge.known = false;
  a.duration = std::chrono::microseconds{800'000};
  a.first_token = std::chrono::microseconds{200'000};
  return a;
}

inline attempt_record failed_attempt() {
  attempt_record a;
  a.deployment = "anthropic/claude-y";
  a.provider = "anthropic";
  a.model = "claude-y";
  a.failed = failure_class::transient;
  a.result = "5xx";
  a.status = 529;
  a.duration = std::chrono::microseconds{50'000};
  return a;
}

/// A streamed request that fell over once and was answered.
inline exchange_record full_record() {
  exchange_record r;
  r.request_id = "req_0123";
  r.at = wall_time{std::chrono::seconds{1'767'225'600} + std::chrono::milliseconds{42}};  // 2026-01-01T00:00:00.042Z
  r.key = "web";
  r.team = "shop";
  r.user = "kim";
  r.model = "chat";
  r.label = "internal";
  r.label_set_by = "key";
  r.rule = "night";
  r.strategy = "cheapest";
  r.deployment = "openai/gpt-x";
  r.provider = "openai";
  r.vendor_model = "gpt-x";
  r.status = 200;
  r.finish = "stop";
  r.stream = true;
  r.attempts = {failed_attempt(), answered_attempt()};
  r.usage = r.attempts.back().usage;
  r.cost = {1'500'000};
  r.cost_known = false;
  r.fallback_reason = "transient";
  r.duration = std::chrono::microseconds{1'200'000};
  r.first_token = std::chrono::microseconds{200'000};
  r.overhead = std::chrono::microseconds{350};
  r.bytes_in = 321;
  r.bytes_out = 654;
  return r;
}

}  // namespace naru::observe::test
