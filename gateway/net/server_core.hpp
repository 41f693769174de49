#pragma once
#include <atomic>
#include <ctime>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/net/http/request_head.hpp"
#include "gateway/net/server.hpp"

namespace naru::net {

class server_connection;

/// Request objects between two uses, so that a request allocates nothing once a shard is warm, and an idle connection holds none.
/// Shard-local.
class request_stock {
 public:
  [[nodiscard]] std::shared_ptr<request> take();
  /// Takes it back; one that somebody else still holds is left to them. `cleared` must be ready for reuse.
  void give(std::shared_ptr<request> cleared);

 private:
  std::vector<std::shared_ptr<request>> spare_;
};

/// What a server keeps on one shard. Shard-local, but for the atomics, which other threads read.
struct shard_room {
  explicit shard_room(shard& s) : home(s) {}

  shard& home;
  std::atomic<std::size_t> connections{0};  ///< given to this shard and not ended; the acceptor counts up
  std::atomic<std::size_t> busy{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> tls_failed{0};

  server_connection* first = nullptr;  ///< every connection past its handshake, intrusive
  request_stock stock;
  http::request_head head;  ///< 3 KB that each head is read into, and copied from at once
  std::string out;          ///< where a response's head is put together, and written from at once

  /// "date: Tue, 24 Nov 2026 10:28:00 GMT\r\n", made once a second.
  [[nodiscard]] std::string_view date_line();

 private:
  std::string date_;
  std::time_t date_second_ = -1;
};

/// What the acceptor, the connections and the server share; lives as long as any of them.
struct server_core {
  server_hooks hooks;
  std::atomic<std::shared_ptr<const server_limits>> limits;
  std::deque<shard_room> rooms;  ///< never moved; as many as shards, fixed after construction
  std::atomic<bool> draining{false};
  std::atomic<bool> aborted{false};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> turned_away{0};

  [[nodiscard]] std::size_t connections() const noexcept;
  [[nodiscard]] shard_room& emptiest() noexcept;
};

/// One connection's place in its room's count, given up when it ends. Moves.
class connection_place {
 public:
  explicit connection_place(shard_room& r) noexcept : room_(&r) { r.connections.fetch_add(1, std::memory_order_relaxed); }
  connection_place(connection_place&& other) noexcept : room_(std::exchange(other.room_, nullptr)) {}
  connection_place& operator=(connection_place&&) = delete;
  ~connection_place() { leave(); }
  void leave() noexcept {
    if (room_ != nullptr) std::exchange(room_, nullptr)->connections.fetch_sub(1, std::memory_order_relaxed);
  }

 private:
  shard_room* room_;
};

/// Puts `e` into the API's form, or a plain one; never throws. @param status overrides the code's own where not 0 (501, 505)
[[nodiscard]] answer write_early_error(const server_core& core, const error& e, std::string_view path, int status) noexcept;

/// Appends status line, headers, date and framing; the blank line ends it. `content_length` below 0: none.
struct head_framing {
  long long content_length = -1;
  bool chunked = false;
  std::string_view connection;  ///< "close", "keep-alive" or nothing
};
/// Throws std::logic_error for a header that would break the framing, or that is this function's to set.
void compose_head(shard_room& room, int status, std::span<const header> headers, const head_framing& framing, std::string& out);

}  // namespace naru::net
