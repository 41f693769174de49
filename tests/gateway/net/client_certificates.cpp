#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "tests/gateway/net/client_support.hpp"

namespace client_test {
namespace {

/// A folder that goes with the process.
struct temporary_folder {
  std::filesystem::path path;
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "naru-client-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path = name;
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};
std::string place(const std::string& file) {
  static const temporary_folder folder;
  return (folder.path / file).string();
}

struct identity {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> owned_key{nullptr, &EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> owned_cert{nullptr, &X509_free};
  EVP_PKEY* key = owned_key.get();
  X509* cert = owned_cert.get();
  identity(EVP_PKEY* k, X509* c) : owned_key(k, &EVP_PKEY_free), owned_cert(c, &X509_free) {}
};

identity make(const std::string& name, const std::string& alt_names, const identity* issuer) {
  static long serial = 1;
  identity made(EVP_EC_gen("P-256"), X509_new());
  X509_set_version(made.cert, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.cert), serial++);
  X509_gmtime_adj(X509_getm_notBefore(made.cert), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made.cert), 3600 * 24);
  X509_set_pubkey(made.cert, made.key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.cert), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                             -1, 0);
  const identity& signer = issuer != nullptr ? *issuer : made;
  X509_set_issuer_name(made.cert, X509_get_subject_name(signer.cert));
  X509V3_CTX context;
  X509V3_set_ctx(&context, signer.cert, made.cert, nullptr, nullptr, 0);
  const auto add = [&](int nid, const char* value) {
    X509_EXTENSION* e = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    X509_add_ext(made.cert, e, -1);
    X509_EXTENSION_free(e);
  };
  add(NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  if (!alt_names.empty()) add(NID_subject_alt_name, alt_names.c_str());
  X509_sign(made.cert, signer.key, EVP_sha256());
  return made;
}

void write_cert(const std::string& path, X509* cert) {
  FILE* f = std::fopen(path.c_str(), "w");
  PEM_write_X509(f, cert);
  std::fclose(f);
}
void write_key(const std::string& path, EVP_PKEY* key) {
  FILE* f = std::fopen(path.c_str(), "w");
  PEM_write_PrivateKey(f, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(f);
}

certificates issue(const std::string& tag, const std::string& alt_names, const identity& authority) {
  certificates c{place(tag + "-ca.pem"), place(tag + ".pem"), place(tag + ".key")};
  const identity leaf = make(tag, alt_names, &authority);
  write_cert(c.ca_file, authority.cert);
  write_cert(c.cert_file, leaf.cert);
  write_key(c.key_file, leaf.key);
  return c;
}

const identity& own_authority() {
  static const identity authority = make("own authority", "", nullptr);
  return authority;
}

}  // namespace

const certificates& own_certificates() {
  static const certificates c = issue("own", "DNS:localhost,IP:127.0.0.1", own_authority());
  return c;
}
const certificates& foreign_certificates() {
  static const certificates c = issue("foreign", "DNS:localhost,IP:127.0.0.1", make("foreign authority", "", nullptr));
  return c;
}
const certificates& other_name_certificates() {
  static const certificates c = issue("other", "DNS:other.example", own_authority());
  return c;
}

}  // namespace client_test
