#pragma once
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "gateway/net/shard.hpp"

namespace naru::flow {

/// Something a coroutine waits for until another of the same shard says so. Shard-local. The timer inside never fires by itself: time
/// comes from the shard's clock.
class signal {
 public:
  explicit signal(net::shard& s) : event_(s.get_executor()) { event_.expires_at(timer::time_point::max()); }
  /// Waits for the next `raise`.
  net::asio::awaitable<void, net::executor> wait() {
    boost::system::error_code woken;
    co_await event_.async_wait(net::asio::redirect_error(net::asio::use_awaitable_t<net::executor>{}, woken));
  }
  /// Wakes everyone who waits now.
  void raise() { event_.cancel(); }

 private:
  using timer =
      net::asio::basic_waitable_timer<std::chrono::steady_clock, net::asio::wait_traits<std::chrono::steady_clock>, net::executor>;
  timer event_;
};

/// A wait that ends at a time or when it is woken, whichever comes first. Shard-local.
class pause {
 public:
  explicit pause(net::shard& s) : signal_(s), alarm_(s.time(), [this] { signal_.raise(); }) {}
  net::asio::awaitable<void, net::executor> until(steady_time at) {
    alarm_.arm(at);
    co_await signal_.wait();
    alarm_.disarm();
  }
  void wake() { signal_.raise(); }

 private:
  signal signal_;
  net::alarm alarm_;
};

/// Turns of those who write to one client: one at a time, nobody overtakes in the middle. Shard-local.
class turns {
 public:
  explicit turns(net::shard& s) : freed_(s) {}
  class turn {
   public:
    explicit turn(turns& owner) noexcept : owner_(&owner) {}
    turn(turn&& o) noexcept : owner_(o.owner_) { o.owner_ = nullptr; }
    turn& operator=(turn&&) = delete;
    ~turn() {
      if (owner_ == nullptr) return;
      owner_->taken_ = false;
      owner_->freed_.raise();
    }

   private:
    turns* owner_;
  };
  net::asio::awaitable<turn, net::executor> take() {
    while (taken_) co_await freed_.wait();
    taken_ = true;
    co_return turn{*this};
  }
  /// The turn if nobody has it. @return nullopt: `take` waits for it
  std::optional<turn> try_take() noexcept {
    if (taken_) return std::nullopt;
    taken_ = true;
    return turn{*this};
  }
  [[nodiscard]] bool taken() const noexcept { return taken_; }

 private:
  signal freed_;
  bool taken_ = false;
};

}  // namespace naru::flow
