#include <string>
#include <vector>

#include "providers/dialects/bedrock_converse/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::bedrock_converse {
namespace {

using bedrock::family;
using blocks = std::vector<std::string>;

/// Consecutive messages of one side: the form wants them to alternate. Tool results stand before all else, those of one turn together.
struct turn {
  bool assistant = false;
  blocks results;
  blocks rest;
};

void append(blocks& to, blocks&& from) {
  for (auto& block : from) to.push_back(std::move(block));
}
void append_point(blocks& to, cache_mark mark, family f) {
  if (std::string point = cache_point(mark, f); !point.empty()) to.push_back(std::move(point));
}

void write_blocks(json::writer& w, const blocks& all) {
  for (const auto& block : all) w.raw(block);
}

class conversation {
 public:
  explicit conversation(family f) : family_(f) {}

  result<void> add(const message& m, std::size_t index) {
    if (!says_something(m)) return {};
    const bool assistant = m.role == role::assistant;
    if (turns_.empty() || turns_.back().assistant != assistant) turns_.push_back({assistant, {}, {}});
    turn& now = turns_.back();
    if (m.role == role::tool) {
      now.results.push_back(tool_result(m));
      append_point(now.results, m.cache, family_);
      return {};
    }
    append(now.rest, blocks_of(m));
    for (std::size_t j = 0; j < m.calls.size(); ++j) {
      auto block = tool_use(m, index, j);
      if (!block) return fail(std::move(block.error()));
      now.rest.push_back(std::move(*block));
      append_point(now.rest, m.calls[j].cache, family_);
    }
    return {};
  }

  void write(json::writer& w) {
    w.key("messages").begin_array();
    for (const auto& t : turns_) {
      if (t.results.empty() && t.rest.empty()) continue;  // reasoning of another vendor alone
      w.begin_object().field("role", t.assistant ? "assistant" : "user").key("content").begin_array();
      write_blocks(w, t.results);
      write_blocks(w, t.rest);
      w.end_array().end_object();
    }
    w.end_array();
  }

 private:
  blocks blocks_of(const message& m) {
    blocks out;
    for (const auto& p : m.parts) append(out, content_blocks(p, family_, names_));
    return out;
  }

  /// A result without a word is an empty JSON object: the form has no empty content.
  std::string tool_result(const message& m) {
    std::string out;
    json::writer w(out);
    w.begin_object().key("toolResult").begin_object().field("toolUseId", bedrock::tool_id(m.tool_call_id)).key("content").begin_array();
    blocks content;
    // A result's content has neither cache points nor reasoning: written as for a model that knows neither.
    for (const auto& p : m.parts) append(content, content_blocks(p, family::other, names_));
    if (content.empty()) content.emplace_back(R"({"json":{}})");
    write_blocks(w, content);
    w.end_array();
    if (m.tool_error) w.field("status", "error");
    w.end_object().end_object();
    return out;
  }

  static result<std::string> tool_use(const message& m, std::size_t index, std::size_t call) {
    const auto input = arguments_object(m, index, call);
    if (!input) return fail(input.error());
    std::string out;
    json::writer w(out);
    w.begin_object().key("toolUse").begin_object().field("toolUseId", bedrock::tool_id(m.calls[call].id));
    w.field("name", m.calls[call].name).key("input").raw(*input).end_object().end_object();
    return out;
  }

  family family_;
  document_names names_;
  std::vector<turn> turns_;
};

/// All system and developer messages, in order, before the conversation.
void write_system(const chat_request& r, family f, json::writer& w) {
  blocks all;
  document_names unused;
  for (const auto& m : r.messages) {
    if (!is_system(m)) continue;
    for (const auto& p : m.parts) append(all, content_blocks(p, f, unused));
  }
  if (all.empty()) return;
  w.key("system").begin_array();
  write_blocks(w, all);
  w.end_array();
}

/// Blanks at the end of the words that the assistant is to go on from are refused: it goes on from the last word.
message without_last_blanks(message m) {
  if (m.parts.empty()) return m;
  if (auto* t = std::get_if<text_part>(&m.parts.back())) t->text = t->text.substr(0, t->text.find_last_not_of(" \t\r\n") + 1);
  return m;
}

}  // namespace

result<void> write_messages(const chat_request& r, family f, json::writer& w) {
  conversation all(f);
  const auto last_words = prefill(r);
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    const message& m = r.messages[i];
    if (is_system(m)) continue;
    if (auto ok = i == last_words ? all.add(without_last_blanks(m), i) : all.add(m, i); !ok) return ok;
  }
  write_system(r, f, w);
  all.write(w);
  return {};
}

}  // namespace naru::dialects::bedrock_converse
