#include <algorithm>
#include <array>

#include "providers/dialects/openai_chat/extras.hpp"
#include "providers/dialects/openai_chat/request_reader.hpp"

namespace naru::dialects::openai_chat {
namespace {

constexpr std::string_view wanted_role = "one of system, developer, user, assistant, tool";

/// The role; `function` is the older word for `tool`. nullopt: refused.
std::optional<role> read_role(strict& s, const place& at, json::value v) {
  struct named {
    std::string_view name;
    role value;
  };
  constexpr std::array names{named{"system", role::system},       named{"developer", role::developer}, named{"user", role::user},
                             named{"assistant", role::assistant}, named{"tool", role::tool},           named{"function", role::tool}};
  const auto word = s.string(at, v, wanted_role);
  if (!s.ok()) return std::nullopt;
  const auto* found = std::ranges::find(names, word, &named::name);
  if (found != names.end()) return found->value;
  s.refuse_word(at, wanted_role);
  return std::nullopt;
}

void read_content(strict& s, const place& at, json::value v, message& m, chat_request& r) {
  if (v.is_string()) {
    if (const auto text = s.string(at, v); !text.empty()) m.parts.emplace_back(text_part{text});
    return;
  }
  const auto list = s.array(at, v, "a string or an array of parts");
  if (!list) return;
  std::size_t index = 0;  // an empty array is no content at all: Cursor sends it
  for (const json::value item : *list) {
    const place here{at, index++};
    read_part(s, here, item, m.role, m, r);
    if (!s.ok()) return;
  }
}

/// extra_content.google.thought_signature: where Google's own OpenAI-compatible end puts a call's signature, and clients send it back.
std::string_view read_signature(strict& s, const place& at, json::object call, chat_request& r) {
  const auto extra = member(call, "extra_content");
  if (!extra) return {};
  const place here{at, "extra_content"};
  const auto o = s.object(here, *extra);
  if (o) keep_unknown(*o, {"google"}, extras::call_member, r);
  const auto google = o ? member(*o, "google") : std::nullopt;
  if (!google) return {};
  const place inner{here, "google"};
  const auto g = s.object(inner, *google);
  if (g) keep_unknown(*g, {"thought_signature"}, extras::call_member, r);
  const auto signature = g ? member(*g, "thought_signature") : std::nullopt;
  return signature ? s.string(place{inner, "thought_signature"}, *signature) : std::string_view{};
}

/// @pre `call` has a `function` object
void read_function_call(strict& s, const place& at, json::object function, tool_call& out, chat_request& r) {
  if (const auto name = s.required(at, function, "name", "the name of a function, a string")) {
    out.name = s.word(place{at, "name"}, *name);
  }
  if (const auto arguments = member(function, "arguments")) {
    out.arguments = s.string(place{at, "arguments"}, *arguments, "JSON text in a string");
  }
  keep_unknown(function, {"name", "arguments"}, extras::call_member, r);
}

void read_call(strict& s, const place& at, json::value v, message& m, chat_request& r) {
  const auto o = s.object(at, v, "an object with id, type and function");
  if (!o) return;
  if (const auto type = json::get_string(*o, "type"); type == "custom") {
    r.extra.push_back({extras::custom_call, v});
    return;
  } else if (const auto given = member(*o, "type"); given && type != "function") {
    if (!type) return s.refuse(place{at, "type"}, "\"function\" or \"custom\"", *given);
    return s.refuse_word(place{at, "type"}, "\"function\" or \"custom\"");
  }
  tool_call call;
  if (const auto id = s.required(at, *o, "id", "the call's id, a string")) call.id = s.word(place{at, "id"}, *id);
  if (const auto function = s.required(at, *o, "function", "an object with name and arguments")) {
    const place here{at, "function"};
    if (const auto f = s.object(here, *function)) read_function_call(s, here, *f, call, r);
  }
  call.signature = read_signature(s, at, *o, r);
  // `index` is left over in clients that glue a stream's pieces together.
  keep_unknown(*o, {"id", "type", "function", "extra_content", "index"}, extras::call_member, r);
  m.calls.push_back(call);
}

void read_calls(strict& s, const place& at, json::value v, message& m, chat_request& r) {
  const auto list = s.array(at, v);
  if (!list) return;
  std::size_t index = 0;
  for (const json::value item : *list) {
    const place here{at, index++};
    read_call(s, here, item, m, r);
    if (!s.ok()) return;
  }
}

/// The older form: one call without an id. Its name takes the id's place, and `function` messages answer by name.
void read_legacy_call(strict& s, const place& at, json::value v, message& m, chat_request& r) {
  const auto o = s.object(at, v);
  if (!o) return;
  tool_call call;
  read_function_call(s, at, *o, call, r);
  call.id = call.name;
  m.calls.push_back(call);
}

void read_assistant(strict& s, const place& at, json::object o, message& m, chat_request& r) {
  // Reasoning goes first: it was thought before the text was said.
  std::vector<part> thoughts;
  if (!read_reasoning_details(s, at, o, thoughts, r)) {
    // vLLM and Groq call it `reasoning`, DeepSeek `reasoning_content`.
    const std::string_view key = member(o, "reasoning_content") ? "reasoning_content" : "reasoning";
    const auto v = member(o, key);
    const auto text = v ? s.string(place{at, key}, *v) : std::string_view{};
    if (!text.empty()) thoughts.insert(thoughts.begin(), reasoning_part{text, {}, false});
  }
  m.parts.insert(m.parts.begin(), thoughts.begin(), thoughts.end());
  if (const auto v = member(o, "refusal")) {
    if (const auto text = s.string(place{at, "refusal"}, *v); !text.empty()) m.parts.emplace_back(refusal_part{text});
  }
  if (const auto v = member(o, "tool_calls")) read_calls(s, place{at, "tool_calls"}, *v, m, r);
  if (const auto v = member(o, "function_call")) read_legacy_call(s, place{at, "function_call"}, *v, m, r);
  // `annotations` decorate an answer that the client sends back; they say nothing to a model.
  keep_unknown(o,
               {"role", "content", "name", "reasoning_content", "reasoning", "reasoning_details", "thinking_blocks", "refusal",
                "tool_calls", "function_call", "annotations"},
               extras::message_member, r);
}

void read_tool_result(strict& s, const place& at, json::object o, message& m, chat_request& r) {
  if (json::get_string(o, "role") == "function") {
    if (const auto v = s.required(at, o, "name", "the function's name")) m.tool_call_id = s.word(place{at, "name"}, *v);
    m.name = {};
  } else if (const auto v = s.required(at, o, "tool_call_id", "the id of the call that this answers")) {
    m.tool_call_id = s.word(place{at, "tool_call_id"}, *v);
  }
  keep_unknown(o, {"role", "content", "name", "tool_call_id"}, extras::message_member, r);
}

void read_message(strict& s, const place& at, json::value v, chat_request& r) {
  const auto o = s.object(at, v, "a message object with role and content");
  if (!o) return;
  const auto role_value = s.required(at, *o, "role", wanted_role);
  const auto who = role_value ? read_role(s, place{at, "role"}, *role_value) : std::nullopt;
  if (!who) return;
  message m;
  m.role = *who;
  if (const auto name = member(*o, "name")) m.name = s.string(place{at, "name"}, *name);
  const place content_at{at, "content"};
  if (const auto content = member(*o, "content")) {
    read_content(s, content_at, *content, m, r);
  } else if (m.role != role::assistant) {
    s.missing(content_at, "a string or an array of parts");
  }
  if (m.role == role::assistant) {
    read_assistant(s, at, *o, m, r);
  } else if (m.role == role::tool) {
    read_tool_result(s, at, *o, m, r);
  } else {
    keep_unknown(*o, {"role", "content", "name"}, extras::message_member, r);
  }
  r.messages.push_back(std::move(m));
}

}  // namespace

void read_messages(strict& s, const place& at, json::value v, chat_request& r) {
  const auto list = s.array(at, v, "an array of messages");
  if (!list) return;
  if (list->size() == 0) return s.refuse_rule(at, "want at least one message, got none");
  r.messages.reserve(list->size());
  std::size_t index = 0;
  for (const json::value item : *list) {
    const place here{at, index++};
    read_message(s, here, item, r);
    if (!s.ok()) return;
  }
}

}  // namespace naru::dialects::openai_chat
