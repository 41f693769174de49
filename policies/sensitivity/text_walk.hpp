#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/json/document.hpp"

namespace naru::sensitivity {

/// Where the walk is: one step, on the stack of the walk, with the way up. Costs nothing until something is found there.
struct place {
  const place* up = nullptr;  ///< null at the root, which is no step itself
  std::string_view key{};     ///< of an object's member
  std::size_t index = 0;      ///< of an array's item
  bool is_index = false;

  /// "messages[2].content[0].text". Keys are the client's own words: one that is not a usual identifier is shown as "?".
  [[nodiscard]] std::string text() const;
  /// The same without the last step: for a finding in a key, which must not be repeated.
  [[nodiscard]] std::string parent_text() const;
};

/// A key that may be shown, and that says what its value is: letters, '_', '-', '$', at most 40.
[[nodiscard]] bool is_identifier(std::string_view key) noexcept;

/// Goes through every text position of a checked document: all strings, all keys, all numbers (a card number may come as one). Nothing of
/// a dialect is known here, so that a new field cannot be a hole. Recursion is bounded by the parser's depth.
/// @param visit  is told of
///   key(text, place)         each key
///   value(text, place)       each string, and each number as its digits
///   object(object, place)    each object before what is in it
///   enter() / part(text) / joined(mark, place)   the `text` members of the objects of one array, which a reader sees in one piece; `mark`
///                            is what enter() returned before the array's first item
template <class Visit>
void walk_text(json::value v, const place& at, Visit& visit);

namespace detail {

/// A number's digits, where it has enough of them to be anybody's.
[[nodiscard]] std::string digits_of(json::value v);

template <class Visit>
void walk_object(json::object o, const place& at, bool in_array, Visit& visit) {
  visit.object(o, at);
  for (const auto& field : o) {
    const place here{&at, field.key, 0, false};
    visit.key(field.key, here);
    if (in_array && field.key == "text" && field.value.is_string()) visit.part(field.value.get_string().value_unsafe());
    walk_text(field.value, here, visit);
  }
}

template <class Visit>
void walk_array(json::array a, const place& at, Visit& visit) {
  const auto mark = visit.enter();
  std::size_t i = 0;
  for (const json::value item : a) {
    const place here{&at, {}, i++, true};
    if (item.is_object())
      walk_object(item.get_object().value_unsafe(), here, true, visit);
    else
      walk_text(item, here, visit);
  }
  visit.joined(mark, at);
}

}  // namespace detail

template <class Visit>
void walk_text(json::value v, const place& at, Visit& visit) {
  using enum simdjson::dom::element_type;
  switch (v.type()) {
    case OBJECT: return detail::walk_object(v.get_object().value_unsafe(), at, false, visit);
    case ARRAY: return detail::walk_array(v.get_array().value_unsafe(), at, visit);
    case STRING: return visit.value(v.get_string().value_unsafe(), at);
    case INT64:
    case UINT64:
    case DOUBLE:
      if (const std::string digits = detail::digits_of(v); !digits.empty()) visit.value(digits, at);
      return;
    case BOOL:
    case NULL_VALUE: return;
  }
}

}  // namespace naru::sensitivity
