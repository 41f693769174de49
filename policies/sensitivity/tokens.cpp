#include "policies/sensitivity/characters.hpp"
#include "policies/sensitivity/validators.hpp"

// Secrets that have a form of their own. Sources: the vendors' own documentation of their key formats, as of 2026-11.
namespace naru::sensitivity {

bool is_private_key(std::string_view text, std::size_t at) noexcept {
  // RFC 7468 and OpenPGP armour: -----BEGIN [kind] PRIVATE KEY[ BLOCK]-----. The header alone is enough: what follows may come in the
  // next message.
  constexpr std::string_view begin = "-----BEGIN ";
  if (text.substr(at, begin.size()) != begin) return false;
  return text.substr(at + begin.size(), 48).find("PRIVATE KEY") != std::string_view::npos;
}

bool is_aws_access_key(std::string_view text, std::size_t at) noexcept {
  // AKIA (long-lived) or ASIA (session) and 16 characters of base32.
  if (at < 2 || text[at - 2] != 'A' || (text[at - 1] != 'K' && text[at - 1] != 'S') || text.substr(at, 2) != "IA") return false;
  const std::size_t begin = at - 2;
  if (begin > 0 && is_alnum(text[begin - 1])) return false;
  std::size_t end = at + 2;
  while (end < text.size() && (is_upper(text[end]) || (text[end] >= '2' && text[end] <= '7'))) ++end;
  return end - begin == 20 && (end == text.size() || !is_alnum(text[end]));
}

bool is_github_token(std::string_view text, std::size_t at) noexcept {
  // ghp_ gho_ ghu_ ghs_ ghr_ and 36 or more; github_pat_ and 22 or more.
  std::size_t begin = 0, least = 0;
  if (at >= 6 && text.substr(at - 6, 6) == "github" && text.substr(at, 5) == "_pat_") {
    begin = at - 6;
    at += 5;
    least = 22;
  } else if (at >= 3 && text[at - 3] == 'g' && text[at - 2] == 'h' &&
             std::string_view("pousr").find(text[at - 1]) != std::string_view::npos) {
    begin = at - 3;
    at += 1;
    least = 36;
  } else {
    return false;
  }
  if (begin > 0 && is_alnum(text[begin - 1])) return false;
  std::size_t end = at;
  while (end < text.size() && (is_alnum(text[end]) || text[end] == '_')) ++end;
  return end - at >= least;
}

sk_key find_sk_key(std::string_view text, std::size_t at) noexcept {
  if (at < 2 || text[at - 2] != 's' || text[at - 1] != 'k') return sk_key::none;
  if (at > 2 && is_alnum(text[at - 3])) return sk_key::none;  // task-..., desk-...
  std::size_t end = at + 1;
  bool digit = false, letter = false;
  for (; end < text.size() && (is_alnum(text[end]) || text[end] == '-' || text[end] == '_'); ++end) {
    digit = digit || is_digit(text[end]);
    letter = letter || is_alpha(text[end]);
  }
  // 20 characters with letters and digits: shorter ones and kebab-case words (sk-learn-like-names) are no keys.
  if (end - at - 1 < 20 || !digit || !letter) return sk_key::none;
  return text.substr(at + 1, 4) == "ant-" ? sk_key::anthropic : sk_key::openai;
}

bool is_aws_secret_key(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  // 40 characters of base64 and nothing else: only the words before it tell it from a hash. 40 hex digits (SHA-1) are not one.
  if (end - begin != 40) return false;
  bool upper = false, lower = false, digit = false, beyond_hex = false;
  for (const char c : text.substr(begin, 40)) {
    upper = upper || is_upper(c);
    lower = lower || is_lower(c);
    digit = digit || is_digit(c);
    beyond_hex = beyond_hex || !is_hex(c);
  }
  if (!upper || !lower || !digit || !beyond_hex) return false;
  const std::string_view before = text.substr(begin > 120 ? begin - 120 : 0, begin > 120 ? 120 : begin);
  return contains_word(before, "secret") || contains_word(before, "aws") || before.find("AKIA") != std::string_view::npos ||
         before.find("ASIA") != std::string_view::npos;
}

bool is_email(std::string_view text, std::size_t at) noexcept {
  // RFC 5321 as people write it: a local part of atoms, a domain of labels with a top level of letters.
  const auto atom = [](char c) {
    return is_alnum(c) || std::string_view("!#$%&'*+/=?^_`{|}~.-").find(c) != std::string_view::npos || c < 0;
  };
  if (at == 0 || !atom(text[at - 1]) || text[at - 1] == '.') return false;
  if (at + 1 >= text.size() || !is_alnum(text[at + 1])) return false;
  std::size_t end = at + 1, last_dot = 0;
  while (end < text.size() && (is_alnum(text[end]) || text[end] == '-' || text[end] == '.')) {
    if (text[end] == '.') {
      if (end == at + 1 || text[end - 1] == '.' || text[end - 1] == '-') return false;
      last_dot = end;
    }
    ++end;
  }
  while (end > at && (text[end - 1] == '.' || text[end - 1] == '-')) --end;  // the full stop of a sentence
  if (last_dot >= end) last_dot = text.substr(0, end).rfind('.');
  if (last_dot == 0 || last_dot == std::string_view::npos || last_dot <= at + 1 || end < last_dot + 3) return false;
  for (const char c : text.substr(last_dot + 1, end - last_dot - 1)) {
    if (!is_alpha(c) && c != '-' && !is_digit(c)) return false;
  }
  return is_alpha(text[last_dot + 1]);
}

}  // namespace naru::sensitivity
