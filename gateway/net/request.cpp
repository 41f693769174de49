#include "gateway/net/request.hpp"

#include <utility>

namespace naru::net {
namespace {

constexpr std::size_t kept_bytes = 16 * 1024;  ///< a larger buffer is not worth keeping for the next request

}  // namespace

std::string_view request::find(std::string_view name) const noexcept { return http::find_header(headers, name); }

void request::on_disconnect(std::function<void()> action) {
  on_disconnect_ = std::move(action);
  if (disconnected_ && on_disconnect_) std::exchange(on_disconnect_, nullptr)();
}

void request::client_left() {
  if (std::exchange(disconnected_, true) || !on_disconnect_) return;
  std::exchange(on_disconnect_, nullptr)();
}

void request::clear() noexcept {
  method = target = path = query = host = body = {};
  headers.clear();
  head_.clear();
  if (head_.capacity() > kept_bytes) head_.shrink_to_fit();
  content_.clear(kept_bytes);
  known_as = known_by = nullptr;
  on_disconnect_ = nullptr;
  disconnected_ = body_padded = false;
}

}  // namespace naru::net
