#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/upstream/worker_status.hpp"

namespace naru::upstream {

struct worker_command {
  std::string program;                 ///< path of naru-worker
  std::vector<std::string> arguments;  ///< without --parent-pid, which is added
};

/// Keeps one naru-worker alive: starts it, reads when it is ready, starts it again when it dies. A worker that dies soon after its
/// start is started again after a wait that doubles, with the reason in the log and in the status.
/// Thread: its own, which also is the worker's parent (the worker dies with it). Construct, `stop` and destroy on one controlling thread.
class supervisor {
 public:
  /// @param log  one line about the worker, from the supervisor's thread
  /// Throws std::system_error when the system gives no descriptor or thread.
  supervisor(worker_command command, std::shared_ptr<worker_status> status, std::function<void(std::string_view)> log);
  ~supervisor();  ///< stops
  supervisor(const supervisor&) = delete;
  supervisor& operator=(const supervisor&) = delete;

  /// Ends the worker (SIGTERM, then SIGKILL after 2 s) and the thread.
  void stop();
  /// Process id of the worker; 0 while there is none. Any thread.
  [[nodiscard]] int pid() const noexcept;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// How long to wait before the next start: nothing after a worker that lived for 10 s or more, else 100 ms doubling up to 30 s.
class restart_pause {
 public:
  [[nodiscard]] std::chrono::milliseconds after(std::chrono::milliseconds lived) noexcept;

 private:
  std::chrono::milliseconds next_{100};
};

}  // namespace naru::upstream
