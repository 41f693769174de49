#pragma once
#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace naru::test {

/// How a program is started.
struct spawn_options {
  std::vector<std::string> arguments;              ///< without the program's name
  std::map<std::string, std::string> environment;  ///< added to, or in place of, this process's own
  std::vector<std::string> without;                ///< variables taken out of it
  std::filesystem::path folder;                    ///< to start in; empty: this one
  std::map<int, rlim_t> limits;                    ///< RLIMIT_NOFILE, RLIMIT_AS, ... -> soft and hard value
};

/// How it ended.
struct exit_state {
  int code = -1;   ///< its exit code; -1 when a signal ended it
  int signal = 0;  ///< that signal
};

/// A program that a test runs beside itself. Its standard output and error are read all the time, into one text, so that it never
/// blocks on a full pipe. It is killed with the object, and with this process.
/// Thread: one owner; a thread of its own does the reading.
class child_process {
 public:
  /// Throws std::system_error when it cannot be started (a missing program included).
  child_process(const std::filesystem::path& program, const spawn_options& options);
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// Everything it has printed so far, both streams.
  [[nodiscard]] std::string output() const;
  /// Waits for a whole line that contains `word`. Throws std::runtime_error, with the output so far, when there is none in time or the
  /// program's output ends before.
  std::string wait_for_line(std::string_view word, std::chrono::milliseconds limit = std::chrono::seconds(20));
  /// Sends a signal; does nothing when it has ended.
  void signal(int number) const;
  /// @return how it ended, with all that it printed in output(); nullopt when it has not within `limit`
  std::optional<exit_state> wait(std::chrono::milliseconds limit = std::chrono::seconds(20));
  /// SIGTERM, then SIGKILL after `limit`. @return how it ended
  exit_state stop(std::chrono::milliseconds limit = std::chrono::seconds(10));
  [[nodiscard]] bool running();

  /// From /proc: user and system time so far, resident memory, open descriptors.
  [[nodiscard]] std::chrono::microseconds cpu_time() const;
  [[nodiscard]] std::size_t resident_bytes() const;
  [[nodiscard]] std::size_t open_files() const;

 private:
  void read_output(int fd);
  void end(exit_state state);

  pid_t pid_ = -1;
  std::optional<exit_state> ended_;
  mutable std::mutex mutex_;  ///< output_ and output_ended_: filled by reader_, read by the owner
  std::condition_variable more_;
  std::string output_;
  bool output_ended_ = false;
  int wake_[2] = {-1, -1};  ///< a pipe whose closing ends the reader
  std::thread reader_;
};

}  // namespace naru::test
