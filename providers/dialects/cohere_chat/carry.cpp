#include <algorithm>
#include <array>

#include "providers/dialects/cohere_chat/parts.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/places.hpp"

// What the chat form has no place for. Source: Cohere's API reference v2 and the package cohere-ai 8.1.0 (2026-11).
namespace naru::dialects::cohere_chat {
namespace {

constexpr field_places has{
    .top_k = true, .penalties = true, .seed = true, .stop = true, .tools = true, .json_object = true, .json_schema = true, .effort = true};
constexpr content_places content{.image_url = true, .image_data = true};
constexpr std::size_t most_stops = 5;

std::optional<error> value_out_of_range(const chat_request& r) {
  if (auto e = out_of_range("temperature", r.temperature, 0, 1)) return e;
  if (auto e = out_of_range("top_p", r.top_p, 0.01, 0.99)) return e;  // left out it would be 0.75: not what 1 asks for
  if (auto e = out_of_range("frequency_penalty", r.frequency_penalty, 0, 1)) return e;
  if (auto e = out_of_range("presence_penalty", r.presence_penalty, 0, 1)) return e;
  if (r.top_k.value_or(0) > 500) return cannot("top_k", "this vendor takes 0 to 500");
  if (r.stop.size() > most_stops) return cannot("stop", "this vendor takes at most 5 stop sequences");
  if (r.seed.value_or(0) < 0) return cannot("seed", "this vendor takes no negative seed");
  return std::nullopt;
}

std::optional<error> conflict(const chat_request& r) {
  const bool wants_json = r.response_format.what != response_format::kind::text;
  if (wants_json && !r.tools.empty()) return cannot("response_format", "this vendor does not force JSON where there are tools");
  if (r.tool_choice.how == tool_choice::mode::named && !names_only_tool(r)) {
    return cannot("tool_choice", "this vendor cannot be told which of several tools to call: want required");
  }
  const thinking_wish wish = wished_thinking(r);
  constexpr std::array<std::string_view, 7> words{"", "minimal", "low", "medium", "high", "xhigh", "max"};
  if (wish.how == thinking_wish::mode::on && std::ranges::find(words, wish.effort) == words.end()) {
    return cannot("reasoning_effort", "want none, minimal, low, medium, high, xhigh or max");
  }
  return std::nullopt;
}

/// A result's text goes as a document, which holds text alone.
std::optional<error> bad_result(const chat_request& r) {
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    const message& m = r.messages[i];
    if (m.role == role::tool && m.tool_call_id.empty()) {
      return cannot(message_path(i) + ".tool_call_id", "this vendor's results name their call");
    }
  }
  return std::nullopt;
}

}  // namespace

bool names_only_tool(const chat_request& r) noexcept { return r.tools.size() == 1 && r.tools.front().name == r.tool_choice.name; }

std::optional<std::uint64_t> thinking_budget(std::string_view effort) noexcept {
  if (effort == "minimal") return 512;
  if (effort == "low") return 2048;
  if (effort == "medium") return 8192;
  return std::nullopt;
}

std::optional<error> cannot_carry(const chat_request& r, const target& t) {
  if (auto e = first_missing(r, t, form, has)) return e;
  if (auto e = value_out_of_range(r)) return e;
  if (auto e = conflict(r)) return e;
  if (auto e = first_missing_content(r, form, content)) return e;
  return bad_result(r);
}

}  // namespace naru::dialects::cohere_chat
