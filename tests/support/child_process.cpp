#include "tests/support/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "tests/support/temp_dir.hpp"

extern "C" char** environ;

namespace naru::test {
namespace {

using std::chrono::steady_clock;

std::vector<std::string> environment_of(const spawn_options& options) {
  std::map<std::string, std::string> all;
  for (char** at = environ; *at; ++at) {
    const std::string_view entry(*at);
    const auto equals = entry.find('=');
    if (equals != std::string_view::npos) all[std::string(entry.substr(0, equals))] = entry.substr(equals + 1);
  }
  for (const auto& name : options.without) all.erase(name);
  for (const auto& [name, value] : options.environment) all[name] = value;
  std::vector<std::string> out;
  for (const auto& [name, value] : all) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (auto& s : strings) out.push_back(s.data());
  out.push_back(nullptr);
  return out;
}

/// What the child does between fork and exec: nothing but system calls. Never returns.
[[noreturn]] void become(const char* program, char** arguments, char** environment, const spawn_options& options, const char* folder,
                         int out, int failed) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  bool ready = folder[0] == '\0' || ::chdir(folder) == 0;
  for (const auto& [what, value] : options.limits) {
    const rlimit limit{value, value};
    ready = ready && ::setrlimit(static_cast<__rlimit_resource>(what), &limit) == 0;
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (ready) ::execve(program, arguments, environment);
  const int why = errno;
  [[maybe_unused]] const auto written = ::write(failed, &why, sizeof why);
  ::_exit(127);
}

exit_state state_of(int status) { return WIFEXITED(status) ? exit_state{WEXITSTATUS(status), 0} : exit_state{-1, WTERMSIG(status)}; }

}  // namespace

child_process::child_process(const std::filesystem::path& program, const spawn_options& options) {
  int output[2];
  int failed[2];
  if (::pipe2(output, O_CLOEXEC) != 0 || ::pipe2(failed, O_CLOEXEC) != 0 || ::pipe2(wake_, O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe2");
  }
  std::vector<std::string> arguments{program.string()};
  arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
  std::vector<std::string> environment = environment_of(options);
  const std::string name = program.string();
  const std::string folder = options.folder.string();
  const auto argument_pointers = pointers(arguments);
  const auto environment_pointers = pointers(environment);
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) {
    become(name.c_str(), const_cast<char**>(argument_pointers.data()), const_cast<char**>(environment_pointers.data()), options,
           folder.c_str(), output[1], failed[1]);
  }
  ::close(output[1]);
  ::close(failed[1]);
  int why = 0;
  const ssize_t told = ::read(failed[0], &why, sizeof why);  // ends without a byte when exec has happened
  ::close(failed[0]);
  if (told == sizeof why) {
    ::waitpid(pid_, nullptr, 0);
    for (const int fd : {output[0], wake_[0], wake_[1]}) ::close(fd);
    throw std::system_error(why, std::generic_category(), "cannot start " + name);
  }
  reader_ = std::thread([this, fd = output[0]] { read_output(fd); });
}

child_process::~child_process() {
  if (running()) {
    signal(SIGKILL);
    wait();
  }
  ::close(wake_[1]);
  reader_.join();
  ::close(wake_[0]);
}

/// Until the pipe ends, or the owner wants it to: a grandchild may hold the pipe open for ever.
void child_process::read_output(int fd) {
  char block[16384];
  while (true) {
    pollfd sources[2] = {{fd, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    if (::poll(sources, 2, -1) < 0 && errno == EINTR) continue;
    if (sources[0].revents == 0) break;
    const ssize_t n = ::read(fd, block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    const std::lock_guard lock(mutex_);
    output_.append(block, static_cast<std::size_t>(n));
    more_.notify_all();
  }
  ::close(fd);
  const std::lock_guard lock(mutex_);
  output_ended_ = true;
  more_.notify_all();
}

std::string child_process::output() const {
  const std::lock_guard lock(mutex_);
  return output_;
}

std::string child_process::wait_for_line(std::string_view word, std::chrono::milliseconds limit) {
  const auto until = steady_clock::now() + limit;
  std::unique_lock lock(mutex_);
  while (true) {
    for (auto at = output_.find(word); at != std::string::npos; at = output_.find(word, at + 1)) {
      const auto end = output_.find('\n', at);
      if (end == std::string::npos) break;
      const auto before = output_.rfind('\n', at);
      const auto begin = before == std::string::npos ? 0 : before + 1;
      return output_.substr(begin, end - begin);
    }
    const bool late = output_ended_ || more_.wait_until(lock, until) == std::cv_status::timeout;
    if (late && (output_ended_ || steady_clock::now() >= until)) {
      throw std::runtime_error("no line with '" + std::string(word) + "' came" + (output_ended_ ? " before its output ended" : " in time") +
                               "; it printed:\n" + output_);
    }
  }
}

void child_process::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

std::optional<exit_state> child_process::wait(std::chrono::milliseconds limit) {
  const auto until = steady_clock::now() + limit;
  while (!ended_) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_)
      end(state_of(status));
    else if (steady_clock::now() >= until)
      return std::nullopt;
    else
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return ended_;
}

/// What it printed last is still in the pipe: the reader gets the time to fetch it. A grandchild may hold the pipe open, hence the limit.
void child_process::end(exit_state state) {
  ended_ = state;
  std::unique_lock lock(mutex_);
  more_.wait_for(lock, std::chrono::seconds(1), [this] { return output_ended_; });
}

exit_state child_process::stop(std::chrono::milliseconds limit) {
  signal(SIGTERM);
  if (const auto ended = wait(limit)) return *ended;
  signal(SIGKILL);
  return wait().value_or(exit_state{});
}

bool child_process::running() { return !wait(std::chrono::milliseconds(0)); }

std::chrono::microseconds child_process::cpu_time() const {
  const std::string stat = read_file("/proc/" + std::to_string(pid_) + "/stat");
  std::istringstream rest(stat.substr(stat.rfind(')') + 2));  // fields from the third on; the name may hold anything
  std::string skipped;
  for (int i = 3; i < 14; ++i) rest >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  rest >> user >> system;
  return std::chrono::microseconds((user + system) * 1'000'000 / ::sysconf(_SC_CLK_TCK));
}

std::size_t child_process::resident_bytes() const {
  std::istringstream statm(read_file("/proc/" + std::to_string(pid_) + "/statm"));
  std::size_t all = 0;
  std::size_t resident = 0;
  statm >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t child_process::open_files() const {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/fd")) ++n;
  return n;
}

}  // namespace naru::test
