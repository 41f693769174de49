#include "load_tests/mock_upstream/socket_io.hpp"

#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <stdexcept>

namespace naru::mock {

std::unique_ptr<SSL_CTX, ssl_deleter> make_tls(const std::string& certificate, const std::string& private_key) {
  std::unique_ptr<SSL_CTX, ssl_deleter> c(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_set_mode(c.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_use_certificate_chain_file(c.get(), certificate.c_str()) != 1)
    throw std::runtime_error("no PEM certificate in " + certificate);
  if (SSL_CTX_use_PrivateKey_file(c.get(), private_key.c_str(), SSL_FILETYPE_PEM) != 1)
    throw std::runtime_error("no PEM key in " + private_key);
  return c;
}

socket_io::socket_io(int fd, SSL_CTX* tls) : fd_(fd) {
  if (!tls) return;
  tls_.reset(SSL_new(tls));
  SSL_set_fd(tls_.get(), fd);
  SSL_set_accept_state(tls_.get());
}

socket_io::~socket_io() { ::close(fd_); }

io socket_io::outcome(int n, std::size_t& moved) const noexcept {
  if (n > 0) {
    moved = static_cast<std::size_t>(n);
    return io::done;
  }
  const int why = SSL_get_error(tls_.get(), n);
  if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return io::again;
  return why == SSL_ERROR_ZERO_RETURN ? io::closed : io::failed;
}

io socket_io::read(char* to, std::size_t room, std::size_t& got) noexcept {
  if (tls_) {
    ERR_clear_error();
    return outcome(SSL_read(tls_.get(), to, static_cast<int>(std::min<std::size_t>(room, INT_MAX))), got);
  }
  const ssize_t n = ::recv(fd_, to, room, 0);
  if (n < 0) return errno == EAGAIN || errno == EINTR ? io::again : io::failed;
  got = static_cast<std::size_t>(n);
  return n == 0 ? io::closed : io::done;
}

io socket_io::write(std::string_view bytes, std::size_t& sent) noexcept {
  if (tls_) {
    ERR_clear_error();
    return outcome(SSL_write(tls_.get(), bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX))), sent);
  }
  const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (n < 0) return errno == EAGAIN || errno == EINTR ? io::again : io::failed;
  sent = static_cast<std::size_t>(n);
  return io::done;
}

void socket_io::reset_on_close() noexcept {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void socket_io::say_goodbye() noexcept {
  if (tls_) SSL_shutdown(tls_.get());
}

}  // namespace naru::mock
