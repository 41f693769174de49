#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "providers/dialects/openai_responses/request.hpp"
#include "providers/dialects/reasoning_marks.hpp"

// Items to messages. What a model said in one turn (reasoning, words, calls) is items here and one assistant's message everywhere else.
namespace naru::dialects::openai_responses {
namespace {

constexpr std::string_view wanted_role = "one of user, assistant, system, developer";

/// Reads items in order; knows what the last message can still take.
class item_reader {
 public:
  item_reader(strict& s, chat_request& r) noexcept : s_(s), r_(r) {}

  void read(const path& at, json::value v, std::size_t index) {
    item_ = static_cast<std::uint32_t>(index);
    const auto o = s_.object(at, v, "an item, an object");
    if (!o) return;
    const auto type_value = member(*o, "type");
    const auto type = type_value ? s_.string(path{at, "type"}, *type_value) : std::string_view{"message"};  // the short form has none
    if (!s_.ok()) return;
    if (!type_value && !member(*o, "role")) return s_.missing(path{at, "type"}, "the kind of the item, or a role");
    if (type == "message") return read_message(at, *o);
    if (type == "function_call") return read_call(at, *o);
    if (type == "function_call_output") return read_output(at, *o);
    if (type == "reasoning") return read_reasoning(at, *o);
    keep_whole(at, v, r_);  // item_reference, custom_tool_call, web_search_call ...: only this form has them
  }

 private:
  message& open(role who) {
    r_.origins.push_back(item_);
    said_ = false;
    message& m = r_.messages.emplace_back();
    m.role = who;
    return m;
  }
  /// The assistant's message that the last items belong to, or a new one.
  message& turn() {
    if (turn_open_ && !r_.messages.empty() && r_.messages.back().role == role::assistant) return r_.messages.back();
    turn_open_ = true;
    return open(role::assistant);
  }

  void read_message(const path& at, json::object o) {
    const auto role_value = s_.required(at, o, "role", wanted_role);
    const auto who = role_value ? read_role(path{at, "role"}, *role_value) : std::nullopt;
    if (!who) return;
    if (*who == role::assistant) {
      // Two messages in a row are two; but one behind reasoning or calls is what that turn said.
      if (said_ && r_.messages.back().calls.empty()) turn_open_ = false;
    } else {
      turn_open_ = false;
    }
    message& m = *who == role::assistant ? turn() : open(*who);
    const auto content = s_.required(at, o, "content", "a string or an array of parts");
    if (content) read_content(path{at, "content"}, *content, m);
    said_ = true;
    keep_unknown(at, o, {"type", "role", "content", "id", "status"}, r_);
  }

  std::optional<role> read_role(const path& at, json::value v) {
    struct named {
      std::string_view name;
      role value;
    };
    constexpr std::array names{named{"user", role::user}, named{"assistant", role::assistant}, named{"system", role::system},
                               named{"developer", role::developer}};
    const auto word = s_.string(at, v, wanted_role);
    if (!s_.ok()) return std::nullopt;
    const auto* found = std::ranges::find(names, word, &named::name);
    if (found != names.end()) return found->value;
    s_.refuse_word(at, wanted_role);
    return std::nullopt;
  }

  void read_content(const path& at, json::value v, message& m) {
    if (v.is_string()) {
      if (const auto text = s_.string(at, v); !text.empty()) m.parts.emplace_back(text_part{text});
      return;
    }
    if (const auto list = s_.array(at, v, "a string or an array of parts")) read_parts(s_, at, *list, m.role, m, r_);
  }

  void read_call(const path& at, json::object o) {
    tool_call call;
    if (const auto id = s_.required(at, o, "call_id", "the call's id, a string")) call.id = s_.word(path{at, "call_id"}, *id);
    if (const auto name = s_.required(at, o, "name", "the name of a function, a string")) call.name = s_.word(path{at, "name"}, *name);
    if (const auto arguments = member(o, "arguments")) {
      call.arguments = s_.string(path{at, "arguments"}, *arguments, "JSON text in a string");
    }
    call.signature = std::exchange(call_signature_, {});
    turn().calls.push_back(call);
    r_.origins.push_back(item_);
    keep_unknown(at, o, {"type", "id", "status", "call_id", "name", "arguments"}, r_);
  }

  void read_output(const path& at, json::object o) {
    turn_open_ = false;
    message& m = open(role::tool);
    if (const auto id = s_.required(at, o, "call_id", "the id of the call that this answers")) {
      m.tool_call_id = s_.word(path{at, "call_id"}, *id);
    }
    if (const auto output = s_.required(at, o, "output", "a string or an array of parts")) read_content(path{at, "output"}, *output, m);
    keep_unknown(at, o, {"type", "id", "status", "call_id", "output"}, r_);
  }

  /// Summaries and, of open models, the reasoning itself; the signature goes with the last piece, as in every form.
  void read_reasoning(const path& at, json::object o) {
    const auto encrypted_value = member(o, "encrypted_content");
    const auto encrypted = encrypted_value ? s_.string(path{at, "encrypted_content"}, *encrypted_value) : std::string_view{};
    const auto id_value = member(o, "id");
    const auto id = id_value ? s_.string(path{at, "id"}, *id_value) : std::string_view{};
    if (!s_.ok()) return;
    if (encrypted.starts_with(call_signature_mark)) {
      call_signature_ = encrypted.substr(call_signature_mark.size());
      return;
    }
    std::vector<part> thoughts;
    for (const std::string_view key : {"summary", "content"}) read_thoughts(at, o, key, thoughts);
    const std::string_view signature = signature_of(id, encrypted);
    if (!signature.empty()) {
      if (thoughts.empty()) thoughts.emplace_back(reasoning_part{{}, {}, signature.starts_with(redacted_thinking_mark)});
      std::get<reasoning_part>(thoughts.back()).signature = signature;
    }
    keep_unknown(at, o, {"type", "id", "status", "summary", "content", "encrypted_content"}, r_);
    if (!s_.ok() || thoughts.empty()) return;
    if (said_) turn_open_ = turn_open_ && !r_.messages.back().calls.empty();  // it was thought for what follows
    auto& parts = turn().parts;
    parts.insert(parts.end(), thoughts.begin(), thoughts.end());
  }

  void read_thoughts(const path& at, json::object o, std::string_view key, std::vector<part>& thoughts) {
    const auto v = member(o, key);
    const path list_at{at, key};
    const auto list = v ? s_.array(list_at, *v, "an array of texts") : std::nullopt;
    if (!list) return;
    std::size_t index = 0;
    for (const json::value item : *list) {
      const path here{list_at, index++};
      const auto piece = s_.object(here, item, "an object with text");
      const auto text = piece ? s_.required(here, *piece, "text", "a string") : std::nullopt;
      if (!text) return;
      const auto words = s_.string(path{here, "text"}, *text);
      if (!words.empty()) thoughts.emplace_back(reasoning_part{words, {}, false});
    }
  }

  std::string_view signature_of(std::string_view id, std::string_view encrypted) {
    if (encrypted.starts_with(foreign_reasoning_mark)) return encrypted.substr(foreign_reasoning_mark.size());
    if (encrypted.empty() && id.empty()) return {};
    return naru::keep(r_, openai_reasoning_signature(id, encrypted));
  }

  strict& s_;
  chat_request& r_;
  std::uint32_t item_ = 0;
  bool turn_open_ = false;  ///< the last message is an assistant's, and takes more
  bool said_ = false;       ///< the last message has content of a message item
  std::string_view call_signature_;
};

}  // namespace

void read_instructions(strict& s, const path& at, json::value v, chat_request& r) {
  const auto text = s.string(at, v);
  if (text.empty()) return;
  r.origins.push_back(origin_instructions);
  message m;
  m.role = role::system;
  m.parts.emplace_back(text_part{text});
  r.messages.push_back(std::move(m));
}

void read_input(strict& s, const path& at, json::value v, chat_request& r) {
  if (v.is_string()) {
    r.origins.push_back(origin_text);
    message m;
    if (const auto text = s.string(at, v); !text.empty()) m.parts.emplace_back(text_part{text});
    r.messages.push_back(std::move(m));
    return;
  }
  const auto list = s.array(at, v, "a string or an array of items");
  if (!list) return;
  item_reader reader{s, r};
  std::size_t index = 0;
  for (const json::value item : *list) {
    const path here{at, index};
    reader.read(here, item, index++);
    if (!s.ok()) return;
  }
}

}  // namespace naru::dialects::openai_responses
