#pragma once
#include <exception>
#include <functional>
#include <memory>
#include <optional>

#include "gateway/flow/one_call.hpp"
#include "gateway/net/signal.hpp"
#include "gateway/upstream/live_state.hpp"

namespace naru::flow {

/// One call with its admission and its place in the plan.
struct lane {
  lane(exchange& x, std::size_t index, std::size_t at, upstream::live_state::call a) : step(at), admitted(std::move(a)), call(x, index) {}

  std::size_t step;
  upstream::live_state::call admitted;
  one_call call;
  std::optional<failure> failed;  ///< once it has ended
};

/// A call, and beside it, once its first content is late, one more. The first of the two that has content answers; the other is ended at
/// once. Both have ended when `run` returns: the second lives in a coroutine of the shard that `run` waits for, whatever happens.
/// Shard-local; lives in the exchange's coroutine.
class race {
 public:
  /// Makes the second lane, admitted and counted; null: there is none to be had.
  using begin = std::function<std::unique_ptr<lane>()>;

  race(exchange& x, lane& first) : x_(x), first_(first), ended_(x.shared.shard) {}
  race(const race&) = delete;
  race& operator=(const race&) = delete;

  /// Runs the first call, and the second from `due` on if it comes to that. Fills in `failed` of both. Throws what a call throws, when
  /// both have ended.
  net::asio::awaitable<void, net::executor> run(steady_time due, begin make_second);

  /// The second call; null when there was none.
  [[nodiscard]] lane* second() noexcept { return second_ ? second_->its.get() : nullptr; }
  /// The one that gave the answer, or began to; else the one whose failure says what is next.
  [[nodiscard]] lane& decisive() noexcept;

 private:
  struct runner {
    std::unique_ptr<lane> its;
    bool ended = false;
    std::exception_ptr bug;
  };
  void start_second();
  static net::asio::awaitable<void, net::executor> run_second(std::shared_ptr<runner> r, std::shared_ptr<reply> kept, race* back);
  void let_win(one_call& winner, one_call* other);

  exchange& x_;
  lane& first_;
  begin make_second_;
  net::signal ended_;
  std::shared_ptr<runner> second_;
};

}  // namespace naru::flow
