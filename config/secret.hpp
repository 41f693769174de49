#pragma once
#include <string>
#include <string_view>
#include <utility>

namespace naru {

/// A value that must not be seen: prints as ***, compares in constant time, wipes its memory when it goes.
/// Only `reveal` gives the text, so that a search for it finds every place where a secret is used.
/// Thread: a value.
class secret {
 public:
  secret() = default;
  /// Wipes what was moved out of the caller's string as far as this can reach it.
  explicit secret(std::string text) : text_(std::move(text)) { wipe(text); }
  secret(const secret&) = default;
  secret(secret&& o) noexcept : text_(std::move(o.text_)) { wipe(o.text_); }
  secret& operator=(const secret& o);
  secret& operator=(secret&& o) noexcept;
  ~secret() { wipe(text_); }

  [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  /// Time depends on the length of `other` alone, not on where the two differ.
  [[nodiscard]] bool equals(std::string_view other) const noexcept;
  bool operator==(const secret& o) const noexcept { return equals(o.text_); }

  /// What is printed instead: *** (empty when there is nothing to hide, which is never a valid secret).
  [[nodiscard]] std::string_view printed() const noexcept { return text_.empty() ? "" : "***"; }

  /// Overwrites the whole capacity of `text`, in a way that the optimizer keeps, and empties it.
  static void wipe(std::string& text) noexcept;

 private:
  std::string text_;
};

}  // namespace naru
