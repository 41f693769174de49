#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace naru::net::client {

/// An HTTP proxy that is asked for a tunnel (CONNECT), for plain origins too.
struct proxy {
  std::string host;  ///< name or address, IPv6 without brackets
  std::uint16_t port = 3128;
  std::string authorization;  ///< value of Proxy-Authorization ("Basic ..."), empty for none: a secret
};

/// "http://proxy.acme:3128", "http://user:p%40ss@proxy.acme", "proxy.acme:3128" (as in HTTPS_PROXY). Without a port it is 80 behind
/// "http://" and 3128 otherwise.
/// Errors: bad_request that says what was wanted (https and socks proxies are not spoken), without the URL: it may hold a password.
[[nodiscard]] result<proxy> parse_proxy(std::string_view url);

/// NO_PROXY: which origins are reached directly. Entries are separated by commas or blanks: "*", "acme.internal" and
/// ".acme.internal" (the name itself and every name below it), an address as it is written, each with an optional ":port".
/// CIDR blocks are not understood: "10.0.0.0/8" matches nothing.
class no_proxy {
 public:
  explicit no_proxy(std::string_view list);
  /// @param host  name or address, IPv6 without brackets; ASCII case and a trailing dot are ignored
  [[nodiscard]] bool matches(std::string_view host, std::uint16_t port) const noexcept;

 private:
  struct entry {
    std::string name;        ///< in lower case, without a leading dot; "*" for all
    std::uint16_t port = 0;  ///< 0: any
  };
  std::vector<entry> entries_;
};

}  // namespace naru::net::client
