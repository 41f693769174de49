#include <catch2/catch.hpp>

#include <memory>
#include <thread>

#include "tests/integration/support.hpp"

// Outages, hedges, deadlines and overload, as clients see them: the real gateway in front of the mock.
using namespace naru::test;
using namespace std::chrono_literals;

namespace {

/// A request that is being answered: its connection, held until the test lets go.
std::unique_ptr<http_client> begun(unsigned short port, std::string_view body, const header_lines& headers = {}) {
  auto client = std::make_unique<http_client>(port, 30s);
  client->send_request("POST", completions, headers, body);
  return client;
}

bool serving(const naru_process& naru, double requests) {
  return eventually([&] { return metric(naru.admin_port(), "naru_inflight_requests") == requests; });
}

const header_lines will_retry{{"x-stainless-retry-count", "0"}};

}  // namespace

TEST_CASE("with every vendor down but one nobody is failed, at 1.2 calls a request", "[integration][resilience]") {
  mock_upstream mock;
  naru_process naru(
      settings_at(mock, "models:\n  chat: {strategy: priority, deployments: [oa/a--status-503, an/b--reset-before, go/c--ok]}\n"), lean());
  constexpr std::size_t requests = 300;
  std::size_t good = 0;
  for (std::size_t i = 0; i < requests; ++i)
    good += post(naru.port(), i % 2 == 0 ? chat("chat") : chat_stream("chat")).status == 200 ? 1 : 0;
  CHECK(good == requests);
  CHECK(mock.stat("requests") <= requests * 12 / 10);
  CHECK(deployment_field(naru.admin_port(), "oa/a--status-503", "state") != "up");
}

TEST_CASE("a vendor that is back gets its place back within ten seconds", "[integration][resilience]") {
  mock_upstream mock;
  mock.script("a--ok", std::vector<std::string>(8, "status-503"));
  naru_process naru(settings_at(mock, "models:\n  chat: {strategy: priority, deployments: [oa/a--ok, an/b--ok]}\n"), lean());
  for (int i = 0; i < 6; ++i) CHECK(post(naru.port(), chat("chat")).header("x-naru-deployment") == "an/b--ok");
  CHECK(eventually([&] { return post(naru.port(), chat("chat")).header("x-naru-deployment") == "oa/a--ok"; }, 20s));
}

TEST_CASE("the breaker's numbers are those of the settings, also after a reload", "[integration][resilience]") {
  mock_upstream mock;
  const auto with = [&](std::string_view breaker) {
    return settings_at(
        mock, "models:\n  chat: {strategy: priority, deployments: [oa/a--status-503, an/b--ok]}\nbreaker: " + std::string(breaker) + "\n");
  };
  naru_process naru(with("{least_calls: 1000}"), lean());
  for (int i = 0; i < 20; ++i) CHECK(post(naru.port(), chat("chat")).status == 200);
  CHECK(calls_of(mock, "a--status-503") == 20);
  naru.reload(with("{least_calls: 1, cooldown: 1h, cooldown_max: 1h}"));
  REQUIRE(eventually([&] { return naru.process().output().find("settings taken over") != std::string::npos; }));
  for (int i = 0; i < 20; ++i) CHECK(post(naru.port(), chat("chat")).status == 200);
  CHECK(calls_of(mock, "a--status-503") == 21);
}

TEST_CASE("a late first call is hedged, the answer says so, and both are in the bill", "[integration][resilience]") {
  mock_upstream mock;
  naru_process naru(
      settings_at(mock,
                  "models:\n  chat: {strategy: priority, hedge: {after: 100ms, share: 100%}, deployments: [oa/a--slow-5000, an/b--ok]}\n"),
      lean());
  // The first has nothing to have a share of: it is not hedged, and ends by the client's own deadline. The next is in time, and paid for.
  CHECK(post(naru.port(), chat("chat"), {{"x-naru-timeout", "300ms"}}).status == 504);
  mock.script("a--slow-5000", {"ok"});
  CHECK(post(naru.port(), chat("chat")).header("x-naru-deployment") == "oa/a--slow-5000");
  const auto a = post(naru.port(), chat("chat"));
  CHECK(a.status == 200);
  CHECK(a.header("x-naru-deployment") == "an/b--ok");
  CHECK(a.header("x-naru-attempts") == "2");
  CHECK(eventually([&] { return metric(naru.admin_port(), "naru_hedges_total{model=\"chat\",result=\"won\"}") == 1.0; }));
  CHECK(eventually(
      [&] { return metric(naru.admin_port(), "naru_upstream_attempts_total{provider=\"oa\",model=\"chat\",result=\"outrun\"}") == 1.0; }));
  const auto log = mock.log_when([](const auto& all) { return all.size() >= 4 && all[2].closed_after_ms.has_value(); });
  CHECK(log[2].model == "a--slow-5000");
  CHECK_FALSE(log[2].finished);
}

TEST_CASE("the official clients' timeout is kept in their dialect's words", "[integration][resilience]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock), lean());
  for (const bool stream : {false, true}) {
    const auto a =
        post(naru.port(), stream ? chat_stream("oa/a--stall-before") : chat("oa/a--stall-before"), {{"x-stainless-timeout", "1"}});
    CHECK(a.status == 504);
    CHECK(at(a.body, "error.code") == "upstream_timeout");
    CHECK(a.header("x-should-retry") == "false");
  }
}

TEST_CASE("a shard at its limit turns away first whose client comes back by itself, then every new request, and never what runs",
          "[integration][resilience][overload]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "overload: {requests: 4, lag: off, retry_after: 2s}\n"), lean());
  auto stream = begun(naru.port(), chat_stream("oa/s--paced-60x20"));  // three seconds
  REQUIRE(stream->read_head().status == 200);
  std::vector<std::unique_ptr<http_client>> held;
  for (int i = 0; i < 3; ++i) held.push_back(begun(naru.port(), chat("oa/w--slow-2500")));
  REQUIRE(serving(naru, 4));

  const auto refused = post(naru.port(), chat("oa/x--ok"), will_retry);
  CHECK(refused.status == 503);
  CHECK(at(refused.body, "error.code") == "overloaded");
  CHECK(refused.header("x-should-retry") == "true");
  CHECK(std::stoi(refused.header("retry-after-ms")) >= 2000);
  CHECK(std::stoi(refused.header("retry-after-ms")) <= 4000);
  CHECK(std::stoi(refused.header("retry-after")) >= 2);
  CHECK(post(naru.port(), chat("oa/x--ok"), {{"x-stainless-retry-count", "2"}}).status == 200);  // its last
  CHECK(post(naru.port(), chat("oa/x--ok")).status == 200);

  held.push_back(begun(naru.port(), chat("oa/w--slow-2500")));
  REQUIRE(serving(naru, 5));
  CHECK(post(naru.port(), chat("oa/x--ok")).status == 503);
  CHECK(ask(naru.port(), "GET", "/v1/models").status == 200);
  CHECK(ask(naru.port(), "GET", "/livez").status == 200);
  CHECK(eventually([&] { return metric(naru.admin_port(), "naru_shed_total{limit=\"requests\"}") == 2.0; }));

  const auto frames = stream->read_frames();
  CHECK(frames.back().data == "[DONE]");
  for (auto& h : held) CHECK(h->read_answer().status == 200);
  REQUIRE(serving(naru, 0));
  CHECK(post(naru.port(), chat("oa/x--ok"), will_retry).status == 200);
}

TEST_CASE("far past its limit a shard also ends what waits between two calls, and nothing that a vendor works for",
          "[integration][resilience][overload]") {
  mock_upstream mock;
  const auto with = [&](int requests) { return settings_at(mock, "overload: {requests: " + std::to_string(requests) + ", lag: off}\n"); };
  naru_process naru(with(100), lean());
  auto waits = begun(naru.port(), chat("oa/r--status-429-retry-20"));
  std::vector<std::unique_ptr<http_client>> held;
  for (int i = 0; i < 2; ++i) held.push_back(begun(naru.port(), chat("oa/w--slow-2500")));
  REQUIRE(serving(naru, 3));
  REQUIRE(eventually([&] { return calls_of(mock, "r--status-429-retry-20") == 1; }));
  naru.reload(with(2));
  const auto shed = waits->read_answer();
  CHECK(shed.status == 503);
  CHECK(at(shed.body, "error.code") == "overloaded");
  CHECK_FALSE(shed.header("retry-after").empty());
  for (auto& h : held) CHECK(h->read_answer().status == 200);
  CHECK(eventually([&] { return metric(naru.admin_port(), "naru_shed_total{limit=\"requests\"}") == 1.0; }));
}
