#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "gateway/api/paths.hpp"
#include "gateway/flow/services.hpp"
#include "gateway/net/server.hpp"

namespace naru::api {

/// The traffic listener's paths: which there are, what is refused at the door, which step of the house answers.
class traffic {
 public:
  /// @param shards  services by shard index; outlive this
  /// @param ready   whether /readyz says yes; any thread
  traffic(std::vector<std::unique_ptr<flow::services>>& shards, std::function<bool()> ready);

  [[nodiscard]] net::server_hooks hooks();

 private:
  [[nodiscard]] flow::services& here() const;
  [[nodiscard]] std::optional<error> check_head(net::request& r) const;
  void early_error(const error& e, std::string_view path, net::answer& out) const;
  /// Counts and logs a request that never became an exchange.
  void note(std::string request_id, std::string_view api, int status, std::optional<error_code> why, std::string_view shed = {}) const;
  net::asio::awaitable<void, net::executor> handle(std::shared_ptr<net::request> r, net::response& out);
  net::asio::awaitable<void, net::executor> models(std::shared_ptr<net::request> r, net::response& out, const route& to);
  net::asio::awaitable<void, net::executor> health(net::response& out, bool good);

  std::vector<std::unique_ptr<flow::services>>& shards_;
  std::function<bool()> ready_;
  std::uint64_t started_;  ///< seconds since the epoch: the `created` of every model
};

}  // namespace naru::api
