#include <algorithm>

#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// password = "..." in any language's spelling: a name that says secret, something that assigns, a quoted value that looks random.
namespace naru::sensitivity::detectors {
namespace {

bool in_name(char c) noexcept { return is_alnum(c) || c == '_' || c == '-'; }

/// What the rest of a name makes of it: "token_url", "secretName" and "passwordField" hold no secret.
bool names_something_else(std::string_view rest) noexcept {
  while (!rest.empty() && (rest.front() == '_' || rest.front() == '-')) rest.remove_prefix(1);
  for (const std::string_view word :
       words{"name",    "url",     "uri",     "type",     "file",        "path",    "field",    "label",  "prefix", "length", "ttl",
             "hint",    "policy",  "arn",     "endpoint", "count",       "limit",   "size",     "format", "header", "mode",   "algorithm",
             "expir",   "ref",     "version", "input",    "placeholder", "hash",    "izer",     "ize",    "class",  "dir",    "regex",
             "pattern", "message", "error",   "prompt",   "store",       "manager", "provider", "param",  "issuer", "column"}) {
    if (rest.size() < word.size()) continue;
    if (std::equal(word.begin(), word.end(), rest.begin(), [](char a, char b) { return a == to_lower(b); })) return true;
  }
  return false;
}

/// Past blanks, the quote that may end a name in JSON, and one of : = := => ->; `at` when nothing assigns.
std::size_t past_assignment(std::string_view text, std::size_t at, bool& spaced) noexcept {
  std::size_t i = at;
  if (peek(text, i) == '\\') ++i;
  if (peek(text, i) == '"' || peek(text, i) == '\'' || peek(text, i) == ']') ++i;
  if (peek(text, i) == ']') ++i;
  const std::size_t blanks = length_of(text, i, is_space, 8);
  i += blanks;
  const std::size_t sign = length_of(text, i, [](char c) { return c == ':' || c == '=' || c == '>'; }, 3);
  if (sign == 0 || peek(text, i) == '>') return at;
  i += sign;
  const std::size_t more = length_of(text, i, is_space, 8);
  spaced = blanks + more > 0;
  return i + more;
}

/// Letters of both cases or of one, digits, others: how many kinds there are.
int kinds_of(std::string_view value) noexcept {
  bool lower = false, upper = false, digit = false, other = false;
  for (const char c : value) {
    lower = lower || is_lower(c);
    upper = upper || is_upper(c);
    digit = digit || is_digit(c);
    other = other || !is_alnum(c);
  }
  return static_cast<int>(lower) + static_cast<int>(upper) + static_cast<int>(digit) + static_cast<int>(other);
}

/// Random enough: words, names of settings, paths, addresses and dates are not. Eight different characters have three bits each.
bool looks_random(std::string_view value) noexcept {
  if (value.size() < 8 || value.size() > 512 || is_placeholder(value)) return false;
  if (value.find("://") != std::string_view::npos || value.front() == '/' || value.front() == '.') return false;
  std::size_t digits = 0, letters = 0, others = 0;
  for (const char c : value) {
    if (c < '!' || c > '~') return false;  // a sentence, or not ASCII
    digits += is_digit(c) ? 1 : 0;
    letters += is_alpha(c) ? 1 : 0;
    others += is_alnum(c) ? 0 : 1;
  }
  if (letters == 0) return false;
  const int kinds = kinds_of(value);
  const double bits = entropy(value);
  if (digits == 0) {  // camelCase and kebab-case are words; random letters of both cases are long and even
    const bool odd =
        std::any_of(value.begin(), value.end(), [](char c) { return std::string_view("!@#$%^&*?~").find(c) != std::string_view::npos; });
    return (odd && kinds >= 2 && bits >= 2.7) || (kinds == 2 && others == 0 && value.size() >= 24 && bits >= 4.2);
  }
  if (kinds == 2 && digits < 3 && value.size() < 16) return false;  // model2, oauth2-flow
  return kinds >= 3 ? bits >= 2.7 : bits >= 3.0;
}

/// NAME=value of a .env file or a shell: the name in capitals, no blanks, and a value that needs no quotes.
bool is_environment_value(std::string_view text, std::size_t name_begin, std::size_t name_end, std::size_t at) noexcept {
  const auto capital = [](char c) { return is_upper(c) || is_digit(c) || c == '_'; };
  if (length_of(text, name_begin, capital) < name_end - name_begin || peek(text, at - 1) != '=') return false;
  const std::size_t n = length_of(
      text, at, [](char c) { return c > ' ' && c <= '~' && std::string_view("\"'`,;()<>&|\\[]").find(c) == std::string_view::npos; }, 513);
  const std::string_view value = text.substr(at, n);
  return kinds_of(value) >= 3 && looks_random(value);
}

}  // namespace

bool password_assignment(const candidate& c) noexcept {
  const std::string_view text = c.text;
  const std::size_t rest = length_of(text, c.end, in_name, 33);
  if (rest > 32 || (rest > 0 && names_something_else(text.substr(c.end, rest)))) return false;
  const std::size_t name_end = c.end + rest;
  bool spaced = false;
  const std::size_t at = past_assignment(text, name_end, spaced);
  if (at == name_end) return false;
  std::size_t quote_at = at;
  if (peek(text, quote_at) == '\\') ++quote_at;
  const char quote = peek(text, quote_at);
  if (quote == '"' || quote == '\'' || quote == '`') {
    const std::size_t begin = quote_at + 1;
    const std::size_t n = length_of(text, begin, [quote](char x) { return x != quote && x != '\n' && x != '\\'; }, 513);
    if (peek(text, begin + n) != quote && peek(text, begin + n) != '\\') return false;
    return looks_random(text.substr(begin, n));
  }
  if (spaced) return false;
  const std::size_t name_begin = c.at - length_before(text, c.at, in_name, 64);
  return is_environment_value(text, name_begin, name_end, at);
}

}  // namespace naru::sensitivity::detectors
