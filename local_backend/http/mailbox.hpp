#pragma once
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>

#include "local_backend/http/types.hpp"
#include "local_backend/job.hpp"

namespace naru::local_backend {

/// What the engine says about one job, waiting for the connection's coroutine. Holds at most one answer: the context bounds it.
/// Thread: the HTTP thread.
class mailbox {
 public:
  explicit mailbox(const executor& ex) : bell_(ex, timer::time_point::max()) {}

  void put(update u) {
    updates_.push_back(std::move(u));
    bell_.cancel();
  }
  /// The client has left: nobody will read what comes.
  void leave() {
    gone_ = true;
    bell_.cancel();
  }
  [[nodiscard]] bool empty() const noexcept { return updates_.empty(); }

  /// The next update; nullopt once the client has left.
  task<std::optional<update>> next() {
    while (!gone_ && updates_.empty()) co_await bell_.async_wait(use);
    if (gone_) co_return std::nullopt;
    auto u = std::move(updates_.front());
    updates_.pop_front();
    co_return u;
  }

 private:
  using timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>;
  std::deque<update> updates_;
  bool gone_ = false;
  timer bell_;
};

}  // namespace naru::local_backend
