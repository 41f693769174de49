#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "gateway/net/clock.hpp"
#include "gateway/net/task.hpp"

namespace naru::net {

/// One core's world: an io_context, its thread, its clock, the buffer that everything on it reads into. A connection lives and dies
/// on one shard; everything named shard-local is touched by this thread alone, or before `start`.
class shard {
 public:
  explicit shard(std::size_t index);
  shard(std::size_t index, std::unique_ptr<clock> simulated);  ///< for tests: `simulated` is swept by whoever made it
  ~shard();                                                    ///< stops and joins
  shard(const shard&) = delete;
  shard& operator=(const shard&) = delete;

  [[nodiscard]] std::size_t index() const noexcept;
  [[nodiscard]] asio::io_context& context() noexcept;
  [[nodiscard]] executor get_executor() noexcept;
  [[nodiscard]] clock& time() noexcept;

  void start();                           ///< starts the thread
  void post(std::function<void()> work);  ///< from any thread
  void stop() noexcept;                   ///< from any thread: the loop ends after the current handler
  void join();

  /// Starts `work` on this shard (call on its thread or before start). Every spawned coroutine is counted; one that ends by an
  /// exception is logged as a bug by `on_exception` and ends there. There is no other way to start one.
  void spawn(asio::awaitable<void, executor> work);
  [[nodiscard]] std::size_t running() const noexcept;  ///< spawned and not ended

  /// 64 KiB that the running handler may read into; its content does not survive a co_await.
  [[nodiscard]] std::span<char> scratch() noexcept;

  /// The shard whose thread this is; null elsewhere.
  static shard* current() noexcept;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace naru::net
