#pragma once
#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "gateway/net/descriptor.hpp"
#include "gateway/net/shard.hpp"

namespace naru::net {

/// A listening TCP socket. Accepts on its home shard's thread and gives every connection (non-blocking, close-on-exec, owned by whom
/// it is given to) to `on_connection`. Out of descriptors or memory it waits 100 ms and tries again: the clients stay in the kernel's
/// queue, and the loop does not spin on a socket that stays readable.
class listener : public std::enable_shared_from_this<listener> {
 public:
  using connection_action = std::function<void(int fd)>;

  /// Binds and listens; nothing is accepted before `start`. Any thread.
  /// @param address  see `parse_listen_address`; port 0 takes a free one
  /// Errors: bad_request naming the address and the system's reason.
  static result<std::shared_ptr<listener>> open(shard& home, const std::string& address, int backlog, connection_action on_connection);

  listener(shard& home, int fd, std::uint16_t port, connection_action on_connection);  ///< use `open`
  ~listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  void start();  ///< any thread
  void close();  ///< any thread; later clients are refused by the kernel as soon as the home shard has got to it

 private:
  asio::awaitable<void, executor> accept_loop(std::shared_ptr<listener> self);
  enum class batch : std::uint8_t { drained, more, exhausted };
  batch accept_some();

  shard& home_;
  int fd_;  ///< until the loop owns it
  std::uint16_t port_;
  connection_action on_connection_;
  // Home shard's thread from here on. An Asio timer, not an alarm: this is on no request's way and wants a coroutine's wait.
  std::unique_ptr<descriptor> socket_;
  using timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>;
  std::unique_ptr<timer> pause_;
  bool closed_ = false;
  bool starved_ = false;  ///< said once per drought
};

}  // namespace naru::net
