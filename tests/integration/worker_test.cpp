#include <signal.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/integration/support.hpp"

// The embedded model behind the real gateway, and what its death does to others: nothing.
using namespace naru::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

#ifndef NARU_HAS_WORKER
TEST_CASE("the embedded model is not part of this build", "[integration][worker]") {
  WARN("built without the local backend: nothing to test here");
}
#else

namespace {

const char* model_file() { return std::getenv("NARU_MODEL"); }

#define NARU_NEED_MODEL()                                                           \
  if (model_file() == nullptr || !std::filesystem::exists(model_file())) {          \
    WARN("NARU_MODEL names no GGUF file: the embedded model's tests are left out"); \
    return;                                                                         \
  }

std::string with_worker(const mock_upstream& mock, std::string_view model, std::string_view more = {}) {
  std::string s = settings_at(
      mock, "shutdown: {delay: 0s}\nmodels:\n  chat: {strategy: priority, deployments: [local]}\n  other: {deployments: [oa/o--ok]}\n");
  return s.replace(s.find("  local: off"), 12,
                   "  local: {type: local, model: \"" + std::string(model) + "\", sequences: 2, nice: 0" + std::string(more) + "}");
}

/// The gateway's child; 0 when it has none.
pid_t worker_of(pid_t gateway) {
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(gateway) + "/task")) {
    std::ifstream children(task.path() / "children");
    if (pid_t pid = 0; children >> pid) return pid;
  }
  return 0;
}

bool local_answers(unsigned short port) { return post(port, chat("chat", R"(,"max_tokens":3,"temperature":0)")).status == 200; }

/// Kills the worker. @return how long it was until a chat was answered again
milliseconds killed_and_back(naru_process& naru, pid_t worker) {
  const auto began = std::chrono::steady_clock::now();
  REQUIRE(::kill(worker, SIGKILL) == 0);
  REQUIRE(eventually([&] { return worker_of(naru.process().pid()) != worker; }));
  REQUIRE(eventually([&] { return local_answers(naru.port()); }, seconds(20)));
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
}

#if defined(__has_feature) && __has_feature(address_sanitizer)
constexpr auto soon = seconds(6);  // the model runs several times slower there, and beside other tests
#else
constexpr auto soon = seconds(2);
#endif

}  // namespace

TEST_CASE("the embedded model knows the capital of France through the gateway", "[integration][worker]") {
  NARU_NEED_MODEL();
  mock_upstream mock;
  naru_process naru(with_worker(mock, model_file()), lean());
  REQUIRE(eventually([&] { return local_answers(naru.port()); }, seconds(30)));
  const std::string_view question = "What is the capital of France? Answer in one word.";
  const auto a = post(naru.port(), chat("chat", R"(,"temperature":0,"max_tokens":16)", question));
  REQUIRE(a.status == 200);
  CHECK(at(a.body, "choices.0.message.content").find("Paris") != std::string::npos);
  CHECK(a.header("x-naru-deployment") == at(ask(naru.admin_port(), "GET", "/admin/models").body, "items.0.deployments.0"));
  CHECK(std::stoi(at(a.body, "usage.prompt_tokens")) > 5);
  CHECK(a.header("x-naru-cost-usd") == "0");
  const auto s = post_stream(naru.port(), chat_stream("chat", R"(,"temperature":0,"max_tokens":16)", question));
  CHECK(s.text() == at(a.body, "choices.0.message.content"));
  CHECK(s.done());
  // What a vendor may not have, it may.
  CHECK(post(naru.port(), chat("chat", R"(,"max_tokens":3)", "My card is 4111 1111 1111 1111.")).header("x-naru-label") == "restricted");
  CHECK(mock.stat("requests") == 0);
}

TEST_CASE("a killed worker takes nobody with it and is back within two seconds", "[integration][worker]") {
  NARU_NEED_MODEL();
  mock_upstream mock;
  naru_process naru(with_worker(mock, model_file()), lean());
  REQUIRE(eventually([&] { return local_answers(naru.port()); }, seconds(30)));
  const auto others_serve = [&] { return post(naru.port(), chat("other")).status == 200; };

  SECTION("while it is idle") {
    const auto took = killed_and_back(naru, worker_of(naru.process().pid()));
    CAPTURE(took.count());
    CHECK(took < soon);
  }
  SECTION("while it loads") {
    const pid_t first = worker_of(naru.process().pid());
    REQUIRE(::kill(first, SIGKILL) == 0);
    pid_t loading = 0;
    REQUIRE(eventually([&] { return (loading = worker_of(naru.process().pid())) != 0 && loading != first; }));
    CHECK(others_serve());
    const auto took = killed_and_back(naru, loading);
    CAPTURE(took.count());
    CHECK(took < soon);
  }
  SECTION("while it reads a prompt") {
    http_client client(naru.port());
    client.send_request("POST", completions, {}, chat("chat", R"(,"max_tokens":8)", [] {
                          std::string words;
                          for (int i = 0; i < 500; ++i) words += "word ";
                          return words;
                        }()));
    const pid_t worker = worker_of(naru.process().pid());
    REQUIRE(eventually([&] { return metric(naru.admin_port(), "naru_inflight_requests") == 1.0; }));
    const auto took = killed_and_back(naru, worker);
    const auto a = client.read_answer();
    CAPTURE(took.count(), a.body);
    CHECK((a.status == 502 || a.status == 503 || a.status == 200));  // asked again of the next worker when that was up in time
    CHECK(at(a.body, a.status == 200 ? "object" : "error.message") != "-");
    CHECK(others_serve());
    CHECK(took < soon);
  }
  SECTION("in the middle of a stream") {
    http_client client(naru.port());
    client.send_request("POST", completions, {},
                        chat_stream("chat", R"(,"max_tokens":900,"temperature":0)", "Tell a long story about a river."));
    REQUIRE(client.read_head().status == 200);
    for (int i = 0; i < 5; ++i) REQUIRE(client.next_frame());
    const auto took = killed_and_back(naru, worker_of(naru.process().pid()));
    const auto frames = client.read_frames();
    REQUIRE(!frames.empty());
    CHECK(at(frames.back().data, "error.code") == "stream_broken");
    for (const auto& f : frames) CHECK(f.data != "[DONE]");
    CHECK(others_serve());
    CAPTURE(took.count());
    CHECK(took < soon);
  }
  CHECK(naru.stop().code == 0);
}

TEST_CASE("a worker that cannot start is tried less and less often, with its reason shown, and others are served",
          "[integration][worker]") {
  mock_upstream mock;
  const temp_dir folder;
  const auto not_a_model = folder.write("broken.gguf", "GGUF, but no more");
  naru_process naru(with_worker(mock, not_a_model.string()), lean());
  CHECK(post(naru.port(), chat("other")).status == 200);
  const auto models = ask(naru.admin_port(), "GET", "/admin/models").body;
  const std::string id = at(models, "items.0.deployments.0");
  CHECK(eventually([&] {
    const auto why = deployment_field(naru.admin_port(), id, "off_reason");
    return why.find("exit") != std::string::npos || why.find("ended") != std::string::npos;
  }));
  CAPTURE(id, deployment_field(naru.admin_port(), id, "off_reason"));
  CHECK(deployment_field(naru.admin_port(), id, "on") == "false");
  naru.process().wait_for_line("starting it again in 100 ms");
  naru.process().wait_for_line("starting it again in 200 ms");
  naru.process().wait_for_line("starting it again in 400 ms");
  const auto a = post(naru.port(), chat("chat"));
  CHECK(a.status == 503);
  CHECK(a.header("x-should-retry") == "false");
  CHECK(naru.stop().code == 0);
}

TEST_CASE("the worker ends with the gateway, also when that is killed", "[integration][worker]") {
  NARU_NEED_MODEL();
  mock_upstream mock;
  naru_process naru(with_worker(mock, model_file()), lean());
  REQUIRE(eventually([&] { return local_answers(naru.port()); }, seconds(30)));
  const pid_t worker = worker_of(naru.process().pid());
  REQUIRE(worker > 0);
  naru.process().signal(SIGKILL);
  CHECK(eventually([&] { return !std::filesystem::exists("/proc/" + std::to_string(worker) + "/exe") || ::kill(worker, 0) != 0; }));
}
#endif
