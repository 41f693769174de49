#include <string>
#include <vector>

#include "providers/dialects/anthropic_messages/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

/// Consecutive messages of one side. Tool results stand before all else: the vendor wants every call of the turn before answered first,
/// and all answers in one message.
struct turn {
  bool assistant = false;
  std::vector<std::string> results;
  std::vector<std::string> blocks;
};

void write_blocks(json::writer& w, const std::vector<std::string>& blocks) {
  for (const auto& block : blocks) w.raw(block);
}

/// A plain text file must be decoded: its content goes as a string.
result<void> check_files(const message& m, std::size_t index) {
  for (std::size_t j = 0; j < m.parts.size(); ++j) {
    const auto* file = std::get_if<file_part>(&m.parts[j]);
    if (file == nullptr || file->data.empty() || file->media_type != "text/plain" || decode_base64(file->data)) continue;
    return fail(error_code::bad_request, "want base64", part_path(index, j) + ".file.file_data");
  }
  return {};
}

std::vector<std::string> blocks_of(const message& m) {
  std::vector<std::string> blocks;
  for (const auto& p : m.parts) {
    if (std::string block = content_block(p); !block.empty()) blocks.push_back(std::move(block));
  }
  return blocks;
}

std::string tool_result(const message& m) {
  std::string out;
  json::writer w(out);
  w.begin_object().field("type", "tool_result").field("tool_use_id", tool_id(m.tool_call_id));
  const auto* only_text = m.parts.size() == 1 ? std::get_if<text_part>(&m.parts[0]) : nullptr;
  if (only_text != nullptr && only_text->cache.empty()) {
    if (!only_text->text.empty()) w.field("content", only_text->text);
  } else if (const auto blocks = blocks_of(m); !blocks.empty()) {
    w.key("content").begin_array();
    write_blocks(w, blocks);
    w.end_array();
  }
  if (m.tool_error) w.field("is_error", true);
  write_cache_mark(w, m.cache);
  w.end_object();
  return out;
}

result<std::string> tool_use(const message& m, std::size_t index, std::size_t call) {
  const auto input = arguments_object(m, index, call);
  if (!input) return fail(input.error());
  std::string out;
  json::writer w(out);
  w.begin_object().field("type", "tool_use").field("id", tool_id(m.calls[call].id)).field("name", m.calls[call].name);
  w.key("input").raw(*input);
  write_cache_mark(w, m.calls[call].cache);
  w.end_object();
  return out;
}

result<void> append(const message& m, std::size_t index, std::vector<turn>& turns) {
  if (auto ok = check_files(m, index); !ok) return ok;
  if (!says_something(m)) return {};
  const bool assistant = m.role == role::assistant;
  if (turns.empty() || turns.back().assistant != assistant) turns.push_back({assistant, {}, {}});
  turn& now = turns.back();
  if (m.role == role::tool) {
    now.results.push_back(tool_result(m));
    return {};
  }
  for (auto& block : blocks_of(m)) now.blocks.push_back(std::move(block));
  for (std::size_t j = 0; j < m.calls.size(); ++j) {
    auto block = tool_use(m, index, j);
    if (!block) return fail(std::move(block.error()));
    now.blocks.push_back(std::move(*block));
  }
  return {};
}

/// All system and developer messages, in order: the form knows one system prompt, before the conversation.
std::vector<text_part> system_prompt(const chat_request& r) {
  std::vector<text_part> out;
  const auto add = [&](const text_part& part) {
    if (!trim_blank(part.text).empty()) out.push_back(part);
  };
  for (const auto& m : r.messages) {
    if (!is_system(m)) continue;
    for (const auto& p : m.parts) {
      if (const auto* t = std::get_if<text_part>(&p)) add(*t);
      if (const auto* t = std::get_if<refusal_part>(&p)) add({t->text});
    }
  }
  return out;
}

void write_system(const chat_request& r, json::writer& w) {
  const auto prompt = system_prompt(r);
  if (prompt.empty()) return;
  w.key("system");
  if (prompt.size() == 1 && prompt.front().cache.empty()) {
    w.string(prompt.front().text);
    return;
  }
  w.begin_array();
  for (const text_part& part : prompt) w.raw(content_block(part));
  w.end_array();
}

}  // namespace

result<void> write_messages(const chat_request& r, json::writer& w) {
  std::vector<turn> turns;
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    if (is_system(r.messages[i])) continue;
    if (auto ok = append(r.messages[i], i, turns); !ok) return ok;
  }
  write_system(r, w);
  w.key("messages").begin_array();
  for (const auto& t : turns) {
    if (t.results.empty() && t.blocks.empty()) continue;  // reasoning of another vendor alone
    w.begin_object().field("role", t.assistant ? "assistant" : "user").key("content").begin_array();
    write_blocks(w, t.results);
    write_blocks(w, t.blocks);
    w.end_array().end_object();
  }
  w.end_array();
  return {};
}

}  // namespace naru::dialects::anthropic_messages
