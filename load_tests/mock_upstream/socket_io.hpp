#pragma once
#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace naru::mock {

struct ssl_deleter {
  void operator()(SSL* s) const noexcept { SSL_free(s); }
  void operator()(SSL_CTX* c) const noexcept { SSL_CTX_free(c); }
};

/// A server's TLS settings from PEM files. Throws std::runtime_error when they cannot be read.
[[nodiscard]] std::unique_ptr<SSL_CTX, ssl_deleter> make_tls(const std::string& certificate, const std::string& private_key);

enum class io : std::uint8_t { done, again, closed, failed };

/// A non-blocking socket, plain or TLS. Owns the descriptor.
class socket_io {
 public:
  /// @param tls  nullptr: plain
  socket_io(int fd, SSL_CTX* tls);
  ~socket_io();
  socket_io(const socket_io&) = delete;
  socket_io& operator=(const socket_io&) = delete;

  /// @param got  bytes moved when the answer is `done`
  io read(char* to, std::size_t room, std::size_t& got) noexcept;
  io write(std::string_view bytes, std::size_t& sent) noexcept;
  /// The descriptor's close will send a RST.
  void reset_on_close() noexcept;
  /// TLS's close_notify, so that the end is a clean one. Plain: nothing.
  void say_goodbye() noexcept;
  [[nodiscard]] int fd() const noexcept { return fd_; }

 private:
  io outcome(int n, std::size_t& moved) const noexcept;

  int fd_;
  std::unique_ptr<SSL, ssl_deleter> tls_;
};

}  // namespace naru::mock
