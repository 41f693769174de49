#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/deadline.hpp"
#include "gateway/net/client/failures.hpp"
#include "gateway/net/client/origin.hpp"
#include "gateway/net/http/syntax.hpp"
#include "gateway/net/task.hpp"

namespace naru::net::client {

class pool_core;

/// A request to be sent. Views: alive until `send` has returned.
struct outgoing {
  std::string_view method = "POST";
  std::string_view path;  ///< the target: "/v1/messages?beta=true"
  std::string_view host;  ///< of the Host header; empty: `origin::authority()`
  std::span<const http::header>
      headers;  ///< all but host, content-length, transfer-encoding, connection, accept-encoding: those are set here
  std::span<const std::string_view> body;  ///< pieces, sent one behind the other
  /// Over a used connection that turns out to be dead the request may go out a second time, over a fresh one. False where the caller
  /// counts calls and has none left.
  bool may_send_twice = true;
};

struct timeouts {
  std::chrono::milliseconds connect{5'000};       ///< name, connection, proxy, TLS together
  std::chrono::milliseconds first_byte{300'000};  ///< for the request to be taken; then, again, for the answer's first byte
  std::chrono::milliseconds idle{120'000};        ///< between two reads of an answer that has begun
  deadline total{steady_time::max()};             ///< of everything
};

/// The head of an answer; views into the exchange.
struct response_head {
  int status = 0;  ///< 200..999
  std::span<const http::header> headers;
  /// Null data when there is none. A body that was compressed is given plain though `content-encoding` still stands here.
  [[nodiscard]] std::string_view find(std::string_view name) const noexcept { return http::find_header(headers, name); }
};

/// One request to an upstream and its answer: `send` once, then `read_body` until it gives nothing. While nobody reads, nothing is
/// taken from the socket, so that a slow reader slows the upstream down. A waiting exchange holds no buffer but its answer's head.
/// Ended in order, its connection goes back to the pool; destroyed before that, it is closed, and the upstream sees that at once.
///
/// Errors carry one of `reasons` (failures.hpp); their messages hold no address, host name or key. After an error the exchange is over.
/// Shard-local. One operation at a time; it must not be destroyed under a waiting one.
class exchange {
 public:
  exchange(std::shared_ptr<pool_core> pool, std::shared_ptr<const origin> to);
  ~exchange();
  exchange(exchange&&) noexcept;
  exchange& operator=(exchange&&) = delete;

  /// Sends the request in one gathered write (over an idle connection if there is one) and waits for the answer's head.
  /// Errors besides the upstream's: internal, when the request cannot be written as HTTP: a bug of the caller's, nothing was sent.
  task<response_head> send(outgoing request, timeouts limits);
  /// The next piece of the body: unchunked, not compressed, as it came; empty at the orderly end.
  /// @return a view into the shard's scratch or this exchange: good until the next call of this or any co_await
  task<std::string_view> read_body();
  /// The same where nothing need be waited for: what came with the head, the end. @return nullopt: call `read_body`
  std::optional<result<std::string_view>> read_ready();
  /// The rest of the body. Errors: also reason "too_long", past `limit` bytes.
  task<std::string> read_all(std::size_t limit);
  /// Closes the connection at once; what waits ends with reason "canceled", and so does every later call. May be called at any
  /// moment on the shard's thread, also without need. Nothing happens to an exchange that has ended.
  void cancel() noexcept;

  [[nodiscard]] bool sent_twice() const noexcept;  ///< the request went out again after a dead connection: two calls, to be counted so
  [[nodiscard]] bool reused() const noexcept;      ///< the answer came over a connection that had served before

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace naru::net::client
