#pragma once
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace naru::net {

/// "127.0.0.1", "::1", "unix"; without port. An IPv4 address that came mapped into IPv6 (::ffff:a.b.c.d) is said as IPv4, so that a
/// client is one person to limits and logs whichever way the listener is bound.
[[nodiscard]] std::string address_text(const sockaddr_storage& a);
/// 127.0.0.0/8, ::1, the same mapped, and Unix sockets.
[[nodiscard]] bool is_loopback(const sockaddr_storage& a) noexcept;
[[nodiscard]] std::uint16_t port_of(const sockaddr_storage& a) noexcept;  ///< 0 for Unix

struct socket_address {
  sockaddr_storage storage{};
  socklen_t length = 0;
};
/// Reads "127.0.0.1:8080", "[::]:8080", ":8080" (every address, both families), "localhost:8080" (127.0.0.1). No look-up.
/// Errors: bad_request that says what was wanted.
[[nodiscard]] result<socket_address> parse_listen_address(std::string_view text);

}  // namespace naru::net
