#include "providers/vendors/google_auth/google_auth.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <optional>
#include <vector>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"
#include "providers/dialects/dialect.hpp"

// Source: Google's "Using OAuth 2.0 for Server to Server Applications" and google-auth-library 10.9 (2026-11).
namespace naru::vendors::google_auth {
namespace {

constexpr std::string_view scope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::int64_t lifetime = 3600;
constexpr std::uint64_t longest_lifetime = 24 * 3600;

template <auto Free>
struct freed {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using bio = std::unique_ptr<BIO, freed<BIO_free>>;
using key = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using digest = std::unique_ptr<EVP_MD_CTX, freed<EVP_MD_CTX_free>>;

/// RFC 4648 §5, without padding.
std::string base64url(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  unsigned bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    held += 8;
    while (held >= 6) {
      held -= 6;
      out += alphabet[(bits >> held) & 63];
    }
  }
  if (held > 0) out += alphabet[(bits << (6 - held)) & 63];
  return out;
}

result<std::string> signed_rs256(std::string_view pem, std::string_view text) {
  const auto bad = [] { return fail(error_code::bad_request, "want an RSA key in PEM", "private_key"); };
  const bio in{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  if (!in) return bad();
  // A key with a passphrase would ask for it at a terminal: the callback says that there is none.
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  const key private_key{PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr)};
  if (!private_key || EVP_PKEY_base_id(private_key.get()) != EVP_PKEY_RSA) return bad();
  const digest context{EVP_MD_CTX_new()};
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, private_key.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1) {
    return bad();
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size()) != 1) return bad();
  signature.resize(size);
  return signature;
}

/// Where it went wrong: Google's error and its description.
std::string words_of(std::string_view body) {
  const auto doc = json::document::parse(body);
  json::object root;
  if (!doc || doc->root().get(root) != simdjson::SUCCESS) return {};
  std::string words{json::get_string(root, "error").value_or("")};
  const auto more = json::get_string(root, "error_description").value_or("");
  if (!more.empty()) words += (words.empty() ? "" : ": ") + std::string{more};
  return dialects::clean_text(words, 300);
}

}  // namespace

result<service_account> read_key_file(std::string_view text) {
  const auto doc = json::document::parse(text);
  json::object root;
  if (!doc || doc->root().get(root) != simdjson::SUCCESS) {
    return fail(error_code::bad_request, "want the JSON key file of a service account");
  }
  service_account a;
  struct member {
    std::string_view name;
    std::string* into;
    bool required;
  };
  const member members[] = {{"client_email", &a.client_email, true},
                            {"private_key", &a.private_key, true},
                            {"token_uri", &a.token_uri, true},
                            {"private_key_id", &a.private_key_id, false},
                            {"project_id", &a.project_id, false}};
  const auto type = json::get_string(root, "type").value_or("");
  if (type != "service_account") return fail(error_code::bad_request, "want \"service_account\"", "type");
  for (const auto& one : members) {
    *one.into = json::get_string(root, one.name).value_or("");
    if (one.required && one.into->empty()) return fail(error_code::bad_request, "want a string that is not empty", std::string{one.name});
  }
  // The assertion is worth a token to whoever gets it.
  if (!a.token_uri.starts_with("https://")) return fail(error_code::bad_request, "want an https address", "token_uri");
  return a;
}

result<std::string> make_assertion(const service_account& a, std::int64_t now) {
  std::string head, claims;
  json::writer h(head), c(claims);
  h.begin_object().field("alg", "RS256").field("typ", "JWT");
  if (!a.private_key_id.empty()) h.field("kid", a.private_key_id);
  h.end_object();
  c.begin_object().field("iss", a.client_email).field("scope", scope).field("aud", a.token_uri);
  c.field("iat", now).field("exp", now + lifetime).end_object();
  const std::string text = base64url(head) + '.' + base64url(claims);
  const auto signature = signed_rs256(a.private_key, text);
  if (!signature) return fail(signature.error());
  return text + '.' + base64url(*signature);
}

std::string token_request(std::string_view assertion) {
  return "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + std::string{assertion};
}

result<access_token> read_token_answer(int status, std::string_view body) {
  if (status != 200) {
    const std::string words = words_of(body);
    return fail(error_code::upstream_failed,
                fmt::format("Google gave no access token: HTTP {}{}{}", status, words.empty() ? "" : ", ", words));
  }
  const auto doc = json::document::parse(body);
  json::object root;
  if (!doc || doc->root().get(root) != simdjson::SUCCESS) {
    return fail(error_code::upstream_failed, "Google's answer with the access token cannot be read: want an object");
  }
  const auto token = json::get_string(root, "access_token").value_or("");
  const auto seconds = json::get_uint(root, "expires_in").value_or(0);
  // It goes into a header: what could end one is no token.
  const bool plain = token.find_first_of("\r\n\t ") == std::string_view::npos;
  if (token.empty() || !plain) return fail(error_code::upstream_failed, "want access_token in Google's answer", "access_token");
  if (seconds == 0) return fail(error_code::upstream_failed, "want expires_in in Google's answer, in seconds", "expires_in");
  return access_token{std::string{token}, std::chrono::seconds{static_cast<std::int64_t>(std::min(seconds, longest_lifetime))}};
}

}  // namespace naru::vendors::google_auth
