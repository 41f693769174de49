#include <algorithm>
#include <string>
#include <vector>

#include "providers/dialects/anthropic_messages/request.hpp"
#include "providers/dialects/anthropic_messages/shapes.hpp"

namespace naru::dialects::anthropic_messages {
namespace {

bool has_foreign_state(const chat_request& r) noexcept {
  return std::ranges::any_of(r.messages, [](const message& m) {
    const auto foreign_part = [](const part& p) {
      const auto* thought = std::get_if<reasoning_part>(&p);
      return thought != nullptr && is_foreign_state(thought->signature);
    };
    return std::ranges::any_of(m.calls, [](const tool_call& c) { return !c.signature.empty(); }) ||
           std::ranges::any_of(m.parts, foreign_part);
  });
}

bool is_foreign_block(json::value v) noexcept {
  json::object block;
  if (v.get(block) != simdjson::SUCCESS) return false;
  const auto type = json::get_string(block, "type");
  if (type == "thinking") return is_foreign_state(json::get_string(block, "signature").value_or(""));
  return type == "redacted_thinking" && is_foreign_state(json::get_string(block, "data").value_or(""));
}

/// A message with the blocks of `list` that this vendor takes; empty text when none is left.
std::string without_foreign(json::object m, json::array list) {
  std::string out;
  json::writer w{out};
  bool any = false;
  w.begin_object();
  for (const auto& one : m) {
    w.key(one.key);
    if (one.key != "content") {
      w.raw(json::to_text(one.value));
      continue;
    }
    w.begin_array();
    for (const json::value block : list) {
      if (is_foreign_block(block)) continue;
      any = true;
      w.raw(json::to_text(block));
    }
    w.end_array();
  }
  w.end_object();
  return any ? out : std::string{};
}

void write_messages_cleaned(json::value messages, json::writer& w) {
  w.begin_array();
  for (const json::value one : messages.get_array().value_unsafe()) {
    const auto m = one.get_object().value_unsafe();
    const auto list = json::get_array(m, "content");
    if (!list || std::ranges::none_of(*list, is_foreign_block)) {
      w.raw(json::to_text(one));
    } else if (const std::string left = without_foreign(m, *list); !left.empty()) {
      w.raw(left);
    }
  }
  w.end_array();
}

/// The body anew, field by field: the same values, without what this vendor refuses.
std::optional<std::string> rewritten(std::string_view body, std::string_view model) {
  const auto doc = json::document::parse(body);
  if (!doc || !doc->root().is_object()) return std::nullopt;
  std::string out;
  json::writer w{out};
  w.begin_object();
  for (const auto& one : doc->root().get_object().value_unsafe()) {
    w.key(one.key);
    if (one.key == "model")
      w.string(model);
    else if (one.key == "messages")
      write_messages_cleaned(one.value, w);
    else
      w.raw(json::to_text(one.value));
  }
  w.end_object();
  return out;
}

}  // namespace

/// A key spelled with an escape is not found by its bytes: `"mod\u0065l"` would stand beside the model that is spliced in.
std::optional<wire_request> splice_request(std::string_view body, const chat_request& r, const target& t) {
  wire_request out{std::string{path_of(r.kind)}, headers_of(r), {}, {}};
  const auto fields = json::list_fields(body);
  const bool escaped = std::ranges::any_of(fields, [](const json::field& f) { return f.key.find('\\') != std::string_view::npos; });
  if (escaped || has_foreign_state(r)) {
    auto text = rewritten(body, t.model);
    if (!text) return std::nullopt;
    out.body = std::move(*text);
    return out;
  }
  out.spliced.own.push_back(json::quoted(t.model));
  const std::pair<std::string_view, std::string_view> model{"model", out.spliced.own.front()};
  out.spliced.views = json::splice_views(body, {fields.data(), fields.size()}, {&model, 1}, {});
  return out;
}

}  // namespace naru::dialects::anthropic_messages
