#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "load_tests/mock_upstream/service.hpp"
#include "load_tests/mock_upstream/socket_io.hpp"

namespace naru::mock {

/// The sockets: one thread, one epoll, plans played one step a turn, so that many streams advance side by side.
class server {
 public:
  /// Listens. Throws std::system_error when the address is taken.
  explicit server(service& s);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  [[nodiscard]] unsigned short port() const noexcept { return port_; }
  /// Serves until `stop_fd` (a signalfd or a pipe's end) is readable.
  void run(int stop_fd);

 private:
  using time_point = std::chrono::steady_clock::time_point;

  struct connection {
    connection(int fd, SSL_CTX* tls, std::uint64_t n) : socket(fd, tls), number(n) {}
    socket_io socket;
    std::uint64_t number;
    std::string input;  ///< received and not yet taken
    std::shared_ptr<const plan> playing;
    std::size_t at_step = 0;
    std::size_t at_byte = 0;
    std::uint64_t entry = 0;
    time_point asked;
    bool queued = false;  ///< stands in ready_
    bool waits_to_write = false;
    bool control = false;
    bool continued = false;  ///< 100 Continue was sent for the request that is coming in
  };
  struct timer {
    time_point when;
    int fd;
    std::uint64_t number;  ///< of the connection, so that a reused descriptor is not taken for it
    bool operator>(const timer& other) const noexcept { return when > other.when; }
  };

  void accept_all();
  void read(connection& c);
  void take_requests(connection& c);
  bool take_lean(connection& c);
  void begin(connection& c, std::shared_ptr<const plan> p);
  void play(connection& c);
  /// @return whether the step is over and the next may follow
  bool play_send(connection& c, const step& s);
  bool play_drip(connection& c, const step& s);
  void end_plan(connection& c);
  void close(connection& c, bool by_peer);
  void wake_at(connection& c, std::chrono::microseconds after);
  void queue(connection& c);
  void watch_writes(connection& c, bool on);
  void run_ready();
  void run_timers();
  [[nodiscard]] int wait_ms() const;

  service& service_;
  std::unique_ptr<SSL_CTX, ssl_deleter> tls_;
  int listener_ = -1;
  int epoll_ = -1;
  unsigned short port_ = 0;
  std::uint64_t next_number_ = 1;
  std::unordered_map<int, std::unique_ptr<connection>> connections_;  ///< by descriptor
  std::vector<int> ready_;
  std::priority_queue<timer, std::vector<timer>, std::greater<>> timers_;
  std::unique_ptr<char[]> scratch_;
};

}  // namespace naru::mock
