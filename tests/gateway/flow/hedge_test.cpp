#include <catch2/catch.hpp>

#include <string>

#include "tests/gateway/flow/house.hpp"

using namespace naru;
using namespace naru::flow::test;
using namespace std::chrono_literals;

namespace {

vendor::step late(std::chrono::milliseconds by, vendor::step then) {
  return [by, then = std::move(then)](const net::request& r, net::response& out) -> coroutine {
    co_await wait(by);
    co_await then(r, out);
  };
}
/// Says nothing until the gateway leaves.
vendor::step silent() {
  return [](const net::request& r, net::response&) -> coroutine {
    while (!r.disconnected()) co_await wait(10ms);
  };
}

pricing::price dollars_a_token() {
  pricing::price p;
  p.tariff.rates.input = pricing::rate::of({1'000'000});
  p.tariff.rates.output = pricing::rate::of({2'000'000});
  return p;
}

/// Lets the model "chat" hedge after so long; its budget knows of many calls already, so that there is room.
flow::model& hedging(snapshot_builder& b, std::chrono::milliseconds after, bool with_room = true) {
  auto m = std::make_shared<flow::model>(*b.raw().models.at("chat"));
  m->hedge = resilience::hedge_settings{.after = after, .share_milli = 100};
  m->hedge_budget = std::make_shared<resilience::hedge_budget>();
  if (with_room) m->hedge_budget->paid(1000, {1'000'000'000}, std::chrono::steady_clock::now());
  flow::model& made = *m;
  b.raw().models["chat"] = std::move(m);
  return made;
}

void price_all(flow::model& m) {
  for (auto& d : m.deployments) {
    auto priced = std::make_shared<upstream::deployment>(*d);
    priced->facts.price = dollars_a_token();
    d = std::move(priced);
  }
}

naru::test::http_answer streamed(const house& h, std::string& frames) {
  naru::test::http_client client(h.port());
  client.send_request("POST", "/v1/chat/completions", {}, question("chat", true));
  auto head = client.read_head();
  for (const auto& f : client.read_frames()) frames += f.data + "\n";
  return head;
}

std::uint32_t in_flight(const flow::model& m) {
  std::uint32_t n = 0;
  for (const auto& d : m.deployments) n += d->live->in_flight();
  return n;
}

}  // namespace

TEST_CASE("when the first is late the second answers, and the first is ended and charged for its input", "[flow][hedge]") {
  const vendor slow({silent()});
  const vendor fast({answer_of(200, whole_answer)});
  snapshot_builder b;
  b.to("slow", slow.origin()).to("fast", fast.origin()).model("chat", {"slow/m", "fast/m"});
  auto& m = hedging(b, 50ms);
  price_all(m);
  house h(b.build());
  const auto answer = h.ask(question("chat", false));
  CHECK(answer.status == 200);
  CHECK(answer.body == whole_answer);
  CHECK(answer.header("x-naru-deployment") == "fast/m");
  CHECK(answer.header("x-naru-attempts") == "2");
  CHECK(answer.count("x-naru-fallback-reason") == 0);
  const auto r = h.record();
  CHECK(r.hedge == "won");
  REQUIRE(r.attempts.size() == 2);
  CHECK(r.attempts[0].deployment == "slow/m");
  CHECK(r.attempts[0].result == "outrun");
  CHECK(r.attempts[0].usage.input > tokens{0});
  CHECK(r.attempts[0].usage.output == tokens{0});
  CHECK(r.attempts[0].usage.estimated);
  CHECK(r.attempts[0].charge.amount > nano_usd{});
  CHECK(r.attempts[1].result == "ok");
  CHECK(r.attempts[1].usage.input == tokens{10});
  CHECK(answer.header("x-naru-cost-usd") == to_usd_string(r.attempts[0].charge.amount + r.attempts[1].charge.amount));
  CHECK(r.cost == r.attempts[0].charge.amount + r.attempts[1].charge.amount);
  CHECK(eventually([&] { return slow.connections() == 0; }));
  CHECK(in_flight(m) == 0);
}

TEST_CASE("when the first comes after all, the second is ended and charged", "[flow][hedge]") {
  const vendor first({late(400ms, stream_of({chunk("hi"), last_chunk, usage_chunk, done}))});
  const vendor second({silent()});
  snapshot_builder b;
  b.to("first", first.origin()).to("second", second.origin()).model("chat", {"first/m", "second/m"});
  auto& m = hedging(b, 50ms);
  price_all(m);
  house h(b.build());
  std::string frames;
  const auto head = streamed(h, frames);
  CHECK(head.header("x-naru-deployment") == "first/m");
  CHECK(frames.find("hi") != std::string::npos);
  CHECK(frames.ends_with("[DONE]\n"));
  const auto r = h.record();
  CHECK(r.hedge == "lost");
  REQUIRE(r.attempts.size() == 2);
  CHECK(r.attempts[0].result == "ok");
  CHECK(r.attempts[1].result == "outrun");
  CHECK(r.attempts[1].charge.amount > nano_usd{});
  CHECK(second.calls() == 1);
  CHECK(eventually([&] { return second.connections() == 0; }));
  CHECK(in_flight(m) == 0);
}

TEST_CASE("a stream that both begin has the bytes of one of them alone", "[flow][hedge]") {
  const auto words = [](std::string_view w) {
    std::vector<std::string> pieces;
    for (int i = 0; i < 20; ++i) pieces.push_back(chunk(w));
    pieces.insert(pieces.end(), {last_chunk, usage_chunk, done});
    return pieces;
  };
  for (int round = 0; round < 10; ++round) {  // both have content at about the same time
    const vendor one({late(100ms, stream_of(words("one"), true, 1ms))});
    const vendor two({late(50ms, stream_of(words("two"), true, 1ms))});
    snapshot_builder b;
    b.to("one", one.origin()).to("two", two.origin()).model("chat", {"one/m", "two/m"});
    hedging(b, 50ms);
    house h(b.build());
    std::string frames;
    const auto head = streamed(h, frames);
    const bool by_one = head.header("x-naru-deployment") == "one/m";
    CHECK((frames.find("one") != std::string::npos) == by_one);
    CHECK((frames.find("two") != std::string::npos) == !by_one);
    CHECK(frames.ends_with("[DONE]\n"));
    const auto r = h.record();
    REQUIRE(r.attempts.size() == 2);
    CHECK(r.attempts[by_one ? 0 : 1].result == "ok");
    CHECK(r.attempts[by_one ? 1 : 0].result == "outrun");
  }
}

TEST_CASE("no hedge goes to a deployment that is not cleared", "[flow][hedge]") {
  const vendor first({late(300ms, answer_of(200, whole_answer))});
  const vendor forbidden({answer_of(200, whole_answer)});
  snapshot_builder b;
  b.to("first", first.origin()).to("forbidden", forbidden.origin()).clearance("forbidden/m", 0).model("chat", {"first/m", "forbidden/m"});
  hedging(b, 30ms);
  house h(b.build());
  CHECK(h.ask(question("chat", false)).header("x-naru-deployment") == "first/m");
  CHECK(forbidden.calls() == 0);
  CHECK(h.record().hedge.empty());
}

TEST_CASE("nothing is hedged without room in the share, nor without settings, nor twice", "[flow][hedge]") {
  const vendor slow({late(150ms, answer_of(200, whole_answer))});
  const vendor other({silent()});
  {
    snapshot_builder b;
    b.to("slow", slow.origin()).to("other", other.origin()).model("chat", {"slow/m", "other/m"});
    hedging(b, 30ms, false);
    house h(b.build());
    CHECK(h.ask(question("chat", false)).status == 200);
  }
  {
    snapshot_builder b;
    b.to("slow", slow.origin()).to("other", other.origin()).model("chat", {"slow/m", "other/m"});
    house h(b.build());
    CHECK(h.ask(question("chat", false)).status == 200);
  }
  CHECK(other.calls() == 0);
  const vendor third({silent()});
  snapshot_builder b;
  b.to("slow", slow.origin()).to("other", other.origin()).to("third", third.origin()).model("chat", {"slow/m", "other/m", "third/m"});
  hedging(b, 30ms);
  house h(b.build());
  CHECK(h.ask(question("chat", false)).status == 200);
  CHECK(other.calls() == 1);
  CHECK(third.calls() == 0);
}

TEST_CASE("a hedge that fails leaves the first alone, and a first that fails waits for its hedge", "[flow][hedge]") {
  const vendor slow({late(300ms, answer_of(200, whole_answer))});
  const vendor bad({answer_of(503, "{}")});
  {
    snapshot_builder b;
    b.to("slow", slow.origin()).to("bad", bad.origin()).model("chat", {"slow/m", "bad/m"});
    hedging(b, 30ms);
    house h(b.build());
    CHECK(h.ask(question("chat", false)).header("x-naru-deployment") == "slow/m");
    CHECK(h.record().hedge == "failed");
  }
  const vendor late_and_bad({late(150ms, answer_of(503, "{}"))});
  snapshot_builder b;
  b.to("bad", late_and_bad.origin()).to("slow", slow.origin()).model("chat", {"bad/m", "slow/m"});
  hedging(b, 30ms);
  house h(b.build());
  const auto answer = h.ask(question("chat", false));
  CHECK(answer.status == 200);
  CHECK(answer.header("x-naru-deployment") == "slow/m");
  const auto r = h.record();
  CHECK(r.hedge == "won");
  REQUIRE(r.attempts.size() == 2);
  CHECK(r.attempts[0].result == "5xx");
}

TEST_CASE("when both fail the third is asked, within the calls that a request may cost", "[flow][hedge]") {
  const vendor one({late(100ms, answer_of(503, "{}"))});
  const vendor two({late(100ms, answer_of(503, "{}"))});
  const vendor three({answer_of(200, whole_answer)});
  snapshot_builder b;
  b.to("one", one.origin()).to("two", two.origin()).to("three", three.origin()).model("chat", {"one/m", "two/m", "three/m"});
  hedging(b, 30ms);
  house h(b.build());
  const auto answer = h.ask(question("chat", false));
  CHECK(answer.status == 200);
  CHECK(answer.header("x-naru-deployment") == "three/m");
  CHECK(answer.header("x-naru-attempts") == "3");
  CHECK(one.calls() + two.calls() + three.calls() == 3);
}

TEST_CASE("a client that leaves ends both calls", "[flow][hedge]") {
  const vendor one({silent()});
  const vendor two({silent()});
  snapshot_builder b;
  b.to("one", one.origin()).to("two", two.origin()).model("chat", {"one/m", "two/m"});
  const auto& m = hedging(b, 30ms);
  house h(b.build());
  naru::test::http_client client(h.port());
  client.send_request("POST", "/v1/chat/completions", {}, question("chat", true));
  REQUIRE(eventually([&] { return one.calls() + two.calls() == 2; }));
  client.close();
  CHECK(h.record().outcome == observe::outcome::canceled);
  CHECK(eventually([&] { return one.connections() + two.connections() == 0; }));
  CHECK(in_flight(m) == 0);
}
