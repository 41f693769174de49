#include "policies/sensitivity/detectors/base64.hpp"
#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Tokens of chat, mail and telephone services. Sources: the vendors' own pages on authentication, 2026-11.
namespace naru::sensitivity::detectors {
namespace {

/// Hex digits in the next `within` bytes, exactly `n` of them.
bool has_hex(std::string_view text, std::size_t from, std::size_t within, std::size_t n) noexcept {
  for (std::size_t i = from; i < text.size() && i < from + within;) {
    const std::size_t length = length_of(text, i, is_lower_hex, n + 1);
    if (length == n && !glued_before(text, i) && !glued_after(text, i + n) && varied(text.substr(i, n), 6)) return true;
    i += length + 1;
  }
  return false;
}

/// 32-8-8 hex digits: Mailgun's keys since 2018.
bool has_mailgun_key(std::string_view text, std::size_t from, std::size_t within) noexcept {
  for (std::size_t i = from; i < text.size() && i < from + within;) {
    const std::size_t n = length_of(text, i, is_lower_hex, 33);
    if (n == 32 && !glued_before(text, i) && varied(text.substr(i, n), 6)) {
      if (!glued_after(text, i + 32) && peek(text, i + 32) != '-') return true;
      if (peek(text, i + 32) == '-' && length_of(text, i + 33, is_lower_hex, 9) == 8 && peek(text, i + 41) == '-' &&
          length_of(text, i + 42, is_lower_hex, 9) == 8) {
        return true;
      }
    }
    i += n + 1;
  }
  return false;
}

}  // namespace

bool slack_token(const candidate& c) noexcept {
  // xox<kind>- and numbers and characters between dashes; xapp-<n>-, xoxe.xox?-1-.
  const auto in = [](char x) { return is_alnum(x) || x == '-' || x == '.'; };
  if (glued_before(c.text, c.at)) return false;
  const std::size_t n = length_of(c.text, c.end, in);
  if (n < 20 || !varied(c.text.substr(c.end, n), 8)) return false;
  return length_of(c.text, c.end, [](char x) { return is_alpha(x) || x == '-'; }, n) < n;  // words between dashes are no token
}

bool slack_webhook(const candidate& c) noexcept {
  // hooks.slack.com/services/T.../B.../<24>, /workflows/..., /triggers/...: the path is the credential.
  std::size_t at = c.end;
  for (const std::string_view kind : words{"services/", "workflows/", "triggers/"}) {
    if (!begins(c.text, at, kind)) continue;
    at += kind.size();
    const auto in = [](char x) { return is_alnum(x) || x == '/'; };
    const std::size_t n = length_of(c.text, at, in, 200);
    return n >= 30 && varied(c.text.substr(at, n), 10);
  }
  return false;
}

bool discord_token(const candidate& c) noexcept {
  // <user's id in base64>.<6: time>.<27 or more: HMAC>; mfa.<84>.
  const std::string_view text = c.text;
  if (c.end - c.at >= 84 && c.end - c.at <= 128 && ends(text, c.at, "mfa.") && !glued_before(text, c.at - 4)) return true;
  if (peek(text, c.end) != '.') return false;
  const std::size_t first = length_before(text, c.end, is_alnum, 29);
  if (first < 22 || first > 28) return false;
  const std::size_t time = length_of(text, c.end + 1, is_url64, 8);
  if (time < 5 || time > 7 || peek(text, c.end + 1 + time) != '.') return false;
  const std::size_t signature = length_of(text, c.end + 2 + time, is_url64, 80);
  if (signature < 25 || signature > 45) return false;
  decoded id;
  decode(text.substr(c.end - first, first), id);
  return id.size >= 16 && length_of(id.view(), 0, is_digit) == id.size;
}

bool telegram_token(const candidate& c) noexcept {
  // <bot's number>:AA<33>.
  const std::size_t number = length_before(c.text, c.at, is_digit, 13);
  if (number < 7 || number > 12) return false;
  const std::size_t begin = c.at - number;
  if (glued_before(c.text, begin) && !ends(c.text, begin, "bot")) return false;
  const std::size_t n = length_of(c.text, c.at + 1, is_url64, 37);
  return n >= 34 && n <= 36 && varied(c.text.substr(c.at + 1, n), 10);
}

bool twilio_key(const candidate& c) noexcept {
  // SK<32 hex>: an API key. Auth tokens are 32 hex digits with nothing but the name beside them.
  if (begins(c.text, c.at, "SK")) {
    if (glued_before(c.text, c.at) || length_of(c.text, c.at + 2, is_lower_hex, 33) != 32) return false;
    return !glued_after(c.text, c.at + 34) && varied(c.text.substr(c.at + 2, 32), 6);
  }
  return has_hex(c.text, c.end, 96, 32);
}

bool sendgrid_key(const candidate& c) noexcept {
  // SG.<22>.<43>
  if (glued_before(c.text, c.at) || length_of(c.text, c.end, is_url64, 23) != 22 || peek(c.text, c.end + 22) != '.') return false;
  return length_of(c.text, c.end + 23, is_url64, 44) == 43;
}

bool mailgun_key(const candidate& c) noexcept {
  if (begins(c.text, c.at, "key-")) return is_token(c.text, c.at, c.end, is_lower_hex, 32, 32);
  return has_mailgun_key(c.text, c.end, 96);
}

}  // namespace naru::sensitivity::detectors
