#include "gateway/net/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <array>
#include <charconv>
#include <cstring>

namespace naru::net {
namespace {

const sockaddr_in& v4(const sockaddr_storage& a) noexcept { return reinterpret_cast<const sockaddr_in&>(a); }
const sockaddr_in6& v6(const sockaddr_storage& a) noexcept { return reinterpret_cast<const sockaddr_in6&>(a); }

std::string text_of(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return ::inet_ntop(family, address, text.data(), text.size()) != nullptr ? std::string{text.data()} : std::string{"unknown"};
}

std::unexpected<error> bad_address(std::string_view text) {
  return fail(error_code::bad_request,
              fmt::format("cannot listen on \"{}\": want ADDRESS:PORT, as in 127.0.0.1:8080, [::]:8080 or :8080", text), {},
              "listen_address");
}

}  // namespace

std::string address_text(const sockaddr_storage& a) {
  if (a.ss_family == AF_INET) return text_of(AF_INET, &v4(a).sin_addr);
  if (a.ss_family == AF_UNIX) return "unix";
  if (a.ss_family != AF_INET6) return "unknown";
  const in6_addr& address = v6(a).sin6_addr;
  return IN6_IS_ADDR_V4MAPPED(&address) ? text_of(AF_INET, &address.s6_addr[12]) : text_of(AF_INET6, &address);
}

bool is_loopback(const sockaddr_storage& a) noexcept {
  if (a.ss_family == AF_INET) return (ntohl(v4(a).sin_addr.s_addr) >> 24) == 127;
  if (a.ss_family == AF_UNIX) return true;
  if (a.ss_family != AF_INET6) return false;
  const in6_addr& address = v6(a).sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&address) || (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == 127);
}

std::uint16_t port_of(const sockaddr_storage& a) noexcept {
  if (a.ss_family == AF_INET) return ntohs(v4(a).sin_port);
  return a.ss_family == AF_INET6 ? ntohs(v6(a).sin6_port) : std::uint16_t{0};
}

result<socket_address> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad_address(text);
  std::string host{text.substr(0, colon)};
  const std::string_view port_text = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, ec] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  if (ec != std::errc{} || end != port_text.data() + port_text.size()) return bad_address(text);
  if (host == "localhost") host = "127.0.0.1";
  if (host.empty()) host = "[::]";

  socket_address out;
  if (host.starts_with('[') && host.ends_with(']')) {
    auto& address = reinterpret_cast<sockaddr_in6&>(out.storage);
    if (::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &address.sin6_addr) != 1) return bad_address(text);
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    out.length = sizeof address;
    return out;
  }
  auto& address = reinterpret_cast<sockaddr_in&>(out.storage);
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) return bad_address(text);
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  out.length = sizeof address;
  return out;
}

}  // namespace naru::net
