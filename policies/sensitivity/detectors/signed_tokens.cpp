#include "policies/sensitivity/detectors/base64.hpp"
#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Private keys, JWTs and what a cluster or a vault hands out.
namespace naru::sensitivity::detectors {
namespace {

/// Decodes the header of a JWT at `at`: eyJ is {" in base64 (eyAi and ewog with blanks), and a header names its algorithm (RFC 7515 4.1.1).
/// @param end  set to one past the header's last character
bool is_jwt_header(std::string_view text, std::size_t at, decoded& header, std::size_t& end) noexcept {
  if (glued_before(text, at)) return false;
  const std::size_t n = length_of(text, at, is_url64, 2048);
  if (n < 16 || peek(text, at + n) != '.') return false;
  decode(text.substr(at, n), header);
  end = at + n;
  return header.view().find("\"alg\"") != std::string_view::npos;
}

}  // namespace

bool private_key(const candidate& c) noexcept {
  // RFC 7468 and OpenPGP armour: -----BEGIN [kind] PRIVATE KEY[ BLOCK]-----. The header alone is enough: what follows may come in the
  // next message. PuTTY and age have files of their own.
  if (begins(c.text, c.at, "PuTTY-User-Key-File-")) return is_digit(peek(c.text, c.end));
  if (begins(c.text, c.at, "AGE-SECRET-KEY-1")) return length_of(c.text, c.end, [](char x) { return is_upper(x) || is_digit(x); }) >= 50;
  const std::string_view rest = after(c.text, c.end, 48);
  const std::size_t key = rest.find("PRIVATE KEY");
  if (key == std::string_view::npos) return false;
  return length_of(rest, 0, [](char x) { return is_upper(x) || is_digit(x) || x == ' '; }) >= key;
}

bool vault_token(const candidate& c) noexcept {
  // hvs. hvb. hvr. (HashiCorp Vault since 1.10) and 24 or more; before that s.<24>, told by the name beside.
  if (begins(c.text, c.at, "hv")) return is_token(c.text, c.at, c.end, is_url64, 24);
  for (std::size_t i = c.end; i < c.text.size() && i < c.end + 24; ++i) {
    const char kind = c.text[i];
    if ((kind != 's' && kind != 'b' && kind != 'r') || peek(c.text, i + 1) != '.' || glued_before(c.text, i)) continue;
    if (is_token(c.text, i, i + 2, is_alnum, 24, kind == 'b' ? farthest : 24)) return true;
  }
  return false;
}

bool kubernetes_token(const candidate& c) noexcept {
  // A service account's JWT: issued by kubernetes/serviceaccount, or with a kubernetes.io claim (bound tokens).
  decoded part;
  std::size_t end = 0;
  if (!is_jwt_header(c.text, c.at, part, end)) return false;
  decode(c.text.substr(end + 1, length_of(c.text, end + 1, is_url64)), part);
  const std::string_view claims = part.view();
  return claims.find("kubernetes/serviceaccount") != std::string_view::npos || claims.find("\"kubernetes.io") != std::string_view::npos;
}

bool jwt(const candidate& c) noexcept {
  decoded header;
  std::size_t end = 0;
  if (!is_jwt_header(c.text, c.at, header, end)) return false;
  const std::size_t payload = length_of(c.text, end + 1, is_url64);
  if (begins(c.text, end + 1, "eyJ") || begins(c.text, end + 1, "e30.")) return true;
  // JWE (RFC 7516): five parts, the second may be empty; a JWS of other bytes still has its signature.
  return peek(c.text, end + 1 + payload) == '.' && length_of(c.text, end + 2 + payload, is_url64) >= 8;
}

}  // namespace naru::sensitivity::detectors
