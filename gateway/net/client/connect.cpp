#include "gateway/net/client/connect.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

#include "gateway/net/client/tunnel.hpp"
#include "gateway/net/descriptor.hpp"
#include "gateway/net/plain_stream.hpp"
#include "gateway/net/tls_stream.hpp"

namespace naru::net::client {
namespace {

constexpr auto least_per_address = std::chrono::milliseconds{250};  // RFC 8305 §5: the delay before the next address is tried

error connect_error(int number) { return failure_of(reasons::connect, "cannot connect: " + std::generic_category().message(number)); }

void set_port(socket_address& a, std::uint16_t port) noexcept {
  if (a.storage.ss_family == AF_INET) reinterpret_cast<sockaddr_in*>(&a.storage)->sin_port = htons(port);
  if (a.storage.ss_family == AF_INET6) reinterpret_cast<sockaddr_in6*>(&a.storage)->sin6_port = htons(port);
}

result<socket_address> unix_address(const std::string& path) {
  socket_address a;
  auto* u = reinterpret_cast<sockaddr_un*>(&a.storage);
  if (path.size() >= sizeof u->sun_path) return fail(connect_error(ENAMETOOLONG));
  u->sun_family = AF_UNIX;
  std::memcpy(u->sun_path, path.c_str(), path.size() + 1);
  a.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return a;
}

/// @return a connected, non-blocking descriptor, the caller's
task<int> connect_one(shard& home, const socket_address& a, deadline until, breaker& stop) {
  const int fd = ::socket(a.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) co_return fail(connect_error(errno));
  const int at_once = ::connect(fd, reinterpret_cast<const sockaddr*>(&a.storage), a.length);
  if (const int number = errno; at_once != 0 && number != EINPROGRESS && number != EINTR) {
    ::close(fd);
    co_return fail(connect_error(number));
  }
  if (at_once == 0) co_return fd;

  descriptor socket{home, fd};
  bool late = false;
  alarm limit{home.time(), [&late, &socket] {
                late = true;
                socket.close();
              }};
  limit.arm(until);
  const breaker::waiting woken{stop, [&socket] { socket.close(); }};
  auto ready = co_await socket.writable();
  if (stop.tripped()) co_return fail(stop.why());
  if (late) co_return fail(connect_error(ETIMEDOUT));
  if (!ready) co_return fail(failure_of(reasons::connect, "cannot connect: " + ready.error().message));
  int number = 0;
  socklen_t length = sizeof number;
  ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &number, &length);
  if (number != 0) co_return fail(connect_error(number));
  co_return socket.release();
}

/// A stream's reason in a connection's words.
error tls_failure(error e, const breaker& stop) {
  if (stop.tripped()) return stop.why();
  return failure_of(reasons::tls, std::move(e.message));
}

class socket_connector final : public connector {
 public:
  socket_connector(shard& home, std::shared_ptr<resolver> names) : home_(home), names_(std::move(names)) {}

  task<stream_ptr> connect(const origin& to, deadline until, breaker& stop) override {
    auto fd = co_await reach(to, until, stop);
    if (!fd) co_return fail(std::move(fd.error()));
    int connected = *fd;
    if (to.via) {
      auto plain = make_plain_stream(home_, connected);
      if (auto open = co_await open_tunnel(*plain, *to.via, to.host_and_port(), stop); !open) co_return fail(std::move(open.error()));
      if (!to.tls) co_return plain;
      connected = plain->release();
    }
    if (!to.tls) co_return make_plain_stream(home_, connected);
    co_return co_await start_tls(to, connected, stop);
  }

 private:
  /// To the origin, or to the proxy before it.
  task<int> reach(const origin& to, deadline until, breaker& stop) {
    if (!to.unix_path.empty()) {
      const auto path = unix_address(to.unix_path);
      if (!path) co_return fail(path.error());
      co_return co_await connect_one(home_, *path, until, stop);
    }
    auto found = co_await names_->resolve(to.via ? to.via->host : to.host, stop);
    if (!found) {
      if (stop.tripped()) co_return fail(stop.why());
      // The resolver has logged which name it was; those who read this error may be clients.
      co_return fail(failure_of(reasons::dns, to.via ? "the proxy's name has no address" : "the upstream's name has no address"));
    }
    const std::uint16_t port = to.via ? to.via->port : to.port;
    result<int> last = fail(failure_of(reasons::connect, "cannot connect"));
    for (std::size_t i = 0; i < found->size(); ++i) {
      set_port((*found)[i], port);
      const auto now = home_.time().now();
      const auto share = std::max(until.left(now) / static_cast<std::int64_t>(found->size() - i), least_per_address);
      last = co_await connect_one(home_, (*found)[i], until.sooner(now, share), stop);
      if (last || stop.tripped()) break;
    }
    if (!last && to.via && !stop.tripped()) co_return fail(failure_of(reasons::proxy, "the proxy: " + last.error().message));
    co_return last;
  }

  task<stream_ptr> start_tls(const origin& to, int fd, breaker& stop) {
    // The handshake owns the descriptor, so it is woken by a shutdown: `fd` is open for as long as this waits.
    const breaker::waiting woken{stop, [fd] { ::shutdown(fd, SHUT_RDWR); }};
    constexpr deadline no_limit_but_stop{steady_time::max()};
    auto s = co_await connect_tls(home_, fd, to.tls, to.server_name.empty() ? to.host : to.server_name, to.port, no_limit_but_stop);
    if (!s) co_return fail(tls_failure(std::move(s.error()), stop));
    co_return s;
  }

  shard& home_;
  std::shared_ptr<resolver> names_;
};

}  // namespace

std::unique_ptr<connector> make_connector(shard& home, std::shared_ptr<resolver> names) {
  return std::make_unique<socket_connector>(home, std::move(names));
}

}  // namespace naru::net::client
