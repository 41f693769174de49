#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/gateway/flow/house.hpp"

using namespace naru;
using namespace naru::flow::test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<const flow::snapshot> one(const vendor& v) {
  return snapshot_builder().provider("openai").to("openai", v.origin()).model("chat", {"openai/gpt-x"}).build();
}

std::vector<std::string> data_of(const std::vector<naru::test::sse_frame>& frames) {
  std::vector<std::string> out;
  for (const auto& f : frames) out.push_back(f.data);
  return out;
}

std::vector<std::string> data_in(const std::string& stream) { return data_of(naru::test::sse_frames().feed(stream)); }

std::string concatenated(const std::vector<std::string>& pieces) {
  std::string out;
  for (const auto& p : pieces) out += p;
  return out;
}

}  // namespace

TEST_CASE("a stream that comes in any pieces goes on as it came", "[flow][stream]") {
  const std::string long_text(3000, 'x');
  const std::string whole = chunk("Hel") + chunk(long_text) + chunk("lo") + last_chunk + usage_chunk + done;
  const std::string expected = chunk("Hel") + chunk(long_text) + chunk("lo") + last_chunk + done;  // nobody asked for the usage
  const std::size_t step = 97;  // cuts in the middle of frames, so that each begins in one read and ends in another
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < whole.size(); at += step) pieces.push_back(whole.substr(at, step));
  const vendor v({stream_of(pieces, true, 1ms)});
  house h(one(v));
  const auto answer = h.ask(question("chat", true));
  CHECK(answer.status == 200);
  CHECK(answer.complete);
  CHECK(answer.header("content-type") == "text/event-stream; charset=utf-8");
  CHECK(answer.header("x-accel-buffering") == "no");
  CHECK(answer.header("x-naru-deployment") == "openai/gpt-x");
  CHECK(data_in(answer.body) == data_in(expected));
  const auto record = h.record();
  CHECK(record.outcome == observe::outcome::ok);
  CHECK(record.usage.input == tokens{10});
  CHECK(record.usage.output == tokens{3});
  CHECK_FALSE(record.usage.estimated);
  CHECK(record.finish == "stop");
  CHECK(record.bytes_out == answer.body.size());
}

TEST_CASE("a frame cut at every byte arrives whole", "[flow][stream]") {
  const std::string first = chunk("Hel"), second = chunk("lo");
  std::vector<vendor::step> steps;
  std::size_t cuts = 0;
  for (std::size_t at = 1; at < second.size(); at += 5, ++cuts) {
    steps.push_back(stream_of({first + second.substr(0, at), second.substr(at) + chunk("!") + last_chunk + done}, true, 2ms));
  }
  const vendor v(std::move(steps));
  house h(one(v));
  for (std::size_t i = 0; i < cuts; ++i) {
    const auto answer = h.ask(question("chat", true));
    CHECK(data_in(answer.body) == data_in(first + second + chunk("!") + last_chunk + done));
  }
}

TEST_CASE("a usage chunk goes to the client that asked for it, once", "[flow][stream]") {
  const vendor v({stream_of({chunk("hi") + last_chunk + usage_chunk + done})});
  house h(one(v));
  const auto with = h.ask(question("chat", true, R"(,"stream_options":{"include_usage":true})"));
  CHECK(data_in(with.body) == data_in(chunk("hi") + last_chunk + usage_chunk + done));
}

TEST_CASE("a stream that breaks after content ends with an error and no end marker", "[flow][stream]") {
  for (const bool orderly : {true, false}) {
    CAPTURE(orderly);
    const vendor v({stream_of({chunk("Hel"), chunk("lo")}, orderly)});
    house h(one(v));
    const auto answer = h.ask(question("chat", true));
    CHECK(answer.status == 200);
    const auto data = data_in(answer.body);
    REQUIRE(data.size() == 3);
    CHECK(data[2].find("\"error\"") != std::string::npos);
    CHECK(data[2].find("stream_broken") != std::string::npos);
    CHECK(answer.body.find("[DONE]") == std::string::npos);
    const auto record = h.record();
    CHECK(record.outcome == observe::outcome::upstream_error);
    CHECK(record.error == error_code::stream_broken);
    REQUIRE(record.attempts.size() == 1);
    CHECK(record.attempts[0].result == "stream_broken");
    CHECK(record.usage.estimated);  // what has streamed is charged
    CHECK(record.usage.output.value > 0);
    CHECK(v.calls() == 1);
  }
}

TEST_CASE("a stream that breaks before anything was sent is tried elsewhere", "[flow][stream]") {
  // Content and the break come in one piece: the client has seen nothing of it yet.
  const vendor bad({stream_of({chunk("wrong") + "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}\n\n"})});
  const vendor good({stream_of({chunk("right") + last_chunk + done})});
  house h(snapshot_builder().to("openai", bad.origin()).to("other", good.origin()).model("chat", {"openai/gpt-x", "other/m"}).build());
  h.shared().random.seed(1);
  const auto answer = h.ask(question("chat", true));
  CHECK(data_in(answer.body) == data_in(chunk("right") + last_chunk + done));
  CHECK(answer.header("x-naru-deployment") == "other/m");
  CHECK_FALSE(answer.header("x-naru-fallback-reason").empty());
  const auto record = h.record();
  CHECK(record.outcome == observe::outcome::ok);
  CHECK(record.attempts.size() == bad.calls() + 1);
}

TEST_CASE("a quiet vendor's stream is kept alive by comments, and what comes then is not torn", "[flow][stream][ping]") {
  const vendor v({stream_of({chunk("one"), chunk("two"), chunk("three") + last_chunk + done}, true, 250ms)});
  snapshot_builder b;
  b.to("openai", v.origin()).model("chat", {"openai/gpt-x"});
  b.raw().hold_head = 60ms;
  b.raw().ping = 60ms;
  house h(b.build());
  const auto answer = h.ask(question("chat", true));
  CHECK(answer.status == 200);
  CHECK(answer.body.starts_with(": ping\n\n"));
  std::size_t pings = 0;
  for (std::size_t at = answer.body.find(": ping\n\n"); at != std::string::npos; at = answer.body.find(": ping\n\n", at + 1)) ++pings;
  CHECK(pings >= 4);
  CHECK(data_in(answer.body) == data_in(concatenated({chunk("one"), chunk("two"), chunk("three"), last_chunk, done})));
  CHECK(h.record().bytes_out == answer.body.size());
}

TEST_CASE("a head that went out early turns a later refusal into an event", "[flow][stream][ping]") {
  const vendor v({[](const net::request&, net::response& out) -> coroutine {
    co_await wait(300ms);
    (void)co_await out.send(400, {{"content-type", "application/json"}},
                            R"({"error":{"message":"bad tool","type":"invalid_request_error"}})");
  }});
  snapshot_builder b;
  b.to("openai", v.origin()).model("chat", {"openai/gpt-x"});
  b.raw().hold_head = 50ms;
  house h(b.build());
  const auto answer = h.ask(question("chat", true));
  CHECK(answer.status == 200);
  CHECK(answer.complete);
  const auto data = data_in(answer.body);
  REQUIRE(data.size() == 1);
  CHECK(data[0].find("bad tool") != std::string::npos);
  CHECK(answer.body.find("[DONE]") == std::string::npos);
  CHECK(h.record().outcome == observe::outcome::client_error);
}

TEST_CASE("a head that went out early may still be followed by another deployment's answer", "[flow][stream][ping]") {
  const vendor bad({[](const net::request&, net::response& out) -> coroutine {
    co_await wait(200ms);
    (void)co_await out.send(401, {{"content-type", "application/json"}}, unauthorized);
  }});
  const vendor good({stream_of({chunk("right") + last_chunk + done})});
  snapshot_builder b;
  b.to("openai", bad.origin()).to("other", good.origin()).model("chat", {"openai/gpt-x", "other/m"});
  b.raw().hold_head = 50ms;
  house h(b.build());
  const auto answer = h.ask(question("chat", true));
  CHECK(data_in(answer.body) == data_in(chunk("right") + last_chunk + done));
}

TEST_CASE("a client that leaves ends the vendor's call", "[flow][stream]") {
  std::vector<std::string> endless(500, chunk("x"));
  const vendor v({stream_of(endless, true, 20ms)});
  house h(one(v));
  {
    naru::test::http_client client(h.port());
    client.send_request("POST", "/v1/chat/completions", {}, question("chat", true));
    CHECK(client.read_head().status == 200);
    REQUIRE(client.next_frame());
  }
  const auto record = h.record();
  CHECK(record.status == 499);
  CHECK(record.outcome == observe::outcome::canceled);
  CHECK(record.usage.estimated);
  REQUIRE(record.attempts.size() == 1);
  CHECK(record.attempts[0].result == "canceled");
  CHECK(eventually([&] { return v.connections() == 0; }));
}

TEST_CASE("a shutdown is told to the streams that are under way, once", "[flow][stream]") {
  std::vector<std::string> endless(500, chunk("x"));
  const vendor v({stream_of(endless, true, 20ms)});
  house h(one(v));
  naru::test::http_client client(h.port());
  client.send_request("POST", "/v1/chat/completions", {}, question("chat", true));
  CHECK(client.read_head().status == 200);
  REQUIRE(client.next_frame());
  h.shard().post([&] { h.shared().end_all(); });
  const auto data = data_of(client.read_frames());
  CHECK(client.body_complete());
  REQUIRE_FALSE(data.empty());
  CHECK(data.back().find("shutting_down") != std::string::npos);
  std::size_t errors = 0;
  for (const auto& d : data) errors += d.find("\"error\"") != std::string::npos ? 1 : 0;
  CHECK(errors == 1);
  CHECK(h.record().error == error_code::shutting_down);
  CHECK(h.settled().size() == 1);
}

TEST_CASE("a stream without content is an answer too", "[flow][stream]") {
  const vendor v({stream_of({last_chunk + done})});
  house h(one(v));
  const auto answer = h.ask(question("chat", true));
  CHECK(answer.status == 200);
  CHECK(answer.header("x-naru-deployment") == "openai/gpt-x");
  CHECK(data_in(answer.body) == data_in(last_chunk + done));
  CHECK(h.record().outcome == observe::outcome::ok);
}
