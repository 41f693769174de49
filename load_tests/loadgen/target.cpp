#include "load_tests/loadgen/target.hpp"

#include <arpa/inet.h>

#include <stdexcept>

namespace naru::load {

target read_target(const std::string& url) {
  target t;
  std::size_t at = 0;
  if (url.starts_with("http://"))
    at = 7;
  else if (url.starts_with("https://"))
    at = 8, t.tls = true;
  else
    throw std::invalid_argument("want http:// or https://, got " + url);
  const auto slash = url.find('/', at);
  t.host = url.substr(at, slash - at);
  t.path = slash == std::string::npos ? "/" : url.substr(slash);
  const auto colon = t.host.rfind(':');
  if (colon == std::string::npos) throw std::invalid_argument("want a port in " + url);
  std::string name = t.host.substr(0, colon);
  if (name == "localhost") name = "127.0.0.1";
  const int port = std::stoi(t.host.substr(colon + 1));
  t.address.sin_family = AF_INET;
  t.address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (inet_pton(AF_INET, name.c_str(), &t.address.sin_addr) != 1)
    throw std::invalid_argument("want an IPv4 address or localhost, got " + name);
  if ((ntohl(t.address.sin_addr.s_addr) >> 24) != 127)
    throw std::invalid_argument(name + " is not this machine: only 127.0.0.0/8 is allowed");
  return t;
}

}  // namespace naru::load
