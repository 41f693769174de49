#pragma once
#include <optional>

#include "gateway/net/shard.hpp"
#include "gateway/net/signal.hpp"

namespace naru::flow {

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
  net::signal signal_;
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
  net::signal freed_;
  bool taken_ = false;
};

}  // namespace naru::flow
