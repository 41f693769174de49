#include <algorithm>
#include <array>
#include <string>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/anthropic_messages/request.hpp"
#include "providers/dialects/foreign.hpp"

// What the Messages form has no place for. Source: Messages API reference, 2023-06-01 (state of 2026-11).
namespace naru::dialects::anthropic_messages {
namespace {

constexpr std::string_view form = "Anthropic's messages form";

bool on(const std::optional<double>& penalty) noexcept { return penalty.value_or(0) != 0; }

std::optional<error> field_without_place(const chat_request& r) {
  const auto none = [](std::string field) { return cannot(std::move(field), std::string{form} + " has no such field"); };
  if (r.n.value_or(1) != 1) return cannot("n", std::string{form} + " gives one answer a request");
  if (r.seed) return none("seed");
  if (r.logprobs.value_or(false)) return none("logprobs");
  if (r.top_logprobs.value_or(0) != 0) return none("top_logprobs");
  if (on(r.frequency_penalty)) return none("frequency_penalty");
  if (on(r.presence_penalty)) return none("presence_penalty");
  if (r.response_format.what == response_format::kind::json_object) {
    return cannot("response_format", std::string{form} + " has no free JSON mode; use json_schema");
  }
  if (r.store.value_or(false)) return none("store");
  if (!r.previous_response.empty()) return none("previous_response_id");
  if (!r.service_tier.empty() && r.service_tier != "auto" && r.service_tier != "default" && r.service_tier != "standard_only") {
    return cannot("service_tier", "want auto, default or standard_only");
  }
  return std::nullopt;
}

/// OpenAI's temperature goes to 2, this one to 1. Clamping would sample otherwise than asked.
std::optional<error> value_out_of_range(const chat_request& r) {
  if (r.temperature && !(*r.temperature >= 0 && *r.temperature <= 1)) return cannot("temperature", "this vendor takes 0 to 1");
  if (r.top_p && !(*r.top_p >= 0 && *r.top_p <= 1)) return cannot("top_p", "this vendor takes 0 to 1");
  for (std::size_t i = 0; i < r.stop.size(); ++i) {
    if (trim_blank(r.stop[i]).empty()) {
      return cannot("stop[" + std::to_string(i) + "]", "this vendor refuses a stop sequence of white space alone");
    }
  }
  return std::nullopt;
}

std::optional<error> thinking_conflict(const chat_request& r, const target& t) {
  const auto plan = plan_thinking(r, t);
  if (!plan) return plan.error();
  const bool thinks = plan->how == thinking::mode::adaptive || plan->how == thinking::mode::budget;
  // Models up to 4.6 refuse to think and be forced to a tool at once.
  if (thinks && asks_for_calls(r.tool_choice) && !constrained(t, "adaptive_thinking_only")) {
    return cannot("tool_choice", "this model cannot be forced to call a tool while it thinks; leave out reasoning_effort or use auto");
  }
  return std::nullopt;
}

/// A file by its id, from a client of this form: it lies in the vendor's own store.
bool names_own_file(const chat_request& r, const part& p) noexcept {
  const auto* file = std::get_if<file_part>(&p);
  return r.form == dialect_name && file != nullptr && !file->id.empty();
}

std::optional<error> bad_conversation(const chat_request& r) {
  bool begun = false;
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    const message& m = r.messages[i];
    for (std::size_t j = 0; j < m.parts.size(); ++j) {
      if (names_own_file(r, m.parts[j])) continue;
      if (auto e = cannot_carry_part(m, i, j)) return e;
    }
    if (begun || is_system(m) || !says_something(m)) continue;
    begun = true;
    if (m.role == role::assistant) return cannot(message_path(i) + ".role", "this vendor's conversations begin with a user message");
  }
  if (!begun) return cannot("messages", "this vendor wants a user message with text in it");
  return std::nullopt;
}

bool known_image(std::string_view media_type) noexcept {
  constexpr std::array<std::string_view, 4> types{"image/jpeg", "image/png", "image/gif", "image/webp"};
  return std::ranges::find(types, media_type) != types.end();
}

bool has_place(const text_part&) noexcept { return true; }
bool has_place(const refusal_part&) noexcept { return true; }
bool has_place(const reasoning_part&) noexcept { return true; }
// `detail` is left out: this vendor scales images by itself and bills them by their size.
bool has_place(const image_part& p) noexcept { return p.data.empty() ? !p.url.empty() : known_image(p.media_type); }
bool has_place(const audio_part&) noexcept { return false; }
bool has_place(const file_part& p) noexcept {
  if (!p.url.empty()) return p.media_type.empty() || p.media_type == "application/pdf";
  if (p.data.empty()) return false;  // an id names a file at another vendor
  return p.media_type == "application/pdf" || p.media_type == "text/plain";
}

struct part_trouble {
  std::string at;
  error operator()(const image_part&) const { return cannot(at + ".image_url.url", "this vendor takes image/jpeg, png, gif and webp"); }
  error operator()(const audio_part&) const { return cannot(at + ".input_audio", std::string{form} + " has no audio"); }
  error operator()(const file_part& p) const {
    if (!p.url.empty()) return cannot(at + ".file", "this vendor reads PDFs alone from an address");
    if (p.data.empty()) return cannot(at + ".file.file_id", "files of another vendor cannot be named here; send file_data");
    return cannot(at + ".file.file_data", "this vendor takes application/pdf and text/plain");
  }
  template <class Other>
  error operator()(const Other&) const {
    return cannot(at, std::string{form} + " has no such content");
  }
};

}  // namespace

std::optional<error> cannot_carry_part(const message& m, std::size_t message, std::size_t part_index) {
  const part& p = m.parts[part_index];
  const bool words = std::holds_alternative<text_part>(p) || std::holds_alternative<refusal_part>(p);
  if (is_system(m) && !words) return cannot(part_path(message, part_index), "a system message holds text alone");
  if (m.role == role::assistant && !words && !std::holds_alternative<reasoning_part>(p)) {
    return cannot(part_path(message, part_index), "this vendor's assistant messages hold text alone");
  }
  if (std::visit([](const auto& one) { return has_place(one); }, p)) return std::nullopt;
  return std::visit(part_trouble{part_path(message, part_index)}, p);
}

std::optional<error> cannot_take(const chat_request& r, const target& t) {
  if (auto e = refused_by_model(r, t)) return e;
  return thinking_conflict(r, t);
}

std::optional<error> cannot_carry(const chat_request& r, const target& t) {
  const bool counts = r.kind == request_kind::token_count;
  if (!counts && r.kind != request_kind::chat) return cannot("model", std::string{form} + " has no " + std::string{to_string(r.kind)});
  if (auto e = first_refused(r, t, form)) return e;
  if (!counts) {
    if (auto e = field_without_place(r)) return e;
    if (auto e = value_out_of_range(r)) return e;
  }
  if (auto e = thinking_conflict(r, t)) return e;
  return bad_conversation(r);
}

}  // namespace naru::dialects::anthropic_messages
