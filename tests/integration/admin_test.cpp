#include <catch2/catch.hpp>

#include "tests/integration/support.hpp"

// The admin listener: what it shows, what it changes and for whom.
using namespace naru::test;

namespace {

constexpr std::string_view token = "admin-token-0123456789";

std::string with_token(const mock_upstream& mock, std::string_view more = {}) {
  std::string s = settings_at(mock, more);
  const std::string plain = "admin: {address: \"127.0.0.1:0\"}";
  return s.replace(s.find(plain), plain.size(), "admin: {address: \"127.0.0.1:0\", token: " + std::string(token) + "}");
}

header_lines bearer(std::string_view key) { return {{"Authorization", "Bearer " + std::string(key)}}; }

constexpr std::string_view two = "models:\n  chat: {strategy: priority, deployments: [oa/a--ok, an/b--ok], aliases: [gpt]}\n";

}  // namespace

TEST_CASE("the admin API shows version, settings, providers, deployments and models, and no secret", "[integration][admin]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, std::string(two) + "callers:\n  - {name: web, key: web-key-0123456789, team: shop}\n"), lean());
  const auto get = [&](std::string_view path) {
    const auto a = ask(naru.admin_port(), "GET", path);
    CAPTURE(path);
    CHECK(a.status == 200);
    CHECK(a.header("cache-control") == "no-store");
    for (const char* secret : {"sk-mock", "web-key"}) CHECK(a.body.find(secret) == std::string::npos);
    return a.body;
  };
  const auto version = get("/admin/version");
  CHECK(at(version, "name") == "naru");
  CHECK(at(version, "version") != "-");
  const auto config = get("/admin/config");
  CHECK(at(config, "path").ends_with("naru.yaml"));
  CHECK(at(config, "hash").size() == 16);
  CHECK(at(config, "problems") == "[]");
  CHECK(config.find("***") != std::string::npos);
  const auto providers = get("/admin/providers");
  CHECK(at(providers, "next") == "null");
  std::string names;
  for (std::size_t i = 0; i < size_at(providers, "items"); ++i) {
    const std::string item = "items." + std::to_string(i) + ".";
    names += at(providers, item + "name") + (at(providers, item + "on") == "true" ? "+ " : "- ");
  }
  CHECK(names.find("oa+") != std::string::npos);
  CHECK(names.find("local-") != std::string::npos);
  CHECK(deployment_field(naru.admin_port(), "oa/a--ok", "on") == "true");
  CHECK(deployment_field(naru.admin_port(), "oa/a--ok", "state") == "up");
  CHECK(deployment_field(naru.admin_port(), "oa/a--ok", "clearance") == "internal");
  CHECK(deployment_field(naru.admin_port(), "oa/a--ok", "price.input_usd_per_million") == "2");
  CHECK(deployment_field(naru.admin_port(), "oa/a--ok", "price.output_usd_per_million") == "10");
  const auto models = get("/admin/models");
  CHECK(at(models, "items.0.name") == "chat");
  CHECK(at(models, "items.0.aliases.0") == "gpt");
  CHECK(at(models, "items.0.deployments") == R"(["oa/a--ok","an/b--ok"])");
}

TEST_CASE("a draft of settings is checked with every problem at once, and nothing is taken over", "[integration][admin]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, two), lean());
  const auto a = ask(naru.admin_port(), "POST", "/admin/config/check", {{"Content-Type", "application/yaml"}},
                     "shards: 0\n"
                     "limits: {attempts: 99, head: 64}\n"
                     "providers:\n"
                     "  oops: {type: opnai}\n"
                     "budgets: []\n"
                     "modls: {}\n");
  CHECK(a.status == 200);
  CHECK(at(a.body, "ok") == "false");
  CHECK(size_at(a.body, "problems") >= 6);
  for (const char* field : {"shards", "limits.attempts", "limits.head", "providers.oops.type", "budgets", "modls"}) {
    CAPTURE(field, a.body);
    CHECK(a.body.find("\"" + std::string(field) + "\"") != std::string::npos);
  }
  CHECK(at(a.body, "problems.0.line") == "1");
  CHECK(a.body.find("did you mean") != std::string::npos);
  CHECK(at(ask(naru.admin_port(), "POST", "/admin/config/check", {}, "shards: 2\n").body, "ok") == "true");
  CHECK(post(naru.port(), chat("chat")).status == 200);
}

TEST_CASE("with a token only who has it is let in, but for probes and scrapes", "[integration][admin]") {
  mock_upstream mock;
  naru_process naru(with_token(mock, two), lean());
  for (const char* open : {"/livez", "/readyz", "/metrics"}) CHECK(ask(naru.admin_port(), "GET", open).status == 200);
  for (const char* closed : {"/admin/version", "/admin/config", "/admin/providers", "/admin/deployments", "/admin/models"}) {
    CAPTURE(closed);
    CHECK(ask(naru.admin_port(), "GET", closed).status == 401);
    CHECK(ask(naru.admin_port(), "GET", closed, bearer("admin-token-0123456780")).status == 401);
    CHECK(ask(naru.admin_port(), "GET", closed, bearer(std::string(token) + "x")).status == 401);
    CHECK(ask(naru.admin_port(), "GET", closed, bearer(token)).status == 200);
  }
  CHECK(ask(naru.admin_port(), "GET", "/admin/nothing", bearer(token)).status == 404);
  CHECK(ask(naru.port(), "GET", "/admin/version", bearer(token)).status == 404);  // it is no part of the traffic listener
  CHECK(ask(naru.port(), "GET", "/metrics").status == 404);
}

TEST_CASE("a deployment is drained and resumed with the token, and by nobody else", "[integration][admin]") {
  mock_upstream mock;
  naru_process naru(with_token(mock, two), lean());
  const auto act = [&](const char* path, const header_lines& who) { return ask(naru.admin_port(), "POST", path, who).status; };
  CHECK(act("/admin/deployments/oa/a--ok/drain", {}) == 401);
  CHECK(act("/admin/deployments/oa/a--ok/drain", bearer("wrong-token-0123456789")) == 401);
  CHECK(act("/admin/deployments/oa/nobody/drain", bearer(token)) == 404);
  CHECK(post(naru.port(), chat("chat")).header("x-naru-deployment") == "oa/a--ok");
  CHECK(act("/admin/deployments/oa/a--ok/drain", bearer(token)) == 200);
  CHECK(deployment_field(naru.admin_port(), "oa/a--ok", "draining", bearer(token)) == "true");
  CHECK(post(naru.port(), chat("chat")).header("x-naru-deployment") == "an/b--ok");
  CHECK(act("/admin/deployments/oa%2Fa--ok/resume", bearer(token)) == 200);
  CHECK(post(naru.port(), chat("chat")).header("x-naru-deployment") == "oa/a--ok");

  naru_process open(settings_at(mock, two), lean());
  const auto refused = ask(open.admin_port(), "POST", "/admin/deployments/oa/a--ok/drain");
  CHECK(refused.status == 403);
  CHECK(at(refused.body, "error.code") == "token_required");
  CHECK(post(open.port(), chat("chat")).header("x-naru-deployment") == "oa/a--ok");
  CHECK(ask(open.admin_port(), "GET", "/admin/config", {{"Host", "rebound.example"}}).status == 403);
  CHECK(ask(open.admin_port(), "POST", "/admin/explain", {{"Origin", "https://evil.example"}}, chat("chat")).status == 403);
}

TEST_CASE("metrics stand at 0 before anything happens and count what does", "[integration][admin]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, std::string(two) + "callers:\n  - {name: web, key: web-key-0123456789, team: shop}\n"), lean());
  const header_lines web{{"Authorization", "Bearer web-key-0123456789"}};
  const std::string requests = R"(naru_requests_total{api="chat",team="shop",model="chat",provider="oa",code="200",outcome="ok"})";
  const std::string tokens = R"(naru_tokens_total{team="shop",model="chat",provider="oa",type=)";
  const std::string cost = R"(naru_cost_usd_total{team="shop",model="chat",provider="oa"})";
  const auto all = ask(naru.admin_port(), "GET", "/metrics");
  CHECK(all.header("content-type").starts_with("text/plain; version=0.0.4"));
  const auto now = [&](const std::string& series) {
    CAPTURE(series);
    const auto value = metric(naru.admin_port(), series);
    CHECK(value);
    return value.value_or(-1);
  };
  CAPTURE(all.body);
  CHECK(now(requests) == 0);
  CHECK(now(tokens + "\"input\"}") == 0);
  CHECK(now(cost) == 0);
  CHECK(now("naru_access_log_dropped_total") == 0);
  for (int i = 0; i < 3; ++i) CHECK(post(naru.port(), chat("chat"), web).status == 200);
  CHECK(post_stream(naru.port(), chat_stream("chat"), web).done());
  CHECK(post(naru.port(), chat("nobody"), web).status == 404);
  CHECK(eventually([&] { return metric(naru.admin_port(), requests) == 4.0; }));
  CHECK(now(tokens + "\"input\"}") == 12);
  CHECK(now(tokens + "\"output\"}") == 20);
  CHECK(now(cost) == Approx(4 * 0.000056));
  CHECK(now(R"(naru_upstream_attempts_total{provider="oa",model="chat",result="ok"})") == 4);
  CHECK(now("naru_inflight_requests") == 0);
  CHECK(now("naru_config_reload_failures_total") == 0);
  CHECK(now(R"(naru_upstream_up{provider="oa",model="a--ok"})") == 1);
}

TEST_CASE("livez and readyz answer on both listeners, for probes without a key", "[integration][admin]") {
  mock_upstream mock;
  naru_process naru(with_token(mock, std::string(two) + "callers:\n  - {name: web, key: web-key-0123456789}\n"), lean());
  for (const auto port : {naru.port(), naru.admin_port()}) {
    CHECK(ask(port, "GET", "/livez").status == 200);
    CHECK(ask(port, "GET", "/readyz").status == 200);
    CHECK(http_client(port).ask("HEAD", "/livez").status == 200);
    CHECK(ask(port, "GET", "/livez", {{"Host", "pod-7.cluster"}}).status == 200);
  }
}

TEST_CASE("the access log has one JSON line a request, with what was asked and nothing of what was said", "[integration][admin]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, two), lean());
  const auto a = post(naru.port(), chat("chat", {}, "a very particular sentence"));
  const std::string id = a.header("x-request-id");
  REQUIRE(eventually([&] { return naru.process().output().find(id) != std::string::npos; }));
  const std::string all = naru.process().output();
  const auto from = all.rfind('\n', all.find(id)) + 1;
  const std::string line = all.substr(from, all.find('\n', from) - from);
  CHECK(at(line, "status") == "200");
  CHECK(at(line, "model") == "chat");
  CHECK(at(line, "deployment") == "oa/a--ok");
  CHECK(all.find("particular") == std::string::npos);
}
