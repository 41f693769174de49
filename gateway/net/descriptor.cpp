#include "gateway/net/descriptor.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "gateway/net/address.hpp"

namespace naru::net {

descriptor::descriptor(shard& home, int fd) : socket_(home.get_executor()) {
  boost::system::error_code ec;
  socket_.assign(fd, ec);
  if (!ec) return;
  spdlog::error("cannot watch a connection (epoll): {}", ec.message());
  ::close(fd);
}

task<> descriptor::wait(asio::posix::descriptor_base::wait_type what) {
  if (!socket_.is_open()) co_return fail(stream_closed());
  boost::system::error_code ec;
  co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable_t<executor>{}, ec));
  // A closed stream may be waited for on a descriptor that became ready in the same turn: closing wins.
  if (!socket_.is_open() || ec == asio::error::operation_aborted) co_return fail(stream_closed());
  if (ec) co_return fail(stream_error("wait", ec.value()));
  co_return result<void>{};
}

void descriptor::close() noexcept {
  boost::system::error_code ignored;  // close(2) fails only on a descriptor that is not ours; it is gone either way
  if (socket_.is_open()) socket_.close(ignored);
}

void descriptor::reset() noexcept {
  if (!socket_.is_open()) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

int descriptor::release() noexcept { return socket_.is_open() ? socket_.release() : -1; }

std::string descriptor::peer_address() {
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  if (::getpeername(fd(), reinterpret_cast<sockaddr*>(&peer), &length) != 0) return "unknown";
  return address_text(peer);
}

bool descriptor::peer_is_loopback() noexcept {
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  return ::getpeername(fd(), reinterpret_cast<sockaddr*>(&peer), &length) == 0 && is_loopback(peer);
}

error stream_error(const char* operation, int number) {
  const bool reset = number == ECONNRESET || number == EPIPE || number == ECONNABORTED;
  const bool closed = number == EBADF;
  return error{error_code::upstream_failed,
               fmt::format("{}: {}", operation, std::generic_category().message(number)),
               {},
               reset    ? "reset"
               : closed ? "closed"
                        : "system",
               std::nullopt};
}

error stream_closed() { return error{error_code::upstream_failed, "the connection has been closed by this side", {}, "closed", {}}; }

}  // namespace naru::net
