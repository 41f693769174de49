#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "gateway/net/address.hpp"
#include "gateway/net/client/breaker.hpp"
#include "gateway/net/shard.hpp"
#include "gateway/net/task.hpp"

namespace naru::net::client {

struct dns_options {
  std::chrono::milliseconds query_timeout{2'000};  ///< of one try; doubled by c-ares with each further one
  int tries = 3;
  std::chrono::seconds shortest{1};  ///< a TTL is kept within these two
  std::chrono::seconds longest{300};
  std::chrono::seconds negative{1};  ///< how long a failure is believed
  std::size_t names = 1'024;         ///< most names remembered
  std::string servers;               ///< "127.0.0.1:5353"; empty: those of /etc/resolv.conf
};

/// Names to addresses: address literals, "localhost", /etc/hosts, then DNS (A and AAAA) by c-ares on the shard's reactor; nothing blocks
/// but the reading of /etc/hosts. Answers are kept for their TTL, callers who ask for the same name share one look-up. Shard-local.
class resolver {
 public:
  explicit resolver(shard& home, dns_options options = {});
  ~resolver();
  resolver(const resolver&) = delete;
  resolver& operator=(const resolver&) = delete;

  /// @param host  a name, or an address without brackets
  /// @param stop  ends the wait; the look-up itself goes on for others
  /// @return at least one address with port 0, in the order to be tried: c-ares' (RFC 6724), families in turn (RFC 8305 §4)
  /// Errors: upstream_failed, reason "dns", the message names the host: for logs, not for clients. What `stop` says.
  task<std::vector<socket_address>> resolve(std::string host, breaker& stop);

  [[nodiscard]] std::size_t lookups() const noexcept;  ///< that were begun, since the start

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace naru::net::client
