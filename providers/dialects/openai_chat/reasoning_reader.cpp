#include "providers/dialects/openai_chat/extras.hpp"
#include "providers/dialects/openai_chat/request_reader.hpp"
#include "providers/dialects/openai_chat/writers.hpp"
#include "providers/dialects/reasoning_marks.hpp"

// Reasoning that comes back with an assistant's message. Sources: OpenRouter's schema of reasoning_details (its AI SDK provider 0.7.2 and
// its documentation, 2026-11), LiteLLM's thinking_blocks, which are Anthropic's own blocks.
namespace naru::dialects::openai_chat {
namespace {

std::string_view text_of(strict& s, const place& at, json::object o, std::string_view key) {
  const auto v = member(o, key);
  return v ? s.string(place{at, key}, *v) : std::string_view{};
}

/// Encrypted reasoning says in `format` whose it is; without a maker it is passed on as it is, and no vendor takes it for its own.
void read_encrypted(strict& s, const place& at, json::object o, std::vector<part>& parts, chat_request& r) {
  const auto data = text_of(s, at, o, "data");
  const auto format = text_of(s, at, o, "format");
  if (data.empty()) return;
  if (format == reasoning_formats::openai) {
    parts.emplace_back(reasoning_part{{}, naru::keep(r, openai_reasoning_signature(text_of(s, at, o, "id"), data)), false});
  } else if (format == reasoning_formats::anthropic) {
    parts.emplace_back(reasoning_part{{}, naru::keep(r, std::string{redacted_thinking_mark}.append(data)), true});
  } else {
    parts.emplace_back(reasoning_part{{}, naru::keep(r, "unknown:" + std::string{data}), false});
  }
}

/// @return whether it holds text
bool read_detail(strict& s, const place& at, json::value v, std::vector<part>& parts, chat_request& r) {
  const auto o = s.object(at, v, "an object with type");
  if (!o) return false;
  const auto type = text_of(s, at, *o, "type");
  std::string_view text;
  if (type == "reasoning.text") {
    text = text_of(s, at, *o, "text");
    const auto signature = text_of(s, at, *o, "signature");
    if (!text.empty() || !signature.empty()) parts.emplace_back(reasoning_part{text, signature, false});
  } else if (type == "reasoning.summary") {
    text = text_of(s, at, *o, "summary");
    if (!text.empty()) parts.emplace_back(reasoning_part{text, {}, false});
  } else if (type == "reasoning.encrypted") {
    read_encrypted(s, at, *o, parts, r);
  } else {
    r.extra.push_back({extras::message_member, v});
  }
  return !text.empty();
}

/// @return whether it holds text
bool read_block(strict& s, const place& at, json::value v, std::vector<part>& parts, chat_request& r) {
  const auto o = s.object(at, v, "an object with type");
  if (!o) return false;
  const auto type = text_of(s, at, *o, "type");
  if (type == "thinking") {
    const auto text = text_of(s, at, *o, "thinking");
    parts.emplace_back(reasoning_part{text, text_of(s, at, *o, "signature"), false});
    return !text.empty();
  }
  if (type == "redacted_thinking") {
    parts.emplace_back(reasoning_part{{}, naru::keep(r, std::string{redacted_thinking_mark}.append(text_of(s, at, *o, "data"))), true});
  } else {
    r.extra.push_back({extras::message_member, v});
  }
  return false;
}

}  // namespace

bool read_reasoning_details(strict& s, const place& at, json::object message, std::vector<part>& parts, chat_request& r) {
  const bool details = member(message, "reasoning_details").has_value();
  const std::string_view key = details ? "reasoning_details" : "thinking_blocks";  // both say the same: one of them counts
  const auto v = member(message, key);
  const place list_at{at, key};
  const auto list = v ? s.array(list_at, *v) : std::nullopt;
  if (!list) return false;
  bool any_text = false;
  std::size_t index = 0;
  for (const json::value item : *list) {
    const place here{list_at, index++};
    const bool text = details ? read_detail(s, here, item, parts, r) : read_block(s, here, item, parts, r);
    any_text = any_text || text;
    if (!s.ok()) break;
  }
  return any_text;
}

}  // namespace naru::dialects::openai_chat
