#include <algorithm>

#include "providers/dialects/openai_chat/request_writer.hpp"

namespace naru::dialects::openai_chat {
namespace {

using json::writer;

/// "data:image/png;base64,...". The writer escapes nothing in base64, so the pieces go through one string.
void write_data_url(writer& w, std::string_view media_type, std::string_view data) {
  std::string url;
  url.reserve(media_type.size() + data.size() + 16);
  url.append("data:").append(media_type).append(";base64,").append(data);
  w.string(url);
}

struct part_writer {
  writer& w;

  void operator()(const text_part& p) const { w.begin_object().field("type", "text").field("text", p.text).end_object(); }
  void operator()(const refusal_part& p) const { w.begin_object().field("type", "refusal").field("refusal", p.text).end_object(); }
  void operator()(const image_part& p) const {
    w.begin_object().field("type", "image_url").key("image_url").begin_object().key("url");
    if (p.data.empty())
      w.string(p.url);
    else
      write_data_url(w, p.media_type, p.data);
    if (!p.detail.empty()) w.field("detail", p.detail);
    w.end_object().end_object();
  }
  void operator()(const audio_part& p) const {
    w.begin_object().field("type", "input_audio").key("input_audio").begin_object();
    w.field("data", p.data).field("format", p.format).end_object().end_object();
  }
  void operator()(const file_part& p) const {
    w.begin_object().field("type", "file").key("file").begin_object();
    if (!p.id.empty()) w.field("file_id", p.id);
    if (!p.data.empty()) {
      w.key("file_data");
      if (p.media_type.empty())
        w.string(p.data);
      else
        write_data_url(w, p.media_type, p.data);
    }
    if (!p.filename.empty()) w.field("filename", p.filename);
    w.end_object().end_object();
  }
  void operator()(const reasoning_part&) const {}  // has a field of its own beside the content
};

bool is_reasoning(const part& p) noexcept { return std::holds_alternative<reasoning_part>(p); }

void write_content(writer& w, const message& m) {
  w.key("content");
  const auto said = std::ranges::count_if(m.parts, [](const part& p) { return !is_reasoning(p); });
  if (said == 0) {
    if (m.calls.empty())
      w.string("");
    else
      w.null();
    return;
  }
  const auto first = std::ranges::find_if(m.parts, [](const part& p) { return !is_reasoning(p); });
  if (const auto* text = std::get_if<text_part>(&*first); said == 1 && text != nullptr && !text->text.empty()) {
    w.string(text->text);  // the short form, which every server knows
    return;
  }
  w.begin_array();
  for (const auto& p : m.parts) std::visit(part_writer{w}, p);
  w.end_array();
}

/// DeepSeek refuses a turn with tool calls that comes back without its reasoning; others refuse or ignore the field. Signatures and
/// encrypted reasoning prove something to their own vendor alone and have no place here.
void write_reasoning(writer& w, const message& m, const target& t) {
  if (m.calls.empty() || !has(t, "reasoning_content_replay_with_tools")) return;
  std::string text;
  for (const auto& p : m.parts) {
    if (const auto* r = std::get_if<reasoning_part>(&p)) text += r->text;
  }
  if (!text.empty()) w.field("reasoning_content", text);
}

void write_call(writer& w, const tool_call& c, const target& t) {
  w.begin_object().field("id", call_id_for(t, c.id)).field("type", "function");
  w.key("function").begin_object().field("name", c.name);
  w.field("arguments", c.arguments.empty() ? std::string_view{"{}"} : c.arguments).end_object();
  if (!c.signature.empty() && has(t, "thought_signature_required")) {
    w.key("extra_content").begin_object().key("google").begin_object();
    w.field("thought_signature", c.signature).end_object().end_object();
  }
  w.end_object();
}

std::string_view role_name(role r, const target& t) noexcept {
  switch (r) {
    case role::system: return "system";
    case role::developer: return has(t, "developer_as_system") ? "system" : "developer";
    case role::user: return "user";
    case role::assistant: return "assistant";
    case role::tool: break;
  }
  return "tool";
}

void write_message(writer& w, const message& m, const target& t) {
  w.begin_object().field("role", role_name(m.role, t));
  write_content(w, m);
  if (!m.name.empty()) w.field("name", m.name);
  if (m.role == role::assistant) write_reasoning(w, m, t);
  if (!m.calls.empty()) {
    w.key("tool_calls").begin_array();
    for (const auto& c : m.calls) write_call(w, c, t);
    w.end_array();
  }
  if (m.role == role::tool) w.field("tool_call_id", call_id_for(t, m.tool_call_id));
  w.end_object();
}

constexpr std::size_t short_id = 9;

bool is_short_id(std::string_view id) noexcept {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return id.size() == short_id && std::ranges::all_of(id, plain);
}

}  // namespace

std::string call_id_for(const target& t, std::string_view id) {
  if (!has(t, "tool_ids_9_alnum") || is_short_id(id)) return std::string(id);
  // FNV-1a over the id: two ids of one conversation fall together once in 10^16, and the same id is always spelled the same.
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string out(short_id, '0');
  for (char& c : out) {
    c = digits[hash % digits.size()];
    hash /= digits.size();
  }
  return out;
}

bool has_other_ids(const chat_request& r, const target& t) noexcept {
  if (!has(t, "tool_ids_9_alnum")) return false;
  return std::ranges::any_of(r.messages, [](const message& m) {
    return (m.role == role::tool && !is_short_id(m.tool_call_id)) ||
           std::ranges::any_of(m.calls, [](const tool_call& c) { return !is_short_id(c.id); });
  });
}

void write_messages(writer& w, const chat_request& r, const target& t) {
  w.key("messages").begin_array();
  for (const auto& m : r.messages) write_message(w, m, t);
  w.end_array();
}

}  // namespace naru::dialects::openai_chat
