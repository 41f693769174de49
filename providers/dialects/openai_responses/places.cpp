#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "providers/dialects/openai_responses/request.hpp"

// OpenAI's chat spelling of a place to this form's own.
namespace naru::dialects::openai_responses {
namespace {

struct renamed {
  std::string_view chat;
  std::string_view here;
};
// The longer name before the one that it begins with.
constexpr std::array names{renamed{"max_completion_tokens", "max_output_tokens"}, renamed{"max_tokens", "max_output_tokens"},
                           renamed{"reasoning_effort", "reasoning.effort"},       renamed{"verbosity", "text.verbosity"},
                           renamed{"response_format.json_schema", "text.format"}, renamed{"response_format", "text.format"},
                           renamed{"tool_choice.function", "tool_choice"},        renamed{"thinking", "reasoning"}};

/// Takes "[12]" from the front. nullopt: there is none.
std::optional<std::size_t> take_index(std::string_view& rest) noexcept {
  std::size_t n = 0;
  if (!rest.starts_with('[')) return std::nullopt;
  const auto [end, ec] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), n);
  const auto used = static_cast<std::size_t>(end - rest.data());
  if (ec != std::errc{} || used >= rest.size() || rest[used] != ']') return std::nullopt;
  rest.remove_prefix(used + 1);
  return n;
}

bool take(std::string_view& rest, std::string_view front) noexcept {
  if (!rest.starts_with(front)) return false;
  rest.remove_prefix(front.size());
  return true;
}

std::string origin_name(std::uint32_t origin) {
  if (origin == origin_instructions) return "instructions";
  return origin == origin_text ? "input" : fmt::format("input[{}]", origin);
}

/// `rest` is what follows "messages".
std::string message_place(const chat_request* asked, std::string_view rest) {
  const auto message = take_index(rest);
  if (!message || asked == nullptr || *message >= asked->messages.size()) return "input";
  std::size_t at = 0;
  for (std::size_t i = 0; i < *message; ++i) at += 1 + asked->messages[i].calls.size();
  if (take(rest, ".tool_calls")) {
    const auto call = take_index(rest);
    if (call && *call < asked->messages[*message].calls.size()) at += 1 + *call;
    take(rest, ".function");
  }
  if (at >= asked->origins.size()) return "input";
  const auto origin = asked->origins[at];
  if (origin >= origin_text) return origin_name(origin);  // a text has no parts
  if (asked->messages[*message].role == role::tool && take(rest, ".content")) return fmt::format("{}.output{}", origin_name(origin), rest);
  return origin_name(origin).append(rest);
}

/// "tools[2].function.name" is "tools[2].name".
std::string tool_place(std::string_view whole) {
  constexpr std::string_view inner = ".function";
  std::string out{whole};
  if (const auto at = out.find(inner); at != std::string::npos) out.erase(at, inner.size());
  return out;
}

}  // namespace

std::string place_of(const chat_request* asked, std::string_view in_openai_chat) {
  std::string_view rest = in_openai_chat;
  if (take(rest, "messages") && (rest.empty() || rest.front() == '[')) return message_place(asked, rest);
  if (in_openai_chat.starts_with("tools[")) return tool_place(in_openai_chat);
  // Log probabilities are asked for by a word in `include`.
  if (in_openai_chat == "logprobs") return "include";
  for (const auto& name : names) {
    rest = in_openai_chat;
    if (take(rest, name.chat) && (rest.empty() || rest.front() == '.' || rest.front() == '[')) return std::string{name.here}.append(rest);
  }
  return std::string{in_openai_chat};
}

}  // namespace naru::dialects::openai_responses
