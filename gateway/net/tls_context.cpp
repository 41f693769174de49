#include "gateway/net/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <mutex>
#include <utility>

#include "gateway/net/tls_common.hpp"
#include "gateway/net/tls_error.hpp"

namespace naru::net {
namespace {

/// A key with a passphrase would make OpenSSL ask on the terminal; refuse instead.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

int choose_protocol(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_length, const unsigned char* in, unsigned in_length,
                    void* /*user*/) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_length, alpn_http_1_1.data(), alpn_http_1_1.size(), in, in_length) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;  // it offers others only: answered without ALPN, as HTTP/1.1
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

result<ssl_ctx_ptr> load_server(const tls_files& files) {
  if (auto ok = check_readable(files.certificate, "certificate"); !ok) return fail(std::move(ok.error()));
  if (auto ok = check_readable(files.key, "key"); !ok) return fail(std::move(ok.error()));
  ERR_clear_error();
  auto context = make_ssl_context(TLS_server_method());
  SSL_CTX* c = context.get();
  SSL_CTX_set_default_passwd_cb(c, no_passphrase);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);  // tickets carry the state; memory here would grow with clients
  SSL_CTX_set_num_tickets(c, 1);
  SSL_CTX_set_max_early_data(c, 0);
  SSL_CTX_set_alpn_select_cb(c, choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(c, files.certificate.c_str()) != 1) {
    return bad_tls_file(files.certificate, "want a certificate and its chain in PEM", "certificate");
  }
  if (SSL_CTX_use_PrivateKey_file(c, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return bad_tls_file(files.key, "want the certificate's private key in PEM, without a passphrase", "key");
  }
  if (SSL_CTX_check_private_key(c) != 1) return bad_tls_file(files.key, "not the key of " + files.certificate, "key");
  return context;
}

wall_time end_of(const SSL_CTX* context) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(context)), &parts) != 1) return wall_time{};
  return std::chrono::system_clock::from_time_t(timegm(&parts));
}

}  // namespace

struct tls_server_context::impl {
  tls_files files;
  mutable std::mutex mutex;  ///< guards `context`: taken once a handshake and once a reload
  ssl_ctx_ptr context;
};

tls_server_context::tls_server_context(std::unique_ptr<impl> i) : impl_(std::move(i)) {}
tls_server_context::~tls_server_context() = default;

result<std::shared_ptr<tls_server_context>> tls_server_context::load(tls_files files) {
  auto context = load_server(files);
  if (!context) return fail(std::move(context.error()));
  auto i = std::make_unique<impl>();
  i->files = std::move(files);
  i->context = std::move(*context);
  return std::shared_ptr<tls_server_context>{new tls_server_context{std::move(i)}};
}

result<void> tls_server_context::reload() {
  auto context = load_server(impl_->files);
  if (!context) return fail(std::move(context.error()));
  const std::lock_guard lock{impl_->mutex};
  impl_->context = std::move(*context);
  return {};
}

ssl_ctx_ptr tls_server_context::current() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->context;
}

wall_time tls_server_context::not_after() const { return end_of(current().get()); }

}  // namespace naru::net
