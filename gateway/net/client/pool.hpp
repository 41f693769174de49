#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "gateway/net/client/connect.hpp"
#include "gateway/net/client/exchange.hpp"
#include "gateway/net/client/origin.hpp"
#include "gateway/net/http/head_lines.hpp"
#include "gateway/net/shard.hpp"

namespace naru::net::client {

class pool_core;

struct pool_options {
  std::chrono::milliseconds idle{60'000};  ///< longest that an idle connection is kept; servers often close theirs after 60 to 120 s
  std::size_t per_origin = 64;             ///< most idle connections of one origin on this shard; the oldest goes
  http::head_limits head;                  ///< of an answer
};

/// Counts for metrics. Shard-local.
struct pool_counts {
  std::size_t idle = 0;       ///< now
  std::uint64_t opened = 0;   ///< connections made
  std::uint64_t reused = 0;   ///< exchanges begun on a connection that had served before
  std::uint64_t retried = 0;  ///< of those, begun again on a fresh one
  std::uint64_t dropped = 0;  ///< idle ones: closed by the other end, too old, too many
};

/// Gives out exchanges, and keeps the connections of those that ended in order: per origin, last in first out (so that the oldest may
/// go idle and end). An idle connection that was closed, or on which anything came, is dropped: seen before it is used, and by a look
/// at all of them once a second. Shard-local; destroyed before its shard, while exchanges may live on.
class pool {
 public:
  pool(shard& home, std::unique_ptr<connector> connections, pool_options options = {});
  ~pool();
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  /// Opens nothing yet: `exchange::send` does.
  [[nodiscard]] exchange open(std::shared_ptr<const origin> to);
  [[nodiscard]] pool_counts counts() const noexcept;

 private:
  std::shared_ptr<pool_core> core_;
};

}  // namespace naru::net::client
