#include "local_backend/http/gatekeeper.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cctype>

namespace naru::local_backend {
namespace {

std::string sha256(std::string_view text) {
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// "127.0.0.1:8080", "[::1]", "localhost:1" without the port.
std::string_view host_name(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

bool names_loopback(std::string_view host) {
  const auto name = host_name(host);
  // A name that begins with "127." may be anybody's; an address has only digits and dots.
  const bool digits = std::ranges::all_of(name, [](unsigned char c) { return std::isdigit(c) || c == '.'; });
  return same_word(name, "localhost") || name == "[::1]" || (digits && name.starts_with("127."));
}

bool is_json(std::string_view content_type) {
  auto kind = content_type.substr(0, content_type.find(';'));
  while (kind.ends_with(' ') || kind.ends_with('\t')) kind.remove_suffix(1);
  return same_word(kind, "application/json");
}

}  // namespace

gatekeeper::gatekeeper(door d, std::string_view token) : door_(d), token_hash_(token.empty() ? std::string{} : sha256(token)) {}

bool gatekeeper::carries_token(std::string_view authorization) const {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() <= scheme.size() || !same_word(authorization.substr(0, scheme.size()), scheme)) return false;
  const auto hash = sha256(authorization.substr(scheme.size()));
  return CRYPTO_memcmp(hash.data(), token_hash_.data(), hash.size()) == 0;
}

result<void> gatekeeper::check(const request_facts& r) const {
  if (!token_hash_.empty()) {
    // A probe asks without credentials, and health says nothing about anybody.
    if (r.path != "/health" && !carries_token(r.authorization))
      return fail(error_code::unauthorized, "want the worker's bearer token in \"authorization\"");
  } else if (door_ == door::address) {
    if (!names_loopback(r.host))
      return fail(error_code::forbidden, "want a loopback name or address in \"host\": this worker serves its own machine");
    if (!r.origin.empty()) return fail(error_code::forbidden, "web pages may not ask this worker");
  }
  if (r.method == "POST") {
    if (!is_json(r.content_type)) return fail(error_code::unsupported_media, "want \"content-type: application/json\"");
    if (!r.content_encoding.empty() && !same_word(r.content_encoding, "identity")) {
      return fail(error_code::unsupported_media, "want a body without content-encoding");
    }
  }
  return {};
}

}  // namespace naru::local_backend
