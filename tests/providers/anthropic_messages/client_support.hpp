#pragma once
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "tests/support/canonical_json.hpp"
#include "tests/support/transcripts.hpp"

/// What the tests of the client's end share: bodies as requests, and everything as text that can be compared.
namespace naru::test {

/// A request with the body that it keeps views into.
struct held_request {
  json::document doc;
  chat_request request;
};

inline json::document parsed(std::string_view text) {
  auto doc = json::document::parse(text);
  if (!doc) FAIL(doc.error().message + ": " + std::string{text});
  return std::move(*doc);
}

inline held_request read_body(std::string_view body, const dialects::addressed& to = {},
                              const dialects::client_dialect& form = dialects::anthropic_messages::client()) {
  held_request out{parsed(body), {}};
  auto r = form.read_request(out.doc, to);
  if (!r) FAIL(r.error().message + ": " + std::string{body});
  out.request = std::move(*r);
  return out;
}

/// The field that a body is refused for, which its message must begin with.
inline std::string refused_place(std::string_view body, const dialects::client_dialect& form = dialects::anthropic_messages::client()) {
  const auto doc = parsed(body);
  const auto r = form.read_request(doc, {});
  if (r) return "(taken)";
  CHECK(r.error().code == error_code::bad_request);
  CHECK(r.error().message.starts_with(r.error().field));
  return r.error().field;
}

/// A body of one user message with this content (JSON text).
inline std::string body_with(std::string_view content, std::string_view role = "user") {
  return fmt::format(R"({{"model":"m","max_tokens":9,"messages":[{{"role":"{}","content":{}}}]}})", role, content);
}

struct part_words {
  std::string operator()(const text_part& p) const { return fmt::format("text({}|{})", p.text, p.cache); }
  std::string operator()(const refusal_part& p) const { return fmt::format("refusal({})", p.text); }
  std::string operator()(const image_part& p) const { return fmt::format("image({}|{}|{}|{})", p.url, p.media_type, p.data, p.cache); }
  std::string operator()(const audio_part& p) const { return fmt::format("audio({})", p.data); }
  std::string operator()(const file_part& p) const {
    return fmt::format("file({}|{}|{}|{}|{}|{}|{})", p.id, p.filename, p.media_type, p.data, p.url,
                       p.citations ? (*p.citations ? "cited" : "uncited") : "", p.cache);
  }
  std::string operator()(const reasoning_part& p) const {
    return fmt::format("{}({}|{})", p.redacted ? "redacted" : "thinking", p.text, p.signature);
  }
};

inline std::string words(const message& m) {
  constexpr std::string_view roles[] = {"system", "developer", "user", "assistant", "tool"};
  std::string out{roles[static_cast<std::size_t>(m.role)]};
  if (m.role == role::tool) out += fmt::format("[{}{}{}]", m.tool_call_id, m.tool_error ? " failed" : "", m.cache.empty() ? "" : " marked");
  for (const auto& p : m.parts) out += ' ' + std::visit(part_words{}, p);
  for (const auto& c : m.calls)
    out += fmt::format(" call({}|{}|{}|{}|{})", c.id, c.name, canonical(c.arguments.empty() ? "{}" : c.arguments), c.signature, c.cache);
  return out;
}

inline std::vector<std::string> words(const std::vector<message>& messages) {
  std::vector<std::string> out;
  for (const auto& m : messages) out.push_back(words(m));
  return out;
}

template <class T>
std::string maybe(const std::optional<T>& v) {
  return v ? fmt::format("{}", *v) : "-";
}
inline std::string maybe(const std::optional<json::value>& v) { return v ? canonical(*v) : "-"; }

/// Everything in a request, one line a field.
inline std::string words(const chat_request& r) {
  std::string out = fmt::format("{} {}\n", to_string(r.kind), r.model);
  for (const auto& m : r.messages) out += words(m) + '\n';
  for (const auto& t : r.tools)
    out += fmt::format("tool {}|{}|{}|{}|{}\n", t.name, t.description, maybe(t.parameters), maybe(t.strict), t.cache);
  out += fmt::format("choice {} {} parallel {}\n", static_cast<int>(r.tool_choice.how), r.tool_choice.name, maybe(r.parallel_tool_calls));
  out += fmt::format("format {} {}\n", static_cast<int>(r.response_format.what), maybe(r.response_format.schema));
  out += fmt::format("max {} t {} p {} k {}", maybe(r.max_output_tokens), maybe(r.temperature), maybe(r.top_p), maybe(r.top_k));
  for (const auto& s : r.stop) out += fmt::format(" stop {}", s);
  out += fmt::format("\neffort {} thinking {} {} {}\n", r.reasoning_effort, static_cast<int>(r.thinking.how), maybe(r.thinking.budget),
                     maybe(r.thinking.shown));
  out += fmt::format("user {} tier {} stream {}\n", r.user, r.service_tier, r.stream);
  for (const auto& h : r.headers) out += fmt::format("header {}: {}\n", h.name, h.value);
  for (const auto& e : r.extra) out += fmt::format("extra {} {}\n", e.name, canonical(e.value));
  return out;
}

/// One line an event; what a stream cuts into pieces is joined, and what shows only that a vendor lives is left out.
inline std::string words(const std::vector<event>& events) {
  std::string out, text, thought;
  std::vector<std::string> arguments;
  const auto flush = [&] {
    if (!text.empty()) out += "text " + text + '\n';
    if (!thought.empty()) out += "thought " + thought + '\n';
    text.clear(), thought.clear();
  };
  std::optional<usage> used;
  for (const event& e : events) {
    if (const auto* t = std::get_if<text_delta>(&e)) {
      if (!thought.empty()) flush();
      text += t->text;
      continue;
    }
    if (const auto* r = std::get_if<reasoning_delta>(&e); r != nullptr && !r->redacted) {
      if (!text.empty()) flush();
      thought += r->text;
      if (r->signature.empty()) continue;
      out += fmt::format("thought {} signed {}\n", std::exchange(thought, {}), r->signature);
      continue;
    }
    if (const auto* a = std::get_if<tool_arguments_delta>(&e)) {
      arguments.at(a->index) += a->piece;
      continue;
    }
    if (const auto* u = std::get_if<usage_report>(&e)) {
      used = u->usage;
      continue;
    }
    if (std::holds_alternative<keep_alive>(e)) continue;
    flush();
    if (const auto* s = std::get_if<answer_start>(&e)) out += fmt::format("start {} {}\n", s->id, s->model);
    if (const auto* r = std::get_if<reasoning_delta>(&e)) out += fmt::format("redacted {}\n", r->signature);
    if (const auto* r = std::get_if<refusal_delta>(&e)) out += fmt::format("refusal {}\n", r->text);
    if (const auto* c = std::get_if<tool_call_start>(&e)) {
      arguments.emplace_back();
      out += fmt::format("call {} {} {}\n", c->id, c->name, c->signature);
    }
    if (const auto* c = std::get_if<citation>(&e)) {
      out += fmt::format("citation {}|{}|{}|{}|{}-{}\n", c->url, c->title, c->quoted, c->document, c->begin, c->end);
    }
    if (const auto* f = std::get_if<finished>(&e)) {
      out += fmt::format("finished {} {} {}\n", to_string(f->reason), f->vendor_reason, f->stop_sequence);
    }
    if (const auto* f = std::get_if<answer_failed>(&e)) out += fmt::format("failed {} {}\n", f->failure.type, f->failure.message);
  }
  flush();
  for (const auto& a : arguments) out += "arguments " + canonical(a.empty() ? "{}" : std::string_view{a}) + '\n';
  if (used) {
    out += fmt::format("used {}/{}/{}/{} {}/{} {}{}\n", used->input.value, used->cached.value, used->cache_write.value,
                       used->cache_write_long.value, used->output.value, used->reasoning.value, used->tier,
                       used->estimated ? " estimated" : "");
  }
  return out;
}

/// What the client's writer makes of events: the bytes of a stream with its end.
inline std::string streamed(const std::vector<event>& events) {
  chat_request asked;
  asked.model = "asked";
  const auto w = dialects::anthropic_messages::client().make_stream_writer(asked, "msg_fallback", 7);
  std::string out;
  for (const event& e : events) w->write(e, out);
  w->finish(out);
  return out;
}

inline std::string answered(const std::vector<event>& events) {
  chat_request asked;
  asked.model = "asked";
  return dialects::anthropic_messages::client().write_answer(asked, events, "msg_fallback", 7);
}

}  // namespace naru::test
