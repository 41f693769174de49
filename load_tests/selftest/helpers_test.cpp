#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include "tests/support/child_process.hpp"
#include "tests/support/naru_process.hpp"
#include "tests/support/seeded_random.hpp"
#include "tests/support/temp_dir.hpp"

// The helpers of tests/support that the mock's own tests do not use by the way.
using namespace naru::test;
using std::chrono::milliseconds;

namespace {

spawn_options shell(const std::string& script) {
  spawn_options o;
  o.arguments = {"-c", script};
  return o;
}

}  // namespace

TEST_CASE("a child's output, code and signal are seen", "[support]") {
  child_process ends("/bin/sh", shell("echo one; echo two >&2; exit 7"));
  CHECK(ends.wait_for_line("two") == "two");
  CHECK(ends.wait()->code == 7);
  CHECK(ends.output() == "one\ntwo\n");
  child_process killed("/bin/sh", shell("exec sleep 60"));
  CHECK(killed.running());
  CHECK(killed.stop().signal == SIGTERM);
  child_process deaf("/bin/sh", shell("trap '' TERM; echo up; while :; do sleep 0.05; done"));
  deaf.wait_for_line("up");
  CHECK(deaf.stop(milliseconds(100)).signal == SIGKILL);
}

TEST_CASE("a line that does not come is told, with what came", "[support]") {
  child_process silent("/bin/sh", shell("echo other; exec sleep 60"));
  CHECK_THROWS_WITH(silent.wait_for_line("wanted", milliseconds(100)), Catch::Contains("other"));
  child_process gone("/bin/sh", shell("exit 0"));
  CHECK_THROWS_WITH(gone.wait_for_line("wanted"), Catch::Contains("ended"));
  CHECK_THROWS_AS(child_process("/no/such/program", {}), std::system_error);
}

TEST_CASE("limits, environment and folder reach the child", "[support]") {
  temp_dir folder;
  spawn_options o = shell("ulimit -n; echo $WORD; echo ${HOME-unset}; pwd");
  o.limits[RLIMIT_NOFILE] = 77;
  o.environment["WORD"] = "hello";
  o.without = {"HOME"};
  o.folder = folder.path();
  child_process child("/bin/sh", o);
  CHECK(child.wait()->code == 0);
  CHECK(child.wait_for_line(folder.path().string()) == folder.path().string());
  CHECK(child.output().starts_with("77\nhello\nunset\n"));
}

TEST_CASE("a child's use of the machine can be read", "[support]") {
  child_process busy("/bin/sh", shell("echo up; while :; do :; done"));
  busy.wait_for_line("up");
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (busy.cpu_time() < milliseconds(50) && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  CHECK(busy.cpu_time() >= milliseconds(50));
  CHECK(busy.resident_bytes() > 100'000);
  CHECK(busy.open_files() >= 3);
}

TEST_CASE("the gateway's handle writes settings, reads ports and hands on signals", "[support]") {
  temp_dir build;
  const auto program = build.write("naru", R"sh(#!/bin/sh
trap 'echo "reloaded $(cat "$3")"' HUP
trap 'exit 0' TERM
echo '{"event":"starting"}'
echo "settings: $(cat "$3") key: ${OPENAI_API_KEY-unset}"
echo '{"ts":"x","event":"ready","traffic":["127.0.0.1:4711","[::1]:4712"],"admin":"127.0.0.1:4713"}'
while :; do sleep 0.02; done
)sh");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  ::setenv("NARU_BUILD_DIR", build.path().c_str(), 1);
  ::setenv("OPENAI_API_KEY", "sk-a-developers-own", 1);
  naru_process naru("first: settings");
  ::unsetenv("NARU_BUILD_DIR");
  ::unsetenv("OPENAI_API_KEY");
  CHECK(naru.port() == 4711);
  CHECK(naru.ports() == std::vector<unsigned short>{4711, 4712});
  CHECK(naru.admin_port() == 4713);
  CHECK(naru.process().wait_for_line("settings:") == "settings: first: settings key: unset");
  naru.reload("second: settings");
  naru.process().wait_for_line("second: settings");
  CHECK(naru.stop().code == 0);
}

TEST_CASE("random numbers depend on the seed and the salt alone", "[support]") {
  CHECK(seeded_random(1)() == seeded_random(1)());
  CHECK(seeded_random(1)() != seeded_random(2)());
}
