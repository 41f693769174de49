#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Keys of model vendors, and Naru's own. Sources: the vendors' own pages, keys as their consoles show them, 2026-11.
namespace naru::sensitivity::detectors {
namespace {

/// A piece between dashes of at least eight characters with letters and digits in it: kebab-case words with a number have none.
bool has_dense_piece(std::string_view body) noexcept {
  std::size_t length = 0;
  bool digit = false, letter = false;
  for (const char c : body) {
    if (c == '-') {
      length = 0;
      digit = letter = false;
      continue;
    }
    ++length;
    digit = digit || is_digit(c);
    letter = letter || is_alpha(c);
    if (length >= 8 && digit && letter) return true;
  }
  return false;
}

/// Letters and digits in at least `least` characters of [A-Za-z0-9_-].
bool is_key_body(std::string_view text, std::size_t at, std::size_t least) noexcept {
  const std::size_t n = length_of(text, at, is_url64);
  if (n < least) return false;
  const std::string_view body = text.substr(at, n);
  return has_dense_piece(body) && varied(body, 8);
}

}  // namespace

bool openai_key(const candidate& c) noexcept {
  // sk-, sk-proj-, sk-svcacct-, sk-admin-: 20 characters or more. DeepSeek, OpenRouter and others who speak OpenAI's form use sk- too.
  if (glued_before(c.text, c.at) || begins(c.text, c.end, "ant-")) return false;
  return is_key_body(c.text, c.end, 20);
}

bool anthropic_key(const candidate& c) noexcept {
  // sk-ant-api03-, sk-ant-admin01-, sk-ant-oat01-, ...
  return !glued_before(c.text, c.at) && is_key_body(c.text, c.end, 20);
}

bool huggingface_token(const candidate& c) noexcept { return is_token(c.text, c.at, c.end, is_alnum, 30, 40); }

bool groq_key(const candidate& c) noexcept { return is_token(c.text, c.at, c.end, is_alnum, 40, 64); }

bool naru_key(const candidate& c) noexcept {
  // naru-<32 or more>, dashes and underscores allowed; a header (x-naru-...) or a host name is none.
  const char left = peek_back(c.text, c.at, 1);
  if (is_alnum(left) || left == '-' || left == '.') return false;
  return is_key_body(c.text, c.end, 32);
}

}  // namespace naru::sensitivity::detectors
