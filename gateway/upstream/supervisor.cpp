#include "gateway/upstream/supervisor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <expected>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

extern char** environ;

namespace naru::upstream {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A descriptor that closes itself.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int fd) noexcept : fd_(fd) {}
  descriptor(descriptor&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
  descriptor& operator=(descriptor&& o) noexcept {
    if (this != &o) close(), fd_ = std::exchange(o.fd_, -1);
    return *this;
  }
  ~descriptor() { close(); }
  void close() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_ = -1;
};

constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{30'000};
constexpr milliseconds long_life{10'000};

/// What a process prints, by lines; unbounded lines are cut.
class line_reader {
 public:
  template <class OnLine>
  void feed(std::string_view bytes, OnLine on_line) {
    for (const char c : bytes) {
      if (c == '\n') {
        on_line(std::string_view(line_));
        line_.clear();
      } else if (line_.size() < 1000) {
        line_ += c;
      }
    }
  }
  /// The last line, when the process ended without finishing it.
  template <class OnLine>
  void end(OnLine on_line) {
    if (!line_.empty()) on_line(std::string_view(line_));
    line_.clear();
  }

 private:
  std::string line_;
};

/// Word for how a process ended: "killed by signal 9 (Killed)", "exited with 3".
std::string describe_end(int status) {
  if (WIFSIGNALED(status)) return fmt::format("killed by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  return fmt::format("exited with {}", WEXITSTATUS(status));
}

struct child {
  pid_t pid = 0;
  descriptor out, err;
};

}  // namespace

milliseconds restart_pause::after(milliseconds lived) noexcept {
  if (lived >= long_life) {
    next_ = first_pause;
    return milliseconds{0};
  }
  const milliseconds now = next_;
  next_ = std::min(next_ * 2, longest_pause);
  return now;
}

struct supervisor::impl {
  worker_command command;
  std::shared_ptr<worker_status> status;
  std::function<void(std::string_view)> log;
  descriptor wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::atomic<bool> stopping{false};
  std::atomic<int> pid{0};
  std::thread thread;

  void run() {
    restart_pause pause;
    std::string why;
    while (!stopping) {
      status->set_down(why.empty() ? "starting" : "starting again; the last one " + why);
      const auto began = clock::now();
      why = live();
      if (stopping) break;
      const auto lived = std::chrono::duration_cast<milliseconds>(clock::now() - began);
      const milliseconds wait = pause.after(lived);
      status->set_down(why);
      log(fmt::format("the local worker {} after {:.1f} s; starting it again in {} ms", why, static_cast<double>(lived.count()) / 1000.0,
                      wait.count()));
      sleep_or_wake(wait);
    }
    status->set_down("stopped");
  }

  /// Starts one worker and stays with it until it has ended. @return how it ended
  std::string live() {
    auto started = start();
    if (!started.has_value()) return "cannot be started: " + started.error();
    child c = std::move(*started);
    pid = c.pid;
    std::string last_words = watch(c);
    const int end = reap(c.pid);
    pid = 0;
    std::string how = describe_end(end);
    return last_words.empty() ? how : how + ": " + last_words;
  }

  std::expected<child, std::string> start() const {
    std::array<int, 2> out{}, err{};
    if (::pipe2(out.data(), O_CLOEXEC) != 0) return std::unexpected(std::string(std::strerror(errno)));
    descriptor out_read(out[0]), out_write(out[1]);
    if (::pipe2(err.data(), O_CLOEXEC) != 0) return std::unexpected(std::string(std::strerror(errno)));
    descriptor err_read(err[0]), err_write(err[1]);
    std::vector<std::string> words{command.program};
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
    words.push_back("--parent-pid");
    words.push_back(std::to_string(::getpid()));
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    ::posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    // A process group of its own: Ctrl-C at the terminal is the gateway's to handle. Signals as a fresh program has them.
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    child c;
    const int failed = ::posix_spawn(&c.pid, command.program.c_str(), &actions, &attributes, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (failed != 0) return std::unexpected(fmt::format("{}: {}", command.program, std::strerror(failed)));
    c.out = std::move(out_read);
    c.err = std::move(err_read);
    return c;
  }

  /// Reads what the worker prints until it has ended, or until stop. Its end is seen through a descriptor of the process itself: a
  /// worker may close its output and live on, or die while a process that it started holds the pipes open.
  /// @return its last line on standard error
  std::string watch(child& c) {
    line_reader out, err;
    std::string last_words;
    const auto on_out = [this](std::string_view line) { heard(line); };
    const auto on_err = [&](std::string_view line) {
      last_words = line;
      log(fmt::format("worker: {}", line));
    };
    // By number: glibc 2.36 declares pidfd_open without C linkage for C++.
    const descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, c.pid, 0)));
    std::array<pollfd, 4> fds{pollfd{c.out.get(), POLLIN, 0}, pollfd{c.err.get(), POLLIN, 0}, pollfd{wake.get(), POLLIN, 0},
                              pollfd{process.get(), POLLIN, 0}};
    while (!stopping && (process.get() >= 0 || fds[0].fd >= 0 || fds[1].fd >= 0)) {  // without pidfd_open (seccomp): until both ends close
      if (::poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) break;
      if (stopping) break;
      read_lines(fds[0], out, on_out);
      read_lines(fds[1], err, on_err);
      if (fds[3].revents != 0) break;
    }
    drain(fds[1], err, on_err);
    err.end(on_err);
    return last_words;
  }

  template <class OnLine>
  static void read_lines(pollfd& fd, line_reader& lines, OnLine on_line) {
    if (fd.fd < 0 || fd.revents == 0) return;
    std::array<char, 4096> buffer{};
    const auto n = ::read(fd.fd, buffer.data(), buffer.size());
    if (n > 0)
      lines.feed({buffer.data(), static_cast<std::size_t>(n)}, on_line);
    else if (n == 0 || (errno != EINTR && errno != EAGAIN))
      fd.fd = -1;
  }

  /// What lies in the pipe of a worker that has ended: its reason is the last thing that it wrote.
  template <class OnLine>
  static void drain(pollfd& fd, line_reader& lines, OnLine on_line) {
    for (int reads = 0; reads < 64 && fd.fd >= 0 && ::poll(&fd, 1, 0) > 0; ++reads) read_lines(fd, lines, on_line);
  }

  void heard(std::string_view line) const {
    if (line.find("\"ready\"") == std::string_view::npos) return;
    status->set_ready();
    log("the local worker is ready");
  }

  /// Waits for the end of a worker; brings it about once we are to stop. @return its wait status
  int reap(pid_t worker) const {
    int end = 0;
    while (!stopping) {
      if (::waitpid(worker, &end, WNOHANG) == worker) return end;
      sleep_or_wake(milliseconds{20});
    }
    terminate(worker, end);
    return end;
  }

  static void terminate(pid_t worker, int& end) {
    ::kill(worker, SIGTERM);
    const auto patience = clock::now() + std::chrono::seconds{2};
    while (clock::now() < patience) {
      if (::waitpid(worker, &end, WNOHANG) == worker) return;
      std::this_thread::sleep_for(milliseconds{10});
    }
    ::kill(worker, SIGKILL);
    while (::waitpid(worker, &end, 0) < 0 && errno == EINTR) {
    }
  }

  void sleep_or_wake(milliseconds wait) const {
    pollfd fd{wake.get(), POLLIN, 0};
    ::poll(&fd, 1, static_cast<int>(wait.count()));
  }
};

supervisor::supervisor(worker_command command, std::shared_ptr<worker_status> status, std::function<void(std::string_view)> log)
    : impl_(std::make_unique<impl>()) {
  impl_->command = std::move(command);
  impl_->status = std::move(status);
  impl_->log = std::move(log);
  if (impl_->wake.get() < 0) throw std::system_error(errno, std::generic_category(), "eventfd for the worker's supervisor");
  impl_->thread = std::thread([i = impl_.get()] { i->run(); });
}

supervisor::~supervisor() { stop(); }

void supervisor::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->stopping = true;
  const std::uint64_t one = 1;
  // An eventfd takes 8 bytes or nothing, and is never full here.
  if (::write(impl_->wake.get(), &one, sizeof one) != sizeof one) std::abort();
  impl_->thread.join();
}

int supervisor::pid() const noexcept { return impl_->pid; }

}  // namespace naru::upstream
