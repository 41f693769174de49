#include "gateway/flow/client_deadline.hpp"

#include <catch2/catch.hpp>

#include "tests/gateway/flow/house.hpp"

using namespace naru;
using namespace naru::flow;
using namespace naru::flow::test;
using namespace std::chrono_literals;

namespace {

client_patience patience_of(std::vector<net::header> headers) {
  net::request r;
  r.headers = std::move(headers);
  const auto p = read_patience(r);
  REQUIRE(p);
  return *p;
}

vendor::step silent() {
  return [](const net::request& r, net::response&) -> coroutine {
    while (!r.disconnected()) co_await wait(10ms);
  };
}

}  // namespace

TEST_CASE("each header says how long the client waits in its own way", "[flow][deadline]") {
  CHECK(patience_of({{"X-Naru-Timeout", "1.5s"}}).whole == 1500ms);
  CHECK(patience_of({{"x-naru-timeout", "800ms"}}).whole == 800ms);
  CHECK(patience_of({{"x-naru-timeout", "2m"}}).whole == 2min);
  CHECK(patience_of({{"grpc-timeout", "2S"}}).whole == 2s);
  CHECK(patience_of({{"grpc-timeout", "1H"}}).whole == 1h);
  CHECK(patience_of({{"grpc-timeout", "250m"}}).whole == 250ms);
  CHECK(patience_of({{"grpc-timeout", "500000u"}}).whole == 500ms);
  CHECK(patience_of({{"x-request-timeout-ms", "700"}}).whole == 700ms);
  CHECK(patience_of({{"x-envoy-expected-rq-timeout-ms", "900"}}).whole == 900ms);
  CHECK(patience_of({{"X-Stainless-Timeout", "600"}}).content == 10min);
  CHECK(patience_of({{"X-Stainless-Timeout", "600"}}).whole == std::nullopt);
  CHECK(patience_of({{"x-stainless-read-timeout", "2.5"}}).content == 2500ms);
}

TEST_CASE("of several the shortest holds", "[flow][deadline]") {
  const auto p =
      patience_of({{"grpc-timeout", "5S"}, {"x-naru-timeout", "3s"}, {"x-stainless-timeout", "60"}, {"x-stainless-read-timeout", "30"}});
  CHECK(p.whole == 3s);
  CHECK(p.content == 30s);
}

TEST_CASE("what is not understood says nothing", "[flow][deadline]") {
  for (const char* odd : {"", "0", "-1", "abc", "1e3", "5 s", "nan", "inf", "99999999999999999999", "0x10", "+5"}) {
    CAPTURE(odd);
    CHECK_FALSE(patience_of({{"x-stainless-timeout", odd}}).content);
    CHECK_FALSE(patience_of({{"x-request-timeout-ms", odd}}).whole);
    CHECK_FALSE(patience_of({{"grpc-timeout", odd}}).whole);
  }
  CHECK_FALSE(patience_of({{"grpc-timeout", "123456789S"}}).whole);
  CHECK_FALSE(patience_of({{"grpc-timeout", "1.5S"}}).whole);
}

TEST_CASE("our own header is not guessed at", "[flow][deadline]") {
  for (const char* odd : {"", "30", "0s", "-1s", "s", "ms", "1h", "2 s", "1441m"}) {
    net::request r;
    r.headers = {{"x-naru-timeout", odd}};
    CAPTURE(odd);
    const auto p = read_patience(r);
    REQUIRE_FALSE(p);
    CHECK(p.error().code == error_code::bad_request);
    CHECK(p.error().field == "x-naru-timeout");
  }
}

TEST_CASE("the answer is due a little before the client's patience ends", "[flow][deadline]") {
  CHECK(client_patience::in_time(10min) == 10min - 500ms);
  CHECK(client_patience::in_time(2s) == 1900ms);
  CHECK(client_patience::in_time(100ms) == 80ms);
  CHECK(client_patience::in_time(5ms) == 1ms);
}

TEST_CASE("a client that waits for a second gets its 504 from a vendor that says nothing", "[flow][deadline]") {
  const vendor v({silent()});
  const vendor w({silent()});
  house h(snapshot_builder().to("v", v.origin()).to("w", w.origin()).model("chat", {"v/m", "w/m"}).build());
  for (const bool stream : {false, true}) {
    for (const naru::test::header_lines& said :
         {naru::test::header_lines{{"X-Stainless-Timeout", "1"}}, naru::test::header_lines{{"x-naru-timeout", "300ms"}},
          naru::test::header_lines{{"grpc-timeout", "300m"}}}) {
      CAPTURE(said.front().first, stream);
      const auto answer = h.ask(question("chat", stream), said);
      CHECK(answer.status == 504);
      CHECK(answer.header("x-should-retry") == "false");
      CHECK(answer.body.find("\"error\"") != std::string::npos);
    }
  }
  CHECK(eventually([&] { return v.connections() + w.connections() == 0; }));
}

TEST_CASE("the SDKs' timeout does not cut a stream that has begun, a deadline for the whole does", "[flow][deadline]") {
  const vendor v({stream_of({chunk("a"), chunk("b"), last_chunk, done}, true, 400ms)});
  house h(snapshot_builder().to("v", v.origin()).model("chat", {"v/m"}).build());
  const auto patient = h.ask(question("chat", true), {{"X-Stainless-Timeout", "1"}});
  CHECK(patient.body.find("[DONE]") != std::string::npos);
  const auto strict = h.ask(question("chat", true), {{"x-naru-timeout", "1s"}});
  CHECK(strict.status == 200);
  CHECK(strict.body.find("[DONE]") == std::string::npos);
  CHECK(strict.body.find("\"error\"") != std::string::npos);
}

TEST_CASE("no client makes our own deadline longer", "[flow][deadline]") {
  const vendor v({silent()});
  snapshot_builder b;
  b.to("v", v.origin()).model("chat", {"v/m"});
  b.raw().deadline = 300ms;
  house h(b.build());
  CHECK(h.ask(question("chat", false), {{"x-naru-timeout", "60s"}, {"x-stainless-timeout", "600"}}).status == 504);
}

TEST_CASE("a timeout of ours that cannot be read is refused with what was wanted", "[flow][deadline]") {
  const vendor v({answer_of(200, whole_answer)});
  house h(snapshot_builder().to("v", v.origin()).model("chat", {"v/m"}).build());
  const auto answer = h.ask(question("chat", false), {{"x-naru-timeout", "30"}});
  CHECK(answer.status == 400);
  CHECK(answer.body.find("x-naru-timeout") != std::string::npos);
  CHECK(answer.body.find("30s or 800ms") != std::string::npos);
  CHECK(v.calls() == 0);
}
