#include "gateway/net/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "gateway/net/descriptor.hpp"
#include "gateway/net/gather.hpp"
#include "gateway/net/socket_bio.hpp"
#include "gateway/net/socket_options.hpp"
#include "gateway/net/tls_error.hpp"

namespace naru::net {
namespace {

constexpr std::size_t record_bytes = 16 * 1024;  ///< the most a TLS record carries

struct ssl_deleter {
  void operator()(SSL* s) const noexcept { SSL_free(s); }
};
using ssl_ptr = std::unique_ptr<SSL, ssl_deleter>;

class tls_stream final : public stream {
 public:
  tls_stream(shard& home, int fd, ssl_ptr ssl, std::shared_ptr<void> context)
      : descriptor_(home, fd), context_(std::move(context)), ssl_(std::move(ssl)) {
    BIO* bio = make_socket_bio(fd);
    SSL_set_bio(ssl_.get(), bio, bio);
  }

  task<> handshake(clock& time, deadline until) {
    bool late = false;
    alarm limit{time, [this, &late] {
                  late = true;
                  close();
                }};
    limit.arm(until);
    auto done = co_await shake_hands();
    if (!done && late) co_return fail(error_code::upstream_failed, "the TLS handshake took too long", {}, "timeout");
    co_return done;
  }

  task<> wait_readable() override { return maybe_buffered_ && SSL_has_pending(ssl_.get()) == 1 ? at_once() : descriptor_.readable(); }

  result<std::size_t> try_read(std::span<char> into) override {
    std::size_t got = 0;
    while (got < into.size()) {
      auto n = read_record(into.subspan(got));
      if (!n || *n == 0 || *n == would_block) {
        if (got != 0) break;  // the end, or an error, is said by the next call again
        return n;
      }
      got += *n;
      maybe_buffered_ = SSL_has_pending(ssl_.get()) == 1;
      if (!maybe_buffered_) break;  // saves a recv that would only say EAGAIN
    }
    return got;
  }

  result<std::size_t> try_write(std::span<const asio::const_buffer> buffers) override {
    gather rest{buffers};
    return try_write(rest);
  }

  task<> write(std::span<const asio::const_buffer> buffers) override {
    for (gather rest{buffers};;) {
      if (auto n = try_write(rest); !n) co_return fail(std::move(n.error()));
      if (rest.done()) co_return result<void>{};
      if (auto ready = co_await descriptor_.writable(); !ready) co_return fail(std::move(ready.error()));
    }
  }

  void shutdown_send() noexcept override {
    if (!is_open()) return;
    ERR_clear_error();
    if (!broken_ && pending_ == 0) SSL_shutdown(ssl_.get());
    ERR_clear_error();
    ::shutdown(descriptor_.fd(), SHUT_WR);
  }
  void close() noexcept override { descriptor_.close(); }
  void reset() noexcept override { descriptor_.reset(); }
  [[nodiscard]] bool is_open() const noexcept override { return descriptor_.is_open(); }
  [[nodiscard]] std::string peer_address() const override { return descriptor_.peer_address(); }
  [[nodiscard]] bool peer_is_loopback() const noexcept override { return descriptor_.peer_is_loopback(); }
  [[nodiscard]] bool is_tls() const noexcept override { return true; }

 private:
  static task<> at_once() { co_return result<void>{}; }

  task<> shake_hands() {
    for (;;) {
      if (!is_open()) co_return fail(stream_closed());
      ERR_clear_error();
      errno = 0;
      const int done = SSL_do_handshake(ssl_.get());
      if (done == 1) {
        maybe_buffered_ = true;  // the first request may have come with the last flight
        co_return result<void>{};
      }
      const int outcome = SSL_get_error(ssl_.get(), done);
      if (outcome != SSL_ERROR_WANT_READ && outcome != SSL_ERROR_WANT_WRITE) {
        co_return fail(broken("TLS handshake", outcome));
      }
      auto ready = outcome == SSL_ERROR_WANT_READ ? descriptor_.readable() : descriptor_.writable();
      if (auto ok = co_await std::move(ready); !ok) co_return fail(std::move(ok.error()));
    }
  }

  /// @return bytes; 0 at close_notify; would_block
  result<std::size_t> read_record(std::span<char> into) {
    if (!is_open()) return fail(stream_closed());
    ERR_clear_error();
    errno = 0;
    std::size_t n = 0;
    const int done = SSL_read_ex(ssl_.get(), into.data(), into.size(), &n);
    if (done == 1) return n;
    const int outcome = SSL_get_error(ssl_.get(), done);
    if (outcome == SSL_ERROR_ZERO_RETURN) return std::size_t{0};
    if (outcome == SSL_ERROR_WANT_READ || outcome == SSL_ERROR_WANT_WRITE) {
      maybe_buffered_ = false;  // what is buffered is less than a record
      return would_block;
    }
    return fail(broken("TLS read", outcome));
  }

  /// Seals and sends record by record until the socket is full; moves `rest` on.
  result<std::size_t> try_write(gather& rest) {
    std::size_t taken = 0;
    while (!rest.done()) {
      auto n = write_record(rest);
      if (!n) return n;
      if (*n == 0) break;
      rest.advance(*n);
      taken += *n;
    }
    return taken;
  }

  /// Small pieces (a chunk's frame and its content) are put together, so that they travel as one record.
  result<std::size_t> write_record(const gather& rest) {
    static thread_local std::array<char, record_bytes> joined;
    if (!is_open()) return fail(stream_closed());
    const std::size_t window = rest.left(record_bytes);
    const char* bytes = rest.first().data();
    if (rest.first().size() < window) {
      rest.copy(std::span{joined.data(), window});
      bytes = joined.data();
    }
    ERR_clear_error();
    errno = 0;
    std::size_t n = 0;
    const int done = SSL_write_ex(ssl_.get(), bytes, window, &n);
    pending_ = done == 1 ? 0 : window;
    if (done == 1) return n;
    const int outcome = SSL_get_error(ssl_.get(), done);
    if (outcome == SSL_ERROR_WANT_WRITE) return std::size_t{0};
    return fail(broken("TLS write", outcome));
  }

  error broken(const char* operation, int outcome) {
    broken_ = true;
    return tls_error(operation, ssl_.get(), outcome, errno);
  }

  mutable descriptor descriptor_;
  std::shared_ptr<void> context_;  ///< outlives the SSL, whose callbacks use it
  ssl_ptr ssl_;
  bool maybe_buffered_ = false;  ///< OpenSSL may hold bytes that the descriptor's readiness does not tell of
  bool broken_ = false;          ///< after a fatal error SSL_shutdown must not be called
  std::size_t pending_ = 0;      ///< length of a sealed record that the socket has not taken whole
};

task<stream_ptr> start(shard& home, int fd, ssl_ptr ssl, std::shared_ptr<void> context, deadline until) {
  prepare_socket(fd);
  auto s = std::make_unique<tls_stream>(home, fd, std::move(ssl), std::move(context));
  if (auto ok = co_await s->handshake(home.time(), until); !ok) co_return fail(std::move(ok.error()));
  co_return stream_ptr{std::move(s)};
}

std::unexpected<error> no_memory(int fd) {
  ::close(fd);
  ERR_clear_error();
  return fail(error_code::upstream_failed, "TLS: no memory for another connection", {}, "tls");
}

}  // namespace

task<stream_ptr> accept_tls(shard& home, int fd, ssl_ctx_ptr context, deadline until) {
  ssl_ptr ssl{SSL_new(context.get())};
  if (!ssl) co_return no_memory(fd);
  SSL_set_accept_state(ssl.get());
  co_return co_await start(home, fd, std::move(ssl), std::move(context), until);
}

task<stream_ptr> connect_tls(shard& home, int fd, std::shared_ptr<tls_client_context> context, std::string host, std::uint16_t port,
                             deadline until) {
  ssl_ptr ssl{context->start(host, port)};
  if (!ssl) co_return no_memory(fd);
  co_return co_await start(home, fd, std::move(ssl), std::move(context), until);
}

}  // namespace naru::net
