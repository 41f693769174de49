#include "gateway/net/shard.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

namespace naru::net {
namespace {

using std::chrono::steady_clock;

constexpr auto tick = std::chrono::milliseconds{20};
constexpr std::size_t scratch_bytes = 64 * 1024;

thread_local shard* current_shard = nullptr;

/// The real time. `now()` reads CLOCK_MONOTONIC through the vDSO (25 ns): CLOCK_MONOTONIC_COARSE would save 20 of them and is up
/// to 10 ms behind, which would show in the latencies that routing learns from. The timer is set for the earliest alarm, rounded
/// up to a tick, and not at all while none is armed: an idle gateway does not wake.
class shard_clock final : public clock {
 public:
  explicit shard_clock(asio::io_context& context) : timer_(std::in_place, context) {}

  [[nodiscard]] steady_time now() const noexcept override { return steady_clock::now(); }
  [[nodiscard]] wall_time wall_now() const noexcept override { return std::chrono::system_clock::now(); }

  /// The loop is about to be destroyed: alarms may still be armed and disarmed, none fires.
  void detach() noexcept { timer_.reset(); }

 private:
  using timer = asio::basic_waitable_timer<steady_clock, asio::wait_traits<steady_clock>, executor>;

  void wake_at(steady_time at) noexcept override {
    const auto due = std::chrono::ceil<std::chrono::duration<std::int64_t, std::ratio<20, 1000>>>(at.time_since_epoch());
    static_assert(std::chrono::duration<std::int64_t, std::ratio<20, 1000>>{1} == tick);
    const steady_time when{due};
    if (!timer_ || when >= set_for_) return;
    set_for_ = when;
    timer_->expires_at(when);  // ends an earlier wait with operation_aborted
    timer_->async_wait([this](const boost::system::error_code& ec) {
      if (!ec) wake();
    });
  }

  void wake() {
    set_for_ = steady_time::max();
    sweep(now());
    if (!idle() && earliest() != steady_time::max()) wake_at(earliest());
  }

  std::optional<timer> timer_;
  steady_time set_for_ = steady_time::max();
};

void on_exception(std::exception_ptr e) noexcept {
  try {
    std::rethrow_exception(std::move(e));
  } catch (const std::exception& x) {
    spdlog::critical("bug: a coroutine ended by an exception: {}", x.what());
  } catch (...) {
    spdlog::critical("bug: a coroutine ended by something that is no std::exception");
  }
}

}  // namespace

struct shard::impl {
  // Destroyed bottom up: the loop first, which destroys the suspended coroutines; their alarms still find the clock.
  std::unique_ptr<clock> time;
  shard_clock* real_time = nullptr;
  std::unique_ptr<std::array<char, scratch_bytes>> scratch = std::make_unique_for_overwrite<std::array<char, scratch_bytes>>();
  std::atomic<std::size_t> running{0};
  std::size_t index;
  // UNSAFE_IO: no locks around sockets and timers, which one thread touches; plain UNSAFE would also break `post` from others.
  asio::io_context context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  std::thread thread;

  explicit impl(std::size_t i) : index(i) {}
};

shard::shard(std::size_t index) : impl_(std::make_unique<impl>(index)) {
  auto real = std::make_unique<shard_clock>(impl_->context);
  impl_->real_time = real.get();
  impl_->time = std::move(real);
}

shard::shard(std::size_t index, std::unique_ptr<clock> simulated) : impl_(std::make_unique<impl>(index)) {
  impl_->time = std::move(simulated);
}

shard::~shard() {
  stop();
  join();
  if (impl_->real_time != nullptr) impl_->real_time->detach();
}

std::size_t shard::index() const noexcept { return impl_->index; }
asio::io_context& shard::context() noexcept { return impl_->context; }
executor shard::get_executor() noexcept { return impl_->context.get_executor(); }
clock& shard::time() noexcept { return *impl_->time; }
std::span<char> shard::scratch() noexcept { return *impl_->scratch; }
std::size_t shard::running() const noexcept { return impl_->running.load(std::memory_order_relaxed); }
shard* shard::current() noexcept { return current_shard; }

void shard::start() {
  impl_->thread = std::thread([this] {
    current_shard = this;
    const auto work = asio::make_work_guard(impl_->context);
    // A handler that throws is a bug in that handler; the other connections of this core need not die with it.
    while (!impl_->context.stopped()) {
      try {
        impl_->context.run();
      } catch (...) {
        on_exception(std::current_exception());
      }
    }
    current_shard = nullptr;
  });
}

void shard::post(std::function<void()> work) { asio::post(impl_->context, std::move(work)); }

void shard::stop() noexcept { impl_->context.stop(); }

void shard::join() {
  if (impl_->thread.joinable()) impl_->thread.join();
}

void shard::spawn(asio::awaitable<void, executor> work) {
  impl_->running.fetch_add(1, std::memory_order_relaxed);
  asio::co_spawn(impl_->context.get_executor(), std::move(work), [count = &impl_->running](std::exception_ptr e) {
    count->fetch_sub(1, std::memory_order_relaxed);
    if (e) on_exception(std::move(e));
  });
}

}  // namespace naru::net
