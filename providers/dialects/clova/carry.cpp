#include <algorithm>
#include <array>

#include "providers/dialects/clova/parts.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/places.hpp"

// What the form has no place for. Source: CLOVA Studio's API guide, chat completions v3 (2026-09).
namespace naru::dialects::clova {
namespace {

constexpr field_places has{
    .top_k = true, .repeat_penalty = true, .seed = true, .stop = true, .tools = true, .json_schema = true, .effort = true};
constexpr content_places content{.image_url = true, .image_data = true};
constexpr std::size_t most_images = 5;
constexpr std::uint64_t least_with_tools = 1024;

std::optional<error> value_out_of_range(const chat_request& r) {
  if (auto e = out_of_range("temperature", r.temperature, 0, 1)) return e;
  if (r.top_p && !(*r.top_p > 0 && *r.top_p <= 1)) return cannot("top_p", "this vendor takes more than 0, and up to 1");
  if (r.top_k.value_or(0) > 128) return cannot("top_k", "this vendor takes 0 to 128");
  if (r.repeat_penalty && !(*r.repeat_penalty > 0 && *r.repeat_penalty <= 2)) {
    return cannot("repeat_penalty", "this vendor takes more than 0, and up to 2");
  }
  // 0 asks this vendor for chance, and a client that sends it for the same answer again.
  if (r.seed && (*r.seed < 1 || *r.seed > 4294967295)) return cannot("seed", "this vendor takes 1 to 4294967295");
  if (!r.tools.empty() && r.max_output_tokens && *r.max_output_tokens < least_with_tools) {
    return cannot("max_completion_tokens", "with tools this vendor takes 1024 or more");
  }
  return std::nullopt;
}

std::optional<error> bad_thinking(const chat_request& r) {
  const thinking_wish wish = wished_thinking(r);
  if (wish.how != thinking_wish::mode::on) return std::nullopt;
  constexpr std::array<std::string_view, 7> words{"", "minimal", "low", "medium", "high", "xhigh", "max"};
  if (std::ranges::find(words, wish.effort) == words.end()) {
    return cannot("reasoning_effort", "want none, minimal, low, medium, high, xhigh or max");
  }
  if (wish.budget) return cannot("thinking", "this vendor takes a word for how much to think, and no number of tokens");
  if (r.response_format.what == response_format::kind::json_schema) {
    return cannot(std::string{wish.field}, "this vendor holds to a schema only where the model does not think");
  }
  return std::nullopt;
}

std::optional<error> bad_choice(const chat_request& r) {
  if (r.tool_choice.how == tool_choice::mode::required && r.tools.size() > 1) {
    return cannot("tool_choice", "this vendor cannot demand a call without naming the tool");
  }
  return std::nullopt;
}

/// At most one picture a message and five in all, and none where there are tools.
std::optional<error> bad_images(const chat_request& r) {
  std::size_t all = 0;
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    std::size_t here = 0;
    for (std::size_t j = 0; j < r.messages[i].parts.size(); ++j) {
      if (!std::holds_alternative<image_part>(r.messages[i].parts[j])) continue;
      if (!r.tools.empty()) return cannot(part_path(i, j), "this vendor takes no pictures where there are tools");
      if (++here > 1) return cannot(part_path(i, j), "this vendor takes one picture a message");
      if (++all > most_images) return cannot(part_path(i, j), "this vendor takes five pictures a request");
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<error> cannot_carry(const chat_request& r, const target& t) {
  if (auto e = first_missing(r, t, form, has)) return e;
  if (auto e = value_out_of_range(r)) return e;
  if (auto e = bad_thinking(r)) return e;
  if (auto e = bad_choice(r)) return e;
  if (auto e = first_missing_content(r, form, content)) return e;
  return bad_images(r);
}

}  // namespace naru::dialects::clova
