#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/bedrock_converse/request.hpp"
#include "providers/dialects/foreign.hpp"

// What the Converse form, or a maker's model behind it, has no place for. Source: the service's model, version 2023-09-30
// (botocore 1.44.8).
namespace naru::dialects::bedrock_converse {
namespace {

using bedrock::family;

constexpr std::size_t longest_tool_name = 64;

bool on(const std::optional<double>& penalty) noexcept { return penalty.value_or(0) != 0; }

std::optional<error> field_without_place(const chat_request& r, family f) {
  const auto none = [](std::string field) { return cannot(std::move(field), std::string{form_name} + " has no such field"); };
  if (r.n.value_or(1) != 1) return cannot("n", std::string{form_name} + " gives one answer a request");
  if (r.seed) return none("seed");
  if (r.logprobs.value_or(false)) return none("logprobs");
  if (r.top_logprobs.value_or(0) != 0) return none("top_logprobs");
  if (on(r.frequency_penalty)) return none("frequency_penalty");
  if (on(r.presence_penalty)) return none("presence_penalty");
  if (!r.previous_response.empty()) return none("previous_response_id");
  if (r.response_format.what == response_format::kind::json_object) {
    return cannot("response_format", std::string{form_name} + " has no free JSON mode; use json_schema");
  }
  if (r.top_k && f != family::claude && f != family::nova && f != family::nova_2) {
    return cannot("top_k", "this model's top_k cannot be said in " + std::string{form_name});
  }
  constexpr std::array<std::string_view, 6> tiers{"auto", "default", "standard_only", "flex", "priority", "reserved"};
  if (!r.service_tier.empty() && std::ranges::find(tiers, r.service_tier) == tiers.end()) {
    return cannot("service_tier", "want auto, default, flex, priority or reserved");
  }
  return std::nullopt;
}

/// OpenAI's temperature goes to 2, this one to 1. Clamping would sample otherwise than asked.
std::optional<error> value_out_of_range(const chat_request& r, family f) {
  if (r.temperature && !(*r.temperature >= 0 && *r.temperature <= 1)) return cannot("temperature", "this vendor takes 0 to 1");
  if (r.top_p && !(*r.top_p >= 0 && *r.top_p <= 1)) return cannot("top_p", "this vendor takes 0 to 1");
  for (std::size_t i = 0; i < r.stop.size(); ++i) {
    if (f == family::claude && !r.stop[i].empty() && trim_blank(r.stop[i]).empty()) {
      return cannot("stop[" + std::to_string(i) + "]", "this model refuses a stop sequence of white space alone");
    }
  }
  return std::nullopt;
}

/// Answers name the tool as the vendor was told to: a name in another alphabet would have no way back.
bool name_fits(std::string_view name) noexcept {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= longest_tool_name && std::ranges::all_of(name, allowed);
}

std::optional<error> tools_without_place(const chat_request& r, family f) {
  if (f == family::titan_text && !r.tools.empty()) return cannot("tools", "this model knows no tools");
  for (std::size_t i = 0; i < r.tools.size(); ++i) {
    if (!name_fits(r.tools[i].name)) {
      return cannot(tool_path(i) + ".function.name", "this vendor wants 1 to 64 letters, digits, _ and -");
    }
  }
  if (r.tools.empty()) return std::nullopt;
  if (f != family::claude && !r.parallel_tool_calls.value_or(true)) {
    return cannot("parallel_tool_calls", "this model cannot be asked for one call at a time");
  }
  const bool used = std::ranges::any_of(r.messages, [](const message& m) { return !m.calls.empty() || m.role == role::tool; });
  if (r.tool_choice.how == tool_choice::mode::none && used) {
    return cannot("tool_choice", std::string{form_name} + " has no none, and wants the tools of a conversation that has used them");
  }
  return std::nullopt;
}

std::optional<error> thinking_conflict(const chat_request& r, const target& t, family f) {
  const auto plan = plan_thinking(r, t);
  if (!plan) return plan.error();
  const bool thinks = plan->how == thinking::mode::adaptive || plan->how == thinking::mode::budget;
  // Claude up to 4.6 refuses to think and be forced to a tool at once.
  if (f == family::claude && thinks && asks_for_calls(r.tool_choice) && !constrained(t, "adaptive_thinking_only")) {
    return cannot("tool_choice", "this model cannot be forced to call a tool while it thinks; leave out reasoning_effort or use auto");
  }
  return std::nullopt;
}

std::optional<error> wrong_kind(const chat_request& r) {
  if (r.kind == request_kind::embedding) return cannot("model", std::string{form_name} + " has no embeddings");
  if (r.kind == request_kind::image) return cannot("model", std::string{form_name} + " makes no pictures");
  return std::nullopt;
}

}  // namespace

std::optional<error> cannot_carry(const chat_request& r, const target& t) {
  const family f = bedrock::family_of(t.model);
  if (auto e = wrong_kind(r)) return e;
  if (auto e = first_refused(r, t, form_name)) return e;
  if (auto e = field_without_place(r, f)) return e;
  if (auto e = value_out_of_range(r, f)) return e;
  if (auto e = tools_without_place(r, f)) return e;
  if (auto e = thinking_conflict(r, t, f)) return e;
  return cannot_carry_messages(r, f);
}

}  // namespace naru::dialects::bedrock_converse
