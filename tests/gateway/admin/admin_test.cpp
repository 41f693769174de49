#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/json/document.hpp"
#include "gateway/admin/admin.hpp"
#include "gateway/net/server.hpp"
#include "tests/gateway/flow/snapshots.hpp"
#include "tests/support/http_client.hpp"

using namespace naru;
using flow::test::snapshot_builder;
using test::header_lines;

namespace {

constexpr std::string_view hello = R"({"model":"chat","messages":[{"role":"user","content":"hello"}]})";

/// Settings as a draft says them, with nothing from outside.
std::shared_ptr<const settings> read_settings(std::string_view text, config::load_options options) {
  const auto loaded = config::check_text(text, options);
  INFO(config::to_lines(loaded.errors));
  REQUIRE(loaded.ok());
  return loaded.value;
}

config::load_options no_environment() {
  config::load_options o;
  o.env = [](std::string_view) { return std::nullopt; };
  return o;
}

constexpr std::string_view secrets = R"(
listen: {admin: {address: "127.0.0.1:0", token: adm-TOPSECRET-1}}
providers:
  openai: {api_key: sk-TOPSECRET-2}
  gem: {type: google, api_keys: [TOPSECRET-3a, TOPSECRET-3b], proxy: "http://user:TOPSECRET-4@proxy.example:3128"}
callers:
  - {name: web, key: nk-TOPSECRET-5, team: shop}
)";

/// The admin API on a shard and a port of its own.
class running {
 public:
  explicit running(std::shared_ptr<const settings> from) : api_(make_context(std::move(from))) {
    server_ = std::make_unique<net::server>(std::vector<net::shard*>{&shard_}, api_.hooks(), std::make_shared<const net::server_limits>());
    const auto port = server_->listen({.address = "127.0.0.1:0", .tag = "admin", .tls = nullptr});
    REQUIRE(port.has_value());
    port_ = *port;
    shard_.start();
  }
  ~running() {
    server_.reset();
    shard_.stop();
    shard_.join();
  }
  [[nodiscard]] test::http_answer ask(std::string_view method, std::string_view path, const header_lines& headers = {},
                                      std::string_view body = {}) const {
    return test::ask(port_, method, path, headers, body);
  }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  std::shared_ptr<const flow::snapshot> snapshot = snapshot_builder()
                                                       .model("chat", {"openai/gpt-x", "local/small"}, {"gpt-4"})
                                                       .direct("openai/org/a:b")
                                                       .caller("k",
                                                               [] {
                                                                 flow::caller c;
                                                                 c.name = "web";
                                                                 c.base = label{3};
                                                                 return c;
                                                               }())
                                                       .build();
  bool ready = true;

 private:
  admin::context make_context(std::shared_ptr<const settings> from) {
    admin::context c;
    c.settings = [from] { return from; };
    c.snapshot = [this] { return snapshot; };
    c.reloads = [] {
      return admin::reload_state{.path = "naru.yaml", .hash = "0123456789abcdef", .at = {}, .problems = {}, .warnings = {}};
    };
    c.metrics = [] { return std::string("naru_build_info 1\n"); };
    c.ready = [this] { return ready; };
    c.load = no_environment();
    return c;
  }

  net::shard shard_{0};
  admin::api api_;
  std::unique_ptr<net::server> server_;
  std::uint16_t port_ = 0;
};

std::shared_ptr<const settings> without_token() { return std::make_shared<settings>(); }
std::shared_ptr<const settings> with_token() {
  auto s = std::make_shared<settings>();
  s->admin.token = secret("adm-1");
  return s;
}

std::string code_of(const test::http_answer& a) {
  const auto document = json::document::parse(a.body);
  if (!document) return "no JSON: " + a.body;
  const auto e = json::get_object(document->root().get_object(), "error");
  return e ? std::string(json::get_string(*e, "code").value_or("no code")) : "no error: " + a.body;
}

const header_lines right{{"Authorization", "Bearer adm-1"}};
const std::vector<std::string> views{"/admin/version", "/admin/config", "/admin/providers", "/admin/deployments", "/admin/models"};

}  // namespace

TEST_CASE("without a token this machine may look and not touch", "[admin]") {
  const running a(without_token());
  for (const auto& path : views) {
    CAPTURE(path);
    const auto answer = a.ask("GET", path);
    CHECK(answer.status == 200);
    CHECK(answer.header("content-type") == "application/json");
    CHECK(answer.header("cache-control") == "no-store");
    CHECK(json::document::parse(answer.body).has_value());
  }
  CHECK(a.ask("POST", "/admin/explain", {}, hello).status == 200);
  CHECK(a.ask("POST", "/admin/config/check", {}, "limits: {attempts: 2}\n").status == 200);
  for (const char* path : {"/admin/deployments/openai%2Fgpt-x/drain", "/admin/deployments/openai/gpt-x/resume"}) {
    CAPTURE(path);
    const auto answer = a.ask("POST", path);
    CHECK(answer.status == 403);
    CHECK(code_of(answer) == "token_required");
  }
  CHECK_FALSE(a.snapshot->deployments.at("openai/gpt-x")->live->draining());
}

TEST_CASE("without a token no web page gets in", "[admin]") {
  const running a(without_token());
  CHECK(a.ask("GET", "/admin/config", {{"Host", "attacker.example"}}).status == 403);
  CHECK(a.ask("GET", "/admin/config", {{"Origin", "https://attacker.example"}}).status == 403);
  CHECK(a.ask("GET", "/metrics", {{"Sec-Fetch-Site", "cross-site"}}).status == 403);
  CHECK(a.ask("POST", "/admin/explain", {{"Content-Type", "text/plain"}}, hello).status == 415);
}

TEST_CASE("with a token nothing under /admin is open", "[admin]") {
  const running a(with_token());
  std::vector<std::pair<std::string, std::string>> all{{"POST", "/admin/explain"},
                                                       {"POST", "/admin/config/check"},
                                                       {"POST", "/admin/deployments/openai%2Fgpt-x/drain"},
                                                       {"POST", "/admin/deployments/openai%2Fgpt-x/resume"}};
  for (const auto& path : views) all.emplace_back("GET", path);
  for (const auto& [method, path] : all) {
    CAPTURE(path);
    const std::string_view body = method == "POST" ? hello : std::string_view{};
    for (const header_lines& wrong :
         {header_lines{}, header_lines{{"Authorization", "Bearer adm-2"}}, header_lines{{"Authorization", "Bearer adm-1x"}},
          header_lines{{"Authorization", "Bearer adm-"}}, header_lines{{"Authorization", "adm-1"}}, header_lines{{"Cookie", "adm-1"}}}) {
      const auto answer = a.ask(method, path, wrong, body);
      CHECK(answer.status == 401);
      CHECK(code_of(answer) == "invalid_api_key");
      CHECK(answer.header("www-authenticate") == "Bearer");
      CHECK(answer.body.find("adm-") == std::string::npos);
    }
    CHECK(a.ask(method, path, right, body).status == 200);
  }
  CHECK(a.ask("GET", "/admin/version?token=adm-1").status == 401);
}

TEST_CASE("probes and scrapes need no token", "[admin]") {
  running a(with_token());
  CHECK(a.ask("GET", "/livez").body == "ok\n");
  CHECK(a.ask("GET", "/readyz").status == 200);
  const auto metrics = a.ask("GET", "/metrics");
  CHECK(metrics.body == "naru_build_info 1\n");
  CHECK(metrics.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  a.ready = false;
  CHECK(a.ask("GET", "/readyz").status == 503);
  CHECK(a.ask("GET", "/livez").status == 200);
}

TEST_CASE("a path or method that is not there says so in the API's form", "[admin]") {
  const running a(with_token());
  for (const char* path : {"/", "/admin", "/admin/", "/admin/config/", "/admin/keys", "/admin/deployments//drain",
                           "/admin/deployments/x/test", "/admin/../admin/config", "//admin/config", "/v1/chat/completions"}) {
    CAPTURE(path);
    const auto answer = a.ask("GET", path, right);
    CHECK(answer.status == 404);
    CHECK(code_of(answer) == "not_found");
  }
  const auto wrong = a.ask("DELETE", "/admin/models", right);
  CHECK(wrong.status == 405);
  CHECK(wrong.header("allow") == "GET, HEAD");
  CHECK(a.ask("GET", "/admin/explain", right).header("allow") == "POST");
}

TEST_CASE("HEAD is GET without the body", "[admin]") {
  const running a(with_token());
  test::http_client client(a.port());
  client.send_request("HEAD", "/admin/models", right);
  const auto answer = client.read_answer(true);
  CHECK(answer.status == 200);
  CHECK(answer.body.empty());
  CHECK(answer.header("content-length") != "0");
}

TEST_CASE("a deployment is drained and resumed by its id, however it is escaped", "[admin]") {
  const running a(with_token());
  const auto& live = a.snapshot->deployments.at("openai/org/a:b")->live;
  for (const std::string id : {"openai/org/a:b", "openai%2Forg%2Fa%3Ab", "openai%2forg%2fa%3ab"}) {
    CAPTURE(id);
    const auto drained = a.ask("POST", "/admin/deployments/" + id + "/drain", right);
    CHECK(drained.status == 200);
    CHECK(drained.body.find("\"draining\":true") != std::string::npos);
    CHECK(live->draining());
    CHECK(a.ask("POST", "/admin/deployments/" + id + "/resume", right).status == 200);
    CHECK_FALSE(live->draining());
  }
  const auto unknown = a.ask("POST", "/admin/deployments/openai%2Fgone/drain", right);
  CHECK(unknown.status == 404);
  CHECK(code_of(unknown) == "not_found");
}

TEST_CASE("resuming forgives what turned a deployment off", "[admin]") {
  const running a(with_token());
  const auto& live = a.snapshot->deployments.at("openai/gpt-x")->live;
  const auto now = std::chrono::steady_clock::now();
  failure f;
  f.cls = failure_class::account;
  upstream::live_state::admit(live, now)->failed(f, now);
  CHECK(live->view(now).is == resilience::standing::off);
  CHECK(a.ask("POST", "/admin/deployments/openai%2Fgpt-x/resume", right).status == 200);
  CHECK(live->view(now).is == resilience::standing::up);
}

TEST_CASE("explain takes a caller and a label, and says what it does not know", "[admin]") {
  const running a(with_token());
  const auto explain = [&](header_lines more, std::string_view query = "", std::string_view body = hello) {
    more.push_back(right.front());
    return a.ask("POST", "/admin/explain" + std::string(query), more, body);
  };
  const auto value = [](const test::http_answer& answer) {
    const auto document = json::document::parse(answer.body);
    INFO(answer.body);
    REQUIRE(document.has_value());
    return std::string(*json::get_string(*json::get_object(document->root().get_object(), "label"), "value"));
  };
  CHECK(value(explain({})) == "internal");
  CHECK(value(explain({}, "?api=chat")) == "internal");
  CHECK(value(explain({{"x-naru-caller", "web"}})) == "restricted");
  CHECK(value(explain({{"x-naru-label", "confidential"}})) == "confidential");
  CHECK(explain({{"x-naru-caller", "nobody"}}).status == 400);
  CHECK(explain({}, "?api=messages").status == 400);  // it wants max_tokens
  CHECK(value(explain({}, "?api=messages", R"({"model":"chat","max_tokens":5,"messages":[{"role":"user","content":"x"}]})")) == "internal");
  CHECK(value(explain({}, "?api=gemini&model=chat", R"({"contents":[{"parts":[{"text":"x"}]}]})")) == "internal");
  CHECK(explain({}, "?api=chatty").status == 400);
  CHECK(explain({}, "?x=1&api=messages").status == 400);
  CHECK(explain({}, "", "{").status == 400);
  CHECK(explain({}, "", R"({"model":"gone","messages":[{"role":"user","content":"x"}]})").status == 404);
}

TEST_CASE("a draft is checked with every problem and its place", "[admin]") {
  const running a(with_token());
  const auto good = a.ask("POST", "/admin/config/check", right, "limits: {attempts: 2}\n");
  CHECK(good.body.find("\"ok\":true") != std::string::npos);
  const auto bad = a.ask("POST", "/admin/config/check", right, "limits:\n  attempts: 0\n  body: 1\n");
  CHECK(bad.status == 200);
  const auto document = json::document::parse(bad.body);
  REQUIRE(document.has_value());
  const json::object o = document->root().get_object();
  CHECK_FALSE(o["ok"].get_bool().value());
  const auto problems = *json::get_array(o, "problems");
  REQUIRE(problems.size() == 2);
  CHECK(json::get_string(problems.at(0).get_object(), "field") == "limits.attempts");
  CHECK(json::get_uint(problems.at(0).get_object(), "line") == 2);
  CHECK(json::get_uint(problems.at(1).get_object(), "line") == 3);
}

TEST_CASE("no view of the admin API shows a secret", "[admin][secrets]") {
  const running a(read_settings(secrets, no_environment()));
  const header_lines token{{"Authorization", "Bearer adm-TOPSECRET-1"}};
  for (const auto& path : views) {
    CAPTURE(path);
    const auto answer = a.ask("GET", path, token);
    CHECK(answer.status == 200);
    CHECK(answer.body.find("TOPSECRET") == std::string::npos);
  }
  const auto checked = a.ask("POST", "/admin/config/check", token, std::string(secrets) + "limits: {attempts: 0}\n");
  CHECK(checked.body.find("TOPSECRET") == std::string::npos);
  CHECK(checked.body.find("limits.attempts") != std::string::npos);
  CHECK(a.ask("GET", "/admin/config", token).body.find("***") != std::string::npos);
}
