#include <string>

#include "providers/dialects/bedrock_converse/request.hpp"

// Each maker's own words, which Converse hands on as they are. Sources: AWS user guide, "Inference request parameters" of each maker, Nova
// user guide, "Extended thinking" (2026-11).
namespace naru::dialects::bedrock_converse {
namespace {

using bedrock::family;

void write_claude_thinking(const thinking& plan, std::optional<bool> shown, json::writer& w) {
  using mode = thinking::mode;
  if (plan.how == mode::unsaid || plan.how == mode::level) return;
  w.key("thinking").begin_object();
  if (plan.how == mode::disabled) w.field("type", "disabled");
  if (plan.how == mode::adaptive) w.field("type", "adaptive");
  if (plan.how == mode::budget) w.field("type", "enabled").field("budget_tokens", plan.budget);
  if (shown && plan.how != mode::disabled) w.field("display", *shown ? "summarized" : "omitted");
  w.end_object();
}

void write_single_call(const tool_choice& c, json::writer& w) {
  w.key("tool_choice").begin_object();
  switch (c.how) {
    case tool_choice::mode::required: w.field("type", "any"); break;
    case tool_choice::mode::named: w.field("type", "tool").field("name", c.name); break;
    case tool_choice::mode::none:
    case tool_choice::mode::unset:
    case tool_choice::mode::automatic: w.field("type", "auto"); break;
  }
  w.field("disable_parallel_tool_use", true).end_object();
}

void write_claude(const chat_request& r, const thinking& plan, json::writer& w) {
  write_claude_thinking(plan, r.thinking.shown, w);
  if (r.top_k) w.field("top_k", *r.top_k);
  if (sends_tools(r) && !r.parallel_tool_calls.value_or(true)) write_single_call(r.tool_choice, w);
}

void write_nova(const chat_request& r, const thinking& plan, json::writer& w) {
  if (r.top_k) w.key("inferenceConfig").begin_object().field("topK", *r.top_k).end_object();
  if (plan.how == thinking::mode::disabled) w.key("reasoningConfig").begin_object().field("type", "disabled").end_object();
  if (plan.how != thinking::mode::level) return;
  w.key("reasoningConfig").begin_object().field("type", "enabled").field("maxReasoningEffort", plan.effort).end_object();
}

}  // namespace

void write_model_fields(const chat_request& r, const thinking& plan, family f, json::writer& w) {
  std::string fields;
  json::writer own(fields);
  own.begin_object();
  if (f == family::claude) write_claude(r, plan, own);
  if (f == family::nova || f == family::nova_2) write_nova(r, plan, own);
  if (f == family::gpt_oss && plan.how == thinking::mode::level) own.field("reasoning_effort", plan.effort);
  own.end_object();
  if (fields != "{}") w.key("additionalModelRequestFields").raw(fields);
}

}  // namespace naru::dialects::bedrock_converse
