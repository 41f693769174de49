#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/net/gather.hpp"
#include "gateway/net/http/chunk_decoder.hpp"
#include "gateway/net/http/request_head.hpp"
#include "gateway/net/response.hpp"
#include "gateway/net/server_core.hpp"
#include "gateway/net/stream.hpp"

namespace naru::net {

/// HTTP/1.1 on one stream, one request at a time. Two coroutines at most:
///
///   run    waits for readability for as long as the connection lives, and reads what came. While a handler runs that same wait is
///          the watch over the client: an end or a reset is told to the request at once, bytes of a next request are kept (64 KiB
///          at most; then reading pauses until the handler is done).
///   serve  runs the handler for one complete request, and for those that had been sent behind it.
///
/// So a small request costs one read and one write, and an idle connection has one coroutine, no buffer and no request.
/// server_connection.cpp reads, server_write.cpp writes. Shard-local. Kept alive by its coroutines.
class server_connection : public std::enable_shared_from_this<server_connection> {
 public:
  server_connection(std::shared_ptr<server_core> core, shard_room& room, stream_ptr s, std::string tag, connection_place place);
  ~server_connection();

  /// Serves until the connection ends. Spawn once; the first parameter keeps it alive.
  asio::awaitable<void, executor> run(std::shared_ptr<server_connection> self);

  /// Closes at once. A handler that runs is told (`on_disconnect`) from the loop, never from inside of this call.
  void end() noexcept;
  void end_if_idle() noexcept;
  [[nodiscard]] server_connection* next() const noexcept { return next_; }

 private:
  friend class response;
  friend class body_stream;

  enum class phase : std::uint8_t { idle, head, body, ready, handling, lingering, ended };
  enum class answered : std::uint8_t { nothing, streaming, whole, broken };
  enum class framing : std::uint8_t { chunked, until_close, none };

  // Reading: server_connection.cpp
  void on_readable();
  std::span<char> read_target();
  bool took_bytes(std::span<char> target, std::size_t n);
  void client_closed();
  void lost();
  [[nodiscard]] std::string_view feed(std::string_view in);
  void begin_request();
  void take_head(std::string_view& in);
  void take_body(std::string_view& in);
  void adopt_head(const http::request_head& head, const char* parsed_from);
  void begin_body(const http::request_head& head, bool begun);
  std::optional<error> check_head();
  void keep(std::string_view unread);
  void watch_time();
  void on_alarm();
  void refuse(const error& e, int status = 0);
  void linger();
  [[nodiscard]] bool must_pause() const noexcept;
  void ensure_reading();

  // Handling: server_connection.cpp
  asio::awaitable<void, executor> serve(std::shared_ptr<server_connection> self);
  task<> conclude(bool threw);
  [[nodiscard]] bool next_request();
  void recycle();

  // Writing: server_write.cpp
  task<> send_whole(int status, std::span<const header> headers, std::string_view body);
  task<> send_head(int status, std::span<const header> headers, std::string_view first);
  task<> send_piece(std::string_view bytes);
  task<> send_last(std::string_view bytes);
  task<> send_error(const error& e);
  void abort_answer() noexcept;
  /// @return how it ended; nullopt: `write_rest` must go on with `rest`
  std::optional<result<void>> write_now(gather& rest, std::span<const asio::const_buffer> buffers);
  task<> write_rest(gather rest);
  task<> write_slowly(gather rest);
  [[nodiscard]] error broken() noexcept;
  [[nodiscard]] std::string_view connection_word(bool close_delimited) noexcept;
  [[nodiscard]] bool bodiless(int status) const noexcept;

  std::shared_ptr<server_core> core_;
  shard_room& room_;
  std::shared_ptr<const server_limits> limits_;
  stream_ptr stream_;
  connection_place place_;
  std::string tag_;
  std::string peer_;
  bool peer_is_loopback_;
  alarm alarm_;  ///< of the phase: idle, head, body, a client that takes nothing while handling, lingering

  phase phase_ = phase::idle;
  answered answered_ = answered::nothing;
  framing framing_ = framing::none;
  bool reading_ = false;    ///< `run` is waiting or reading
  bool keep_alive_ = true;  ///< of the current request; false once anything said that this is the last
  bool chunked_ = false;    ///< of the current request's body
  bool client_closed_ = false;
  std::shared_ptr<request> request_;  ///< from its first byte until its answer is finished
  http::request_head_parser head_parser_;
  http::chunk_decoder chunks_;
  std::uint64_t body_left_ = 0;  ///< with content-length
  std::string inbox_;            ///< bytes behind the current request
  std::size_t discarded_ = 0;    ///< while lingering

  server_connection* previous_ = nullptr;
  server_connection* next_ = nullptr;
};

}  // namespace naru::net
