#pragma once
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace naru::test {

/// A server on a port of the system's choice, one thread a connection, each given to `serve` (which does not close it). For peers that
/// the mock is not: a proxy, a vendor that pushes without end. Ends with the object: sockets are shut down under those who read them.
class tiny_server {
 public:
  explicit tiny_server(std::function<void(int fd)> serve);
  ~tiny_server();
  tiny_server(const tiny_server&) = delete;
  tiny_server& operator=(const tiny_server&) = delete;
  [[nodiscard]] unsigned short port() const noexcept { return port_; }

 private:
  void accept_all();
  std::function<void(int)> serve_;
  int listener_ = -1;
  unsigned short port_ = 0;
  std::mutex mutex_;  ///< open_, running_
  std::vector<int> open_;
  std::vector<std::thread> running_;
  std::thread acceptor_;
};

/// Reads until `mark` has come. @return what came, with it; less when the peer closed before
[[nodiscard]] std::string read_until(int fd, std::string_view mark);
/// @return whether all was taken
bool write_all(int fd, std::string_view bytes);
/// A connection to 127.0.0.1; -1 when it is refused.
[[nodiscard]] int connect_to(unsigned short port);
/// Carries bytes both ways until one side closes.
void carry(int one, int other);

}  // namespace naru::test
