#pragma once
#include <string>
#include <vector>

namespace naru::local_backend {

/// The words that stand for a model's control tokens ("<|im_start|>"). A conversation is tokenized as one rendered text, so a user who
/// writes such a word would end his own turn and speak as the system. `defuse` makes it plain text again.
/// Immutable; any thread.
class control_words {
 public:
  explicit control_words(std::vector<std::string> words);

  /// Puts a zero-width space (U+200B) behind the first character of every control word in `text`; everything else stays as it is.
  /// Cost: one search of the text per word.
  void defuse(std::string& text) const;

 private:
  std::vector<std::string> words_;
};

}  // namespace naru::local_backend
