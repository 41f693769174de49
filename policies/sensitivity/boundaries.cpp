#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "policies/sensitivity/characters.hpp"
#include "policies/sensitivity/patterns.hpp"

namespace naru::sensitivity {
namespace {

constexpr std::string_view word_starts = R"((?:^|\W))", word_ends = R"((?:\W|$))";

/// One unit of a pattern, as far as boundaries need to know it.
struct token {
  enum class kind : std::uint8_t { opener, closer, bar, boundary, other } is = kind::other;
  std::string_view text;
  bool word = false;  ///< it surely stands for characters of words
};

/// [...] from `at` on. @return its length; up to the end when it is not closed, which the engine reports
std::size_t class_size(std::string_view p) noexcept {
  std::size_t i = 1;
  if (i < p.size() && p[i] == '^') ++i;
  if (i < p.size() && p[i] == ']') ++i;
  while (i < p.size() && p[i] != ']') i += p[i] == '\\' ? 2 : 1;
  return std::min(i + 1, p.size());
}

/// Letters, digits, '_' and ranges of them.
bool class_of_words(std::string_view c) noexcept {
  if (c.size() < 3 || c[1] == '^') return false;
  const std::string_view inside = c.substr(1, c.size() - 2);
  if (inside.front() == '-' || inside.back() == '-') return false;
  return std::ranges::all_of(inside, [](char each) { return is_alnum(each) || each == '_' || each == '-' || each < 0; });
}

/// "(", "(?:", "(?i)", "(?i:"; 0 when it is none of these.
std::size_t opener_size(std::string_view p) noexcept {
  if (!p.starts_with('(')) return 0;
  if (!p.starts_with("(?")) return 1;
  std::size_t i = 2;
  while (i < p.size() && (is_alpha(p[i]) || p[i] == '-')) ++i;
  return i < p.size() && (p[i] == ':' || p[i] == ')') ? i + 1 : 0;
}

std::vector<token> read(std::string_view p) {
  using enum token::kind;
  std::vector<token> out;
  for (std::size_t i = 0; i < p.size();) {
    const std::string_view rest = p.substr(i);
    token t{other, rest.substr(0, 1), false};
    if (const std::size_t n = opener_size(rest); n != 0) {
      t = {opener, rest.substr(0, n), false};
    } else if (rest[0] == ')') {
      t.is = closer;
    } else if (rest[0] == '|') {
      t.is = bar;
    } else if (rest[0] == '[') {
      t.text = rest.substr(0, class_size(rest));
      t.word = class_of_words(t.text);
    } else if (rest.starts_with("\\Q")) {
      const std::size_t end = rest.find("\\E");
      t.text = rest.substr(0, end == std::string_view::npos ? rest.size() : end + 2);
      t.word = t.text.size() > 2 && is_alnum(t.text[2]);
    } else if (rest[0] == '\\' && rest.size() > 1) {
      t.text = rest.substr(0, 2);
      t.is = rest[1] == 'b' || rest[1] == 'B' ? boundary : other;
      t.word = rest[1] == 'w' || rest[1] == 'd';
    } else {
      t.word = is_alnum(rest[0]) || rest[0] == '_' || rest[0] < 0;
    }
    i += t.text.size();
    out.push_back(t);
  }
  return out;
}

class speller {
 public:
  explicit speller(std::string_view pattern) : tokens_(read(pattern)) {}

  result<std::string> run() {
    std::string out;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].is != token::kind::boundary) {
        out += tokens_[i].text;
        continue;
      }
      if (tokens_[i].text == "\\B") return fail(error_code::bad_request, R"(\B cannot be honoured over Unicode)");
      if (at_begin(i))
        out += word_starts;
      else if (at_end(i))
        out += word_ends;
      else
        return fail(error_code::bad_request,
                    R"(\b can be honoured only before the first or behind the last character of a pattern, beside a letter or digit)");
    }
    return out;
  }

 private:
  using kind = token::kind;

  [[nodiscard]] bool at_begin(std::size_t i) const { return begins_alternative(i) && starts_with_word(i + 1); }
  [[nodiscard]] bool at_end(std::size_t i) const { return ends_alternative(i) && i > 0 && ends_with_word(i - 1); }

  [[nodiscard]] static bool opens(const token& t) { return t.is == kind::opener && !t.text.ends_with(')'); }
  /// What stands at `i` makes what is before it something that need not be there.
  [[nodiscard]] bool optional_at(std::size_t i) const {
    return i < tokens_.size() && (tokens_[i].text == "*" || tokens_[i].text == "?" || tokens_[i].text == "{");
  }
  /// Every way through what begins at `i` begins with a character of a word.
  [[nodiscard]] bool starts_with_word(std::size_t i) const {
    if (i >= tokens_.size()) return false;
    if (tokens_[i].is != kind::opener) return tokens_[i].word && !optional_at(i + 1);
    if (!starts_with_word(i + 1)) return false;
    if (!opens(tokens_[i])) return true;
    int depth = 1;
    for (std::size_t k = i + 1; k < tokens_.size(); ++k) {
      if (opens(tokens_[k])) ++depth;
      if (tokens_[k].is == kind::closer && --depth == 0) return !optional_at(k + 1);
      if (tokens_[k].is == kind::bar && depth == 1 && !starts_with_word(k + 1)) return false;
    }
    return false;
  }
  /// Every way through what ends at `i` ends with one.
  [[nodiscard]] bool ends_with_word(std::size_t i) const {
    if (tokens_[i].text == "+" && i > 0) return ends_with_word(i - 1);
    if (tokens_[i].is != kind::closer) return tokens_[i].word;
    if (i == 0 || !ends_with_word(i - 1)) return false;
    int depth = 1;
    for (std::size_t k = i; k-- > 0;) {
      if (tokens_[k].is == kind::closer) ++depth;
      if (opens(tokens_[k]) && --depth == 0) return true;
      if (tokens_[k].is == kind::bar && depth == 1 && (k == 0 || !ends_with_word(k - 1))) return false;
    }
    return false;
  }
  /// Walking left from `i`, skipping whole alternatives of the groups that are open there: is nothing else before?
  [[nodiscard]] bool begins_alternative(std::size_t i) const {
    int closed = 0;
    bool skipping = false;  // inside an earlier alternative of the same group
    while (i-- > 0) {
      const kind k = tokens_[i].is;
      if (k == kind::closer) ++closed;
      if (k == kind::opener && !tokens_[i].text.ends_with(')')) {
        if (closed > 0)
          --closed;
        else
          skipping = false;
        continue;
      }
      if (closed == 0 && k == kind::bar) skipping = true;
      if (k == kind::opener || k == kind::bar || skipping || closed > 0) continue;
      return false;
    }
    return true;
  }
  [[nodiscard]] bool ends_alternative(std::size_t i) const {
    int open = 0;
    bool skipping = false;
    while (++i < tokens_.size()) {
      const kind k = tokens_[i].is;
      if (k == kind::opener && !tokens_[i].text.ends_with(')')) ++open;
      if (k == kind::closer) {
        if (open > 0)
          --open;
        else
          skipping = false;
        continue;
      }
      if (open == 0 && k == kind::bar) skipping = true;
      if (k == kind::opener || k == kind::bar || skipping || open > 0) continue;
      return false;
    }
    return true;
  }

  std::vector<token> tokens_;
};

}  // namespace

result<std::string> spell_out_boundaries(std::string_view pattern) { return speller(pattern).run(); }

}  // namespace naru::sensitivity
