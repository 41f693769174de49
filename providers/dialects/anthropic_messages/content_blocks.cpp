#include <algorithm>

#include "core/json/document.hpp"
#include "providers/dialects/anthropic_messages/client_answer.hpp"
#include "providers/dialects/anthropic_messages/shapes.hpp"

namespace naru::dialects::anthropic_messages {

void object_end::feed(std::string_view piece) noexcept {
  for (const char c : piece) {
    if (escaped_) {
      escaped_ = false;
    } else if (in_string_) {
      escaped_ = c == '\\';
      in_string_ = c != '"';
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      begun_ = true;
      ++depth_;
    } else if ((c == '}' || c == ']') && depth_ > 0) {
      --depth_;
    }
  }
}

bool content::take(const event& e) {
  return std::visit([this](const auto& one) { return on(one); }, e);
}

/// The block that goes on, or a new one.
block& content::last(block::kind what) {
  if (blocks_.empty() || blocks_.back().what != what) blocks_.emplace_back().what = what;
  return blocks_.back();
}

bool content::on(const text_delta& e) {
  if (e.choice != 0 || e.text.empty()) return true;
  // A citation speaks of all the text of its block: what follows is another's.
  if (!blocks_.empty() && !blocks_.back().citations.empty()) blocks_.emplace_back();
  last(block::kind::text).text += e.text;
  return true;
}

bool content::on(const refusal_delta& e) {
  if (e.choice == 0) refusal_ += e.text;
  return true;
}

bool content::on(const reasoning_delta& e) {
  if (e.choice != 0) return true;
  if (e.redacted) {
    block& b = blocks_.emplace_back();
    b.what = block::kind::redacted;
    b.text = e.signature;
    return true;
  }
  if (e.text.empty() && e.signature.empty()) return true;
  // The signature is the last that is said of a thought.
  const bool signed_already = !blocks_.empty() && !blocks_.back().signature.empty();
  block& b = signed_already ? blocks_.emplace_back() : last(block::kind::thinking);
  b.what = block::kind::thinking;
  b.text += e.text;
  b.signature += e.signature;
  return true;
}

bool content::on(const tool_call_start& e) {
  if (e.choice != 0) return true;
  if (!e.signature.empty()) {
    block& state = blocks_.emplace_back();
    state.what = block::kind::redacted;
    state.text = std::string{call_signature_mark} + e.signature;
  }
  block& b = blocks_.emplace_back();
  b.what = block::kind::tool;
  b.id = e.id.empty() ? "toolu_" + id_.substr(0, 40) + '_' + std::to_string(e.index) : e.id;
  b.name = e.name;
  b.call = e.index;
  ++calls_;
  return true;
}

bool content::on(const tool_arguments_delta& e) {
  if (e.choice != 0) return true;
  const auto of_call = [&](const block& b) { return b.what == block::kind::tool && b.call == e.index; };
  const auto found = std::ranges::find_if(blocks_, of_call);
  if (found == blocks_.end()) return true;  // of a call that has not begun: no reader makes such
  found->text += e.piece;
  found->arguments.feed(e.piece);
  return true;
}

bool content::on(const citation& e) {
  if (e.choice != 0) return true;
  const auto is_text = [](const block& b) { return b.what == block::kind::text; };
  const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(), is_text);
  if (found != blocks_.rend()) found->citations.push_back(e);
  return true;
}

bool content::on(const image_made& e) {
  if (e.choice != 0) return true;
  const std::string address = e.url.empty() ? "data:" + e.media_type + ";base64," + e.data : e.url;
  return on(text_delta{0, "![image](" + address + ")"});
}

bool content::on(const audio_delta& e) { return on(text_delta{e.choice, e.transcript}); }

std::string input_object(std::string_view arguments) {
  if (arguments.find_first_not_of(" \t\r\n") == std::string_view::npos) return "{}";
  const auto doc = json::document::parse(arguments, json::limits::of_answers());
  if (doc && doc->root().is_object()) return std::string{arguments};
  std::string out;
  json::writer{out}.begin_object().field("unreadable_arguments", arguments).end_object();
  return out;
}

}  // namespace naru::dialects::anthropic_messages
