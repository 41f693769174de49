#pragma once
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "gateway/net/shard.hpp"

namespace naru::net::client {

/// A wait that ends when somebody on the same shard says so, once and for good. The timer inside never fires by itself: time comes
/// from the shard's clock. Shard-local.
class signal {
 public:
  explicit signal(shard& home) : timer_(home.get_executor(), std::chrono::steady_clock::time_point::max()) {}

  asio::awaitable<void, executor> wait() {
    boost::system::error_code woken;
    if (!raised_) co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable_t<executor>{}, woken));
  }
  void raise() {
    raised_ = true;
    timer_.cancel();
  }

 private:
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor> timer_;
  bool raised_ = false;
};

}  // namespace naru::net::client
