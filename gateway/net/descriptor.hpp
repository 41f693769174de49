#pragma once
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <string>

#include "gateway/net/shard.hpp"
#include "gateway/net/task.hpp"

namespace naru::net {

/// A non-blocking socket descriptor that its owner reads and writes by system calls, and waits for through the shard's reactor.
/// What every real stream stands on. Shard-local.
class descriptor {
 public:
  /// Takes `fd`, which must be open and non-blocking. If the reactor cannot watch it, it is closed and every operation says so.
  descriptor(shard& home, int fd);
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  [[nodiscard]] int fd() { return socket_.native_handle(); }
  [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }

  task<> readable() { return wait(asio::posix::descriptor_base::wait_read); }
  task<> writable() { return wait(asio::posix::descriptor_base::wait_write); }

  void close() noexcept;  ///< waits under way end with reason "closed"
  void reset() noexcept;  ///< the same with SO_LINGER 0: the other end sees a reset
  int release() noexcept;

  [[nodiscard]] std::string peer_address();
  [[nodiscard]] bool peer_is_loopback() noexcept;

 private:
  task<> wait(asio::posix::descriptor_base::wait_type what);

  asio::posix::basic_stream_descriptor<executor> socket_;
};

/// The error of a stream operation that the system refused with `number` (an errno). Reasons: "reset", "closed", "system".
[[nodiscard]] error stream_error(const char* operation, int number);
/// The error of an operation on a stream that this side has closed.
[[nodiscard]] error stream_closed();

}  // namespace naru::net
