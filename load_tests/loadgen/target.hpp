#pragma once
#include <netinet/in.h>

#include <string>

namespace naru::load {

/// Where the load goes. Only this machine: a load generator that can be pointed elsewhere is a weapon.
struct target {
  bool tls = false;
  std::string host;  ///< as written, for Host
  sockaddr_in address{};
  std::string path;
};

/// Reads "http://127.0.0.1:8080/v1/chat/completions" (or https, or localhost).
/// Throws std::invalid_argument when it is malformed or not a loopback address.
[[nodiscard]] target read_target(const std::string& url);

}  // namespace naru::load
