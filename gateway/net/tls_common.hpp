#pragma once
#include <openssl/ssl.h>

#include <array>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "gateway/net/tls_context.hpp"

/// What the server's and the client's context share. Included by the tls_*.cpp only.
namespace naru::net {

/// ALPN's wire form of "http/1.1".
inline constexpr std::array<unsigned char, 9> alpn_http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// TLS 1.2 and 1.3, ECDHE with AEAD; no record buffer while idle; a write may take less and go on from other memory.
[[nodiscard]] ssl_ctx_ptr make_ssl_context(const SSL_METHOD* method);

/// Says which file cannot be opened, in the system's words: OpenSSL only says "system lib".
result<void> check_readable(const std::string& path, const char* field);

/// `path: what was wanted: OpenSSL's reason`.
[[nodiscard]] std::unexpected<error> bad_tls_file(const std::string& path, std::string_view wanted, const char* field);

}  // namespace naru::net
