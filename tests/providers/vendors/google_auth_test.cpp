#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"
#include "providers/vendors/google_auth/google_auth.hpp"
#include "tests/support/canonical_json.hpp"

using namespace naru;
namespace auth = naru::vendors::google_auth;

namespace {

/// A fresh key pair of this run: none is ever written down.
class key_pair {
 public:
  explicit key_pair(bool rsa = true) : key_(rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256")) { REQUIRE(key_ != nullptr); }
  ~key_pair() { EVP_PKEY_free(key_); }
  key_pair(const key_pair&) = delete;
  key_pair& operator=(const key_pair&) = delete;

  [[nodiscard]] std::string private_pem() const {
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(out, key_, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out, &text);
    std::string pem(text, static_cast<std::size_t>(size));
    BIO_free(out);
    return pem;
  }
  /// With the public half alone.
  [[nodiscard]] bool verifies(std::string_view text, const std::string& signature) const {
    BIO* pem = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(pem, key_);
    EVP_PKEY* open = PEM_read_bio_PUBKEY(pem, nullptr, nullptr, nullptr);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool good = EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, open) == 1 &&
                      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(open);
    BIO_free(pem);
    return good;
  }

 private:
  EVP_PKEY* key_;
};

/// Independent of the code under test: OpenSSL's own decoder.
std::string decoded(std::string text) {
  CHECK(text.find_first_of("+/=") == std::string::npos);
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  const std::size_t padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string out(text.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  REQUIRE(size >= static_cast<int>(padding));
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

auth::service_account account_with(const std::string& pem) {
  return {"naru@p.iam.gserviceaccount.com", pem, "kid-1", "https://oauth2.googleapis.com/token", "p"};
}

}  // namespace

TEST_CASE("the assertion is a JWT that the public key verifies", "[vendors][google_auth]") {
  const key_pair keys;
  const auto jwt = auth::make_assertion(account_with(keys.private_pem()), 1'800'000'000);
  REQUIRE(jwt);
  const auto first = jwt->find('.'), second = jwt->rfind('.');
  REQUIRE(first != second);
  CHECK(test::canonical(decoded(jwt->substr(0, first))) == test::canonical(R"({"alg":"RS256","typ":"JWT","kid":"kid-1"})"));
  CHECK(test::canonical(decoded(jwt->substr(first + 1, second - first - 1))) == test::canonical(R"({"iss":"naru@p.iam.gserviceaccount.com",
    "scope":"https://www.googleapis.com/auth/cloud-platform","aud":"https://oauth2.googleapis.com/token","iat":1800000000,"exp":1800003600})"));
  const std::string signature = decoded(jwt->substr(second + 1));
  CHECK(keys.verifies(jwt->substr(0, second), signature));
  CHECK_FALSE(keys.verifies(jwt->substr(0, second - 1), signature));
  CHECK_FALSE(key_pair{}.verifies(jwt->substr(0, second), signature));
  CHECK(auth::token_request(*jwt) == "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + *jwt);
}

TEST_CASE("what is no RSA key in PEM is refused without being quoted", "[vendors][google_auth]") {
  const key_pair curve{false};
  for (const std::string& pem : {std::string{}, std::string{"secret words"},
                                 std::string{"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}, curve.private_pem()}) {
    const auto jwt = auth::make_assertion(account_with(pem), 0);
    REQUIRE_FALSE(jwt);
    CHECK(jwt.error().field == "private_key");
    CHECK(jwt.error().message.find("secret") == std::string::npos);
  }
}

TEST_CASE("a key file says who, with which key, and where to ask", "[vendors][google_auth]") {
  const auto a = auth::read_key_file(R"({"type":"service_account","client_email":"e","private_key":"k","private_key_id":"i",
    "token_uri":"https://t","project_id":"p","other":1})");
  REQUIRE(a);
  CHECK(a->client_email == "e");
  CHECK(a->private_key == "k");
  CHECK(a->private_key_id == "i");
  CHECK(a->token_uri == "https://t");
  CHECK(a->project_id == "p");
  const auto field = [](std::string_view text) {
    const auto bad = auth::read_key_file(text);
    return bad ? std::string{"read"} : bad.error().field;
  };
  CHECK(field("not json") == "");
  CHECK(field("[]") == "");
  CHECK(field(R"({"type":"authorized_user"})") == "type");
  CHECK(field(R"({"type":"service_account","private_key":"k","token_uri":"https://t"})") == "client_email");
  CHECK(field(R"({"type":"service_account","client_email":"e","token_uri":"https://t"})") == "private_key");
  CHECK(field(R"({"type":"service_account","client_email":"e","private_key":7,"token_uri":"https://t"})") == "private_key");
  CHECK(field(R"({"type":"service_account","client_email":"e","private_key":"k"})") == "token_uri");
  CHECK(field(R"({"type":"service_account","client_email":"e","private_key":"k","token_uri":"http://t"})") == "token_uri");
}

TEST_CASE("the answer has a token and how long it lasts, or Google's words for why not", "[vendors][google_auth]") {
  const auto good = auth::read_token_answer(200, R"({"access_token":"ya29.x","expires_in":3599,"token_type":"Bearer"})");
  REQUIRE(good);
  CHECK(good->value == "ya29.x");
  CHECK(good->lifetime == std::chrono::seconds{3599});
  const auto refused = auth::read_token_answer(400, R"({"error":"invalid_grant","error_description":"Invalid JWT\r\nSignature."})");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == error_code::upstream_failed);
  CHECK(refused.error().message == "Google gave no access token: HTTP 400, invalid_grant: Invalid JWT  Signature.");
  CHECK(auth::read_token_answer(502, "<html>").error().message == "Google gave no access token: HTTP 502");
  for (const std::string_view bad :
       {"", "[]", "{}", R"({"access_token":"","expires_in":1})", R"({"access_token":"a\r\nx: y","expires_in":1})",
        R"({"access_token":"a"})", R"({"access_token":"a","expires_in":-1})"}) {
    CAPTURE(bad);
    CHECK_FALSE(auth::read_token_answer(200, bad));
  }
}
