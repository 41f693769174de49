#pragma once
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace naru::local_backend {

/// The parts of a request's head that decide whether it may come in. Views; empty: absent.
struct request_facts {
  std::string_view method{};
  std::string_view path{};
  std::string_view host{};
  std::string_view origin{};
  std::string_view authorization{};
  std::string_view content_type{};
  std::string_view content_encoding{};
};

/// Who may ask. On a Unix socket the file's mode decides; on an address the bearer token; on loopback without a token the page of any
/// web site could reach the worker through a browser on this machine, so the host must be a loopback name and no page may ask.
/// Immutable; pure.
class gatekeeper {
 public:
  enum class door : std::uint8_t { unix_socket, address };
  gatekeeper(door d, std::string_view token);

  /// Errors: unauthorized, forbidden, unsupported_media.
  [[nodiscard]] result<void> check(const request_facts& r) const;

 private:
  [[nodiscard]] bool carries_token(std::string_view authorization) const;

  door door_;
  std::string token_hash_;  ///< SHA-256; empty: no token is wanted
};

}  // namespace naru::local_backend
