#include <string>

#include "providers/dialects/anthropic_messages/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

void write_thinking(const thinking& plan, json::writer& w) {
  switch (plan.how) {
    case thinking::mode::unsaid: return;
    case thinking::mode::disabled: w.key("thinking").begin_object().field("type", "disabled").end_object(); return;
    case thinking::mode::adaptive: w.key("thinking").begin_object().field("type", "adaptive").end_object(); return;
    case thinking::mode::budget:
      w.key("thinking").begin_object().field("type", "enabled").field("budget_tokens", plan.budget).end_object();
      return;
  }
}

/// Effort and the answer's schema share one object. A schema's name and strict have no place: it always binds here.
result<void> write_output_config(const chat_request& r, const thinking& plan, json::writer& w) {
  const bool wants_schema = r.response_format.what == response_format::kind::json_schema;
  if (!wants_schema && plan.effort.empty()) return {};
  w.key("output_config").begin_object();
  if (!plan.effort.empty()) w.field("effort", plan.effort);
  if (wants_schema) {
    const auto schema = answer_schema(r.response_format);
    if (!schema) return fail(schema.error());
    w.key("format").begin_object().field("type", "json_schema").key("schema").raw(*schema).end_object();
  }
  w.end_object();
  return {};
}

/// A model that takes no sampling parameters still comes here with a 1, which says nothing and is left out (see first_refused).
void write_sampling(const chat_request& r, const target& t, json::writer& w) {
  if (!constrained(t, "no_sampling_params") && !constrained(t, "sampling_params_deprecated")) {
    if (r.temperature) w.field("temperature", *r.temperature);
    if (r.top_p) w.field("top_p", *r.top_p);
    if (r.top_k) w.field("top_k", *r.top_k);
  }
  if (r.stop.empty()) return;
  w.key("stop_sequences").begin_array();
  for (const auto stop : r.stop) w.string(stop);
  w.end_array();
}

void write_rest(const chat_request& r, json::writer& w) {
  if (!r.user.empty()) w.key("metadata").begin_object().field("user_id", r.user).end_object();
  // OpenAI's `default` forbids the faster tiers, as `standard_only` does here.
  if (r.service_tier == "auto") w.field("service_tier", "auto");
  if (r.service_tier == "default" || r.service_tier == "standard_only") w.field("service_tier", "standard_only");
  if (r.stream) w.field("stream", true);
}

}  // namespace

result<wire_request> write_request(const chat_request& r, const target& t) {
  const auto plan = plan_thinking(r, t);
  if (!plan) return fail(plan.error());
  wire_request out{"/v1/messages", {{"anthropic-version", "2023-06-01"}}, {}, {}};
  json::writer w(out.body);
  w.begin_object().field("model", t.model).field("max_tokens", max_tokens(r, t));
  if (auto ok = write_messages(r, w); !ok) return fail(std::move(ok.error()));
  if (auto ok = write_tools(r, w); !ok) return fail(std::move(ok.error()));
  if (auto ok = write_output_config(r, *plan, w); !ok) return fail(std::move(ok.error()));
  write_thinking(*plan, w);
  write_sampling(r, t, w);
  write_rest(r, w);
  w.end_object();
  return out;
}

}  // namespace naru::dialects::anthropic_messages
