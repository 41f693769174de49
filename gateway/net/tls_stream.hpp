#pragma once
#include <cstdint>
#include <string>

#include "core/deadline.hpp"
#include "gateway/net/shard.hpp"
#include "gateway/net/stream.hpp"
#include "gateway/net/tls_context.hpp"

namespace naru::net {

/// The server's handshake on a connected socket. `fd` is owned from here on, also on failure.
/// @param until  when the handshake must be over (up to one tick late)
/// Errors: upstream_failed with reason "tls" (message: OpenSSL's reason), "timeout", "reset", "closed".
/// Thread: `home`'s. Cost when idle: about 14 KB, as OpenSSL keeps no record buffer (SSL_MODE_RELEASE_BUFFERS).
task<stream_ptr> accept_tls(shard& home, int fd, ssl_ctx_ptr context, deadline until);

/// The client's handshake: returns only after chain and host name have been verified.
/// @param host  a DNS name, or an IP address without brackets
/// Errors: as above; a certificate that does not fit has reason "tls_verify" and says why.
task<stream_ptr> connect_tls(shard& home, int fd, std::shared_ptr<tls_client_context> context, std::string host, std::uint16_t port,
                             deadline until);

}  // namespace naru::net
