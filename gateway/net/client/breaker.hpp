#pragma once
#include <functional>
#include <string_view>
#include <utility>

#include "gateway/net/client/failures.hpp"

namespace naru::net::client {

/// Ends whatever one exchange waits on, from outside: a cancel, a timeout. Whoever waits says how it is to be woken for as long as
/// it waits; the first reason stays. Shard-local.
class breaker {
 public:
  breaker() = default;
  breaker(const breaker&) = delete;
  breaker& operator=(const breaker&) = delete;

  /// @param reason  one of `reasons` (static text)
  void trip(std::string_view reason) {
    if (tripped()) return;
    reason_ = reason;
    if (wake_) wake_();
  }
  [[nodiscard]] bool tripped() const noexcept { return !reason_.empty(); }
  [[nodiscard]] error why() const { return interrupted(reason_); }

  /// While it lives, `trip` calls `wake`, which must make the wait end (closing what is waited for does) and must not destroy it.
  class waiting {
   public:
    waiting(breaker& b, std::function<void()> wake) : breaker_(b), before_(std::exchange(b.wake_, std::move(wake))) {}
    ~waiting() { breaker_.wake_ = std::move(before_); }
    waiting(const waiting&) = delete;
    waiting& operator=(const waiting&) = delete;

   private:
    breaker& breaker_;
    std::function<void()> before_;
  };

 private:
  std::string_view reason_;
  std::function<void()> wake_;
};

}  // namespace naru::net::client
