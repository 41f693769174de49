#include <catch2/catch.hpp>

#include <csignal>
#include <system_error>

#include "tests/integration/support.hpp"

// How it ends.
using namespace naru::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

http_client streaming(unsigned short port, std::string_view model) {
  http_client client(port);
  client.send_request("POST", completions, {}, chat_stream(model));
  REQUIRE(client.read_head().status == 200);
  REQUIRE(client.next_frame());
  return client;
}

int probe(unsigned short port) {
  try {
    return ask(port, "GET", "/readyz").status;
  } catch (const std::system_error&) {
    return 0;  // refused: closed already
  }
}

}  // namespace

TEST_CASE("SIGTERM: not ready at once, still served for the delay, streams finish, exit 0", "[integration][drain]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "shutdown: {delay: 800ms, cap: 20s}\n"), lean());
  auto stream = streaming(naru.port(), "oa/x--paced-60x20");  // 3 s
  http_client kept(naru.port());
  CHECK(kept.ask("GET", "/livez").status == 200);
  naru.process().signal(SIGTERM);
  CHECK(eventually([&] { return probe(naru.port()) == 503; }, milliseconds(500)));
  CHECK(ask(naru.admin_port(), "GET", "/readyz").status == 503);
  CHECK(ask(naru.admin_port(), "GET", "/livez").status == 200);
  CHECK(post(naru.port(), chat("oa/x--ok")).status == 200);
  CHECK(kept.wait_for_end(seconds(3)) == ended::closed);  // an idle connection is closed once the delay is over
  CHECK(eventually([&] { return probe(naru.port()) != 200 && probe(naru.port()) != 503; }));  // latecomers are refused
  const auto frames = stream.read_frames();
  REQUIRE(!frames.empty());
  CHECK(frames.back().data == "[DONE]");
  CHECK(stream.body_complete());
  const auto end = naru.process().wait(seconds(10));
  REQUIRE(end);
  CHECK(end->code == 0);
}

TEST_CASE("a stream that outlives the cap is told so by an error event, and the exit is 0 all the same", "[integration][drain]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "shutdown: {delay: 0s, cap: 500ms}\n"), lean());
  auto stream = streaming(naru.port(), "oa/x--paced-4000x20");
  http_client whole(naru.port());
  whole.send_request("POST", completions, {}, chat("oa/w--stall-before"));
  mock.log_when([](const auto& all) { return all.size() >= 2; });
  naru.process().signal(SIGTERM);
  const auto frames = stream.read_frames();
  REQUIRE(!frames.empty());
  CHECK(at(frames.back().data, "error.code") == "shutting_down");
  for (const auto& f : frames) CHECK(f.data != "[DONE]");
  const auto a = whole.read_answer();
  CHECK(a.status == 503);
  CHECK(at(a.body, "error.code") == "shutting_down");
  const auto end = naru.process().wait(seconds(10));
  REQUIRE(end);
  CHECK(end->code == 0);
}

TEST_CASE("SIGINT ends at once when nothing runs, whatever the delay", "[integration][drain]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "shutdown: {delay: 30s, cap: 30s}\n"), lean());
  http_client idle(naru.port());
  CHECK(idle.ask("GET", "/livez").status == 200);
  naru.process().signal(SIGINT);
  const auto end = naru.process().wait(seconds(3));
  REQUIRE(end);
  CHECK(end->code == 0);
}

TEST_CASE("SIGINT lets a stream finish; a second one ends at once", "[integration][drain]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "shutdown: {delay: 30s, cap: 30s}\n"), lean());
  auto stream = streaming(naru.port(), "oa/x--paced-4000x20");
  naru.process().signal(SIGINT);
  naru.process().wait_for_line("ending");
  for (int i = 0; i < 5; ++i) CHECK(stream.next_frame());
  naru.process().signal(SIGINT);
  const auto end = naru.process().wait(seconds(3));
  REQUIRE(end);
  CHECK(end->code == 130);
  CHECK_FALSE(eventually([&] { return stream.read_frames().empty() && stream.body_complete(); }, milliseconds(1)));
}

TEST_CASE("SIGHUP while ending changes nothing", "[integration][drain]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "shutdown: {delay: 0s, cap: 20s}\n"), lean());
  auto stream = streaming(naru.port(), "oa/x--paced-30x20");
  naru.process().signal(SIGTERM);
  naru.process().wait_for_line("ending");
  naru.process().signal(SIGHUP);
  const auto frames = stream.read_frames();
  REQUIRE(!frames.empty());
  CHECK(frames.back().data == "[DONE]");
  const auto end = naru.process().wait(seconds(10));
  REQUIRE(end);
  CHECK(end->code == 0);
}
