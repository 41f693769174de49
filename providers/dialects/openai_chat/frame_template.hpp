#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace naru::dialects::openai_chat {

/// The short cut of a stream: one server's content frames differ in two strings alone, the piece of text and the padding that OpenAI
/// adds ("obfuscation"). The template of a frame that was read in full is its bytes with these two holes; a frame that matches it byte
/// for byte outside of the holes, and has a plain JSON string in each, means the same with another text.
///
/// What is plain: no control character, no escape, valid UTF-8. Everything else is read in full.
/// Cost of a match: one comparison and one scan of the frame; of learning: one search and one copy.
class frame_template {
 public:
  /// @pre `data` was read in full and its only event was the text of `delta.content`, a string.
  /// @return false, and what it knew stays, when the frame cannot stand for others: it holds an escape, or more than one "content" with
  /// a string or more than one "obfuscation", as then nothing tells which of them was meant.
  bool learn(std::string_view data);
  /// The text of a frame that matches; a view into `data`.
  [[nodiscard]] std::optional<std::string_view> match(std::string_view data) const noexcept;

 private:
  struct hole {
    std::size_t begin = 0;  ///< of the string's bytes, after the quote
    std::size_t end = 0;
  };
  /// The string value of the only key spelled `key`. Sets `many` when there is more than one.
  [[nodiscard]] static std::optional<hole> find_only(std::string_view data, std::string_view key, bool& many) noexcept;

  bool known_ = false;
  bool padded_ = false;                   ///< there is a second hole
  bool padding_first_ = false;            ///< the padding stands before the text
  std::string before_, between_, after_;  ///< bytes around the holes; `between_` is unused with one hole
};

}  // namespace naru::dialects::openai_chat
