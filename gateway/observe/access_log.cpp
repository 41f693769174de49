#include "gateway/observe/access_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

namespace naru::observe {
namespace {

constexpr std::size_t most_waiting = 16UL * 1024 * 1024;  ///< bytes of lines that nobody has taken yet
constexpr std::size_t many = 256UL * 1024;                ///< bytes that are worth a write at once
/// Lines are gathered for so long before they are written: a thread that woke for each of them would cost a request more than its line.
constexpr auto gathering = std::chrono::milliseconds{50};

class no_log final : public access_log {
 public:
  void write(const exchange_record&) override {}
  void reopen() override {}
  [[nodiscard]] std::uint64_t dropped() const noexcept override { return 0; }
};

int open_sink(const std::string& sink) {
  if (sink == "stdout") return ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
  if (sink == "stderr") return ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
  return ::open(sink.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

/// Writes blocks of whole lines to a descriptor that may be slow, closed or full. Thread: one, but for `end`.
class line_sink {
 public:
  explicit line_sink(int fd) : fd_(fd) {}
  ~line_sink() { ::close(fd_); }
  line_sink(const line_sink&) = delete;
  line_sink& operator=(const line_sink&) = delete;

  void replace(int fd) noexcept {
    ::close(std::exchange(fd_, fd));
    torn_ = false;
  }
  /// From now on a sink that takes nothing is given up after `patience`. Any thread.
  void end() noexcept { ending_ = true; }

  /// @param block  whole lines. @return how many of them were lost
  std::size_t write(std::string_view block) {
    std::size_t left = block.size();
    if (!torn_ || put("\n") == 0) {
      left = put(block);
      torn_ = left != 0 && left != block.size() && block[block.size() - left - 1] != '\n';
    }
    return static_cast<std::size_t>(std::count(block.end() - static_cast<std::ptrdiff_t>(left), block.end(), '\n'));
  }

 private:
  static constexpr auto patience = std::chrono::seconds{2};

  /// @return how many bytes could not be written
  std::size_t put(std::string_view bytes) {
    while (!bytes.empty() && wait_writable()) {
      const auto n = ::write(fd_, bytes.data(), next_size(bytes));
      if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (n < 0) break;  // a full disk, a closed pipe: seen in naru_access_log_dropped_total
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return bytes.size();
  }

  /// A pipe that is ready for writing takes PIPE_BUF bytes without waiting, in one piece: so whole lines, as many as fit.
  static std::size_t next_size(std::string_view left) noexcept {
    if (left.size() <= PIPE_BUF) return left.size();
    const std::size_t end = left.rfind('\n', PIPE_BUF - 1);
    return end == std::string_view::npos ? PIPE_BUF : end + 1;
  }

  /// @return false: it has taken nothing for too long, and we are to end
  bool wait_writable() {
    constexpr auto step = std::chrono::milliseconds{50};
    for (;;) {
      pollfd fd{fd_, POLLOUT, 0};
      if (::poll(&fd, 1, static_cast<int>(step.count())) != 0) {  // an error is told by the write that follows
        waited_ = {};
        return true;
      }
      if (ending_ && (waited_ += step) >= patience) return false;
    }
  }

  int fd_;
  bool torn_ = false;                    ///< the sink's last byte ends no line
  std::chrono::milliseconds waited_{0};  ///< since we are to end
  std::atomic<bool> ending_{false};
};

class ring_log final : public access_log {
 public:
  ring_log(std::string name, int fd) : name_(std::move(name)), sink_(fd), thread_([this] { run(); }) {}
  ~ring_log() override {
    {
      const std::scoped_lock lock(mutex_);
      ending_ = true;
    }
    sink_.end();
    filled_.notify_one();
    thread_.join();
  }

  void write(const exchange_record& r) override {
    thread_local std::string line;
    line.clear();
    append_access_line(r, line);
    line += '\n';
    // One of the few mutexes that shards share: held to copy one line. The writer holds it to swap the block, never while it writes.
    bool wake = false;
    {
      const std::scoped_lock lock(mutex_);
      const std::size_t before = waiting_.size();
      if (before + line.size() > most_waiting) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
        return;
      }
      waiting_ += line;
      wake = before == 0 || (before < many && waiting_.size() >= many);
    }
    if (wake) filled_.notify_one();
  }

  void reopen() override {
    {
      const std::scoped_lock lock(mutex_);
      reopening_ = true;
    }
    filled_.notify_one();
  }

  [[nodiscard]] std::uint64_t dropped() const noexcept override { return dropped_.load(std::memory_order_relaxed); }

 private:
  void run() {
    // A pipe whose reader has gone is an error of the write, not the end of the process.
    sigset_t pipe;
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    std::string block;
    for (;;) {
      bool again = false;
      {
        std::unique_lock lock(mutex_);
        filled_.wait(lock, [this] { return ending_ || reopening_ || !waiting_.empty(); });
        filled_.wait_for(lock, gathering, [this] { return ending_ || reopening_ || waiting_.size() >= many; });
        if (waiting_.empty() && !reopening_) return;
        block.swap(waiting_);
        again = std::exchange(reopening_, false);
      }
      if (again) open_again();
      dropped_.fetch_add(sink_.write(block), std::memory_order_relaxed);
      block.clear();
    }
  }

  void open_again() {
    const int fresh = open_sink(name_);
    if (fresh >= 0) return sink_.replace(fresh);
    // Better a rotated file than none.
    spdlog::error("log.access: {} cannot be opened again: {}; lines still go where they went", name_, std::strerror(errno));
  }

  std::string name_;
  line_sink sink_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::string waiting_;  ///< whole lines
  bool ending_ = false;
  bool reopening_ = false;
  std::atomic<std::uint64_t> dropped_{0};
  std::thread thread_;
};

}  // namespace

result<std::unique_ptr<access_log>> access_log::open(const std::string& sink) {
  if (sink == "off") return std::make_unique<no_log>();
  const int fd = open_sink(sink);
  if (fd < 0) return fail(error_code::bad_request, fmt::format("{}: {}", sink, std::strerror(errno)), "log.access");
  return std::make_unique<ring_log>(sink, fd);
}

}  // namespace naru::observe
