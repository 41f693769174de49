#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/document.hpp"
#include "providers/dialects/strict.hpp"

/// The JSON of protocol buffers as Google's parsers take it (proto3 JSON mapping): a field by its lowerCamelCase or its snake_case name,
/// whole numbers as numbers or as strings of digits, null for absent.
namespace naru::dialects::gemini {

/// Whether `key` is `camel`, or its snake_case spelling.
[[nodiscard]] bool spells(std::string_view key, std::string_view camel) noexcept;

/// The members of one object of the client's body, each looked up by its lowerCamelCase name. A field given in both spellings is refused:
/// two readers could see two requests.
class members {
 public:
  /// @param at  where the object stands; nullptr: it is the body. Must outlive this, as `s` must.
  members(strict& s, const place* at, json::object o) : strict_(s), at_(at), object_(o) {}
  /// The member, which is then known; nullopt: absent or null.
  [[nodiscard]] std::optional<json::value> take(std::string_view camel);
  /// Marks names as known without reading them.
  void skip(std::initializer_list<std::string_view> names) { known_.insert(known_.end(), names); }
  [[nodiscard]] place at(std::string_view camel) const noexcept { return at_ == nullptr ? place{camel} : place{*at_, camel}; }
  /// The members that nobody took, null ones aside.
  template <class Use>
  void each_left(Use use) const {
    for (const auto& one : object_) {
      if (!json::is_null(one.value) && !is_known(one.key)) use(one.key, one.value);
    }
  }

 private:
  [[nodiscard]] bool is_known(std::string_view key) const noexcept;

  strict& strict_;
  const place* at_;
  json::object object_;
  std::vector<std::string_view> known_;
};

/// A whole number, as a number (2.0 too) or as a string of digits.
[[nodiscard]] std::optional<std::int64_t> read_whole(strict& s, const place& at, json::value v, std::int64_t least, std::int64_t most);

/// Calls `use(place, element)` for each element of an array, as long as nothing was refused.
template <class Use>
void each_element(strict& s, const place& at, json::value v, std::string_view wanted, Use use) {
  const auto list = s.array(at, v, wanted);
  if (!list) return;
  std::size_t index = 0;
  for (const json::value item : *list) {
    const place here{at, index};
    use(here, item, index++);
    if (!s.ok()) return;
  }
}

}  // namespace naru::dialects::gemini
