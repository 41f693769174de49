#include <catch2/catch.hpp>

#include <atomic>

#include "tests/integration/support.hpp"

// Who may have how much, and how the strategies choose.
using namespace naru::test;

TEST_CASE("a caller past its concurrency is refused with when to come back, and served when one has ended", "[integration][limits]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock,
                                "callers:\n"
                                "  - {name: web, key: web-key-0123456789, team: shop, concurrent: 2}\n"
                                "  - {name: app, key: app-key-0123456789, team: shop}\n"
                                "rates:\n  - {team: shop, concurrent: 3}\n"),
                    lean());
  const header_lines web{{"Authorization", "Bearer web-key-0123456789"}}, app{{"Authorization", "Bearer app-key-0123456789"}};
  std::vector<http_client> held;
  const auto hold = [&](const header_lines& who) {
    held.emplace_back(naru.port());
    held.back().send_request("POST", completions, who, chat_stream("oa/hold--idle"));
    REQUIRE(held.back().read_head().status == 200);
  };
  const auto check_full = [&](const header_lines& who) {
    const auto a = post(naru.port(), chat("oa/x--ok"), who);
    CHECK(a.status == 429);
    CHECK(at(a.body, "error.code") == "concurrency_limit");
    CHECK_FALSE(a.header("retry-after").empty());
    CHECK_FALSE(a.header("retry-after-ms").empty());
    CHECK(a.header("x-should-retry") == "true");
  };
  hold(web);
  hold(web);
  check_full(web);
  hold(app);
  check_full(app);  // the team's third
  CHECK(calls_of(mock, "x--ok") == 0);
  held.front().close();
  CHECK(eventually([&] { return post(naru.port(), chat("oa/x--ok"), web).status == 200; }));
  CHECK(eventually([&] { return metric(naru.admin_port(), R"(naru_rate_limited_total{team="shop"})").value_or(0) >= 2; }));
}

TEST_CASE("max_cost refuses what would cost more, before a call", "[integration][limits]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock,
                                "models:\n"
                                "  poor: {deployments: [oa/a--ok], require: {max_cost: 0.000001}}\n"
                                "  mixed: {strategy: priority, deployments: [an/b--ok, go/c--ok], require: {max_cost: 0.00015}}\n"),
                    lean());
  const auto refused = post(naru.port(), chat("poor", R"(,"max_tokens":10)"));
  CHECK(refused.status == 402);
  CHECK(at(refused.body, "error.code") == "max_cost_exceeded");
  CHECK(at(refused.body, "error.message").find("0.000001") != std::string::npos);
  CHECK(calls_of(mock, "a--ok") == 0);
  // 20 tokens out cost 0.0003 there and 0.00008 here.
  CHECK(post(naru.port(), chat("mixed", R"(,"max_tokens":20)")).header("x-naru-deployment") == "go/c--ok");
  CHECK(calls_of(mock, "b--ok") == 0);
}

TEST_CASE("a required region is found by country and by the vendor's own name; nobody in it is 503", "[integration][limits]") {
  mock_upstream mock;
  std::string settings = listening_anywhere() + "providers:\n" + provider_line("us", "openai", mock, ", region: us") +
                         provider_line("kr", "anthropic", mock, ", region: koreacentral") +
                         "  local: off\nmodels:\n"
                         "  korean: {strategy: priority, deployments: [us/a--ok, kr/b--ok], require: {region: [kr]}}\n"
                         "  central: {strategy: priority, deployments: [us/a--ok, kr/b--ok], require: {region: [koreacentral]}}\n"
                         "  german: {strategy: priority, deployments: [us/a--ok, kr/b--ok], require: {region: [de]}}\n";
  naru_process naru(settings, lean());
  CHECK(post(naru.port(), chat("korean")).header("x-naru-deployment") == "kr/b--ok");
  CHECK(post(naru.port(), chat("central")).header("x-naru-deployment") == "kr/b--ok");
  const auto nobody = post(naru.port(), chat("german"));
  CHECK(nobody.status == 503);
  CHECK(at(nobody.body, "error.code") == "no_deployment_in_region");
  CHECK(nobody.header("x-should-retry") == "false");
  CHECK(calls_of(mock, "a--ok") == 0);
}

TEST_CASE("weights share 400 requests in their proportion", "[integration][limits]") {
  mock_upstream mock;
  naru_process naru(
      settings_at(mock,
                  "log: {access: off}\nmodels:\n  chat:\n    strategy: weighted\n    deployments:\n"
                  "      - {use: oa/a--ok, weight: 3}\n      - {use: an/b--ok, weight: 1}\n      - {use: go/c--ok, weight: 0}\n"),
      lean());
  std::atomic<int> a{0}, b{0}, c{0};
  in_parallel(400, 4, [&](std::size_t) {
    const auto who = post(naru.port(), chat("chat")).header("x-naru-deployment");
    ++(who == "oa/a--ok" ? a : who == "an/b--ok" ? b : c);
  });
  CHECK(a + b == 400);
  CHECK(c == 0);
  // 300 expected, standard deviation 8.7: six of them are one in 5e8.
  CHECK(a > 300 - 52);
  CHECK(a < 300 + 52);
}

TEST_CASE("cheapest goes by the whole predicted cost, prompt and answer together", "[integration][limits]") {
  mock_upstream mock;
  // in: dear to read and cheap to write; out: the other way round.
  std::string settings =
      listening_anywhere() + "providers:\n" + provider_line("in", "openai", mock, ", price: {input: 10, output: 1}") +
      provider_line("out", "anthropic", mock, ", price: {input: 1, output: 10}") +
      "  local: off\nmodels:\n  chat: {strategy: cheapest, deployments: [in/a--ok, out/b--ok], expect: {output_tokens: 400}}\n";
  naru_process naru(settings, lean());
  CHECK(post(naru.port(), chat("chat")).header("x-naru-deployment") == "in/a--ok");
  CHECK(post(naru.port(), chat("chat", R"(,"max_tokens":5)", std::string(4000, 'w'))).header("x-naru-deployment") == "out/b--ok");
}
