#pragma once
#include <list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/chat.hpp"
#include "core/json/document.hpp"

/// Short words for requests in tests. Texts are literals: a chat keeps views.
namespace naru::test {

inline message says(naru::role who, std::string_view text) {
  message m;
  m.role = who;
  m.parts.push_back(text_part{text});
  return m;
}
inline message user(std::string_view text) { return says(role::user, text); }
inline message assistant(std::string_view text) { return says(role::assistant, text); }
inline message calls(std::vector<tool_call> made, std::string_view text = {}) {
  message m = says(role::assistant, text);
  m.calls = std::move(made);
  return m;
}
inline message tool_result(std::string_view id, std::string_view text, bool failed = false) {
  message m = says(role::tool, text);
  m.tool_call_id = id;
  m.tool_error = failed;
  return m;
}
inline message with(message m, part p) {
  m.parts.push_back(p);
  return m;
}
inline chat_request chat(std::vector<message> messages) {
  chat_request r;
  r.model = "asked";
  r.messages = std::move(messages);
  return r;
}

/// Keeps the documents that a request's JSON values point into.
class json_store {
 public:
  json::value operator()(std::string_view text) {
    auto doc = json::document::parse(text);
    if (!doc) throw std::runtime_error(doc.error().message);
    docs_.push_back(std::move(*doc));
    return docs_.back().root();
  }

 private:
  std::list<json::document> docs_;
};

}  // namespace naru::test
