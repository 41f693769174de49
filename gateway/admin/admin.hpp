#pragma once
#include <string>

#include "gateway/admin/context.hpp"
#include "gateway/net/server.hpp"

namespace naru::admin {

/// The admin listener: /metrics, /livez, /readyz without a token; /admin/* with one. Without a token configured only this machine is
/// served, and only what changes nothing. Runs on a shard of its own, so that a scrape never disturbs traffic.
class api {
 public:
  explicit api(context c) : context_(std::move(c)) {}
  [[nodiscard]] net::server_hooks hooks();

 private:
  [[nodiscard]] std::optional<error> check_head(const net::request& r) const;
  net::asio::awaitable<void, net::executor> handle(std::shared_ptr<net::request> r, net::response& out) const;

  context context_;
};

}  // namespace naru::admin
