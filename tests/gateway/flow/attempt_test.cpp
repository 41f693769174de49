#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <thread>

#include "core/json/document.hpp"
#include "tests/gateway/flow/house.hpp"

using namespace naru;
using namespace naru::flow::test;
using namespace std::chrono_literals;

namespace {

std::string error_field(const naru::test::http_answer& a, std::string_view field) {
  const auto document = json::document::parse(a.body);
  if (!document) return "no JSON: " + a.body;
  const auto e = json::get_object(document->root().get_object(), "error");
  return e ? std::string(json::get_string(*e, field).value_or("")) : "no error: " + a.body;
}

}  // namespace

TEST_CASE("an answer goes on as it came, with what is known about it beside it", "[flow][attempt]") {
  const vendor v({answer_of(200, whole_answer)});
  house h(snapshot_builder().to("openai", v.origin()).model("chat", {"openai/gpt-x"}).build());
  const auto answer = h.ask(question("chat", false));
  CHECK(answer.status == 200);
  CHECK(answer.body == whole_answer);
  CHECK(answer.header("x-request-id").starts_with("req_"));
  CHECK(answer.header("request-id") == answer.header("x-request-id"));
  CHECK(answer.header("x-naru-model") == "chat");
  CHECK(answer.header("x-naru-deployment") == "openai/gpt-x");
  CHECK(answer.header("x-naru-label") == "internal");
  CHECK(answer.header("x-naru-attempts") == "1");
  CHECK(answer.header("x-naru-cost-usd") == "0");
  CHECK(answer.count("x-naru-fallback-reason") == 0);
  const auto record = h.record();
  CHECK(record.request_id == answer.header("x-request-id"));
  CHECK(record.usage.input == tokens{10});
  CHECK(record.bytes_out == whole_answer.size());
  CHECK(record.status == 200);
}

TEST_CASE("a key that was refused rests, and the call is made with another at once", "[flow][attempt]") {
  const vendor v({answer_of(401, unauthorized), answer_of(200, whole_answer)});
  house h(snapshot_builder().provider("openai", {}, {"key-a", "key-b"}).to("openai", v.origin()).model("chat", {"openai/gpt-x"}).build());
  CHECK(h.ask(question("chat", false)).status == 200);
  CHECK(h.ask(question("chat", false)).status == 200);
  CHECK(h.ask(question("chat", false)).status == 200);
  const auto keys = v.keys();
  REQUIRE(keys.size() == 4);
  CHECK(keys[0] != keys[1]);
  CHECK(keys[2] == keys[1]);
  CHECK(keys[3] == keys[1]);
}

TEST_CASE("when every key is refused the client hears of neither key nor status", "[flow][attempt]") {
  const vendor v({answer_of(401, unauthorized)});
  house h(snapshot_builder().provider("openai", {}, {"key-a", "key-b"}).to("openai", v.origin()).model("chat", {"openai/gpt-x"}).build());
  const auto answer = h.ask(question("chat", false));
  CHECK(answer.status == 502);
  CHECK(answer.header("x-should-retry") == "false");
  CHECK(answer.body.find("sk-vendor") == std::string::npos);
  CHECK(answer.body.find("key-") == std::string::npos);
  CHECK(v.calls() == 2);
  // And from now on it is not even asked.
  const auto later = h.ask(question("chat", false));
  CHECK(later.status == 503);
  CHECK(v.calls() == 2);
}

TEST_CASE("a refusal of the request is relayed in the vendor's words and asked nowhere else", "[flow][attempt]") {
  const vendor v({answer_of(
      400, R"({"error":{"message":"temperature is too hot","type":"invalid_request_error","param":"temperature","code":null}})")});
  const vendor other({answer_of(200, whole_answer)});
  house h(snapshot_builder().to("openai", v.origin()).to("other", other.origin()).model("chat", {"openai/gpt-x", "other/m"}).build());
  const auto answer = h.ask(question("chat", false));
  CHECK(answer.status == 400);
  CHECK(error_field(answer, "message") == "temperature is too hot");
  CHECK(error_field(answer, "param") == "temperature");
  CHECK(answer.header("x-should-retry") == "false");
  CHECK(other.calls() == 0);
  const auto record = h.record();
  CHECK(record.outcome == observe::outcome::client_error);
  CHECK(record.status == 400);
}

TEST_CASE("an answer that cannot be read is tried elsewhere and noted with its status", "[flow][attempt]") {
  const vendor v({answer_of(200, "<html>welcome</html>", "text/html")});
  const vendor other({answer_of(200, whole_answer)});
  house h(snapshot_builder().to("openai", v.origin()).to("other", other.origin()).model("chat", {"openai/gpt-x", "other/m"}).build());
  const auto answer = h.ask(question("chat", false));
  CHECK(answer.status == 200);
  CHECK(answer.header("x-naru-deployment") == "other/m");
  CHECK(answer.header("x-naru-fallback-reason") == "transient");
  const auto record = h.record();
  REQUIRE(record.attempts.size() >= 2);
  CHECK(record.attempts.front().result == "5xx");
  CHECK(record.attempts.front().status == 200);
  CHECK(record.attempts.back().result == "ok");
}

TEST_CASE("what is tried again and again ends as the last failure says, not as a timeout", "[flow][attempt]") {
  const vendor v({answer_of(500, "{}")});
  house h(snapshot_builder().to("openai", v.origin()).model("chat", {"openai/gpt-x"}).build());
  const auto answer = h.ask(question("chat", false));
  CHECK(answer.status == 502);
  CHECK(error_field(answer, "code") == "upstream_failed");
  CHECK(answer.header("x-naru-attempts") == "3");
  CHECK(answer.count("x-naru-fallback-reason") == 0);
  CHECK(v.calls() == 3);
  CHECK(h.record().fallback_reason.empty());  // it was never fallen over
}

TEST_CASE("a deployment that is not cleared is not asked, and nobody else is told that it is off", "[flow][attempt]") {
  const vendor v({answer_of(200, whole_answer)});
  snapshot_builder b;
  b.to("openai", v.origin()).clearance("openai/gpt-x", 0).model("chat", {"openai/gpt-x"});
  const auto s = b.build();
  house h(s);
  const auto answer = h.ask(question("chat", false));  // internal by default
  CHECK(answer.status == 503);
  CHECK(error_field(answer, "code") == "nothing_cleared");
  CHECK(v.calls() == 0);
  CHECK(h.record().outcome == observe::outcome::policy_denied);
  CHECK(s->deployments.at("openai/gpt-x")->live->view(steady_time::clock::now()).is == resilience::standing::up);
}

TEST_CASE("an unknown model, bad JSON and a wrong key are told in the client's form, and settled", "[flow]") {
  const vendor v({answer_of(200, whole_answer)});
  flow::caller who;
  who.name = "web";
  who.team = "shop";
  house h(snapshot_builder().to("openai", v.origin()).model("chat", {"openai/gpt-x"}).caller("right", who).build());
  CHECK(h.ask(question("chat", false), {{"Authorization", "Bearer wrong"}}).status == 401);
  CHECK(h.ask(question("chat", false)).status == 401);
  const auto unknown = h.ask(question("gone", false), {{"Authorization", "Bearer right"}});
  CHECK(unknown.status == 404);
  CHECK(error_field(unknown, "code") == "model_not_found");
  CHECK(h.ask("{", {{"x-api-key", "right"}}).status == 400);
  CHECK(h.ask(question("chat", false), {{"x-api-key", "right"}}).status == 200);
  REQUIRE(eventually([&] { return h.settled().size() == 5; }));
  const auto settled = h.settled();
  CHECK(settled[0].status == 401);
  CHECK(settled[0].team.empty());
  CHECK(settled[2].outcome == observe::outcome::client_error);
  CHECK(settled[4].team == "shop");
  CHECK(settled[4].key == "web");
  std::set<std::string> ids;
  for (const auto& r : settled) ids.insert(r.request_id);
  CHECK(ids.size() == 5);
}

TEST_CASE("an invented name is no label of a metric", "[flow]") {
  const vendor v({answer_of(200, whole_answer)});
  house h(snapshot_builder().to("openai", v.origin()).model("chat", {"openai/gpt-x"}).build());
  CHECK(h.ask(question("openai/invented-1", false)).status == 200);
  CHECK(h.record().model == "other");
  CHECK(h.record().deployment == "openai/invented-1");
}

TEST_CASE("a client that left while its answer was being made is not called for again", "[flow][attempt]") {
  const vendor v({[](const net::request&, net::response& out) -> coroutine {
    co_await wait(200ms);
    (void)co_await out.send(500, {{"content-type", "application/json"}}, "{}");
  }});
  house h(snapshot_builder().to("openai", v.origin()).model("chat", {"openai/gpt-x"}).build());
  {
    naru::test::http_client client(h.port());
    client.send_request("POST", "/v1/chat/completions", {}, question("chat", false));
    REQUIRE(eventually([&] { return v.calls() == 1; }));
  }
  CHECK(h.record().status == 499);
  CHECK(v.calls() == 1);
}

TEST_CASE("a limit on requests at once is 429, and is freed by every end", "[flow]") {
  const vendor v({[](const net::request&, net::response& out) -> coroutine {
                    co_await wait(300ms);
                    (void)co_await out.send(200, {{"content-type", "application/json"}}, whole_answer);
                  },
                  answer_of(400, R"({"error":{"message":"no"}})"), answer_of(200, whole_answer)});
  limits::concurrency_scopes scopes;
  flow::caller who;
  who.name = "web";
  who.scopes = {scopes.get("key web", 1)};
  house h(snapshot_builder().to("openai", v.origin()).model("chat", {"openai/gpt-x"}).caller("k", who).build());
  const naru::test::header_lines key{{"x-api-key", "k"}};
  int first_status = 0;
  std::thread first([&] { first_status = h.ask(question("chat", false), key).status; });
  REQUIRE(eventually([&] { return v.calls() == 1; }));
  const auto second = h.ask(question("chat", false), key);
  CHECK(second.status == 429);
  CHECK(second.header("x-should-retry") == "true");
  CHECK_FALSE(second.header("retry-after").empty());
  first.join();
  CHECK(first_status == 200);
  CHECK(h.ask(question("chat", false), key).status == 400);
  CHECK(h.ask(question("chat", false), key).status == 200);
}

TEST_CASE("what a deployment cannot carry is refused, or left out and told where the settings are lenient", "[flow][attempt]") {
  const vendor v({answer_of(200, whole_answer)});
  const auto snapshot = [&](bool lenient) {
    snapshot_builder b;
    b.to("openai", v.origin()).constrained("openai/gpt-x", {"no_seed"}).model("chat", {"openai/gpt-x"});
    b.raw().lenient = lenient;
    return b.build();
  };
  const std::string body = R"({"model":"chat","seed":7,"messages":[{"role":"user","content":"hello"}]})";
  house strict(snapshot(false));
  const auto refused = strict.ask(body);
  CHECK(refused.status == 400);
  CHECK(error_field(refused, "param") == "seed");
  CHECK(v.calls() == 0);
  house lenient(snapshot(true));
  const auto answer = lenient.ask(body);
  CHECK(answer.status == 200);
  CHECK(answer.header("x-naru-dropped") == "seed");
  CHECK(v.calls() == 1);
}
