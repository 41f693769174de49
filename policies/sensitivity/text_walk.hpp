#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/json/document.hpp"

namespace naru::sensitivity {

/// Where the walk is: keys and indices from the root. Turned into text only when something was found there.
class place {
 public:
  void enter(std::string_view key) { steps_.emplace_back(key); }
  void enter(std::size_t index) { steps_.emplace_back(index); }
  void leave() { steps_.pop_back(); }
  /// "messages[2].content[0].text". Keys are the client's own words: each is cut and cleaned, and one that itself holds a finding is
  /// replaced by the caller.
  [[nodiscard]] std::string text() const;
  /// The same without the last step: for a finding in a key, which must not be repeated.
  [[nodiscard]] std::string parent_text() const;

 private:
  [[nodiscard]] std::string join(std::size_t count) const;
  std::vector<std::variant<std::string_view, std::size_t>> steps_;
};

/// Every text position of a checked document: all strings, all keys, all numbers (a card number may come as one). Nothing of a dialect
/// is known here, so that a new field cannot be a hole.
/// @param visit  (text, place, is_key)
template <class Visit>
void walk_text(json::value v, place& at, Visit& visit) {
  using enum simdjson::dom::element_type;
  switch (v.type()) {
    case OBJECT:
      for (const auto& field : v.get_object().value_unsafe()) {
        at.enter(field.key);
        visit(field.key, at, true);
        walk_text(field.value, at, visit);
        at.leave();
      }
      return;
    case ARRAY: {
      std::size_t i = 0;
      for (const json::value item : v.get_array().value_unsafe()) {
        at.enter(i++);
        walk_text(item, at, visit);
        at.leave();
      }
      return;
    }
    case STRING: visit(v.get_string().value_unsafe(), at, false); return;
    case INT64:
    case UINT64: {
      const std::string digits = json::to_text(v);
      if (digits.size() >= 13) visit(std::string_view(digits), at, false);
      return;
    }
    case DOUBLE: {
      // 4.111111111111111e15 is a card number too.
      const double d = v.get_double().value_unsafe();
      if (d >= 1e12 && d < 1e19) {
        const std::string digits = std::to_string(static_cast<std::uint64_t>(d));
        visit(std::string_view(digits), at, false);
      }
      return;
    }
    case BOOL:
    case NULL_VALUE: return;
  }
}

}  // namespace naru::sensitivity
