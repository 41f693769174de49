#pragma once
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "gateway/net/task.hpp"

namespace naru::net {

/// A byte stream between two machines: the one transport of the house, plain or TLS, TCP or Unix, real or in memory (tests).
/// Both real kinds work on a non-blocking descriptor and wait for readiness, so that an idle stream holds no buffer.
/// Thread: its shard. At most one read-side and one write-side operation at a time; `close` may be called at any moment and ends
/// both with an error at once.
class stream {
 public:
  virtual ~stream() = default;

  /// Waits until a read would give something (bytes, end or error). Holds no buffer.
  virtual task<> wait_readable() = 0;
  /// Reads what is there without waiting, at most `into.size()` bytes.
  /// @return bytes read; 0 at the orderly end; `would_block` when nothing is there.
  /// Errors: upstream_failed with reason "reset", "tls", "closed" ...
  static constexpr std::size_t would_block = static_cast<std::size_t>(-1);
  virtual result<std::size_t> try_read(std::span<char> into) = 0;
  /// Writes all of `buffers` (gathered); waits for writability as needed.
  virtual task<> write(std::span<const asio::const_buffer> buffers) = 0;
  /// Writes what goes without waiting (gathered).
  /// @return bytes taken; 0 when it would have to wait. A short write must be followed by a write of exactly the bytes not taken
  ///         (from any memory): over TLS a record of them may already be sealed.
  virtual result<std::size_t> try_write(std::span<const asio::const_buffer> buffers) { return (void)buffers, std::size_t{0}; }
  /// Sends TLS close_notify if that works without waiting, then shuts down the sending side.
  virtual void shutdown_send() noexcept = 0;
  /// Closes the descriptor; pending operations end with reason "closed".
  virtual void close() noexcept = 0;
  /// Closes so that the other end sees a reset rather than an orderly end, where the transport can tell them apart.
  virtual void reset() noexcept { close(); }
  /// Gives the descriptor away un-closed and ends this stream (plain only, -1 otherwise): to start TLS inside a proxy's tunnel.
  [[nodiscard]] virtual int release() noexcept { return -1; }
  [[nodiscard]] virtual bool is_open() const noexcept = 0;
  /// "127.0.0.1", "::1", "unix"; without port.
  [[nodiscard]] virtual std::string peer_address() const = 0;
  [[nodiscard]] virtual bool peer_is_loopback() const noexcept = 0;
  [[nodiscard]] virtual bool is_tls() const noexcept = 0;
};

using stream_ptr = std::unique_ptr<stream>;

/// wait_readable + try_read until something came.
task<std::size_t> read_some(stream& s, std::span<char> into);
/// Writes one piece.
task<> write_all(stream& s, std::string_view bytes);

}  // namespace naru::net
