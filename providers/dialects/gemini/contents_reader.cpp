#include <fmt/format.h>

#include <deque>
#include <map>
#include <set>

#include "providers/dialects/foreign.hpp"
#include "providers/dialects/gemini/request_reader.hpp"
#include "providers/dialects/gemini/words.hpp"

namespace naru::dialects::gemini {
namespace {

/// Contents to messages. One content may become several (each functionResponse is a message of its own), and the contents that a model
/// wrote in a row become one: clients keep every frame of a stream as a content.
class conversation_reader {
 public:
  explicit conversation_reader(reading& in) : in_(in) {}

  void read(const place& at, json::value v) {
    each_element(in_.faults, at, v, "an array of contents", [&](const place& here, json::value one, std::size_t) { content(here, one); });
    end_thought();
  }

 private:
  [[nodiscard]] std::vector<message>& messages() { return in_.request.messages; }
  [[nodiscard]] std::string last_message() { return message_path(messages().size() - 1); }

  void content(const place& at, json::value v) {
    const auto o = in_.faults.object(at, v, "a content, an object with role and parts");
    if (!o) return;
    members m{in_.faults, &at, *o};
    const bool by_model = read_role(m);
    const auto parts = m.take("parts");
    if (!in_.faults.ok()) return;
    in_.keep_left(m);
    if (!by_model) end_thought();
    fresh_ = true;
    if (!parts) return;  // an answer that was cut before it said anything, sent back
    each_element(in_.faults, m.at("parts"), *parts, "an array of parts",
                 [&](const place& here, json::value one, std::size_t) { by_model ? model_part(here, one) : user_part(here, one); });
  }

  /// `function` and `tool` are older words for the side that answers calls.
  bool read_role(members& m) {
    const auto v = m.take("role");
    if (!v) return false;
    const auto word = in_.faults.string(m.at("role"), *v, "user or model");
    if (word == "model") return true;
    if (in_.faults.ok() && !word.empty() && word != "user" && word != "function" && word != "tool") {
      in_.faults.refuse_word(m.at("role"), "user or model");
    }
    return false;
  }

  /// The message that a part of this side goes into. User parts of one content that follow one another share one.
  message& open(role who, const place& at) {
    const bool same = !messages().empty() && messages().back().role == who && (who == role::assistant || !fresh_);
    if (!same) {
      messages().emplace_back().role = who;
      if (in_.origins != nullptr) in_.note(last_message(), at);
    }
    fresh_ = false;
    return messages().back();
  }
  void add(role who, part p, const place& at) {
    message& m = open(who, at);
    if (in_.origins != nullptr) in_.note(part_path(messages().size() - 1, m.parts.size()), at);
    m.parts.push_back(p);
  }

  void user_part(const place& at, json::value v) {
    const auto o = in_.faults.object(at, v, "a part, an object");
    if (!o) return;
    members m{in_.faults, &at, *o};
    const part_kind kind = kind_of(m);
    m.skip({"thoughtSignature", "thought"});
    if (!in_.faults.ok()) return;
    if (kind.name == "functionResponse") {
      result_part(m.at("functionResponse"), kind.value);
    } else if (kind.name == "text") {
      add(role::user, text_part{in_.faults.string(m.at("text"), kind.value)}, at);
    } else if (kind.name.empty() || kind.name == "functionCall") {
      return in_.keep_extra(at, v);
    } else if (const auto media = read_media(in_, at, kind)) {
      add(role::user, *media, at);
    } else if (in_.faults.ok()) {
      return in_.keep_extra(at, v);
    }
    if (in_.faults.ok()) in_.keep_left(m);
  }

  void model_part(const place& at, json::value v) {
    const auto o = in_.faults.object(at, v, "a part, an object");
    if (!o) return;
    members m{in_.faults, &at, *o};
    const part_kind kind = kind_of(m);
    bool thought = false;
    if (const auto flag = m.take("thought")) thought = in_.faults.boolean(m.at("thought"), *flag).value_or(false);
    std::string_view signature;
    if (const auto given = m.take("thoughtSignature")) signature = in_.faults.string(m.at("thoughtSignature"), *given);
    if (!in_.faults.ok()) return;
    if (kind.name == "text") {
      const auto text = in_.faults.string(m.at("text"), kind.value);
      if (!thought) end_thought();
      // Words may be signed too: that is for their own vendor alone, which wants it back and can do without (see content.cpp).
      thought ? think(text, signature, at) : say(text, at);
    } else if (kind.name == "functionCall") {
      end_thought();
      call_part(m.at("functionCall"), at, kind.value, signature);
    } else if (kind.name.empty() && thought) {
      think({}, signature, at);
    } else {
      return in_.keep_extra(at, v);  // pictures and sound of an answer, code that ran: no other form takes them back
    }
    if (in_.faults.ok()) in_.keep_left(m);
  }

  void say(std::string_view text, const place& at) {
    if (!text.empty()) add(role::assistant, text_part{text}, at);
  }

  /// A stream's pieces of one thought come back as parts in a row, the last of them with the signature: they are one again here.
  void think(std::string_view text, std::string_view signature, const place& at) {
    if (signature.starts_with(redacted_mark)) {
      end_thought();
      add(role::assistant, reasoning_part{{}, signature.substr(redacted_mark.size()), true}, at);
      return;
    }
    if (!thinking_) {
      add(role::assistant, reasoning_part{}, at);
      thinking_ = true;
    }
    thought_ += text;
    if (signature.empty()) return;
    std::get<reasoning_part>(messages().back().parts.back()).signature = signature;
    end_thought();
  }
  void end_thought() {
    if (!thinking_) return;
    std::get<reasoning_part>(messages().back().parts.back()).text = keep(in_.request, std::move(thought_));
    thought_.clear();
    thinking_ = false;
  }

  void call_part(const place& at, const place& part, json::value v, std::string_view signature) {
    const auto o = in_.faults.object(at, v, "an object with name and args");
    if (!o) return;
    members m{in_.faults, &at, *o};
    tool_call call;
    call.signature = signature;
    if (const auto name = m.take("name")) call.name = in_.faults.word(m.at("name"), *name, "the name of a function, a string");
    if (call.name.empty()) in_.faults.missing(m.at("name"), "the name of a function");
    if (const auto id = m.take("id")) call.id = in_.faults.string(m.at("id"), *id);
    if (const auto args = m.take("args"); args && in_.faults.object(m.at("args"), *args, "an object")) {
      call.arguments = keep(in_.request, json::to_text(*args));
    }
    if (!in_.faults.ok()) return;
    in_.keep_left(m);
    // Other forms answer calls by id. The number makes it one over the whole conversation, and the same each time the body is read.
    if (call.id.empty()) call.id = keep(in_.request, fmt::format("call_{}", calls_seen_));
    ++calls_seen_;
    waiting_[call.name].push_back(call.id);
    message& to = open(role::assistant, part);
    if (in_.origins != nullptr) in_.note(fmt::format("{}.tool_calls[{}]", last_message(), to.calls.size()), at);
    to.calls.push_back(call);
  }

  /// The call that a response without an id answers: the first of its name that nothing answered yet.
  std::string_view waiting_call(std::string_view name) {
    const auto found = waiting_.find(name);
    if (found == waiting_.end()) return {};
    auto& ids = found->second;
    while (!ids.empty()) {
      const auto id = ids.front();
      ids.pop_front();
      if (answered_.insert(id).second) return id;
    }
    return {};
  }

  void result_part(const place& at, json::value v) {
    const auto o = in_.faults.object(at, v, "an object with name and response");
    if (!o) return;
    members m{in_.faults, &at, *o};
    message result;
    result.role = role::tool;
    if (const auto name = m.take("name")) result.name = in_.faults.string(m.at("name"), *name);
    if (const auto id = m.take("id")) result.tool_call_id = in_.faults.string(m.at("id"), *id);
    if (result.name.empty() && result.tool_call_id.empty()) in_.faults.missing(m.at("name"), "the name of the function that answers");
    if (const auto response = m.take("response")) read_response(m.at("response"), *response, result);
    const auto parts = m.take("parts");
    if (!in_.faults.ok()) return;
    if (result.tool_call_id.empty()) {
      result.tool_call_id = waiting_call(result.name);
    } else {
      answered_.insert(result.tool_call_id);
    }
    messages().push_back(std::move(result));
    if (in_.origins != nullptr) {
      in_.note(last_message(), at);
      in_.note(part_path(messages().size() - 1, 0), m.at("response"));
    }
    if (parts) read_result_media(m.at("parts"), *parts);
    if (in_.faults.ok()) in_.keep_left(m);
    fresh_ = true;  // what follows in this content is a message of its own
  }

  /// By Google's convention `output` alone is the result, `error` alone a failure; any other object is the result itself.
  void read_response(const place& at, json::value v, message& result) {
    const auto o = in_.faults.object(at, v);
    if (!o) return;
    std::string_view text;
    const bool one = o->size() == 1;
    const auto only = one ? std::optional{*o->begin()} : std::nullopt;
    result.tool_error = only && only->key == "error";
    if (only && (only->key == "output" || only->key == "error")) {
      if (only->value.get(text) != simdjson::SUCCESS) text = keep(in_.request, json::to_text(only->value));
    } else {
      text = keep(in_.request, json::to_text(v));
    }
    result.parts.emplace_back(text_part{text});
  }

  void read_result_media(const place& at, json::value v) {
    each_element(in_.faults, at, v, "an array of parts", [&](const place& here, json::value one, std::size_t) {
      const auto o = in_.faults.object(here, one, "a part, an object");
      if (!o) return;
      members m{in_.faults, &here, *o};
      const part_kind kind = kind_of(m);
      const bool media = kind.name == "inlineData" || kind.name == "fileData";
      const auto read = media ? read_media(in_, here, kind) : std::nullopt;
      if (!read && in_.faults.ok()) return in_.keep_extra(here, one);
      if (!read) return;
      if (in_.origins != nullptr) in_.note(part_path(messages().size() - 1, messages().back().parts.size()), here);
      messages().back().parts.push_back(*read);
      in_.keep_left(m);
    });
  }

  reading& in_;
  bool fresh_ = true;  ///< the next part begins a content
  bool thinking_ = false;
  std::string thought_;
  std::size_t calls_seen_ = 0;
  std::map<std::string_view, std::deque<std::string_view>> waiting_;  ///< ids of the calls of a name, in order
  std::set<std::string_view> answered_;
};

}  // namespace

void read_contents(reading& in, const place& at, json::value v) {
  if (const auto list = in.faults.array(at, v, "an array of contents"); list && list->size() == 0) {
    in.faults.refuse_rule(at, "want at least one content, got none");
  }
  if (in.faults.ok()) conversation_reader{in}.read(at, v);
}

void read_system(reading& in, const place& at, json::value v) {
  const auto o = in.faults.object(at, v, "a content, an object with parts");
  if (!o) return;
  members m{in.faults, &at, *o};
  m.skip({"role"});
  const auto parts = m.take("parts");
  if (!in.faults.ok()) return;
  in.keep_left(m);
  message system;
  system.role = role::system;
  if (!parts) return;
  each_element(in.faults, m.at("parts"), *parts, "an array of parts", [&](const place& here, json::value one, std::size_t) {
    const auto part_object = in.faults.object(here, one, "a part, an object");
    if (!part_object) return;
    members part{in.faults, &here, *part_object};
    const part_kind kind = kind_of(part);
    if (in.faults.ok() && kind.name != "text") return in.keep_extra(here, one);
    if (!in.faults.ok()) return;
    if (in.origins != nullptr) in.note(part_path(in.request.messages.size(), system.parts.size()), here);
    system.parts.emplace_back(text_part{in.faults.string(part.at("text"), kind.value)});
    in.keep_left(part);
  });
  if (system.parts.empty()) return;
  if (in.origins != nullptr) in.note(message_path(in.request.messages.size()), at);
  in.request.messages.push_back(std::move(system));
}

}  // namespace naru::dialects::gemini
