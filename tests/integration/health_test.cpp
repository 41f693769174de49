#include <catch2/catch.hpp>

#include <csignal>

#include "tests/integration/support.hpp"

// What one request learns about a deployment, and what the next one does with it.
using namespace naru::test;

namespace {

std::string pair_of(std::string_view first) {
  return "models:\n  chat: {strategy: priority, deployments: [oa/" + std::string(first) + ", an/second--ok]}\n";
}

std::string who_answers(unsigned short port) {
  const auto a = post(port, chat("chat"));
  return a.status == 200 ? a.header("x-naru-deployment") : std::to_string(a.status);
}

}  // namespace

TEST_CASE("a 429 with a wait rests the deployment: the next request goes elsewhere at once, and back when it is over",
          "[integration][health]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, pair_of("first--ok")), lean());
  mock.script("first--ok", {"status-429-retryms-1500"});
  const auto began = std::chrono::steady_clock::now();
  CHECK(who_answers(naru.port()) == "an/second--ok");
  const auto next = post(naru.port(), chat("chat"));
  CHECK(next.header("x-naru-deployment") == "an/second--ok");
  CHECK(next.header("x-naru-attempts") == "1");
  CHECK(next.header("x-naru-fallback-reason").empty());
  CHECK(calls_of(mock, "first--ok") == 1);
  CHECK(deployment_field(naru.admin_port(), "oa/first--ok", "state") == "cooling");
  CHECK(eventually([&] { return who_answers(naru.port()) == "oa/first--ok"; }, std::chrono::seconds(5)));
  CHECK(std::chrono::steady_clock::now() - began >= std::chrono::milliseconds(1400));
}

TEST_CASE("when all are limiting us the client is told for how long", "[integration][health]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, pair_of("first--status-429-retry-90") + "  both: {deployments: [oa/x--status-429-retry-70]}\n"),
                    lean());
  CHECK(post(naru.port(), chat("both")).status == 429);
  const auto later = post(naru.port(), chat("both"));
  CHECK(later.status == 429);
  CHECK(later.header("x-should-retry") == "false");
  const int wait = std::stoi(later.header("retry-after"));
  CHECK(wait > 60);
  CHECK(wait <= 70);
  CHECK(calls_of(mock, "x--status-429-retry-70") == 1);
}

TEST_CASE("a refused credential turns a deployment off until a reload, also one of an unchanged file", "[integration][health]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, pair_of("first--ok")), lean());
  mock.script("first--ok", {"status-401"});
  CHECK(who_answers(naru.port()) == "an/second--ok");
  CHECK(who_answers(naru.port()) == "an/second--ok");
  CHECK(calls_of(mock, "first--ok") == 1);
  CHECK(deployment_field(naru.admin_port(), "oa/first--ok", "state") == "off");
  naru.process().signal(SIGHUP);  // the account was mended at the vendor's: nothing here has changed
  CHECK(eventually([&] { return who_answers(naru.port()) == "oa/first--ok"; }, std::chrono::seconds(5)));
}

TEST_CASE("of several keys a refused one rests and the other serves", "[integration][health]") {
  mock_upstream mock;
  std::string settings = listening_anywhere() + "providers:\n  oa: {type: openai, base_url: \"" + mock.url("/v1") +
                         "\", api_keys: [sk-refused-0123456789, " + std::string(mock_upstream::default_key) +
                         "]}\n  local: off\nmodels:\n  chat: {deployments: [oa/m--ok]}\n";
  naru_process naru(settings, lean());
  for (int i = 0; i < 6; ++i) {
    const auto a = post(naru.port(), chat("chat"));
    CHECK(a.status == 200);
    CHECK(a.header("x-naru-fallback-reason").empty());
  }
  std::size_t refused = 0;
  for (const auto& r : mock.log()) refused += r.status == 401 ? 1 : 0;
  CHECK(refused == 1);
  CHECK(deployment_field(naru.admin_port(), "oa/m--ok", "state") == "up");
}

TEST_CASE("the breaker opens after repeated failures, lets one probe through, and closes when that succeeds", "[integration][health]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, pair_of("first--ok")), lean());
  mock.script("first--ok", std::vector<std::string>(12, "status-503"));
  for (int i = 0; i < 10; ++i) CHECK(who_answers(naru.port()) == "an/second--ok");
  CHECK(calls_of(mock, "first--ok") == 5);  // breaker.least_calls
  CHECK(deployment_field(naru.admin_port(), "oa/first--ok", "state") == "open");
  for (int i = 0; i < 5; ++i) CHECK(post(naru.port(), chat("chat")).header("x-naru-attempts") == "1");
  CHECK(calls_of(mock, "first--ok") == 5);  // none while it is open
  // After 2 s one probe fails (and doubles the wait); the next one finds it well.
  CHECK(
      eventually([&] { return who_answers(naru.port()) != "an/second--ok" || calls_of(mock, "first--ok") == 6; }, std::chrono::seconds(9)));
  CHECK(deployment_field(naru.admin_port(), "oa/first--ok", "state") == "open");
  mock.reset();
  CHECK(eventually([&] { return who_answers(naru.port()) == "oa/first--ok"; }, std::chrono::seconds(14)));
  CHECK(deployment_field(naru.admin_port(), "oa/first--ok", "state") == "up");
}

TEST_CASE("a full queue of a worker sends the request on and never counts against it", "[integration][health]") {
  mock_upstream mock;
  const std::string body = R"({"error":{"message":"the queue is full","type":"overloaded","param":null,"code":"queue_full"}})";
  const std::string raw =
      R"({"raw":"HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nContent-Length: )" + std::to_string(body.size()) +
      R"(\r\n\r\n{\"error\":{\"message\":\"the queue is full\",\"type\":\"overloaded\",\"param\":null,\"code\":\"queue_full\"}}","then":"keep"})";
  std::string settings = settings_at(mock, "models:\n  chat: {strategy: priority, deployments: [farm/w--ok, an/second--ok]}\n");
  settings.insert(settings.find("  oa:"), "  farm: {type: compatible, base_url: \"" + mock.url("/v1") +
                                              "\", api_key: " + std::string(mock_upstream::default_key) + "}\n");
  naru_process naru(settings, lean());
  mock.script("w--ok", std::vector<std::string>(15, raw));
  for (int i = 0; i < 15; ++i) {
    const auto a = post(naru.port(), chat("chat"));
    CHECK(a.header("x-naru-deployment") == "an/second--ok");
    CHECK(a.header("x-naru-fallback-reason") == "busy");
  }
  CHECK(deployment_field(naru.admin_port(), "farm/w--ok", "state") == "up");
  CHECK(who_answers(naru.port()) == "farm/w--ok");
  CHECK(calls_of(mock, "w--ok") == 16);
}
