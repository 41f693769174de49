#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "core/json/document.hpp"
#include "gateway/observe/access_log.hpp"
#include "tests/gateway/observe/records.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naru;
using observe::access_log;
using std::chrono::steady_clock;

namespace {

std::unique_ptr<access_log> open(const std::filesystem::path& sink) {
  auto log = access_log::open(sink.string());
  if (!log) FAIL(log.error().message);
  return std::move(*log);
}

observe::exchange_record record(const std::string& id, const std::string& user = "kim") {
  observe::exchange_record r = observe::test::full_record();
  r.request_id = id;
  r.user = user;
  return r;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::string id_of(const std::string& line) {
  const auto document = json::document::parse(line);
  INFO(line);
  REQUIRE(document.has_value());
  return std::string(json::get_string(document->root().get_object(), "request_id").value_or("no id"));
}

template <class Condition>
bool eventually(Condition condition) {
  for (const auto until = steady_clock::now() + std::chrono::seconds{10}; steady_clock::now() < until;) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return condition();
}

/// A pipe with a name, held open for reading, so that it can be opened for writing.
class fifo {
 public:
  explicit fifo(const std::filesystem::path& path) {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    fd_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(fd_ >= 0);
  }
  ~fifo() { close(); }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  /// Everything until the writer has closed.
  std::string read_all() const {
    ::fcntl(fd_, F_SETFL, 0);
    std::string out;
    std::array<char, 65536> buffer{};
    for (ssize_t n = 0; (n = ::read(fd_, buffer.data(), buffer.size())) > 0;) out.append(buffer.data(), static_cast<std::size_t>(n));
    return out;
  }

 private:
  int fd_ = -1;
};

}  // namespace

TEST_CASE("lines of four threads reach the file whole and in each thread's order", "[observe][log]") {
  const test::temp_dir dir;
  const auto path = dir.path() / "access.log";
  constexpr int each = 2000;
  {
    auto log = open(path);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < each; ++i)
          log->write(record(std::to_string(t) + ":" + std::to_string(i), std::string(static_cast<std::size_t>(i % 300), 'u')));
      });
    }
    for (auto& thread : threads) thread.join();
    CHECK(log->dropped() == 0);
  }
  const auto lines = lines_of(test::read_file(path));
  REQUIRE(lines.size() == 4 * each);
  std::map<std::string, int> next;
  for (const auto& line : lines) {
    const std::string id = id_of(line);
    const auto colon = id.find(':');
    REQUIRE(std::stoi(id.substr(colon + 1)) == next[id.substr(0, colon)]++);
  }
}

TEST_CASE("a sink that takes nothing costs lines, counted, and never the writer's time", "[observe][log]") {
  const test::temp_dir dir;
  fifo pipe(dir.path() / "pipe");
  auto log = open(dir.path() / "pipe");
  constexpr std::size_t written = 40'000;
  for (std::size_t i = 0; i < written; ++i) log->write(record(std::to_string(i)));  // hangs here if a write waits for the reader
  const std::uint64_t dropped = log->dropped();
  CHECK(dropped > written / 4);

  std::string got;
  std::thread reader([&] { got = pipe.read_all(); });
  log.reset();
  reader.join();
  const auto lines = lines_of(got);
  CHECK(lines.size() + dropped == written);
  for (const auto& line : lines) (void)id_of(line);
}

TEST_CASE("a sink that takes nothing does not hold up the end", "[observe][log]") {
  const test::temp_dir dir;
  const fifo pipe(dir.path() / "pipe");
  auto log = open(dir.path() / "pipe");
  for (int i = 0; i < 20'000; ++i) log->write(record(std::to_string(i)));
  const auto began = steady_clock::now();
  log.reset();
  CHECK(steady_clock::now() - began < std::chrono::seconds{10});
}

TEST_CASE("a reader that leaves costs its lines and not the process", "[observe][log]") {
  const test::temp_dir dir;
  fifo pipe(dir.path() / "pipe");
  auto log = open(dir.path() / "pipe");
  pipe.close();
  for (int i = 0; i < 3; ++i) log->write(record(std::to_string(i)));
  CHECK(eventually([&] { return log->dropped() == 3; }));
}

TEST_CASE("on a full disk each lost line is counted once", "[observe][log]") {
  auto log = open("/dev/full");
  constexpr int written = 1500;  // about four blocks
  for (int i = 0; i < written; ++i) log->write(record(std::to_string(i), std::string(400, 'u')));
  CHECK(eventually([&] { return log->dropped() >= written; }));
  log->write(record("last"));
  CHECK(eventually([&] { return log->dropped() >= written + 1; }));
  CHECK(log->dropped() == written + 1);
}

TEST_CASE("after a rotation lines go to the new file, and it is there before the first of them", "[observe][log]") {
  const test::temp_dir dir;
  const auto path = dir.path() / "access.log", old = dir.path() / "access.log.1";
  auto log = open(path);
  log->write(record("before"));
  REQUIRE(eventually([&] { return lines_of(test::read_file(path)).size() == 1; }));
  std::filesystem::rename(path, old);
  log->reopen();
  CHECK(eventually([&] { return std::filesystem::exists(path); }));
  log->write(record("after"));
  log.reset();
  const auto first = lines_of(test::read_file(old)), second = lines_of(test::read_file(path));
  REQUIRE(first.size() == 1);
  REQUIRE(second.size() == 1);
  CHECK(id_of(first[0]) == "before");
  CHECK(id_of(second[0]) == "after");
}

TEST_CASE("a file that cannot be opened again leaves the old one in use", "[observe][log]") {
  const test::temp_dir dir;
  std::filesystem::create_directory(dir.path() / "logs");
  const auto path = dir.path() / "logs" / "access.log";
  auto log = open(path);
  std::filesystem::rename(dir.path() / "logs", dir.path() / "moved");
  log->reopen();
  log->write(record("kept"));
  log.reset();
  const auto lines = lines_of(test::read_file(dir.path() / "moved" / "access.log"));
  REQUIRE(lines.size() == 1);
  CHECK(id_of(lines[0]) == "kept");
}

TEST_CASE("a file is appended to", "[observe][log]") {
  const test::temp_dir dir;
  const auto path = dir.path() / "access.log";
  open(path)->write(record("one"));
  open(path)->write(record("two"));
  CHECK(lines_of(test::read_file(path)).size() == 2);
}

TEST_CASE("a sink that cannot be opened is refused by its name and the system's reason", "[observe][log]") {
  const auto log = access_log::open("/nowhere/at/all/access.log");
  REQUIRE_FALSE(log.has_value());
  CHECK(log.error().code == error_code::bad_request);
  CHECK(log.error().field == "log.access");
  CHECK(log.error().message == "/nowhere/at/all/access.log: No such file or directory");
}

TEST_CASE("a log that is off takes lines and drops none", "[observe][log]") {
  const auto log = open("off");
  log->write(record("x"));
  log->reopen();
  CHECK(log->dropped() == 0);
}
