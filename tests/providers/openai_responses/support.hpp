#pragma once
#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "providers/dialects/openai_responses/openai_responses.hpp"
#include "tests/support/sse_frames.hpp"

/// What the tests of the Responses form share.
namespace naru::test {

struct held_request {
  json::document doc;
  chat_request request;
};

inline held_request read_body(const dialects::client_dialect& form, std::string_view body) {
  INFO("body: " << body);
  auto doc = json::document::parse(body);
  if (!doc) FAIL(doc.error().message);
  held_request out{std::move(*doc), {}};
  auto r = form.read_request(out.doc);
  if (!r) FAIL(r.error().message);
  out.request = std::move(*r);
  return out;
}
inline held_request read_body(std::string_view body) { return read_body(dialects::openai_responses::client(), body); }

/// The field of the error for a body that must be refused.
inline std::string refused_place(const dialects::client_dialect& form, std::string_view body) {
  INFO("body: " << body);
  const auto doc = json::document::parse(body);
  if (!doc) FAIL(doc.error().message);
  const auto r = form.read_request(*doc);
  if (r) return "accepted";
  CHECK(r.error().code == error_code::bad_request);
  return r.error().field;
}

inline std::string extras_of(const chat_request& r) {
  std::string out;
  for (const auto& e : r.extra) out += std::string{e.name} + '=' + json::to_text(e.value) + '\n';
  return out;
}

/// One line a message.
inline std::string messages_of(const chat_request& r) {
  std::string out;
  for (const auto& m : r.messages) {
    constexpr std::string_view roles[] = {"system", "developer", "user", "assistant", "tool"};
    out += roles[static_cast<std::size_t>(m.role)];
    if (!m.tool_call_id.empty()) out += " answers " + std::string{m.tool_call_id};
    for (const auto& p : m.parts) {
      if (const auto* t = std::get_if<text_part>(&p)) out += " text(" + std::string{t->text} + ')';
      if (const auto* t = std::get_if<refusal_part>(&p)) out += " refusal(" + std::string{t->text} + ')';
      if (const auto* i = std::get_if<image_part>(&p)) {
        out += " image(" + std::string{i->url} + '|' + std::string{i->media_type} + '|' + std::string{i->data} + '|' +
               std::string{i->detail} + ')';
      }
      if (const auto* f = std::get_if<file_part>(&p)) {
        out += " file(" + std::string{f->id} + '|' + std::string{f->url} + '|' + std::string{f->media_type} + '|' + std::string{f->data} +
               '|' + std::string{f->filename} + ')';
      }
      if (const auto* a = std::get_if<audio_part>(&p)) out += " audio(" + std::string{a->data} + '|' + std::string{a->format} + ')';
      if (const auto* t = std::get_if<reasoning_part>(&p)) {
        out += " reasoning(" + std::string{t->text} + '|' + std::string{t->signature} + (t->redacted ? "|redacted)" : ")");
      }
    }
    for (const auto& c : m.calls) {
      out +=
          " call(" + std::string{c.id} + '|' + std::string{c.name} + '|' + std::string{c.arguments} + '|' + std::string{c.signature} + ')';
    }
    out += '\n';
  }
  return out;
}

/// The official SDKs' view of a stream: what must hold of every stream of this form, and the output that its events amount to.
class stream_watch {
 public:
  /// The first rule that was broken; empty: none.
  std::string broken;
  std::string last_type;
  std::string last_response;  ///< JSON of the last event's response

  void feed(std::string_view bytes) {
    sse_frames framer;
    for (const auto& f : framer.feed(bytes)) frame(f);
  }

 private:
  struct part {
    std::string type, text;
    std::size_t annotations = 0;
    bool texted = false, done = false;
  };
  struct item {
    std::string id, type, text;
    std::vector<part> parts;
    bool summary = false, summary_texted = false, summary_done = false, arguments_done = false, done = false;
  };

  void rule(bool kept, const std::string& what) {
    if (!kept && broken.empty()) broken = what + " at " + std::to_string(next_ - 1) + " (" + last_type + ')';
  }
  static std::string text(json::object o, std::string_view key) { return std::string{json::get_string(o, key).value_or("")}; }

  void frame(const sse_frame& f) {
    const auto doc = json::document::parse(f.data);
    json::object o;
    if (!doc || doc->root().get(o) != simdjson::SUCCESS) return rule(false, "no JSON object: " + f.data);
    last_type = text(o, "type");
    rule(json::get_uint(o, "sequence_number") == next_++, "the number does not rise by one");
    rule(f.event == last_type, "the event's line is not its type");
    rule(!ended_, "an event after the end");
    if (const auto response = json::find(o, "response")) return lifecycle(o, *response);
    rule(next_ > 2, "an item before response.in_progress");
    const auto index = json::get_uint(o, "output_index");
    if (!index) return rule(false, "no output_index");
    if (last_type == "response.output_item.added") return added(o, *index);
    if (*index >= items_.size()) return rule(false, "an item that was never added");
    item& now = items_[*index];
    rule(!now.done, "an event of an item that is done");
    if (last_type == "response.output_item.done") return done(o, now);
    rule(text(o, "item_id") == now.id, "another item's id");
    if (const auto content = json::get_uint(o, "content_index")) return of_part(o, now, *content);
    if (json::get_uint(o, "summary_index")) return of_summary(o, now);
    rule(now.type == "function_call", "arguments of what is no call");
    if (last_type == "response.function_call_arguments.delta") {
      rule(!now.arguments_done, "arguments after their end");
      now.text += text(o, "delta");
    } else if (last_type == "response.function_call_arguments.done") {
      now.arguments_done = true;
      rule(text(o, "arguments") == now.text, "the arguments are not their pieces");
    } else {
      rule(false, "an unknown event");
    }
  }

  void lifecycle(json::object, json::value response) {
    last_response = json::to_text(response);
    if (next_ == 1) return rule(last_type == "response.created", "the first is not response.created");
    if (next_ == 2) return rule(last_type == "response.in_progress", "the second is not response.in_progress");
    ended_ = true;
    if (last_type == "response.failed") return;
    rule(last_type == "response.completed" || last_type == "response.incomplete", "another end");
    for (const auto& i : items_) rule(i.done, "an item is open at the end");
    json::object o = response.get_object().value_unsafe();
    const auto output = json::get_array(o, "output");
    rule(output && output->size() == items_.size(), "the response has other items than were told");
    const auto counts = json::get_object(o, "usage");
    rule(counts && json::get_uint(*counts, "input_tokens") && json::get_uint(*counts, "output_tokens") &&
             json::get_uint(*counts, "total_tokens"),
         "no usage");
    if (!output) return;
    std::size_t k = 0;
    for (const json::value v : *output) {
      rule(k < items_.size() && text(v.get_object().value_unsafe(), "id") == items_[k].id, "the response has another item");
      ++k;
    }
  }

  void added(json::object o, std::uint64_t index) {
    const auto given = json::get_object(o, "item");
    rule(index == items_.size(), "the index of a new item is not the next");
    if (!given) return rule(false, "no item");
    items_.push_back({text(*given, "id"), text(*given, "type"), {}, {}});
    rule(!items_.back().id.empty() && !items_.back().type.empty(), "an item without id or type");
  }

  void done(json::object o, item& now) {
    now.done = true;
    const auto given = json::get_object(o, "item");
    if (!given) return rule(false, "no item");
    rule(text(*given, "id") == now.id, "another item's id");
    if (now.type == "function_call") {
      rule(now.arguments_done && text(*given, "arguments") == now.text, "a call that is done without its arguments");
      rule(!text(*given, "call_id").empty(), "a call without an id");
    }
    if (now.type == "message") {
      for (const auto& p : now.parts) rule(p.done, "a part is open when its item is done");
      const auto content = json::get_array(*given, "content");
      rule(content && content->size() == now.parts.size() && !now.parts.empty(), "other parts than were told");
    }
    if (now.type == "reasoning") {
      rule(!now.summary || now.summary_done, "a summary is open when its item is done");
      const auto summary = json::get_array(*given, "summary");
      rule(summary && summary->size() == (now.summary ? 1 : 0), "another summary than was told");
    }
  }

  void of_part(json::object o, item& now, std::uint64_t index) {
    rule(now.type == "message", "a part of what is no message");
    if (last_type == "response.content_part.added") {
      rule(index == now.parts.size(), "the index of a new part is not the next");
      for (const auto& p : now.parts) rule(p.done, "a part begins while another is open");
      const auto given = json::get_object(o, "part");
      return now.parts.push_back({given ? text(*given, "type") : "", {}});
    }
    if (index >= now.parts.size()) return rule(false, "a part that was never added");
    part& p = now.parts[index];
    rule(!p.done, "an event of a part that is done");
    const bool refusal = p.type == "refusal";
    if (last_type == (refusal ? "response.refusal.delta" : "response.output_text.delta")) {
      rule(!p.texted, "text after its end");
      p.text += text(o, "delta");
    } else if (last_type == (refusal ? "response.refusal.done" : "response.output_text.done")) {
      p.texted = true;
      rule(text(o, refusal ? "refusal" : "text") == p.text, "the text is not its pieces");
    } else if (last_type == "response.output_text.annotation.added") {
      rule(json::get_uint(o, "annotation_index") == p.annotations++, "the index of a new annotation is not the next");
    } else if (last_type == "response.content_part.done") {
      p.done = true;
      const auto given = json::get_object(o, "part");
      rule(p.texted && given && text(*given, refusal ? "refusal" : "text") == p.text, "a part that is done without its text");
      const auto all = given ? json::get_array(*given, "annotations") : std::nullopt;
      rule((all ? all->size() : 0) == p.annotations, "other annotations than were told");
    } else {
      rule(false, "an unknown event");
    }
  }

  void of_summary(json::object o, item& now) {
    rule(now.type == "reasoning" && !now.summary_done, "a summary of what has none, or is done");
    if (last_type == "response.reasoning_summary_part.added") {
      rule(!now.summary, "two summaries");
      now.summary = true;
    } else if (last_type == "response.reasoning_summary_text.delta") {
      rule(now.summary && !now.summary_texted, "text outside of the summary");
      now.text += text(o, "delta");
    } else if (last_type == "response.reasoning_summary_text.done") {
      now.summary_texted = true;
      rule(text(o, "text") == now.text, "the summary is not its pieces");
    } else if (last_type == "response.reasoning_summary_part.done") {
      now.summary_done = true;
      rule(now.summary_texted, "a summary that is done without its text");
    } else {
      rule(false, "an unknown event");
    }
  }

  std::vector<item> items_;
  std::uint64_t next_ = 0;
  bool ended_ = false;
};

}  // namespace naru::test
