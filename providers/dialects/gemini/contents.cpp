#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/request.hpp"

namespace naru::dialects::gemini {
namespace {

/// Google's documented stand-in for a signature that was lost or never was (a call that another model made, or whose signature the
/// client's SDK dropped): newer models refuse a call in the history without any. It is never used where a signature is at hand.
constexpr std::string_view stand_in_signature = "skip_thought_signature_validator";

struct known_call {
  std::string_view name;
  std::size_t order = 0;  // over the whole conversation
};
struct ordered_result {
  std::size_t order = 0;
  std::string json;
};
/// Consecutive messages of one side.
struct turn {
  bool model = false;
  std::vector<ordered_result> results;
  std::vector<std::string> parts;
};

class conversation {
 public:
  conversation(const chat_request& r, const target& t) : request_(r), wants_signatures_(is_third_generation(t)) {}

  result<void> read() {
    for (std::size_t i = 0; i < request_.messages.size(); ++i) {
      const message& m = request_.messages[i];
      if (is_system(m) || !says_something(m)) continue;
      turn& now = turn_of(m.role == role::assistant);
      if (auto ok = m.role == role::tool ? add_result(m, i, now) : add_message(m, i, now); !ok) return ok;
    }
    return {};
  }

  void write(json::writer& w) {
    w.key("contents").begin_array();
    for (auto& t : turns_) {
      if (t.results.empty() && t.parts.empty()) continue;
      w.begin_object().field("role", t.model ? "model" : "user").key("parts").begin_array();
      for (const auto& one : t.results) w.raw(one.json);
      for (const auto& part : t.parts) w.raw(part);
      w.end_array().end_object();
    }
    w.end_array();
  }

 private:
  turn& turn_of(bool model) {
    if (turns_.empty() || turns_.back().model != model) turns_.push_back({model, {}, {}});
    return turns_.back();
  }

  result<void> add_message(const message& m, std::size_t index, turn& now) {
    for (const auto& p : m.parts) {
      if (std::string part = content_part(p); !part.empty()) now.parts.push_back(std::move(part));
    }
    // Of parallel calls this vendor signs the first alone: where the first is signed the rest stay as they came.
    const bool unsigned_turn = wants_signatures_ && !m.calls.empty() && m.calls.front().signature.empty();
    for (std::size_t j = 0; j < m.calls.size(); ++j) {
      const auto args = arguments_object(m, index, j);
      if (!args) return fail(args.error());
      now.parts.push_back(function_call(m.calls[j], *args, unsigned_turn));
      calls_.insert_or_assign(m.calls[j].id, known_call{m.calls[j].name, ++calls_seen_});
    }
    return {};
  }

  static std::string function_call(const tool_call& call, std::string_view args, bool unsigned_turn) {
    std::string out;
    json::writer w(out);
    w.begin_object().key("functionCall").begin_object();
    if (!call.id.empty()) w.field("id", call.id);
    w.field("name", call.name).key("args").raw(args).end_object();
    if (!call.signature.empty()) {
      w.field("thoughtSignature", call.signature);
    } else if (unsigned_turn) {
      w.field("thoughtSignature", stand_in_signature);
    }
    w.end_object();
    return out;
  }

  /// The form wants the function's name beside a result, which OpenAI's names by the call's id alone.
  result<void> add_result(const message& m, std::size_t index, turn& now) {
    const auto call = calls_.find(m.tool_call_id);
    if (call == calls_.end() && m.name.empty()) {
      return naru::fail(error_code::bad_request, "want the id of a tool call that an earlier assistant message made",
                        message_path(index) + ".tool_call_id");
    }
    const known_call known = call == calls_.end() ? known_call{m.name, ++calls_seen_} : call->second;
    std::string out;
    json::writer w(out);
    w.begin_object().key("functionResponse").begin_object();
    if (!m.tool_call_id.empty()) w.field("id", m.tool_call_id);
    w.field("name", known.name).key("response");
    write_response(m, w);
    write_media(m, w);
    w.end_object().end_object();
    // Results of parallel calls must stand in the order of the calls; clients send them as they finish.
    const auto place = std::ranges::upper_bound(now.results, known.order, {}, &ordered_result::order);
    now.results.insert(place, {known.order, std::move(out)});
    return {};
  }

  /// `response` is an object: a result that is one already goes as it is, any other text under `output`, a failure under `error`.
  static void write_response(const message& m, json::writer& w) {
    std::string text;
    for (const auto& p : m.parts) {
      if (const auto* t = std::get_if<text_part>(&p)) text += t->text;
      if (const auto* t = std::get_if<refusal_part>(&p)) text += t->text;
    }
    if (!m.tool_error && trim_blank(text).starts_with('{')) {
      if (const auto doc = json::document::parse(text); doc && doc->root().is_object()) {
        w.raw(trim_blank(text));
        return;
      }
    }
    w.begin_object().field(m.tool_error ? "error" : "output", text).end_object();
  }

  /// What a tool shows beside its words; only newer models read it (see carry.cpp).
  static void write_media(const message& m, json::writer& w) {
    const auto is_media = [](const part& p) { return std::holds_alternative<image_part>(p) || std::holds_alternative<file_part>(p); };
    if (std::ranges::none_of(m.parts, is_media)) return;
    w.key("parts").begin_array();
    for (const auto& p : m.parts) {
      if (is_media(p)) w.raw(content_part(p));
    }
    w.end_array();
  }

  const chat_request& request_;
  bool wants_signatures_;
  std::vector<turn> turns_;
  std::map<std::string_view, known_call> calls_;
  std::size_t calls_seen_ = 0;
};

/// All system and developer messages, in order: the form knows none in mid-conversation.
void write_system(const chat_request& r, json::writer& w) {
  std::vector<std::string> parts;
  for (const auto& m : r.messages) {
    if (!is_system(m)) continue;
    for (const auto& p : m.parts) {
      if (std::string part = content_part(p); !part.empty()) parts.push_back(std::move(part));
    }
  }
  if (parts.empty()) return;
  w.key("systemInstruction").begin_object().key("parts").begin_array();
  for (const auto& part : parts) w.raw(part);
  w.end_array().end_object();
}

}  // namespace

result<void> write_contents(const chat_request& r, const target& t, json::writer& w) {
  conversation all(r, t);
  if (auto ok = all.read(); !ok) return ok;
  write_system(r, w);
  all.write(w);
  return {};
}

}  // namespace naru::dialects::gemini
