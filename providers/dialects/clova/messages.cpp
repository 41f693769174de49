#include <algorithm>
#include <string>

#include "providers/dialects/clova/parts.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/places.hpp"

namespace naru::dialects::clova {
namespace {

void write_image(json::writer& w, const image_part& p) {
  w.begin_object().field("type", "image_url");
  if (p.data.empty()) {
    w.key("imageUrl").begin_object().field("url", p.url).end_object();
  } else {
    w.key("dataUri").begin_object().field("data", p.data).end_object();
  }
  w.end_object();
}

/// Words alone as one string; null is refused, so that nothing is "".
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

result<void> write_calls(json::writer& w, const message& m, std::size_t index) {
  if (m.calls.empty()) return {};
  w.key("toolCalls").begin_array();
  for (std::size_t j = 0; j < m.calls.size(); ++j) {
    const auto arguments = arguments_object(m, index, j);
    if (!arguments) return fail(arguments.error());
    w.begin_object().field("id", m.calls[j].id).field("type", "function").key("function").begin_object();
    w.field("name", m.calls[j].name).key("arguments").raw(*arguments).end_object().end_object();
  }
  w.end_array();
  return {};
}

}  // namespace

result<void> write_messages(const chat_request& r, json::writer& w) {
  w.key("messages").begin_array();
  // One system message, and before all others.
  if (const std::string system = joined_system(r); !system.empty()) {
    w.begin_object().field("role", "system").field("content", system).end_object();
  }
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    const message& m = r.messages[i];
    if (is_system(m) || !says_something(m)) continue;
    w.begin_object().field("role", m.role == role::user ? "user" : m.role == role::tool ? "tool" : "assistant");
    write_content(w, m);
    if (auto ok = write_calls(w, m, i); !ok) return ok;
    if (m.role == role::tool) w.field("toolCallId", m.tool_call_id);
    w.end_object();
  }
  w.end_array();
  return {};
}

}  // namespace naru::dialects::clova
