#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "gateway/net/client/proxy.hpp"

namespace naru::net {
class tls_client_context;
}

namespace naru::net::client {

/// Where an upstream is and which way leads there: from the settings alone, never from a request. Immutable once shared; connections
/// are pooled per object, so one provider has one of these.
struct origin {
  std::string host;  ///< name or address, IPv6 without brackets; "localhost" for a Unix socket
  std::uint16_t port = 80;
  std::string unix_path;                    ///< of a Unix socket; empty: TCP to host and port
  std::shared_ptr<tls_client_context> tls;  ///< null: plain. Chain and name are always verified: nothing turns that off
  std::string server_name;                  ///< what the certificate must name, and SNI; empty: `host`
  std::optional<proxy> via;                 ///< a tunnel (TCP only); the proxy looks the name up

  /// What the Host header says: "api.example.com", "10.0.0.1:8080", "[::1]:8000"; the scheme's own port is left out.
  [[nodiscard]] std::string authority() const;
  /// Host and port, always both: what CONNECT asks for.
  [[nodiscard]] std::string host_and_port() const;
};

/// A base URL, taken apart. TLS settings and proxy are the caller's to add.
struct base_url {
  bool https = false;
  std::string host;
  std::uint16_t port = 80;
  std::string path;  ///< "/v1", without a slash at the end; empty for none
};

/// "https://api.example.com/v1", "http://[::1]:8000". No user, query or fragment.
/// Errors: bad_request that says what was wanted; `field` is "base_url".
[[nodiscard]] result<base_url> parse_base_url(std::string_view url);

}  // namespace naru::net::client
