#include "providers/dialects/drop.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace naru::dialects {
namespace {

struct plain_field {
  std::string_view name;
  void (*clear)(chat_request&);
};

// Fields that stand for themselves: without one a request is the same, asked less exactly.
constexpr std::array plain{
    plain_field{"max_completion_tokens", [](chat_request& r) { r.max_output_tokens.reset(); }},
    plain_field{"temperature", [](chat_request& r) { r.temperature.reset(); }},
    plain_field{"top_p", [](chat_request& r) { r.top_p.reset(); }},
    plain_field{"top_k", [](chat_request& r) { r.top_k.reset(); }},
    plain_field{"min_p", [](chat_request& r) { r.min_p.reset(); }},
    plain_field{"frequency_penalty", [](chat_request& r) { r.frequency_penalty.reset(); }},
    plain_field{"presence_penalty", [](chat_request& r) { r.presence_penalty.reset(); }},
    plain_field{"repeat_penalty", [](chat_request& r) { r.repeat_penalty.reset(); }},
    plain_field{"seed", [](chat_request& r) { r.seed.reset(); }},
    plain_field{"stop", [](chat_request& r) { r.stop.clear(); }},
    plain_field{"n", [](chat_request& r) { r.n.reset(); }},
    plain_field{"logprobs", [](chat_request& r) { r.logprobs.reset(), r.top_logprobs.reset(); }},
    plain_field{"top_logprobs", [](chat_request& r) { r.top_logprobs.reset(); }},
    plain_field{"reasoning_effort", [](chat_request& r) { r.reasoning_effort = {}; }},
    plain_field{"thinking", [](chat_request& r) { r.thinking = {}; }},
    plain_field{"verbosity", [](chat_request& r) { r.verbosity = {}; }},
    plain_field{"service_tier", [](chat_request& r) { r.service_tier = {}; }},
    plain_field{"user", [](chat_request& r) { r.user = {}; }},
    plain_field{"parallel_tool_calls", [](chat_request& r) { r.parallel_tool_calls.reset(); }},
    plain_field{"tool_choice", [](chat_request& r) { r.tool_choice = {}; }},
    plain_field{"response_format", [](chat_request& r) { r.response_format = {}; }},
    plain_field{"store", [](chat_request& r) { r.store.reset(); }},
    plain_field{"dimensions", [](chat_request& r) { r.embedding.dimensions.reset(); }},
    plain_field{"size", [](chat_request& r) { r.image.size = {}; }},
    plain_field{"quality", [](chat_request& r) { r.image.quality = {}; }},
    plain_field{"background", [](chat_request& r) { r.image.background = {}; }},
    plain_field{"output_format", [](chat_request& r) { r.image.output_format = {}; }},
    plain_field{"output_compression", [](chat_request& r) { r.image.output_compression.reset(); }},
    plain_field{"style", [](chat_request& r) { r.image.style = {}; }},
};

/// "tools[3].function" by "tools": 3, and what follows.
std::optional<std::size_t> take_index(std::string_view& field, std::string_view list) {
  if (!field.starts_with(list) || field.size() <= list.size() || field[list.size()] != '[') return std::nullopt;
  const std::string_view digits = field.substr(list.size() + 1);
  std::size_t index = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (problem != std::errc{} || end == digits.data() + digits.size() || *end != ']') return std::nullopt;
  field = digits.substr(static_cast<std::size_t>(end - digits.data()) + 1);
  return index;
}

template <class T>
bool erase_at(std::vector<T>& from, std::size_t index) {
  if (index >= from.size()) return false;
  from.erase(from.begin() + static_cast<std::ptrdiff_t>(index));
  return true;
}

bool drop_in_message(chat_request& r, std::size_t index, std::string_view rest) {
  if (index >= r.messages.size()) return false;
  message& m = r.messages[index];
  if (rest == ".name" && !m.name.empty()) {
    m.name = {};
    return true;
  }
  if (rest.starts_with('.')) rest.remove_prefix(1);
  const auto part = take_index(rest, "content");
  return part && erase_at(m.parts, *part);
}

bool drop_extra(chat_request& r, std::string_view field) {
  return std::erase_if(r.extra, [&](const extra_field& e) { return e.name == field; }) > 0;
}

}  // namespace

bool drop(chat_request& r, std::string_view field) {
  if (drop_extra(r, field)) return true;
  if (const auto index = take_index(field, "messages")) return drop_in_message(r, *index, field);
  if (const auto index = take_index(field, "tools")) return erase_at(r.tools, *index);
  if (const auto index = take_index(field, "stop")) return erase_at(r.stop, *index);
  const std::string_view head = field.substr(0, field.find('.'));
  const auto* found = std::ranges::find(plain, head, &plain_field::name);
  if (found == plain.end()) return false;
  found->clear(r);
  return true;
}

}  // namespace naru::dialects
