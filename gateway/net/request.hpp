#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/net/body_buffer.hpp"
#include "gateway/net/http/syntax.hpp"

namespace naru::net {

using header = http::header;  ///< name and value, views; who gives it says for how long

/// One HTTP request, read whole and checked. Everything it shows is a view into its own buffers: valid as long as somebody holds
/// the `shared_ptr` (an upstream attempt does, for the body), whatever becomes of the connection. Not copied, not moved.
/// Thread: the shard that read it; its fields do not change while the handler runs, so that others may read them meanwhile.
class request {
 public:
  request() = default;
  request(const request&) = delete;
  request& operator=(const request&) = delete;

  std::string_view method;      ///< as sent, e.g. "POST"
  std::string_view target;      ///< as sent, e.g. "/v1/models?limit=2"
  std::string_view path;        ///< from the first '/' up to '?', not decoded
  std::string_view query;       ///< behind '?', without it; not decoded
  int version_minor = 1;        ///< HTTP/1.x
  std::vector<header> headers;  ///< in order, names as the client spelt them; values without surrounding blanks
  std::string_view host;        ///< the Host header (and no other authority: absolute targets elsewhere were refused)
  std::string_view body;        ///< content, unchunked
  /// `body_buffer::padding` readable bytes lie behind `body`, so that simdjson parses it in place. Always true for what a
  /// connection read; a test that fills in `body` by itself says false.
  bool body_padded = false;

  /// What the check of the head found out, for the handler: who it is, and by which settings that was said. Opaque to this floor; null
  /// when nothing was said.
  std::shared_ptr<const void> known_as;
  std::shared_ptr<const void> known_by;

  std::string peer;  ///< "127.0.0.1", "::1", "unix"
  bool peer_is_loopback = false;
  bool tls = false;
  std::string listener;  ///< the tag of the listener it came through

  /// Value of the first header of that name (ASCII case ignored); null data when there is none, so that "" means "sent, empty".
  [[nodiscard]] std::string_view find(std::string_view name) const noexcept;
  [[nodiscard]] bool has(std::string_view name) const noexcept { return find(name).data() != nullptr; }

  /// Calls `action` when the client closes or resets before the answer is finished, at once if it already has. At most once; one
  /// action at a time (a later one replaces it, an empty one removes it). Runs on the shard's thread, outside of the handler: it may close
  /// things, it must not destroy the coroutine that waits for them. A client that only shuts down its sending side counts as gone.
  void on_disconnect(std::function<void()> action);
  [[nodiscard]] bool disconnected() const noexcept { return disconnected_; }

 private:
  friend class server_connection;
  void client_left();
  void clear() noexcept;  ///< ready for another request; keeps small buffers

  std::string head_;  ///< the bytes that the views above point into
  body_buffer content_;
  std::function<void()> on_disconnect_;
  bool disconnected_ = false;
};

}  // namespace naru::net
