#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "gateway/admin/views.hpp"
#include "tests/gateway/flow/snapshots.hpp"
#include "tests/support/read_json.hpp"

using namespace naru;
using flow::test::snapshot_builder;
using naru::test::keys_of;
using naru::test::parsed;

namespace {

const steady_time now{std::chrono::hours{1}};
const wall_time wall{std::chrono::hours{500'000}};

bool is_true(json::object o, std::string_view key) { return o[key].get_bool().value(); }

std::shared_ptr<const flow::snapshot> house() {
  snapshot_builder b;
  b.provider("azure", "AZURE_KEY is not set")
      .clearance("openai/gpt-x", 1)
      .model("chat", {"openai/gpt-x", "local/small"}, {"gpt-4"})
      .direct("azure/gpt-z");
  return b.build();
}

}  // namespace

TEST_CASE("a deployment is shown with its standing, price, abilities and clearance", "[admin]") {
  const auto s = house();
  const auto document = parsed(admin::deployments_view(*s, now, wall));
  const json::object o = document.root().get_object();
  CHECK(keys_of(o) == std::set<std::string>{"items", "next"});
  CHECK(json::is_null(o["next"].value()));
  const auto items = *json::get_array(o, "items");
  REQUIRE(items.size() == 3);
  for (const json::value v : items) {
    CHECK(keys_of(v.get_object()) == std::set<std::string>{"id", "provider", "model", "dialect", "on", "off_reason", "draining", "state",
                                                           "frees_in_ms", "in_flight", "clearance", "region", "quality", "capabilities",
                                                           "price", "pace", "limits_left"});
  }
  const json::object off = items.at(0).get_object();
  CHECK(json::get_string(off, "id") == "azure/gpt-z");
  CHECK_FALSE(is_true(off, "on"));
  CHECK(json::get_string(off, "off_reason") == "AZURE_KEY is not set");
  const json::object on = items.at(2).get_object();
  CHECK(json::get_string(on, "id") == "openai/gpt-x");
  CHECK(is_true(on, "on"));
  CHECK(json::is_null(on["off_reason"].value()));
  CHECK(json::get_string(on, "clearance") == "internal");
  CHECK(json::get_string(on, "state") == "up");
  CHECK(json::is_null(on["frees_in_ms"].value()));
  const auto price = *json::get_object(on, "price");
  CHECK(is_true(price, "free"));
  CHECK(json::get_string(price, "input_usd_per_million") == "unknown");
  CHECK(json::get_string(price, "dearest_usd_per_million") == "0");
  const auto can = *json::get_object(on, "capabilities");
  CHECK(json::get_string(can, "tools") == "unknown");
  CHECK(json::is_null(can["context"].value()));
}

TEST_CASE("what happens to a deployment is seen in its view", "[admin]") {
  const auto s = house();
  const auto& live = s->deployments.at("openai/gpt-x")->live;
  auto running = upstream::live_state::admit(live, now);
  auto failing = upstream::live_state::admit(live, now);
  failure f;
  f.cls = failure_class::limited;
  f.retry_after = std::chrono::seconds{5};
  failing->failed(f, now);
  live->set_draining(true);
  const auto document = parsed(admin::deployments_view(*s, now + std::chrono::seconds{1}, wall));
  const json::object shown = json::get_array(document.root().get_object(), "items")->at(2).get_object();
  CHECK(is_true(shown, "draining"));
  CHECK(json::get_string(shown, "state") == "cooling");
  CHECK(json::get_uint(shown, "frees_in_ms") == 4000);
  CHECK(json::get_uint(shown, "in_flight") == 1);
}

TEST_CASE("the local worker's own reason is shown while it is not ready", "[admin]") {
  auto worker = std::make_shared<upstream::worker_status>();
  snapshot_builder b;
  b.model("chat", {"local/small"});
  flow::snapshot& raw = b.raw();
  auto d = std::make_shared<upstream::deployment>(*raw.deployments.at("local/small"));
  auto p = std::make_shared<upstream::provider>(*d->provider);
  p->worker = worker;
  d->provider = p;
  raw.deployments.at("local/small") = d;
  const auto s = b.build();
  worker->set_down("exited with 3: \"no such file\"");
  const auto down = parsed(admin::deployments_view(*s, now, wall));
  const json::object shown = json::get_array(down.root().get_object(), "items")->at(0).get_object();
  CHECK_FALSE(is_true(shown, "on"));
  CHECK(json::get_string(shown, "off_reason") == "the local worker: exited with 3: \"no such file\"");
  worker->set_ready();
  const auto up = parsed(admin::deployments_view(*s, now, wall));
  CHECK(is_true(json::get_array(up.root().get_object(), "items")->at(0).get_object(), "on"));
}

TEST_CASE("a model is shown once, with its aliases and deployments in order", "[admin]") {
  const auto s = house();
  const auto document = parsed(admin::models_view(*s));
  const auto items = *json::get_array(document.root().get_object(), "items");
  REQUIRE(items.size() == 1);
  const json::object m = items.at(0).get_object();
  CHECK(json::get_string(m, "name") == "chat");
  CHECK(json::get_string(m, "strategy") == "priority");
  const auto aliases = *json::get_array(m, "aliases");
  REQUIRE(aliases.size() == 1);
  CHECK(std::string_view(aliases.at(0).get_string().value()) == "gpt-4");
  const auto deployments = *json::get_array(m, "deployments");
  REQUIRE(deployments.size() == 2);
  CHECK(std::string_view(deployments.at(0).get_string().value()) == "openai/gpt-x");
  CHECK(json::is_null(m["label"].value()));
}

TEST_CASE("a provider is shown with how many of its deployments are up, and never with a key", "[admin]") {
  settings from;
  config::provider openai, azure;
  openai.name = "openai";
  openai.type = "openai";
  openai.base_url = "https://api.example.com/v1";
  openai.api_keys = {secret("sk-very-secret-1"), secret("sk-very-secret-2")};
  azure.name = "azure";
  azure.type = "compatible";
  azure.off = true;
  azure.off_reason = "AZURE_KEY is not set";
  from.providers = {openai, azure};
  const std::string text = admin::providers_view(from, *house(), now);
  CHECK(text.find("very-secret") == std::string::npos);
  const auto document = parsed(text);
  const auto items = *json::get_array(document.root().get_object(), "items");
  REQUIRE(items.size() == 2);
  const json::object first = items.at(0).get_object(), second = items.at(1).get_object();
  CHECK(json::get_uint(first, "keys") == 2);
  CHECK(is_true(first, "on"));
  CHECK(json::get_uint(first, "deployments") == 1);
  CHECK(json::get_uint(first, "deployments_up") == 1);
  CHECK_FALSE(is_true(second, "on"));
  CHECK(json::get_string(second, "off_reason") == "AZURE_KEY is not set");
  CHECK(json::get_uint(second, "deployments_up") == 0);
}

TEST_CASE("problems are shown with their places", "[admin]") {
  config::loaded draft;
  config::problem p;
  p.path = "limits.attempts";
  p.file = "draft";
  p.line = 4;
  p.column = 13;
  p.message = "want 1..10, got 0";
  draft.errors = {p};
  p.not_yet = true;
  draft.warnings = {p};
  const auto document = parsed(admin::check_view(draft));
  const json::object o = document.root().get_object();
  CHECK_FALSE(is_true(o, "ok"));
  const json::object shown = json::get_array(o, "problems")->at(0).get_object();
  CHECK(keys_of(shown) == std::set<std::string>{"field", "file", "line", "column", "message", "not_yet"});
  CHECK(json::get_string(shown, "field") == "limits.attempts");
  CHECK(json::get_uint(shown, "line") == 4);
  CHECK(json::get_uint(shown, "column") == 13);
  CHECK(json::get_string(shown, "message") == "want 1..10, got 0");
  CHECK(is_true(json::get_array(o, "warnings")->at(0).get_object(), "not_yet"));
}

TEST_CASE("an error has code, message and field", "[admin]") {
  const auto with_reason = parsed(admin::error_view({error_code::forbidden, "say \"please\"", "listen.admin.token", "token_required", {}}));
  const auto e = *json::get_object(with_reason.root().get_object(), "error");
  CHECK(keys_of(e) == std::set<std::string>{"code", "message", "field"});
  CHECK(json::get_string(e, "code") == "token_required");
  CHECK(json::get_string(e, "message") == "say \"please\"");
  CHECK(json::get_string(e, "field") == "listen.admin.token");
  const auto plain = parsed(admin::error_view({error_code::not_found, "m", {}, {}, {}}));
  CHECK(json::get_string(*json::get_object(plain.root().get_object(), "error"), "code") == "not_found");
  CHECK(json::is_null((*json::get_object(plain.root().get_object(), "error"))["field"].value()));
}

TEST_CASE("the version names the program", "[admin]") {
  const auto document = parsed(admin::version_view());
  CHECK(json::get_string(document.root().get_object(), "name") == "naru");
  CHECK(json::get_string(document.root().get_object(), "version") == NARU_VERSION);
}
