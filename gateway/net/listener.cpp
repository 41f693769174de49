#include "gateway/net/listener.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

#include "gateway/net/address.hpp"

namespace naru::net {
namespace {

constexpr auto drought_pause = std::chrono::milliseconds{100};
constexpr int most_in_a_batch = 64;  ///< then the other connections of the home shard have their turn

std::unexpected<error> cannot_listen(const std::string& address, int number) {
  return fail(error_code::bad_request, fmt::format("cannot listen on {}: {}", address, std::generic_category().message(number)), {},
              "listen_address");
}

/// @return the bound, listening descriptor; -1 with errno set
int listen_on(const socket_address& where, int backlog) {
  const int fd = ::socket(where.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  const int off = 0;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (where.storage.ss_family == AF_INET6) ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&where.storage), where.length) == 0 && ::listen(fd, backlog) == 0) return fd;
  const int number = errno;
  ::close(fd);
  errno = number;
  return -1;
}

std::uint16_t bound_port(int fd) noexcept {
  sockaddr_storage bound{};
  socklen_t length = sizeof bound;
  return ::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &length) == 0 ? port_of(bound) : std::uint16_t{0};
}

}  // namespace

result<std::shared_ptr<listener>> listener::open(shard& home, const std::string& address, int backlog, connection_action on_connection) {
  auto where = parse_listen_address(address);
  if (!where) return fail(std::move(where.error()));
  int fd = listen_on(*where, backlog);
  if (fd < 0 && errno == EAFNOSUPPORT && address.starts_with(':')) {  // a machine without IPv6
    where = parse_listen_address("0.0.0.0" + address);
    fd = listen_on(*where, backlog);
  }
  if (fd < 0) return cannot_listen(address, errno);
  return std::make_shared<listener>(home, fd, bound_port(fd), std::move(on_connection));
}

listener::listener(shard& home, int fd, std::uint16_t port, connection_action on_connection)
    : home_(home), fd_(fd), port_(port), on_connection_(std::move(on_connection)) {}

listener::~listener() {
  if (fd_ >= 0) ::close(fd_);
}

void listener::start() {
  home_.post([self = shared_from_this()] {
    if (self->closed_) return;
    self->socket_ = std::make_unique<descriptor>(self->home_, std::exchange(self->fd_, -1));
    self->pause_ = std::make_unique<timer>(self->home_.get_executor());
    self->home_.spawn(self->accept_loop(self));
  });
}

void listener::close() {
  home_.post([self = shared_from_this()] {
    self->closed_ = true;
    if (self->fd_ >= 0) ::close(std::exchange(self->fd_, -1));
    if (self->socket_) self->socket_->close();
    if (self->pause_) self->pause_->cancel();
  });
}

asio::awaitable<void, executor> listener::accept_loop(std::shared_ptr<listener> self) {
  const asio::use_awaitable_t<executor> use_awaitable;
  while (!self->closed_) {
    if (auto ready = co_await self->socket_->readable(); !ready) {
      if (!self->closed_) spdlog::critical("a listener has stopped: {}", ready.error().message);
      co_return;
    }
    if (self->accept_some() != batch::exhausted) continue;
    self->pause_->expires_after(drought_pause);
    boost::system::error_code canceled;
    co_await self->pause_->async_wait(asio::redirect_error(use_awaitable, canceled));
  }
}

listener::batch listener::accept_some() {
  for (int i = 0; i < most_in_a_batch; ++i) {
    const int fd = ::accept4(socket_->fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      starved_ = false;
      on_connection_(fd);
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return batch::drained;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      if (!std::exchange(starved_, true)) {
        spdlog::error("cannot accept connections for now: {}", std::generic_category().message(errno));
      }
      return batch::exhausted;
    }
    // ECONNABORTED, EPROTO and the like are about the client that has already gone, not about the listener (accept(2)).
  }
  return batch::more;
}

}  // namespace naru::net
