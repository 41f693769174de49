#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "providers/dialects/anthropic_messages/client_request.hpp"

// OpenAI's names of places as a client of this form knows them.
namespace naru::dialects::anthropic_messages {
namespace {

struct renamed {
  std::string_view openai;
  std::string_view here;
};
/// Longer names first: the first that fits counts, and what follows it stays ("stop[1]").
constexpr std::array fields{renamed{"max_completion_tokens", "max_tokens"},
                            renamed{"stop", "stop_sequences"},
                            renamed{"reasoning_effort", "output_config.effort"},
                            renamed{"response_format.json_schema", "output_config.format"},
                            renamed{"response_format", "output_config.format"},
                            renamed{"parallel_tool_calls", "tool_choice.disable_parallel_tool_use"},
                            renamed{"user", "metadata.user_id"}};
constexpr std::array tool_fields{renamed{".function.parameters", ".input_schema"}, renamed{".function", ""}};
constexpr std::array part_fields{renamed{".image_url.url", ".source"}, renamed{".image_url", ".source"},
                                 renamed{".file.file_data", ".source.data"}, renamed{".file.file_id", ".source.file_id"},
                                 renamed{".file", ".source"}};
constexpr std::array call_fields{renamed{".function.arguments", ".input"}, renamed{".function", ""}};

/// Whether `name` ends where `path` has a border.
bool begins_with(std::string_view path, std::string_view name) noexcept {
  if (!path.starts_with(name)) return false;
  return path.size() == name.size() || path[name.size()] == '.' || path[name.size()] == '[';
}

template <std::size_t N>
std::string rename(const std::array<renamed, N>& names, std::string_view path) {
  const auto* found = std::ranges::find_if(names, [&](const renamed& n) { return begins_with(path, n.openai); });
  if (found == names.end()) return std::string{path};
  return std::string{found->here} + std::string{path.substr(found->openai.size())};
}

/// "tools[3].function" by "tools": 3, and `path` becomes what follows.
std::optional<std::size_t> take_index(std::string_view& path, std::string_view list) noexcept {
  if (!path.starts_with(list) || path.size() <= list.size() || path[list.size()] != '[') return std::nullopt;
  const std::string_view digits = path.substr(list.size() + 1);
  std::size_t index = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  const auto length = static_cast<std::size_t>(end - digits.data());
  if (problem != std::errc{} || length == digits.size() || *end != ']') return std::nullopt;
  path = digits.substr(length + 1);
  return index;
}

/// Tools with no place in a request stand between the others in the client's list.
std::size_t tool_index(const chat_request& asked, std::size_t index) {
  std::size_t here = 0;
  const auto apart = [&] {
    const std::string name = fmt::format("tools[{}]", here);
    return std::ranges::find(asked.extra, std::string_view{name}, &extra_field::name) != asked.extra.end();
  };
  while (true) {
    while (apart()) ++here;
    if (index-- == 0) return here;
    ++here;
  }
}

/// The message itself: "system", "messages[2]", "messages[2].content[0]".
std::string message_name(const message_origin& from) {
  if (from.what == message_origin::kind::system) return "system";
  std::string name = fmt::format("messages[{}]", from.message);
  if (from.what == message_origin::kind::result) name += fmt::format(".content[{}]", from.block);
  return name;
}

/// Block `at` of the message: its parts, then its calls, as in message_origin::blocks.
std::string block_name(const message_origin& from, std::size_t at) {
  std::string list = message_name(from);
  if (from.what != message_origin::kind::system) list += ".content";
  return at < from.blocks.size() ? fmt::format("{}[{}]", list, from.blocks[at]) : list;
}

std::string in_message(const message& m, std::string_view rest) {
  const std::string_view whole = rest;
  if (rest.starts_with('.')) rest.remove_prefix(1);
  if (const auto part = take_index(rest, "content")) return block_name(m.origin, *part) + rename(part_fields, rest);
  if (const auto call = take_index(rest, "tool_calls")) return block_name(m.origin, m.parts.size() + *call) + rename(call_fields, rest);
  std::string name = message_name(m.origin);
  if (whole == ".tool_call_id") return name + ".tool_use_id";
  const bool own_role = whole == ".role" && m.origin.what == message_origin::kind::message;
  const bool own_content = whole == ".content" && m.origin.what != message_origin::kind::system;
  return own_role || own_content ? name + std::string{whole} : name;
}

}  // namespace

std::string field_place(std::string_view in_openai_chat) {
  std::string_view rest = in_openai_chat;
  if (const auto tool = take_index(rest, "tools")) return fmt::format("tools[{}]{}", *tool, rename(tool_fields, rest));
  return rename(fields, in_openai_chat);
}

std::string place_in(const chat_request& asked, std::string_view in_openai_chat) {
  // What has no place in a request is named as the client has it.
  if (std::ranges::find(asked.extra, in_openai_chat, &extra_field::name) != asked.extra.end()) return std::string{in_openai_chat};
  std::string_view rest = in_openai_chat;
  if (const auto i = take_index(rest, "messages"); i && *i < asked.messages.size()) {
    const message& m = asked.messages[*i];
    return m.origin.what == message_origin::kind::alike ? std::string{in_openai_chat} : in_message(m, rest);
  }
  rest = in_openai_chat;
  if (const auto i = take_index(rest, "tools"); i && *i < asked.tools.size()) {
    return fmt::format("tools[{}]{}", tool_index(asked, *i), rename(tool_fields, rest));
  }
  return field_place(in_openai_chat);
}

}  // namespace naru::dialects::anthropic_messages
