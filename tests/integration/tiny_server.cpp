#include "tests/integration/tiny_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace naru::test {
namespace {

sockaddr_in loopback(unsigned short port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return at;
}

/// @return whether the side that sent is still open
bool pass_on(int from, int to) {
  std::array<char, 16384> bytes{};
  const ssize_t n = ::recv(from, bytes.data(), bytes.size(), 0);
  return n > 0 && write_all(to, {bytes.data(), static_cast<std::size_t>(n)});
}

}  // namespace

tiny_server::tiny_server(std::function<void(int)> serve)
    : serve_(std::move(serve)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in here = loopback(0);
  socklen_t size = sizeof here;
  if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&here), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "a test's own server");
  }
  port_ = ntohs(here.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

tiny_server::~tiny_server() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::scoped_lock lock(mutex_);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  for (auto& t : running_) t.join();
  for (const int fd : open_) ::close(fd);
  ::close(listener_);
}

void tiny_server::accept_all() {
  for (int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); fd >= 0; fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) {
    const std::scoped_lock lock(mutex_);
    open_.push_back(fd);
    running_.emplace_back([this, fd] {
      serve_(fd);
      ::shutdown(fd, SHUT_RDWR);
    });
  }
}

std::string read_until(int fd, std::string_view mark) {
  std::string got;
  char c = 0;
  while (!got.ends_with(mark) && ::recv(fd, &c, 1, 0) == 1) got += c;
  return got;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

int connect_to(unsigned short port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in to = loopback(port);
  if (fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return fd;
  ::close(fd);
  return -1;
}

void carry(int one, int other) {
  std::array<pollfd, 2> both{pollfd{one, POLLIN, 0}, pollfd{other, POLLIN, 0}};
  while (::poll(both.data(), both.size(), -1) > 0) {
    if (both[0].revents != 0 && !pass_on(one, other)) return;
    if (both[1].revents != 0 && !pass_on(other, one)) return;
  }
}

}  // namespace naru::test
