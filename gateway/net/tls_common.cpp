#include "gateway/net/tls_common.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <new>
#include <system_error>

#include "gateway/net/tls_error.hpp"

namespace naru::net {

ssl_ctx_ptr make_ssl_context(const SSL_METHOD* method) {
  ssl_ctx_ptr context{SSL_CTX_new(method), SSL_CTX_free};
  if (!context) throw std::bad_alloc{};
  SSL_CTX* c = context.get();
  SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(c, "ECDHE+AESGCM:ECDHE+CHACHA20");  // TLS 1.2; those of 1.3 are all of this kind
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(c, 1);  // one recv a record instead of two
  return context;
}

result<void> check_readable(const std::string& path, const char* field) {
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) {
    return fail(error_code::bad_request, fmt::format("cannot read {}: {}", path, std::generic_category().message(errno)), field,
                "tls_file");
  }
  std::fclose(file);
  return {};
}

std::unexpected<error> bad_tls_file(const std::string& path, std::string_view wanted, const char* field) {
  return fail(error_code::bad_request, fmt::format("{}: {}: {}", path, wanted, take_tls_reason()), field, "tls_file");
}

}  // namespace naru::net
