#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Keys of the clouds. Sources: the vendors' own pages on their credentials and the rules that public secret scanners agree on, 2026-11.
namespace naru::sensitivity::detectors {
namespace {

bool mixed_base64(std::string_view value) noexcept {
  bool upper = false, lower = false, digit = false, beyond_hex = false;
  for (const char c : value) {
    upper = upper || is_upper(c);
    lower = lower || is_lower(c);
    digit = digit || is_digit(c);
    beyond_hex = beyond_hex || !is_hex(c);
  }
  return upper && lower && digit && beyond_hex;
}

bool is_standard64(char c) noexcept { return is_alnum(c) || c == '+' || c == '/'; }

/// Exactly `body` characters of base64 and `padding`, and no more.
bool is_base64_key(std::string_view text, std::size_t at, std::size_t body, std::string_view padding) noexcept {
  if (length_of(text, at, is_standard64, body + 1) != body || !begins(text, at + body, padding)) return false;
  const char next = peek(text, at + body + padding.size());
  return !is_alnum(next) && next != '=' && varied(text.substr(at, body), 16);
}

/// Past the rest of a name and what assigns it: quotes, spaces, one of : = , ->.
std::size_t past_assignment(std::string_view text, std::size_t at) noexcept {
  const std::size_t name = length_of(text, at, [](char c) { return is_alnum(c) || c == '_' || c == '-'; }, 24);
  const std::size_t i = at + name;
  return i + length_of(text, i, [](char c) { return std::string_view("\"'`:=>,(|\\ \t").find(c) != std::string_view::npos; }, 12);
}

/// A value of `least`..`most` characters somewhere in the next `within` bytes, ended on both sides.
template <class In>
bool has_value(std::string_view text, std::size_t from, std::size_t within, In in, std::size_t least, std::size_t most) noexcept {
  std::size_t i = from;
  const std::size_t last = from + within;
  while (i < text.size() && i < last) {
    const std::size_t n = length_of(text, i, in);
    if (n >= least && n <= most && !glued_before(text, i) && !glued_after(text, i + n) && varied(text.substr(i, n), 10)) return true;
    i += n + 1;
  }
  return false;
}

}  // namespace

bool aws_access_key(const candidate& c) noexcept {
  // 20 characters: the kind (long-lived, session, bearer, context) and 16 of base32; 0, 1, 8 and 9 are let through for keys made up.
  const auto in = [](char x) { return is_upper(x) || is_digit(x); };
  if (glued_before(c.text, c.at) || length_of(c.text, c.at, in, 21) != 20) return false;
  return !glued_after(c.text, c.at + 20) && varied(c.text.substr(c.at + 4, 16), 6);
}

bool aws_secret_key(const candidate& c) noexcept {
  // 40 characters of base64 and nothing else: only the words before tell it from any other value. 40 hex digits (SHA-1) are not one.
  const std::size_t end = c.end < c.at + farthest ? c.end : c.at + farthest;
  std::size_t i = c.at;
  while (i < end) {
    const std::size_t n = length_of(c.text, i, is_standard64, end - i);
    if (n == 40 && mixed_base64(c.text.substr(i, n)) && peek(c.text, i + n) != '=' && peek(c.text, i + n) != '-' &&
        peek(c.text, i + n) != '_') {
      const std::string_view left = before(c.text, i, 120);
      if (contains_word(left, "secret") || says(left, {"aws"}) || left.find("AKIA") != std::string_view::npos ||
          left.find("ASIA") != std::string_view::npos) {
        return true;
      }
    }
    i += n + 1;
  }
  return false;
}

bool gcp_service_account(const candidate& c) noexcept {
  // The JSON key file: a type or client_email that names a service account, and the key itself not far away.
  const std::size_t begin = c.at > farthest ? c.at - farthest : 0;
  const std::string_view around = c.text.substr(begin, c.at - begin + farthest);
  const std::size_t key = around.find("private_key\"");
  if (key == std::string_view::npos)
    return around.find("private_key:") != std::string_view::npos && around.find("-----BEGIN") != around.npos;
  return around.substr(key, 64).find("-----BEGIN") != std::string_view::npos;
}

bool google_api_key(const candidate& c) noexcept {
  const std::string_view text = c.text;
  if (begins(text, c.at, "AIza")) return is_token(text, c.at, c.at + 4, is_url64, 35, 35);
  if (begins(text, c.at, "GOCSPX-")) return is_token(text, c.at, c.at + 7, is_url64, 28, 28);  // OAuth client secret
  if (begins(text, c.at, "ya29.")) return is_token(text, c.at, c.at + 5, is_url64, 40);        // OAuth access token
  return begins(text, c.at, "AQ.A") && is_token(text, c.at, c.at + 3, is_url64, 40);           // keys bound to a service account
}

bool azure_storage_key(const candidate& c) noexcept {
  // 64 bytes: 86 characters and ==.
  return is_base64_key(c.text, past_assignment(c.text, c.end), 86, "==");
}

bool azure_connection_string(const candidate& c) noexcept {
  if (begins(c.text, c.at, "SharedAccessKey=")) {  // Service Bus, Event Hubs, IoT Hub, ...: 32 or 64 bytes
    const std::string_view left = before(c.text, c.at, 400), right = after(c.text, c.end, 160);
    const auto endpoint = [](std::string_view s) { return contains_word(s, "endpoint=") || contains_word(s, "hostname="); };
    if (!endpoint(left) && !endpoint(right)) return false;
    return is_base64_key(c.text, c.end, 43, "=") || is_base64_key(c.text, c.end, 86, "==");
  }
  const std::string_view rest = after(c.text, c.end, 400);  // DefaultEndpointsProtocol=
  const std::size_t key = rest.find("AccountKey=");
  return key != std::string_view::npos && is_base64_key(c.text, c.end + key + 11, 86, "==");
}

bool azure_sas(const candidate& c) noexcept {
  // A shared access signature: sig is HMAC-SHA256 (44 characters of base64, mostly percent-encoded), beside a version or an expiry.
  const char left = peek_back(c.text, c.at, 1);
  if (is_alnum(left) || left == '_') return false;
  const auto in = [](char x) { return is_standard64(x) || x == '%'; };
  const std::size_t n = length_of(c.text, c.end, in, 120);
  if (n < 43) return false;
  std::size_t characters = 0;
  for (std::size_t i = c.end; i < c.end + n; ++characters) i += c.text[i] == '%' ? 3 : 1;
  if (characters < 43 || characters > 44 || !varied(c.text.substr(c.end, n), 14)) return false;
  const std::string_view before_it = before(c.text, c.at, 512), after_it = after(c.text, c.end + n, 512);
  const auto has = [&](std::string_view name) {
    return before_it.find(name) != std::string_view::npos || after_it.find(name) != std::string_view::npos;
  };
  return has("se=") || has("sv=");
}

bool digitalocean_token(const candidate& c) noexcept { return is_token(c.text, c.at, c.end, is_lower_hex, 64, 64); }

bool cloudflare_token(const candidate& c) noexcept {
  // cfk_, cfut_, cfat_: 40 characters and a checksum; before 2026 40 characters (tokens) or 37 hex digits (global keys) without a
  // prefix, told by the name beside; v1.0-: origin CA keys.
  const std::string_view text = c.text;
  if (begins(text, c.at, "cfk_") || begins(text, c.at, "cfut_") || begins(text, c.at, "cfat_")) {
    return is_token(text, c.at, c.end, is_url64, 40, 64);
  }
  if (begins(text, c.at, "v1.0-")) {
    if (glued_before(text, c.at) || length_of(text, c.end, is_lower_hex, 25) != 24 || peek(text, c.end + 24) != '-') return false;
    return length_of(text, c.end + 25, is_lower_hex) >= 140;
  }
  return has_value(text, c.end, 72, is_url64, 40, 40) || has_value(text, c.end, 72, is_lower_hex, 37, 37);
}

bool databricks_token(const candidate& c) noexcept {
  if (glued_before(c.text, c.at) || length_of(c.text, c.end, is_lower_hex, 33) != 32 || !varied(c.text.substr(c.end, 32), 6)) return false;
  std::size_t end = c.end + 32;
  if (peek(c.text, end) == '-' && is_digit(peek(c.text, end + 1))) end += 1 + length_of(c.text, end + 1, is_digit, 3);
  return !glued_after(c.text, end);
}

bool datadog_key(const candidate& c) noexcept {
  // 32 (API) or 40 (application) hex digits: only the name beside tells them from a hash.
  return has_value(c.text, c.end, 72, is_lower_hex, 32, 32) || has_value(c.text, c.end, 72, is_lower_hex, 40, 40);
}

}  // namespace naru::sensitivity::detectors
