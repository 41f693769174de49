#include "gateway/net/client/pool.hpp"

#include <utility>

#include "gateway/net/client/pool_core.hpp"

namespace naru::net::client {
namespace {

constexpr auto look_every = std::chrono::seconds{1};

/// Nothing has come and nobody has closed. By reading, not by waiting for readability: over TLS a session ticket may lie there,
/// which is no answer to anything.
bool stands(stream& s) {
  char byte = 0;
  const auto n = s.try_read({&byte, 1});
  return n && *n == stream::would_block;
}

}  // namespace

pool_core::pool_core(shard& home, std::unique_ptr<connector> connections, pool_options options)
    : home_(home), connections_(std::move(connections)), options_(options), sweep_(home.time(), [this] { sweep(); }) {}

stream_ptr pool_core::take(const origin& to) {
  const auto found = buckets_.find(&to);
  if (found == buckets_.end()) return nullptr;
  auto& idle = found->second.idle;
  while (!idle.empty()) {
    idle_connection last = std::move(idle.back());
    idle.pop_back();
    if (stands(*last.connection)) {
      --counts.idle;
      return std::move(last.connection);
    }
    drop(last);
  }
  return nullptr;
}

void pool_core::put(std::shared_ptr<const origin> to, stream_ptr s) {
  if (closed_ || options_.per_origin == 0) return s->close();
  const origin* key = to.get();
  auto& b = buckets_[key];
  b.to = std::move(to);
  if (b.idle.size() >= options_.per_origin) {
    drop(b.idle.front());
    b.idle.erase(b.idle.begin());
  }
  const steady_time now = home_.time().now();
  b.idle.push_back({std::move(s), now});
  ++counts.idle;
  if (!sweep_.armed()) sweep_.arm(now + look_every);
}

void pool_core::close() noexcept {
  closed_ = true;
  sweep_.disarm();
  for (auto& [key, b] : buckets_) {
    for (auto& c : b.idle) drop(c);
  }
  buckets_.clear();
}

void pool_core::drop(idle_connection& c) noexcept {
  c.connection->shutdown_send();  // TLS says goodbye
  c.connection->close();
  --counts.idle;
  ++counts.dropped;
}

void pool_core::sweep() {
  const steady_time now = home_.time().now();
  for (auto& [key, b] : buckets_) {
    std::erase_if(b.idle, [&](idle_connection& c) {
      const bool goes = now - c.since >= options_.idle || !stands(*c.connection);
      if (goes) drop(c);
      return goes;
    });
  }
  std::erase_if(buckets_, [](const auto& b) { return b.second.idle.empty(); });
  if (!buckets_.empty()) sweep_.arm(now + look_every);
}

pool::pool(shard& home, std::unique_ptr<connector> connections, pool_options options)
    : core_(std::make_shared<pool_core>(home, std::move(connections), options)) {}
pool::~pool() { core_->close(); }
exchange pool::open(std::shared_ptr<const origin> to) { return exchange{core_, std::move(to)}; }
pool_counts pool::counts() const noexcept { return core_->counts; }

}  // namespace naru::net::client
