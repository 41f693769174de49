#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/deadline.hpp"
#include "core/error.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace naru::net {

using ssl_ctx_ptr = std::shared_ptr<ssl_ctx_st>;

struct tls_files {
  std::string certificate;  ///< PEM file: the certificate, then its chain
  std::string key;          ///< PEM file, not encrypted
};

/// What a listener shows: TLS 1.2 and 1.3, ECDHE with AEAD only, no renegotiation, no compression, no 0-RTT, stateless tickets.
/// Thread: any. New connections take `current()`; a reload swaps it whole, and connections keep what they began with.
class tls_server_context {
 public:
  /// Errors: bad_request that names the file and OpenSSL's reason; `field` is "certificate" or "key".
  static result<std::shared_ptr<tls_server_context>> load(tls_files files);
  /// Reads the same files again. On an error what was there stays.
  result<void> reload();
  [[nodiscard]] ssl_ctx_ptr current() const;
  [[nodiscard]] wall_time not_after() const;  ///< when the certificate shown now ends

  ~tls_server_context();
  tls_server_context(const tls_server_context&) = delete;
  tls_server_context& operator=(const tls_server_context&) = delete;

 private:
  struct impl;
  explicit tls_server_context(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

struct tls_client_options {
  std::string ca_file;  ///< PEM; empty: the system's certification authorities
};

/// What outgoing connections are checked against: chain and host name (or IP address) are verified before any byte of a request goes
/// out; there is no setting that turns it off. Keeps one session per host and port for resumption (at most 1,024).
/// Thread: any (one mutex around the sessions, taken twice a handshake).
class tls_client_context {
 public:
  /// Errors: bad_request that names the file and the reason; `field` is "ca_file".
  static result<std::shared_ptr<tls_client_context>> load(tls_client_options options);

  /// An SSL ready for a handshake with `host` (DNS name: SNI and name check; IP literal: address check, no SNI), with a session to resume
  /// if there is one. The caller owns it (SSL_free). Null only when memory is out.
  [[nodiscard]] ssl_st* start(const std::string& host, std::uint16_t port);

  ~tls_client_context();
  tls_client_context(const tls_client_context&) = delete;
  tls_client_context& operator=(const tls_client_context&) = delete;

 private:
  struct impl;
  explicit tls_client_context(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

}  // namespace naru::net
