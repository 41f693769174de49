#include <string>
#include <vector>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/openai_responses/request.hpp"
#include "providers/dialects/reasoning_marks.hpp"

namespace naru::dialects::openai_responses {
namespace {

using json::writer;

std::string data_url(std::string_view media_type, std::string_view data) {
  std::string url;
  url.reserve(media_type.size() + data.size() + 16);
  return url.append("data:").append(media_type).append(";base64,").append(data);
}

/// Parts of what is sent to the model. Reasoning is an item of its own; sound is refused by `without_place`.
struct input_part {
  writer& w;

  void operator()(const text_part& p) const { w.begin_object().field("type", "input_text").field("text", p.text).end_object(); }
  void operator()(const refusal_part& p) const { w.begin_object().field("type", "input_text").field("text", p.text).end_object(); }
  void operator()(const image_part& p) const {
    w.begin_object().field("type", "input_image").key("image_url");
    if (p.data.empty())
      w.string(p.url);
    else
      w.string(data_url(p.media_type, p.data));
    w.field("detail", p.detail.empty() ? std::string_view{"auto"} : p.detail).end_object();  // required here
  }
  void operator()(const file_part& p) const {
    w.begin_object().field("type", "input_file");
    if (!p.id.empty()) w.field("file_id", p.id);
    if (!p.url.empty()) w.field("file_url", p.url);
    if (!p.data.empty()) {
      w.key("file_data").string(p.media_type.empty() ? std::string{p.data} : data_url(p.media_type, p.data));
    }
    if (!p.filename.empty()) w.field("filename", p.filename);
    w.end_object();
  }
  void operator()(const audio_part&) const {}
  void operator()(const reasoning_part&) const {}
};

bool is_reasoning(const part& p) noexcept { return std::holds_alternative<reasoning_part>(p); }

void write_parts(writer& w, const message& m) {
  w.begin_array();
  for (const part& p : m.parts) std::visit(input_part{w}, p);
  w.end_array();
}

/// The short form where there is one text and nothing else.
void write_content(writer& w, const message& m) {
  const auto* text = m.parts.size() == 1 ? std::get_if<text_part>(m.parts.data()) : nullptr;
  if (m.parts.empty())
    w.string("");
  else if (text != nullptr)
    w.string(text->text);
  else
    write_parts(w, m);
}

std::string_view role_name(role r) noexcept {
  switch (r) {
    case role::system: return "system";
    case role::developer: return "developer";
    case role::user:
    case role::assistant:
    case role::tool: break;
  }
  return "user";
}

std::string summary_of(const std::vector<std::string_view>& texts) {
  std::string out;
  writer w{out};
  w.begin_array();
  for (const auto text : texts) w.begin_object().field("type", "summary_text").field("text", text).end_object();
  w.end_array();
  return out;
}

/// Reasoning that this vendor made, piece by piece up to the signature. Other vendors' is scratch paper that nobody can prove.
void write_reasoning(writer& w, const message& m, bool stored) {
  std::vector<std::string_view> texts;
  for (const part& p : m.parts) {
    const auto* r = std::get_if<reasoning_part>(&p);
    if (r == nullptr) continue;
    if (!r->text.empty()) texts.push_back(r->text);
    if (r->signature.empty()) continue;
    const auto own = read_openai_reasoning(r->signature);
    // Without its content the item is known to the vendor alone, and only if it was stored there.
    if (own && (!own->encrypted.empty() || stored)) write_reasoning_item(w, own->id, summary_of(texts), own->encrypted);
    texts.clear();
  }
}

void write_said(writer& w, const message& m) {
  bool any = false;
  for (const part& p : m.parts) {
    if (is_reasoning(p)) continue;
    if (!any) w.begin_object().field("type", "message").field("role", "assistant").key("content").begin_array();
    any = true;
    if (const auto* text = std::get_if<text_part>(&p)) {
      w.begin_object().field("type", "output_text").field("text", text->text).key("annotations").begin_array().end_array().end_object();
    } else if (const auto* no = std::get_if<refusal_part>(&p)) {
      w.begin_object().field("type", "refusal").field("refusal", no->text).end_object();
    }
  }
  if (any) w.end_array().end_object();
}

void write_assistant(writer& w, const message& m, bool stored) {
  write_reasoning(w, m, stored);
  write_said(w, m);
  for (const tool_call& c : m.calls) {
    w.begin_object().field("type", "function_call").field("call_id", c.id).field("name", c.name);
    const auto arguments = trim_blank(c.arguments);
    w.field("arguments", arguments.empty() ? std::string_view{"{}"} : arguments).end_object();
  }
}

}  // namespace

void write_reasoning_item(writer& w, std::string_view id, std::string_view summary, std::string_view encrypted) {
  w.begin_object().field("type", "reasoning");
  if (!id.empty()) w.field("id", id);
  w.key("summary").raw(summary);
  if (!encrypted.empty()) w.field("encrypted_content", encrypted);
  w.end_object();
}

void write_input(writer& w, const chat_request& r) {
  const bool stored = r.store.value_or(false) || !r.previous_response.empty();
  const bool beside = !instructions_of(r).empty();
  w.key("input").begin_array();
  for (std::size_t i = beside ? 1 : 0; i < r.messages.size(); ++i) {
    const message& m = r.messages[i];
    if (m.role == role::assistant) {
      write_assistant(w, m, stored);
    } else if (m.role == role::tool) {
      w.begin_object().field("type", "function_call_output").field("call_id", m.tool_call_id).key("output");
      write_content(w, m);
      w.end_object();
    } else {
      w.begin_object().field("type", "message").field("role", role_name(m.role)).key("content");
      write_content(w, m);
      w.end_object();
    }
  }
  w.end_array();
}

}  // namespace naru::dialects::openai_responses
