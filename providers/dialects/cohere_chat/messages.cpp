#include <algorithm>
#include <string>

#include "providers/dialects/cohere_chat/parts.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/places.hpp"

namespace naru::dialects::cohere_chat {
namespace {

void write_image(json::writer& w, const image_part& p) {
  w.begin_object().field("type", "image_url").key("image_url").begin_object();
  if (p.data.empty()) {
    w.field("url", p.url);
  } else {
    std::string url{"data:"};
    w.field("url", url.append(p.media_type).append(";base64,").append(p.data));
  }
  if (!p.detail.empty()) w.field("detail", p.detail);
  w.end_object().end_object();
}

/// Words alone as one string, the short form; with pictures as parts.
void write_content(json::writer& w, const message& m) {
  w.key("content");
  if (std::ranges::none_of(m.parts, [](const part& p) { return std::holds_alternative<image_part>(p); })) {
    w.string(joined_text(m, "\n"));
    return;
  }
  w.begin_array();
  for (const part& p : m.parts) {
    if (const auto* image = std::get_if<image_part>(&p)) {
      write_image(w, *image);
    } else if (const auto* text = std::get_if<text_part>(&p); text != nullptr && !text->text.empty()) {
      w.begin_object().field("type", "text").field("text", text->text).end_object();
    }
  }
  w.end_array();
}

/// As a document, so that the answer's citations can name it.
void write_result(json::writer& w, const message& m) {
  w.field("tool_call_id", m.tool_call_id).key("content").begin_array();
  w.begin_object().field("type", "document").key("document").begin_object();
  w.field("data", joined_text(m, "\n")).end_object().end_object();
  w.end_array();
}

result<void> write_calls(json::writer& w, const message& m, std::size_t index) {
  // What was said before the calls is this vendor's plan: so it came, so it goes back.
  if (const std::string plan = joined_text(m, "\n"); !plan.empty()) w.field("tool_plan", plan);
  w.key("tool_calls").begin_array();
  for (std::size_t j = 0; j < m.calls.size(); ++j) {
    const auto arguments = arguments_object(m, index, j);
    if (!arguments) return fail(arguments.error());
    w.begin_object().field("id", m.calls[j].id).field("type", "function").key("function").begin_object();
    w.field("name", m.calls[j].name).field("arguments", *arguments).end_object().end_object();
  }
  w.end_array();
  return {};
}

std::string_view role_name(role r) noexcept {
  switch (r) {
    case role::system:
    case role::developer: return "system";
    case role::user: return "user";
    case role::assistant: return "assistant";
    case role::tool: break;
  }
  return "tool";
}

}  // namespace

result<void> write_messages(const chat_request& r, json::writer& w) {
  w.key("messages").begin_array();
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    const message& m = r.messages[i];
    if (!says_something(m)) continue;
    w.begin_object().field("role", role_name(m.role));
    if (m.role == role::tool) {
      write_result(w, m);
    } else if (!m.calls.empty()) {
      if (auto ok = write_calls(w, m, i); !ok) return ok;
    } else {
      write_content(w, m);
    }
    w.end_object();
  }
  w.end_array();
  return {};
}

}  // namespace naru::dialects::cohere_chat
