#include <string>
#include <utility>

#include "providers/dialects/anthropic_messages/client_request.hpp"
#include "providers/dialects/anthropic_messages/shapes.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

constexpr std::string_view wanted_role = "user, assistant or system";
constexpr std::string_view wanted_content = "a string or an array of blocks";

/// One of the client's messages. Results of tools are blocks of a user message there and messages of their own here, before what else
/// the user says: every form wants a turn's calls answered first.
struct turn {
  explicit turn(role who, std::uint32_t index) : index(index) {
    said.role = who;
    said.origin = {message_origin::kind::message, index, 0, {}};
  }
  std::uint32_t index;
  message said;
  std::vector<std::uint32_t> call_blocks;  ///< of the calls: they stand behind the parts in `said.origin.blocks`
  std::vector<message> results;
  std::string_view call_signature;  ///< of the call that comes next (see shapes.hpp)
};

void read_thinking_block(strict& s, const place& at, json::object block, message& m, chat_request& r) {
  m.parts.emplace_back(reasoning_part{text_member(s, at, block, "thinking"), text_member(s, at, block, "signature"), false});
  keep_unknown(at, block, {"type", "thinking", "signature"}, r);
}

void read_redacted(strict& s, const place& at, json::object block, turn& t, chat_request& r) {
  const auto data = text_member(s, at, block, "data");
  keep_unknown(at, block, {"type", "data"}, r);
  if (data.starts_with(call_signature_mark)) {
    t.call_signature = data.substr(call_signature_mark.size());
  } else {
    t.said.parts.emplace_back(reasoning_part{{}, data, true});
  }
}

/// `caller` says by what the model came to call: {"type": "direct"} where nothing stood between.
void keep_caller(const place& at, json::object block, chat_request& r) {
  const auto caller = member(block, "caller");
  if (!caller) return;
  const bool direct = caller->is_object() && json::get_string(caller->get_object().value_unsafe(), "type") == "direct";
  if (!direct) keep_extra(place{at, "caller"}, *caller, r);
}

void read_tool_use(strict& s, const place& at, json::object block, turn& t, chat_request& r) {
  tool_call call;
  const auto word = [&](std::string_view key, std::string_view wanted) {
    const auto v = s.required(at, block, key, wanted);
    return v ? s.word(place{at, key}, *v, wanted) : std::string_view{};
  };
  call.id = word("id", "the call's id, a string");
  call.name = word("name", "the name of a tool, a string");
  if (const auto input = member(block, "input"); input && s.object(place{at, "input"}, *input)) {
    call.arguments = keep(r, json::to_text(*input));
  }
  call.cache = read_cache_mark(s, at, block);
  call.signature = std::exchange(t.call_signature, {});
  keep_caller(at, block, r);
  keep_unknown(at, block, {"type", "id", "name", "input", "cache_control", "caller"}, r);
  t.said.calls.push_back(call);
}

/// Content of a result: text, images and documents; what else there is goes to `extra`.
void read_result_content(strict& s, const place& at, json::value v, message& m, chat_request& r) {
  if (v.is_string()) {
    if (const auto text = s.string(at, v); !text.empty()) m.parts.emplace_back(text_part{text});
    return;
  }
  const auto list = s.array(at, v, wanted_content);
  if (!list) return;
  std::uint32_t index = 0;
  for (const json::value item : *list) {
    const place here{at, std::size_t{index}};
    const auto block = s.object(here, item, "a block, an object with type");
    const auto type = block ? type_of(s, here, *block, "one of text, image, document") : std::string_view{};
    if (!s.ok()) return;
    if (read_part(s, here, *block, type, m, r))
      m.origin.blocks.push_back(index);
    else
      keep_extra(here, item, r);
    if (!s.ok()) return;
    ++index;
  }
}

void read_tool_result(strict& s, const place& at, json::object block, std::uint32_t index, turn& t, chat_request& r) {
  message m;
  m.role = role::tool;
  m.origin = {message_origin::kind::result, t.index, index, {}};
  const std::string_view wanted = "the id of the call that this answers";
  if (const auto v = s.required(at, block, "tool_use_id", wanted)) m.tool_call_id = s.word(place{at, "tool_use_id"}, *v, wanted);
  if (const auto content = member(block, "content")) read_result_content(s, place{at, "content"}, *content, m, r);
  if (const auto failed = member(block, "is_error")) m.tool_error = s.boolean(place{at, "is_error"}, *failed).value_or(false);
  m.cache = read_cache_mark(s, at, block);
  keep_unknown(at, block, {"type", "tool_use_id", "content", "is_error", "cache_control"}, r);
  t.results.push_back(std::move(m));
}

bool only_of_assistant(std::string_view type) noexcept { return type == "tool_use" || type == "thinking" || type == "redacted_thinking"; }
bool never_of_assistant(std::string_view type) noexcept { return type == "tool_result" || type == "image"; }

std::string_view wanted_type(role who) noexcept {
  switch (who) {
    case role::user: return "one of text, image, document, tool_result";
    case role::assistant: return "one of text, thinking, redacted_thinking, tool_use";
    default: return "text";
  }
}

/// Whether the block's kind may stand in a message of this role. Kinds yet unknown may: another form refuses them by name.
bool allowed(role who, std::string_view type) noexcept {
  switch (who) {
    case role::user: return !only_of_assistant(type);
    case role::assistant: return !never_of_assistant(type);
    default: return type == "text";
  }
}

void read_block(strict& s, const place& at, json::value v, std::uint32_t index, turn& t, chat_request& r) {
  const role who = t.said.role;
  const auto block = s.object(at, v, "a block, an object with type");
  const auto type = block ? type_of(s, at, *block, wanted_type(who)) : std::string_view{};
  if (!s.ok()) return;
  if (!allowed(who, type)) return s.refuse_word(place{at, "type"}, wanted_type(who));
  const std::size_t parts = t.said.parts.size();
  if (type == "tool_use") {
    read_tool_use(s, at, *block, t, r);
    t.call_blocks.push_back(index);
  } else if (type == "tool_result") {
    read_tool_result(s, at, *block, index, t, r);
  } else if (type == "thinking") {
    read_thinking_block(s, at, *block, t.said, r);
  } else if (type == "redacted_thinking") {
    read_redacted(s, at, *block, t, r);
  } else if (!read_part(s, at, *block, type, t.said, r)) {
    keep_extra(at, v, r);
  }
  if (t.said.parts.size() > parts) t.said.origin.blocks.push_back(index);
}

void read_content(strict& s, const place& at, json::value v, turn& t, chat_request& r) {
  if (v.is_string()) {
    if (const auto text = s.string(at, v); !text.empty()) t.said.parts.emplace_back(text_part{text});
    return;
  }
  const auto list = s.array(at, v, wanted_content);
  if (!list) return;
  std::uint32_t index = 0;
  for (const json::value item : *list) {
    const place here{at, std::size_t{index}};
    read_block(s, here, item, index++, t, r);
    if (!s.ok()) return;
  }
  auto& blocks = t.said.origin.blocks;
  blocks.insert(blocks.end(), t.call_blocks.begin(), t.call_blocks.end());
}

std::optional<role> read_role(strict& s, const place& at, json::value v) {
  const auto word = s.string(at, v, wanted_role);
  if (!s.ok()) return std::nullopt;
  if (word == "user") return role::user;
  if (word == "assistant") return role::assistant;
  if (word == "system") return role::system;  // newer models take one in the middle of a conversation
  s.refuse_word(at, wanted_role);
  return std::nullopt;
}

void read_message(strict& s, const place& at, json::value v, std::uint32_t index, chat_request& r) {
  const auto o = s.object(at, v, "a message, an object with role and content");
  const auto role_value = o ? s.required(at, *o, "role", wanted_role) : std::nullopt;
  const auto who = role_value ? read_role(s, place{at, "role"}, *role_value) : std::nullopt;
  if (!who) return;
  turn t{*who, index};
  if (const auto content = s.required(at, *o, "content", wanted_content)) read_content(s, place{at, "content"}, *content, t, r);
  keep_unknown(at, *o, {"role", "content"}, r);
  const bool results_alone = !t.results.empty() && t.said.parts.empty();
  for (auto& m : t.results) r.messages.push_back(std::move(m));
  if (!results_alone) r.messages.push_back(std::move(t.said));
}

}  // namespace

void read_messages(strict& s, const place& at, json::value v, chat_request& r) {
  const auto list = s.array(at, v, "an array of messages");
  if (!list) return;
  if (list->size() == 0) return s.refuse_rule(at, "want at least one message, got none");
  r.messages.reserve(r.messages.size() + list->size() + 1);
  std::uint32_t index = 0;
  for (const json::value item : *list) {
    const place here{at, std::size_t{index}};
    read_message(s, here, item, index++, r);
    if (!s.ok()) return;
  }
}

void read_system(strict& s, const place& at, json::value v, chat_request& r) {
  message m;
  m.role = role::system;
  m.origin = {message_origin::kind::system, 0, 0, {}};
  if (v.is_string()) {
    if (const auto text = s.string(at, v); !text.empty()) m.parts.emplace_back(text_part{text});
  } else if (const auto list = s.array(at, v, "a string or an array of text blocks")) {
    std::uint32_t index = 0;
    for (const json::value item : *list) {
      const place here{at, std::size_t{index}};
      const auto block = s.object(here, item, "a text block");
      const auto type = block ? type_of(s, here, *block, "text") : std::string_view{};
      if (s.ok() && type != "text") s.refuse_word(place{here, "type"}, "text");
      if (!s.ok() || !read_part(s, here, *block, type, m, r) || !s.ok()) return;
      m.origin.blocks.push_back(index++);
    }
  }
  // In front, wherever the key stands in the body.
  if (!m.parts.empty()) r.messages.insert(r.messages.begin(), std::move(m));
}

}  // namespace naru::dialects::anthropic_messages
