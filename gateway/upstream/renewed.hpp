#pragma once
#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "core/deadline.hpp"
#include "gateway/net/shard.hpp"
#include "gateway/net/signal.hpp"
#include "gateway/net/task.hpp"

namespace naru::upstream {

/// A credential that is good for a while and fetched again before that ends. Each shard has its own, so nothing is locked. While the old
/// one is good, a call never waits for the new: the fetch runs beside it. Of calls that come while there is none, the first fetches.
template <class Value>
class renewed {
 public:
  struct fetched {
    Value value;
    std::chrono::seconds lifetime;
  };
  /// Gets a new one. Called on the shard that needs it.
  using fetch = std::function<net::task<fetched>()>;

  /// @pre called on `home`'s thread; @param owner  what `again` uses, kept alive while a fetch runs beside the caller
  net::task<std::shared_ptr<const Value>> get(net::shard& home, std::shared_ptr<const void> owner, fetch again) {
    slot& mine = slots_[home.index()];
    if (!mine.done) mine.done = std::make_unique<net::signal>(home);
    const auto now = home.time().now();
    if (mine.value && now < mine.good_until) {
      if (now >= mine.renew_at && !mine.fetching) {
        mine.fetching = true;
        home.spawn(renew(mine, home, std::move(owner), std::move(again)));
      }
      co_return mine.value;
    }
    while (mine.fetching) co_await mine.done->wait();
    if (mine.value && home.time().now() < mine.good_until) co_return mine.value;
    mine.fetching = true;
    co_await renew(mine, home, std::move(owner), std::move(again));
    if (!mine.value) co_return fail(mine.why);
    co_return mine.value;
  }

 private:
  struct slot {
    std::shared_ptr<const Value> value;
    steady_time renew_at{};
    steady_time good_until{};
    bool fetching = false;
    error why{error_code::upstream_failed, "no credential has been fetched yet", {}, "no_credential", {}};
    std::unique_ptr<net::signal> done;
  };

  static net::asio::awaitable<void, net::executor> renew(slot& mine, net::shard& home, std::shared_ptr<const void> owner, fetch again) {
    auto got = co_await again();
    const auto now = home.time().now();
    if (got) {
      // A tenth of its life, at most five minutes, is left for the fetch and for clocks that differ.
      const auto margin = std::min<std::chrono::seconds>(std::chrono::minutes{5}, got->lifetime / 10);
      mine.value = std::make_shared<const Value>(std::move(got->value));
      mine.good_until = now + got->lifetime - margin / 2;
      mine.renew_at = now + got->lifetime - margin;
    } else {
      mine.why = std::move(got.error());
      mine.why.code = error_code::upstream_failed;
      mine.why.reason = "no_credential";
      if (now >= mine.good_until) mine.value = nullptr;
      mine.renew_at = now + std::chrono::seconds{10};  // not at every call: whoever gives them may be down
    }
    mine.fetching = false;
    mine.done->raise();
    (void)owner;
  }

  static constexpr std::size_t most_shards = 1024;  // as the setting `shards`
  std::vector<slot> slots_{most_shards};
};

}  // namespace naru::upstream
