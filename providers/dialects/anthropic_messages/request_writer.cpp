#include <string>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/anthropic_messages/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

void write_thinking(const thinking& plan, json::writer& w) {
  if (plan.how == thinking::mode::unsaid) return;
  w.key("thinking").begin_object();
  switch (plan.how) {
    case thinking::mode::unsaid: break;
    case thinking::mode::disabled: w.field("type", "disabled"); break;
    case thinking::mode::adaptive: w.field("type", "adaptive"); break;
    case thinking::mode::budget: w.field("type", "enabled").field("budget_tokens", plan.budget); break;
  }
  if (plan.shown && plan.how != thinking::mode::disabled) w.field("display", *plan.shown ? "summarized" : "omitted");
  w.end_object();
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

std::string_view path_of(request_kind kind) noexcept {
  return kind == request_kind::token_count ? "/v1/messages/count_tokens" : "/v1/messages";
}

std::vector<header> headers_of(const chat_request& r) {
  std::vector<header> out;
  for (const auto& h : r.headers) {
    if (h.name.starts_with(header_prefix)) out.emplace_back(h.name, h.value);
  }
  if (find_header(out, "anthropic-version").empty()) out.insert(out.begin(), {"anthropic-version", "2023-06-01"});
  return out;
}

result<wire_request> write_request(const chat_request& r, const target& t) {
  const auto plan = plan_thinking(r, t);
  if (!plan) return fail(plan.error());
  const bool answers = r.kind == request_kind::chat;  // a count takes what the model would read, and nothing of how it should answer
  wire_request out{std::string{path_of(r.kind)}, headers_of(r), {}, {}};
  json::writer w(out.body);
  w.begin_object().field("model", t.model);
  if (answers) w.field("max_tokens", max_tokens(r, t));
  if (auto ok = write_messages(r, w); !ok) return fail(std::move(ok.error()));
  if (auto ok = write_tools(r, w); !ok) return fail(std::move(ok.error()));
  if (auto ok = write_output_config(r, *plan, w); !ok) return fail(std::move(ok.error()));
  write_thinking(*plan, w);
  if (answers) {
    write_sampling(r, t, w);
    write_rest(r, w);
  }
  w.end_object();
  return out;
}

}  // namespace naru::dialects::anthropic_messages
