#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "gateway/net/tls_common.hpp"

namespace naru::net {
namespace {

constexpr std::size_t most_sessions = 1024;

struct session_deleter {
  void operator()(SSL_SESSION* s) const noexcept { SSL_SESSION_free(s); }
};
using session_ptr = std::unique_ptr<SSL_SESSION, session_deleter>;

bool is_address(const std::string& host) noexcept {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return ::inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 || ::inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

/// Each SSL carries the key under which its session is kept; freed with it.
int key_index() {
  static const int index = SSL_get_ex_new_index(
      0, nullptr, nullptr, nullptr, [](void*, void* key, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<std::string*>(key); });
  return index;
}

/// Names the host to be verified and (a name, not an address) to be asked for. False only when memory is out.
bool aim(SSL* ssl, const std::string& host) {
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

}  // namespace

struct tls_client_context::impl {
  ssl_ctx_ptr context;
  std::mutex mutex;  ///< guards `sessions`: shards make connections to the same hosts
  std::unordered_map<std::string, session_ptr> sessions;

  void keep(const std::string& key, session_ptr session) {
    const std::lock_guard lock{mutex};
    if (sessions.size() >= most_sessions && !sessions.contains(key)) sessions.erase(sessions.begin());
    sessions[key] = std::move(session);
  }

  /// A session of TLS 1.3 is for one use (RFC 8446, appendix C.4); one of 1.2 stays.
  session_ptr take(const std::string& key) {
    const std::lock_guard lock{mutex};
    const auto found = sessions.find(key);
    if (found == sessions.end()) return nullptr;
    if (SSL_SESSION_get_protocol_version(found->second.get()) >= TLS1_3_VERSION) return std::move(sessions.extract(found).mapped());
    SSL_SESSION_up_ref(found->second.get());
    return session_ptr{found->second.get()};
  }

  static int on_new_session(SSL* ssl, SSL_SESSION* session) {
    auto* self = static_cast<impl*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    const auto* key = static_cast<const std::string*>(SSL_get_ex_data(ssl, key_index()));
    if (key == nullptr || SSL_SESSION_is_resumable(session) != 1) return 0;
    self->keep(*key, session_ptr{session});
    return 1;  // the reference is ours now
  }
};

tls_client_context::tls_client_context(std::unique_ptr<impl> i) : impl_(std::move(i)) {}
tls_client_context::~tls_client_context() = default;

result<std::shared_ptr<tls_client_context>> tls_client_context::load(tls_client_options options) {
  ERR_clear_error();
  auto i = std::make_unique<impl>();
  i->context = make_ssl_context(TLS_client_method());
  SSL_CTX* c = i->context.get();
  SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_alpn_protos(c, alpn_http_1_1.data(), alpn_http_1_1.size());
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(c, impl::on_new_session);
  SSL_CTX_set_app_data(c, i.get());
  if (options.ca_file.empty()) {
    if (SSL_CTX_set_default_verify_paths(c) != 1) return bad_tls_file("the system's certificates", "want the CA store", "ca_file");
  } else {
    if (auto ok = check_readable(options.ca_file, "ca_file"); !ok) return fail(std::move(ok.error()));
    if (SSL_CTX_load_verify_file(c, options.ca_file.c_str()) != 1) {
      return bad_tls_file(options.ca_file, "want certificates of authorities in PEM", "ca_file");
    }
  }
  return std::shared_ptr<tls_client_context>{new tls_client_context{std::move(i)}};
}

ssl_st* tls_client_context::start(const std::string& host, std::uint16_t port) {
  SSL* ssl = SSL_new(impl_->context.get());
  if (ssl == nullptr) return nullptr;
  auto key = std::make_unique<std::string>(fmt::format("{}:{}", host, port));
  const auto session = impl_->take(*key);
  if (!aim(ssl, host) || SSL_set_ex_data(ssl, key_index(), key.get()) != 1) {
    SSL_free(ssl);
    return nullptr;
  }
  key.release();  // NOLINT(bugprone-unused-return-value): the SSL frees it
  if (session) SSL_set_session(ssl, session.get());
  SSL_set_connect_state(ssl);
  return ssl;
}

}  // namespace naru::net
