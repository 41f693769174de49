#pragma once
#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"

/// JSON with its keys sorted, so that two bodies are compared field by field and not by how they were written.
namespace naru::test {

inline std::string canonical(json::value v) {
  std::string out;
  if (v.is_object()) {
    std::vector<std::pair<std::string, std::string>> fields;
    for (const auto& f : v.get_object().value_unsafe()) fields.emplace_back(std::string{f.key}, canonical(f.value));
    std::sort(fields.begin(), fields.end());
    for (const auto& [key, value] : fields) out += (out.empty() ? "" : ",\n") + json::quoted(key) + ":" + value;
    return "{" + out + "}";
  }
  if (v.is_array()) {
    for (const json::value item : v.get_array().value_unsafe()) out += (out.empty() ? "" : ",\n") + canonical(item);
    return "[" + out + "]";
  }
  return json::to_text(v);
}

/// Throws when `text` is not JSON, so that the test fails with the reason.
inline std::string canonical(std::string_view text) {
  const auto doc = json::document::parse(text);
  if (!doc) throw std::runtime_error(doc.error().message + ": " + std::string{text});
  return canonical(doc->root());
}

}  // namespace naru::test
