#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "core/error.hpp"
#include "local_backend/http/types.hpp"

namespace naru::local_backend {

/// Accepts connections on one Unix socket or one address, until closed. Thread: the HTTP thread.
class listener {
 public:
  virtual ~listener() = default;
  /// Where it listens: the socket's path, or "ADDR:PORT" with the port that was given.
  [[nodiscard]] virtual std::string where() const = 0;
  /// Hands every connection to `take`.
  virtual void start(std::function<void(stream)> take) = 0;
  /// Takes no more connections; removes the socket's file.
  virtual void close() noexcept = 0;
};

/// A socket that only this user can reach (mode 0600). One that nobody listens on any more is replaced; a file that is no socket, or a
/// socket that somebody still serves, is left alone. Errors: conflict, not_found (folder), internal; the message names the path.
[[nodiscard]] result<std::unique_ptr<listener>> listen_unix(asio::io_context& io, const std::filesystem::path& path);

/// Errors: conflict (in use), bad_request (not an address of this machine).
[[nodiscard]] result<std::unique_ptr<listener>> listen_address(asio::io_context& io, const std::string& host, std::uint16_t port);

}  // namespace naru::local_backend
