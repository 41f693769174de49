#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json/document.hpp"

namespace naru::dialects {

/// What changes in one client's body while all else goes on as it came. Texts that were made for it live here, as the edits are views;
/// the body must outlive what `apply` gives.
class body_edits {
 public:
  static constexpr std::size_t most_made = 8;
  explicit body_edits(std::string_view body) : body_(body), fields_(json::list_fields(body)) { made_.reserve(most_made); }

  /// A key spelled with an escape is not found by its bytes: `"mod\u0065l"` would stand beside the model that is spliced in, and which of
  /// the two counts would be the vendor's parser's choice.
  [[nodiscard]] bool has_escaped_key() const noexcept;
  /// The value of a field as its bytes stand in the body.
  [[nodiscard]] std::optional<std::string_view> raw(std::string_view key) const noexcept;
  /// @pre called at most `most_made` times. `value` is JSON text.
  void set(std::string_view key, std::string value) { set_.emplace_back(key, made_.emplace_back(std::move(value))); }
  void set_view(std::string_view key, std::string_view raw) { set_.emplace_back(key, raw); }
  void remove(std::string_view key) { remove_.push_back(key); }
  [[nodiscard]] json::pieces apply() &&;

 private:
  std::string_view body_;
  json::field_list fields_;
  std::vector<std::string> made_;  // never grows past what is reserved: the views into it stay
  std::vector<std::pair<std::string_view, std::string_view>> set_;
  std::vector<std::string_view> remove_;
};

}  // namespace naru::dialects
