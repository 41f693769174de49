#include "gateway/net/plain_stream.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "gateway/net/descriptor.hpp"
#include "gateway/net/gather.hpp"
#include "gateway/net/socket_options.hpp"

namespace naru::net {
namespace {

class plain_stream final : public stream {
 public:
  plain_stream(shard& home, int fd) : descriptor_(home, fd) {}

  task<> wait_readable() override { return descriptor_.readable(); }

  result<std::size_t> try_read(std::span<char> into) override {
    if (!is_open()) return fail(stream_closed());
    for (;;) {
      const ssize_t n = ::recv(descriptor_.fd(), into.data(), into.size(), 0);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno == EAGAIN || errno == EWOULDBLOCK) return would_block;
      if (errno != EINTR) return fail(stream_error("read", errno));
    }
  }

  result<std::size_t> try_write(std::span<const asio::const_buffer> buffers) override { return try_write(gather{buffers}); }

  task<> write(std::span<const asio::const_buffer> buffers) override {
    for (gather rest{buffers}; !rest.done();) {
      auto n = try_write(rest);
      if (!n) co_return fail(std::move(n.error()));
      rest.advance(*n);
      if (*n != 0) continue;
      if (auto ready = co_await descriptor_.writable(); !ready) co_return fail(std::move(ready.error()));
    }
    co_return result<void>{};
  }

  void shutdown_send() noexcept override {
    if (is_open()) ::shutdown(descriptor_.fd(), SHUT_WR);
  }
  void close() noexcept override { descriptor_.close(); }
  void reset() noexcept override { descriptor_.reset(); }
  int release() noexcept override { return descriptor_.release(); }
  [[nodiscard]] bool is_open() const noexcept override { return descriptor_.is_open(); }
  [[nodiscard]] std::string peer_address() const override { return descriptor_.peer_address(); }
  [[nodiscard]] bool peer_is_loopback() const noexcept override { return descriptor_.peer_is_loopback(); }
  [[nodiscard]] bool is_tls() const noexcept override { return false; }

 private:
  /// @return bytes taken; 0 when the socket's buffer is full (or nothing is left)
  result<std::size_t> try_write(const gather& rest) {
    if (!is_open()) return fail(stream_closed());
    std::array<iovec, 16> pieces;
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = rest.pieces(pieces);
    if (message.msg_iovlen == 0) return std::size_t{0};
    for (;;) {
      const ssize_t n = ::sendmsg(descriptor_.fd(), &message, MSG_NOSIGNAL);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno == EAGAIN || errno == EWOULDBLOCK) return std::size_t{0};
      if (errno != EINTR) return fail(stream_error("write", errno));
    }
  }

  mutable descriptor descriptor_;
};

}  // namespace

stream_ptr make_plain_stream(shard& home, int fd) {
  prepare_socket(fd);
  return std::make_unique<plain_stream>(home, fd);
}

}  // namespace naru::net
