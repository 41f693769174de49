#pragma once
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/net/request.hpp"
#include "gateway/net/task.hpp"

namespace naru::net {

class server_connection;

/// A whole answer, for those who give one without a connection at hand (early errors).
struct answer {
  int status = 500;
  std::vector<std::pair<std::string, std::string>> headers;  ///< content-type and the like; not the framing
  std::string body;
};

/// What is left of a response once its head has gone out: it can only send more, finish or break.
/// Neither finished nor aborted when the handler returns counts as aborted. Lives no longer than the handler's `response`.
class body_stream {
 public:
  /// Sends one piece (chunked framing, one gathered write; nothing for an empty one). Waits while the client is slow, so nothing piles up
  /// here; `bytes` of at most 64 KiB may lie in the shard's scratch (what the socket does not take at once is copied), more must be the
  /// caller's own. Errors: canceled (the client left, or took nothing for the listener's idle time; the connection is closed).
  task<> send(std::string_view bytes);
  /// The orderly end, with a last piece in the same write if there is one. Errors: canceled.
  task<> finish(std::string_view last = {});
  /// Breaks the connection so that the client sees a broken stream (no last chunk, no close_notify; HTTP/1.0: a reset).
  void abort() noexcept;

 private:
  friend class response;
  explicit body_stream(server_connection& c) noexcept : connection_(&c) {}
  server_connection* connection_;
};

/// The answer to one request, before its head has gone out. One of `send`, `start`, `fail` once; a second one, or a header that would
/// break the framing, is a bug and throws std::logic_error. `date`, `content-length`, `transfer-encoding` and `connection` are set here and
/// must not be given; `server` is not sent. Await where you call: the arguments are views. To HEAD, and with 204 and 304, no body goes out
/// (HEAD keeps its content-length). Shard-local; valid until the handler returns.
class response {
 public:
  /// The whole answer in one gathered write. Errors: canceled (as above).
  task<> send(int status, std::span<const header> headers, std::string_view body);
  task<> send(int status, std::initializer_list<header> headers, std::string_view body) {
    return send(status, std::span{headers.begin(), headers.size()}, body);
  }
  /// The head, and in the same write a first piece of the body if there is one; the rest follows through what it returns.
  /// With HTTP/1.0 the end of the connection ends it.
  task<body_stream> start(int status, std::span<const header> headers, std::string_view first = {});
  task<body_stream> start(int status, std::initializer_list<header> headers, std::string_view first = {}) {
    return start(status, std::span{headers.begin(), headers.size()}, first);
  }
  /// The listener's own form of an error (see `early_error_writer`); `retry-after` by itself where the error knows it.
  task<> fail(const error& e);

  [[nodiscard]] bool head_sent() const noexcept;

 private:
  friend class server_connection;
  explicit response(server_connection& c) noexcept : connection_(&c) {}
  server_connection* connection_;
};

}  // namespace naru::net
