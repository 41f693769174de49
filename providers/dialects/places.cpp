#include "providers/dialects/places.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "providers/dialects/foreign.hpp"

namespace naru::dialects {
namespace {

bool on(const std::optional<double>& v, double neutral) noexcept { return v && *v != neutral; }

/// The request without what `first_refused` would refuse although the form has a place for it.
chat_request without_carried(const chat_request& r, const field_places& has) {
  chat_request rest = r;
  if (has.min_p) rest.min_p.reset();
  if (has.repeat_penalty) rest.repeat_penalty.reset();
  std::erase_if(rest.extra, [&](const extra_field& e) { return std::ranges::find(has.extra, e.name) != has.extra.end(); });
  return rest;
}

std::optional<error> missing_sampling(const chat_request& r, std::string_view form, const field_places& has) {
  const auto none = [&](std::string field) { return cannot(std::move(field), fmt::format("{} has no such field", form)); };
  if (!has.top_k && r.top_k) return none("top_k");
  if (!has.seed && r.seed) return none("seed");
  if (!has.stop && !r.stop.empty()) return none("stop");
  if (!has.penalties && on(r.frequency_penalty, 0)) return none("frequency_penalty");
  if (!has.penalties && on(r.presence_penalty, 0)) return none("presence_penalty");
  if (!has.several_answers && r.n.value_or(1) != 1) return cannot("n", fmt::format("{} gives one answer a request", form));
  // The number asks for nothing without its switch, so the switch is what has to go.
  if (!has.logprobs && r.logprobs.value_or(false)) return none("logprobs");
  if (!has.logprobs && r.top_logprobs.value_or(0) != 0) return none("top_logprobs");
  return std::nullopt;
}

std::optional<error> missing_tools(const chat_request& r, std::string_view form, const field_places& has) {
  if (!has.tools && !r.tools.empty()) return cannot("tools", fmt::format("{} has no tools", form));
  const bool single = !r.tools.empty() && !r.parallel_tool_calls.value_or(true);
  if (has.tools && !has.single_call && single) return cannot("parallel_tool_calls", fmt::format("{} cannot forbid parallel calls", form));
  return std::nullopt;
}

std::optional<error> missing_rest(const chat_request& r, std::string_view form, const field_places& has) {
  const auto what = r.response_format.what;
  if (!has.json_object && what == response_format::kind::json_object) {
    return cannot("response_format", fmt::format("{} has no free JSON mode{}", form, has.json_schema ? "; use json_schema" : ""));
  }
  if (!has.json_schema && what == response_format::kind::json_schema) {
    return cannot("response_format", fmt::format("{} has no schema for the answer", form));
  }
  const thinking_wish wish = wished_thinking(r);
  if (!has.effort && wish.how == thinking_wish::mode::on) {
    return cannot(std::string{wish.field}, fmt::format("{} has no word for how much the model should think", form));
  }
  if (!r.service_tier.empty() && r.service_tier != "auto" && r.service_tier != "default") {
    return cannot("service_tier", fmt::format("{} has no service tiers: want auto or default", form));
  }
  if (!r.previous_response.empty()) return cannot("previous_response_id", fmt::format("{} keeps no earlier answers", form));
  if (r.store.value_or(false)) return cannot("store", fmt::format("{} keeps no answers", form));
  return std::nullopt;
}

bool is_words(const part& p) noexcept { return std::holds_alternative<text_part>(p) || std::holds_alternative<refusal_part>(p); }

std::optional<error> missing_part(const message& m, std::size_t i, std::size_t j, std::string_view form, const content_places& has) {
  const part& p = m.parts[j];
  if (is_words(p) || std::holds_alternative<reasoning_part>(p)) return std::nullopt;
  const std::string at = part_path(i, j);
  if (std::holds_alternative<audio_part>(p)) return cannot(at, fmt::format("{} has no sound", form));
  if (std::holds_alternative<file_part>(p)) return cannot(at, fmt::format("{} has no files", form));
  if (m.role != role::user) return cannot(at, fmt::format("{} takes pictures in user messages alone", form));
  const auto& image = std::get<image_part>(p);
  if (image.data.empty() && !has.image_url) {
    return cannot(at, fmt::format("{} takes no pictures{}", form, has.image_data ? " by address; send a data URL" : ""));
  }
  if (!image.data.empty() && !has.image_data) return cannot(at, fmt::format("{} takes no pictures by content", form));
  return std::nullopt;
}

std::string_view text_of(const part& p) noexcept {
  if (const auto* t = std::get_if<text_part>(&p)) return t->text;
  if (const auto* t = std::get_if<refusal_part>(&p)) return t->text;
  return {};
}

}  // namespace

std::optional<error> first_missing(const chat_request& r, const target& t, std::string_view form, const field_places& has) {
  if (auto e = first_refused(without_carried(r, has), t, form)) return e;
  if (auto e = missing_sampling(r, form, has)) return e;
  if (auto e = missing_tools(r, form, has)) return e;
  return missing_rest(r, form, has);
}

std::optional<error> first_missing_content(const chat_request& r, std::string_view form, const content_places& has) {
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    for (std::size_t j = 0; j < r.messages[i].parts.size(); ++j) {
      if (auto e = missing_part(r.messages[i], i, j, form, has)) return e;
    }
  }
  return std::nullopt;
}

std::optional<error> out_of_range(std::string_view field, std::optional<double> value, double least, double most) {
  if (!value || (*value >= least && *value <= most)) return std::nullopt;
  return cannot(std::string{field}, fmt::format("this vendor takes {} to {}", least, most));
}

thinking_wish wished_thinking(const chat_request& r) noexcept {
  using mode = thinking_wish::mode;
  if (!r.reasoning_effort.empty()) {
    if (r.reasoning_effort == "none") return {mode::off, {}, std::nullopt, "reasoning_effort"};
    return {mode::on, r.reasoning_effort, r.thinking.budget, "reasoning_effort"};
  }
  switch (r.thinking.how) {
    case thinking_request::mode::unsaid: return {};
    case thinking_request::mode::disabled: return {mode::off, {}, std::nullopt, "thinking"};
    case thinking_request::mode::enabled:
    case thinking_request::mode::adaptive: break;
  }
  return {mode::on, {}, r.thinking.budget, "thinking"};
}

std::string joined_text(const message& m, std::string_view between) {
  std::string out;
  for (const part& p : m.parts) {
    const std::string_view text = text_of(p);
    if (text.empty()) continue;
    if (!out.empty()) out += between;
    out += text;
  }
  return out;
}

std::string joined_system(const chat_request& r) {
  std::string out;
  for (const message& m : r.messages) {
    if (!is_system(m)) continue;
    const std::string text = joined_text(m, "\n\n");
    if (trim_blank(text).empty()) continue;
    if (!out.empty()) out += "\n\n";
    out += text;
  }
  return out;
}

result<std::string> only_user_text(const chat_request& r, std::string_view form) {
  if (r.messages.empty()) return fail(cannot("messages", fmt::format("{} wants one user message", form)));
  const std::size_t last = r.messages.size() - 1;
  const auto other = fmt::format("{} has no roles: want one user message of text alone", form);
  if (last > 0) return fail(cannot(message_path(0), other));
  const message& m = r.messages[last];
  if (m.role != role::user) return fail(cannot(message_path(last) + ".role", other));
  for (std::size_t j = 0; j < m.parts.size(); ++j) {
    if (!is_words(m.parts[j])) return fail(cannot(part_path(last, j), other));
  }
  std::string text = joined_text(m, "\n");
  if (trim_blank(text).empty()) return fail(cannot("messages", fmt::format("{} wants a user message with text in it", form)));
  return text;
}

}  // namespace naru::dialects
