#include "local_backend/control_words.hpp"

#include <algorithm>

namespace naru::local_backend {
namespace {

std::size_t first_character(const std::string& word) noexcept {
  std::size_t n = 1;
  while (n < word.size() && (static_cast<unsigned char>(word[n]) & 0xC0U) == 0x80U) ++n;
  return n;
}

}  // namespace

control_words::control_words(std::vector<std::string> words) : words_(std::move(words)) {
  // A word of one character cannot be split; no model uses one as a mark of a turn.
  std::erase_if(words_, [](const std::string& w) { return w.empty() || first_character(w) == w.size(); });
}

void control_words::defuse(std::string& text) const {
  for (const auto& word : words_) {
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
      at += first_character(word);
      text.insert(at, "\xE2\x80\x8B");
    }
  }
}

}  // namespace naru::local_backend
