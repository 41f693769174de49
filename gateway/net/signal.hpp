#pragma once
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "gateway/net/shard.hpp"

namespace naru::net {

/// Something a coroutine waits for until another of the same shard says so. Nothing is kept: who waits later waits for the next time.
/// Shard-local. The timer inside never fires by itself: time comes from the shard's clock.
class signal {
 public:
  explicit signal(shard& home) : timer_(home.get_executor(), std::chrono::steady_clock::time_point::max()) {}

  /// Waits for the next `raise`.
  asio::awaitable<void, executor> wait() {
    boost::system::error_code woken;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable_t<executor>{}, woken));
  }
  /// Wakes everyone who waits now.
  void raise() { timer_.cancel(); }

 private:
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor> timer_;
};

/// A signal that is raised once and for good: who waits afterwards does not wait. Shard-local.
class lasting_signal {
 public:
  explicit lasting_signal(shard& home) : signal_(home) {}

  asio::awaitable<void, executor> wait() {
    if (!raised_) co_await signal_.wait();
  }
  void raise() {
    raised_ = true;
    signal_.raise();
  }

 private:
  signal signal_;
  bool raised_ = false;
};

}  // namespace naru::net
