#pragma once
#include <memory>

#include "core/deadline.hpp"
#include "gateway/net/client/breaker.hpp"
#include "gateway/net/client/dns.hpp"
#include "gateway/net/client/origin.hpp"
#include "gateway/net/shard.hpp"
#include "gateway/net/stream.hpp"
#include "gateway/net/task.hpp"

namespace naru::net::client {

/// Makes connections: the real one by sockets, another in memory for simulations. Shard-local.
class connector {
 public:
  virtual ~connector() = default;
  /// @param until  when the connection must stand; the caller trips `stop` then. Here it only tells how long one address of several may
  ///               take, so that a silent one does not eat the time of the next
  /// @return a stream that requests may be written to: through the proxy's tunnel and past the TLS handshake, where there are such
  /// Errors: reasons dns, connect, proxy, tls, reset; what `stop` says. No message holds a host name or an address.
  virtual task<stream_ptr> connect(const origin& to, deadline until, breaker& stop) = 0;
};

/// Addresses in turn, the next one when a connection fails; one set of names for all origins.
[[nodiscard]] std::unique_ptr<connector> make_connector(shard& home, std::shared_ptr<resolver> names);

}  // namespace naru::net::client
