#pragma once
#include <string>

#include "gateway/net/client/breaker.hpp"
#include "gateway/net/client/proxy.hpp"
#include "gateway/net/stream.hpp"
#include "gateway/net/task.hpp"

namespace naru::net::client {

/// Asks a proxy for a tunnel (CONNECT, RFC 9110 §9.3.6) and waits for its yes. Afterwards the stream leads to the target.
/// @param target  "api.example.com:443"
/// Errors: reason "proxy": it said no (the status is in the message; 407 says that it wants credentials), closed, or sent bytes
/// that nobody had asked for. What `stop` says.
task<> open_tunnel(stream& s, const proxy& via, std::string target, breaker& stop);

}  // namespace naru::net::client
