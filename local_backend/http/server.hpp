#pragma once
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "local_backend/engine_thread.hpp"
#include "local_backend/http/listener.hpp"
#include "local_backend/http/service.hpp"

namespace naru::local_backend {

/// The worker as a whole: listens at once (health says "loading"), loads the model on the engine's thread, serves until told to stop.
/// SIGTERM: no new connection or request, what runs may finish within 10 s, exit 0. SIGINT, or a second signal: at once.
class server {
 public:
  /// @param load  how the model is loaded; runs on the engine's thread
  server(const options& o, engine_thread::loader load);

  /// Serves; returns the process's exit code. Prints one line of JSON on standard output once the model is loaded, and what is wrong
  /// on standard error.
  [[nodiscard]] int run();

 private:
  [[nodiscard]] result<void> listen();
  void take(stream peer);
  void on_loaded(const result<void>& r);
  void on_signal(int number);
  void drain();
  void watch_parent();
  void say_ready() const;
  void stop(int code);

  using descriptor = asio::posix::basic_stream_descriptor<executor>;
  using timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>;

  const options& options_;
  engine_thread::loader load_;
  int exit_code_ = 0;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  asio::io_context io_{1};
  asio::basic_signal_set<executor> signals_{io_.get_executor(), SIGTERM, SIGINT};
  timer drain_tick_{io_.get_executor()};
  std::chrono::steady_clock::time_point drain_end_;
  std::unique_ptr<listener> listener_;
  std::optional<descriptor> parent_;
  house jobs_;
  // Last, so that both threads have ended before anything that they use goes.
  std::optional<engine_thread> engine_;
  std::optional<asio::thread_pool> readers_;
  std::optional<service> service_;
};

}  // namespace naru::local_backend
