#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/net/address.hpp"
#include "gateway/net/client/dns.hpp"
#include "gateway/net/clock.hpp"
#include "gateway/net/shard.hpp"

struct ares_channeldata;

namespace naru::net::client {

struct dns_answer {
  std::vector<socket_address> addresses;  ///< at least one
  std::chrono::seconds ttl{0};            ///< the shortest of all records in it
};

/// c-ares on a shard: its sockets are waited for through the shard's reactor, its timeouts through the shard's clock. Shard-local.
class ares_channel : public std::enable_shared_from_this<ares_channel> {
 public:
  /// Errors: upstream_failed, reason "dns": /etc/resolv.conf is unreadable, memory is out.
  static result<std::shared_ptr<ares_channel>> open(shard& home, const dns_options& options);
  ~ares_channel();
  ares_channel(const ares_channel&) = delete;
  ares_channel& operator=(const ares_channel&) = delete;

  using callback = std::function<void(result<dns_answer>)>;
  /// @param done  called once: perhaps at once (a name from /etc/hosts), else from the reactor, or by the destructor. It must not
  ///              destroy this.
  void query(const std::string& host, callback done);

 private:
  struct watch;
  explicit ares_channel(shard& home);
  void on_socket(int fd, bool read, bool write);
  void wait(const std::shared_ptr<watch>& w);
  void process(int read, int write);
  void set_alarm();

  shard& home_;
  alarm alarm_;
  ares_channeldata* channel_ = nullptr;
  std::map<int, std::shared_ptr<watch>> watches_;
};

}  // namespace naru::net::client
