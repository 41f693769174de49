#include <signal.h>
#include <sys/stat.h>

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/upstream/supervisor.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naru;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using upstream::restart_pause;

namespace {

template <class Condition>
bool eventually(Condition condition) {
  for (const auto until = steady_clock::now() + 15s; steady_clock::now() < until;) {
    if (condition()) return true;
    std::this_thread::sleep_for(2ms);
  }
  return condition();
}

/// A supervised shell script, and everything that was logged about it. The script's arguments are $1 = a folder of its own, then
/// --parent-pid.
class supervised {
 public:
  explicit supervised(std::string_view script) : path_(dir_.write("worker.sh", std::string("#!/bin/sh\n") + std::string(script))) {
    ::chmod(path_.c_str(), 0700);
    start(path_.string());
  }
  void start(const std::string& program) {
    worker = std::make_unique<upstream::supervisor>(upstream::worker_command{program, {dir_.path().string()}}, status,
                                                    [this](std::string_view line) {
                                                      const std::scoped_lock lock(mutex_);
                                                      log_.emplace_back(line);
                                                    });
  }
  [[nodiscard]] bool logged(std::string_view word) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& line : log_) {
      if (line.find(word) != std::string::npos) return true;
    }
    return false;
  }
  [[nodiscard]] std::size_t starts() const {
    const auto path = dir_.path() / "starts";
    if (!std::filesystem::exists(path)) return 0;
    const std::string text = test::read_file(path);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return dir_.path(); }

  std::shared_ptr<upstream::worker_status> status = std::make_shared<upstream::worker_status>();

 private:
  test::temp_dir dir_;
  std::filesystem::path path_;
  mutable std::mutex mutex_;
  std::vector<std::string> log_;

 public:
  std::unique_ptr<upstream::supervisor> worker;  // first to go: its thread logs here
};

bool alive(int pid) { return ::kill(pid, 0) == 0; }

constexpr std::string_view say_ready = R"(echo '{"status":"ready","model":"x"}')"
                                       "\n";

}  // namespace

TEST_CASE("the pause before a restart doubles from 100 ms to 30 s, and starts anew after a long life", "[upstream][worker]") {
  restart_pause p;
  CHECK(p.after(0ms) == 100ms);
  CHECK(p.after(5ms) == 200ms);
  CHECK(p.after(9'999ms) == 400ms);
  milliseconds last{400};
  for (int i = 0; i < 20; ++i) {
    const auto next = p.after(1ms);
    CHECK(next == std::min(last * 2, milliseconds{30'000}));
    last = next;
  }
  CHECK(p.after(10'000ms) == 0ms);
  CHECK(p.after(1ms) == 100ms);
}

TEST_CASE("a worker is ready when it says so, and not before", "[upstream][worker]") {
  supervised w("while [ ! -e $1/go ]; do sleep 0.01; done\n" + std::string(say_ready) + "exec sleep 1000\n");
  CHECK_FALSE(w.status->ready());
  CHECK(w.status->reason() == "starting");
  REQUIRE(eventually([&] { return w.worker->pid() != 0; }));
  CHECK_FALSE(w.status->ready());
  std::ofstream(w.folder() / "go") << "";
  CHECK(eventually([&] { return w.status->ready(); }));
  CHECK(w.status->reason().empty());
  CHECK(w.logged("the local worker is ready"));
}

TEST_CASE("a worker is told its parent", "[upstream][worker]") {
  supervised w("echo \"$2 $3\" > $1/args.part; mv $1/args.part $1/args\n" + std::string(say_ready) + "exec sleep 1000\n");
  REQUIRE(eventually([&] { return w.status->ready(); }));
  CHECK(test::read_file(w.folder() / "args") == "--parent-pid " + std::to_string(::getpid()) + "\n");
}

TEST_CASE("a worker that is killed is seen at once and started again", "[upstream][worker]") {
  supervised w("echo >> $1/starts\n" + std::string(say_ready) + "exec sleep 1000\n");
  REQUIRE(eventually([&] { return w.status->ready(); }));
  const int first = w.worker->pid();
  REQUIRE(::kill(first, SIGKILL) == 0);
  CHECK(eventually([&] { return w.logged("killed by signal 9"); }));
  CHECK(eventually([&] { return w.status->ready() && w.worker->pid() != first && w.worker->pid() != 0; }));
  CHECK(w.starts() == 2);
  CHECK_FALSE(alive(first));
}

TEST_CASE("a worker's death is seen although a process of its own holds its output open", "[upstream][worker]") {
  supervised w("sleep 30 &\necho $! > $1/other\n" + std::string(say_ready) + "while :; do sleep 0.05; done\n");
  REQUIRE(eventually([&] { return w.status->ready(); }));
  REQUIRE(::kill(w.worker->pid(), SIGKILL) == 0);
  CHECK(eventually([&] { return w.logged("killed by signal 9"); }));
  w.worker->stop();
  for (const auto& entry : std::filesystem::directory_iterator(w.folder())) {
    if (entry.path().filename() == "other") ::kill(std::stoi(test::read_file(entry.path())), SIGKILL);
  }
}

TEST_CASE("a worker that dies at once is started again ever later, with its last words in the status", "[upstream][worker]") {
  const auto began = steady_clock::now();
  supervised w("echo >> $1/starts\necho loading >&2\nprintf 'out of memory' >&2\nexit 3\n");
  REQUIRE(eventually([&] { return w.starts() >= 4; }));
  CHECK(steady_clock::now() - began >= 700ms);  // 100 + 200 + 400
  CHECK(eventually([&] { return w.status->reason() == "exited with 3: out of memory"; }));
  CHECK_FALSE(w.status->ready());
  CHECK(w.logged("worker: loading"));
  CHECK(w.logged("worker: out of memory"));
  CHECK(w.logged("starting it again in 200 ms"));
}

TEST_CASE("while a worker starts again the status still says why the last one ended", "[upstream][worker]") {
  supervised w("if [ -e $1/starts ]; then echo >> $1/starts; exec sleep 1000; fi\necho >> $1/starts\nexit 4\n");
  CHECK(eventually([&] { return w.status->reason() == "starting again; the last one exited with 4"; }));
}

TEST_CASE("a program that is not there is named", "[upstream][worker]") {
  supervised w("exit 0\n");
  w.worker->stop();
  w.start("/nowhere/naru-worker");
  CHECK(eventually([&] { return w.status->reason() == "cannot be started: /nowhere/naru-worker: No such file or directory"; }));
  CHECK(w.worker->pid() == 0);
}

TEST_CASE("stop ends the worker, and the status says so", "[upstream][worker]") {
  supervised w("trap 'echo bye > $1/bye; exit 0' TERM\n" + std::string(say_ready) + "while :; do sleep 0.02; done\n");
  REQUIRE(eventually([&] { return w.status->ready(); }));
  const int pid = w.worker->pid();
  w.worker->stop();
  CHECK_FALSE(alive(pid));
  CHECK(std::filesystem::exists(w.folder() / "bye"));  // SIGTERM came first
  CHECK_FALSE(w.status->ready());
  CHECK(w.status->reason() == "stopped");
  CHECK(w.worker->pid() == 0);
  w.worker->stop();  // again: nothing
}

TEST_CASE("stop kills a worker that does not listen", "[upstream][worker]") {
  supervised w("trap '' TERM\n" + std::string(say_ready) + "while :; do sleep 0.02; done\n");
  REQUIRE(eventually([&] { return w.status->ready(); }));
  const int pid = w.worker->pid();
  const auto began = steady_clock::now();
  w.worker->stop();
  CHECK_FALSE(alive(pid));
  CHECK(steady_clock::now() - began < 6s);
}

TEST_CASE("stop does not wait for a worker that has closed its output", "[upstream][worker]") {
  supervised w(std::string(say_ready) + "exec >&- 2>&-\nexec sleep 1000\n");
  REQUIRE(eventually([&] { return w.status->ready(); }));
  const int pid = w.worker->pid();
  REQUIRE(eventually([&] { return !std::filesystem::exists("/proc/" + std::to_string(pid) + "/fd/1"); }));
  CHECK(w.starts() == 0);
  CHECK(alive(pid));
  w.worker->stop();
  CHECK_FALSE(alive(pid));
}

TEST_CASE("stop during a pause ends it", "[upstream][worker]") {
  supervised w("echo >> $1/starts\nexit 1\n");
  REQUIRE(eventually([&] { return w.logged("in 1600 ms"); }));
  const auto began = steady_clock::now();
  w.worker->stop();
  CHECK(steady_clock::now() - began < 1s);
  CHECK(w.status->reason() == "stopped");
}

TEST_CASE("a line without end is cut, and what follows is read", "[upstream][worker]") {
  supervised w("head -c 100000 /dev/zero | tr '\\0' x\necho\n" + std::string(say_ready) + "exec sleep 1000\n");
  CHECK(eventually([&] { return w.status->ready(); }));
}
