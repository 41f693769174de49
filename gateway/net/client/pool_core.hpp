#pragma once
#include <memory>
#include <unordered_map>
#include <vector>

#include "gateway/net/client/connect.hpp"
#include "gateway/net/client/pool.hpp"
#include "gateway/net/clock.hpp"
#include "gateway/net/shard.hpp"
#include "gateway/net/stream.hpp"

namespace naru::net::client {

/// What a pool and its exchanges share. Lives until the last of them is gone. Shard-local.
class pool_core {
 public:
  pool_core(shard& home, std::unique_ptr<connector> connections, pool_options options);

  /// The idle connection of `to` that was used last and still stands; null when there is none.
  [[nodiscard]] stream_ptr take(const origin& to);
  /// Takes back a connection on which an answer has ended in order.
  void put(std::shared_ptr<const origin> to, stream_ptr s);
  /// Closes what is idle and takes nothing back any more.
  void close() noexcept;

  [[nodiscard]] shard& home() noexcept { return home_; }
  [[nodiscard]] connector& connections() noexcept { return *connections_; }
  [[nodiscard]] const pool_options& options() const noexcept { return options_; }
  pool_counts counts;

 private:
  struct idle_connection {
    stream_ptr connection;
    steady_time since;
  };
  struct bucket {
    std::shared_ptr<const origin> to;   ///< keeps the key of the map from being another origin's address
    std::vector<idle_connection> idle;  ///< oldest first
  };
  void sweep();
  void drop(idle_connection& c) noexcept;

  shard& home_;
  std::unique_ptr<connector> connections_;
  pool_options options_;
  alarm sweep_;
  std::unordered_map<const origin*, bucket> buckets_;
  bool closed_ = false;
};

}  // namespace naru::net::client
