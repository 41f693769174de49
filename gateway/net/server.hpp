#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "gateway/net/request.hpp"
#include "gateway/net/response.hpp"
#include "gateway/net/shard.hpp"
#include "gateway/net/tls_context.hpp"

namespace naru::net {

/// Totals, not per read: a client that drips a byte a second gains nothing. Immutable once given; a connection keeps those it
/// began with.
struct server_limits {
  std::size_t head = 64 * 1024;                  ///< bytes of request line and headers; past it 431
  std::size_t header_count = 100;                ///< header lines; past it 431
  std::size_t body = 32 * 1024 * 1024;           ///< bytes of content; past it 413
  std::chrono::milliseconds head_time{10'000};   ///< TLS handshake; and from a request's first byte to its blank line; past it 408
  std::chrono::milliseconds body_time{120'000};  ///< from the blank line to the last byte of the body; past it 408
  std::chrono::milliseconds idle_time{75'000};   ///< between requests; and for a client that takes nothing of its answer (16 KiB of it)
  std::size_t connections = 20'000;              ///< of this server, all listeners and shards together; past it 503 and closed
};

/// Answers one request. Runs on the connection's shard (`shard::current()`). The response is valid until it returns. An exception
/// is logged and answered by 500, or by a broken stream when the head is out.
using request_handler = std::function<asio::awaitable<void, executor>(std::shared_ptr<request>, response&)>;

/// Looks at a head before its body is read (and before 100-continue is sent): an error ends the request there. For 401, 404, 405,
/// 415: nobody without a key gets to send 32 MB. `body` is empty then; it may set `known_as` and `known_by`. Called on the connection's
/// shard; must not wait. May be empty.
using head_check = std::function<std::optional<error>(request&)>;

/// Puts an error that never reached the handler (400, 408, 413, 431, 503, and whatever `head_check` said) into the API's own form: status,
/// content-type, a small body. `path` is empty when it was not read. Called on any shard; must not wait. Empty: a small JSON object is
/// sent.
using early_error_writer = std::function<void(const error&, std::string_view path, answer& out)>;

struct server_hooks {
  request_handler handle;
  head_check check_head;
  early_error_writer early_error;
};

struct listen_options {
  std::string address;                      ///< "127.0.0.1:0", "[::]:8080", ":8080" (all, both families)
  std::string tag;                          ///< comes back as `request::listener`
  std::shared_ptr<tls_server_context> tls;  ///< null: plain
  int backlog = 1024;
};

/// Counts since start, for metrics. Read from any thread.
struct server_counts {
  std::size_t connections = 0;  ///< open now
  std::size_t busy = 0;         ///< requests with the handler now
  std::uint64_t accepted = 0;
  std::uint64_t turned_away = 0;  ///< past `limits.connections`, or no descriptors left
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;     ///< early errors
  std::uint64_t tls_failed = 0;  ///< handshakes
};

/// The listening side: HTTP/1.1 on every shard, one acceptor that gives each new connection to the shard with the fewest of this
/// server's (SO_REUSEPORT left one of four shards idle 37 % of the time). The acceptor lives on the first shard.
/// Thread: all members may be called from any one controlling thread. The shards must outlive the server's last connection;
/// destroying the server closes everything (`abort_all`), and connections end on their own shards.
class server {
 public:
  /// @param shards  at least one; started before or after this
  server(std::vector<shard*> shards, server_hooks hooks, std::shared_ptr<const server_limits> limits);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Binds and listens at once (SO_REUSEADDR); accepts as soon as the first shard runs. @return the real port.
  /// Errors: bad_request naming the address and the system's reason.
  result<std::uint16_t> listen(listen_options options);

  void set_limits(std::shared_ptr<const server_limits> limits);  ///< for connections from now on

  /// Stops accepting and closes the listeners (latecomers are refused by the kernel), closes idle connections; busy ones finish
  /// and say `connection: close`. Over when `counts().connections` is 0.
  void drain();
  /// Closes every connection at once; clients see broken streams.
  void abort_all();

  [[nodiscard]] server_counts counts() const noexcept;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace naru::net
