#include <catch2/catch.hpp>

#include <algorithm>

#include <thread>

#include "tests/integration/support.hpp"

// Streams end truthfully: what breaks before content falls over, what breaks after it is told, and nothing broken ever looks whole.
using namespace naru::test;
using std::chrono::milliseconds;

namespace {

constexpr std::string_view breaks_after_content[] = {"reset-after-3",  "stall-after-3",       "cut-after-3",       "silent-end-after-3",
                                                     "badsse-after-3", "error-frame-after-3", "bare-error-after-3"};
constexpr std::string_view providers[] = {"oa", "an", "go"};

std::string impatient(const mock_upstream& mock, std::string_view more = {}) {
  std::string out = listening_anywhere() + "providers:\n";
  constexpr std::string_view waits = ", timeouts: {first_byte: 5s, idle: 400ms}";
  out += provider_line("oa", "openai", mock, waits) + provider_line("an", "anthropic", mock, waits) +
         provider_line("go", "google", mock, waits);
  return out.append("  local: off\n").append(more);
}

/// What must hold for every stream that broke after its first content: an error event behind it, and no end that looks good.
void check_broken(const streamed& s) {
  CHECK(s.head.status == 200);
  CHECK(!s.text().empty());
  REQUIRE(!s.frames.empty());
  CHECK_FALSE(s.done());
  for (const auto& f : s.frames) {
    CHECK(f.data != "[DONE]");
    CHECK(at(f.data, "choices.0.finish_reason") != "stop");
    CHECK(f.data.starts_with("{"));
    CHECK(at(f.data, "") != "-");  // every frame is JSON: SDKs throw on anything else
  }
  CHECK(at(s.frames.back().data, "error.message").size() > 5);
  CHECK(at(s.frames.back().data, "error.code") == "stream_broken");
  CHECK(at(s.frames.back().data, "error.request_id") == s.head.header("x-request-id"));
}

}  // namespace

TEST_CASE("a stream that breaks after content ends with the error event and never with an end", "[integration][streams]") {
  mock_upstream mock;
  std::string models = "models:\n";
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto provider : providers) {
    for (const auto fault : breaks_after_content) {
      const std::string name = "b" + std::to_string(all.size());
      // Paced, so that content is on its way to the client before the fault comes.
      all.emplace_back(name, std::string(provider) + "/" + name + "--paced-6x10+" + std::string(fault));
      models += "  " + name + ": {strategy: priority, deployments: [" + all.back().second + ", oa/never--ok]}\n";
    }
  }
  naru_process naru(impatient(mock, models), lean());
  std::vector<streamed> got(all.size());
  in_parallel(all.size(), 8, [&](std::size_t i) { got[i] = post_stream(naru.port(), chat_stream(all[i].first)); });
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(all[i].second, got[i].frames.empty() ? "" : got[i].frames.back().data);
    check_broken(got[i]);
    CHECK(got[i].head.header("x-naru-deployment") == all[i].second);
  }
  CHECK(calls_of(mock, "never--ok") == 0);
}

TEST_CASE("a stream that breaks before content is answered by the next deployment, and nobody sees it", "[integration][streams]") {
  mock_upstream mock;
  std::string models = "models:\n";
  std::vector<std::string> all;
  for (const auto provider : providers) {
    for (const char* fault :
         {"reset-after-0", "stall-after-0", "cut-after-0", "silent-end-after-0", "badsse-after-0", "error-frame-first"}) {
      all.push_back("b" + std::to_string(all.size()));
      models += "  " + all.back() + ": {strategy: priority, deployments: [" + std::string(provider) + "/" + all.back() + "--" + fault +
                ", oa/good--ok]}\n";
    }
  }
  naru_process naru(impatient(mock, models), lean());
  std::vector<streamed> got(all.size());
  in_parallel(all.size(), 8, [&](std::size_t i) { got[i] = post_stream(naru.port(), chat_stream(all[i])); });
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(all[i]);
    CHECK(got[i].head.header("x-naru-deployment") == "oa/good--ok");
    CHECK(got[i].head.header("x-naru-fallback-reason") == "transient");
    CHECK(got[i].text() == "Hello from the mock.");
    CHECK(got[i].done());
    CHECK(got[i].complete);
  }
}

TEST_CASE("when content is late the head goes out early, with pings, and the answer or another deployment's still comes",
          "[integration][streams]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock,
                                "stream: {hold_head: 200ms, ping: 1s}\nmodels:\n"
                                "  late: {deployments: [oa/late--slow-1600]}\n"
                                "  next: {strategy: priority, deployments: [oa/first--slow-700+status-503, an/second--ok]}\n"
                                "  never: {strategy: priority, deployments: [oa/one--slow-700+status-503, oa/two--status-503]}\n"
                                "  refused: {strategy: priority, deployments: [oa/bad--slow-700+status-400]}\n"),
                    lean());
  const auto began = std::chrono::steady_clock::now();
  http_client late(naru.port());
  late.send_request("POST", completions, {}, chat_stream("late"));
  CHECK(late.read_head().status == 200);
  CHECK(std::chrono::steady_clock::now() - began < milliseconds(1400));
  const std::string body = late.read_rest();
  CHECK(body.starts_with(": ping"));
  CHECK(body.find(": ping", 8) != std::string::npos);
  CHECK(body.ends_with("data: [DONE]\n\n"));

  const auto next = post_stream(naru.port(), chat_stream("next"));
  CHECK(next.head.status == 200);
  CHECK(next.text() == "Hello from the mock.");
  CHECK(next.done());

  for (const char* model : {"never", "refused"}) {
    CAPTURE(model);
    const auto failed = post_stream(naru.port(), chat_stream(model));
    CHECK(failed.head.status == 200);
    CHECK(failed.text().empty());
    CHECK(failed.error().size() > 5);
    CHECK_FALSE(failed.done());
  }
}

TEST_CASE("a whole answer that is late is not answered early", "[integration][streams]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "stream: {hold_head: 100ms, ping: 1s}\n"), lean());
  const auto a = post(naru.port(), chat("oa/x--slow-500+status-400"));
  CHECK(a.status == 400);
}

TEST_CASE("the vendor hears of a client's leaving within a second, in a stream, before content and in a whole answer",
          "[integration][streams]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock), lean());
  const auto left_of = [&](std::string_view model) {
    const auto log = mock.log_when(
        [&](const auto& all) {
          return std::any_of(all.begin(), all.end(), [&](const mock_request& r) { return r.model == model && r.closed_after_ms; });
        },
        std::chrono::seconds(3));
    for (const auto& r : log) {
      if (r.model == model) return *r.closed_after_ms;
    }
    return std::int64_t{-1};
  };
  for (const bool hard : {false, true}) {
    CAPTURE(hard);
    const std::string tail = hard ? "-hard" : "-soft";
    const std::string streams = "s" + tail + "--paced-1000x20", waits = "w" + tail + "--stall-before";
    http_client stream(naru.port());
    stream.send_request("POST", completions, {}, chat_stream("oa/" + streams));
    CHECK(stream.read_head().status == 200);
    for (int i = 0; i < 3; ++i) REQUIRE(stream.next_frame());
    http_client whole(naru.port());
    whole.send_request("POST", completions, {}, chat("oa/" + waits));
    mock.log_when([&](const auto& all) { return std::any_of(all.begin(), all.end(), [&](const auto& r) { return r.model == waits; }); });
    const auto now = std::chrono::system_clock::now();
    stream.close(hard);
    whole.close(hard);
    for (const auto& model : {streams, waits}) {
      CAPTURE(model);
      const auto closed_ms = left_of(model);
      std::int64_t began_ms = 0;
      for (const auto& r : mock.log()) began_ms = r.model == model ? r.at_unix_ms : began_ms;
      const auto left_ms = std::chrono::duration_cast<milliseconds>(now.time_since_epoch()).count();
      CHECK(began_ms + closed_ms - left_ms < 1000);
    }
  }
  CHECK(eventually([&] { return metric(naru.admin_port(), "naru_inflight_requests") == 0.0; }));
}

TEST_CASE("tool calls and reasoning come through streams of every dialect", "[integration][streams]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock), lean());
  constexpr std::string_view tools =
      R"(,"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}])";
  for (const auto provider : providers) {
    CAPTURE(provider);
    const auto s = post_stream(naru.port(), chat_stream(std::string(provider) + "/x--tools", tools));
    std::string name, arguments, finish;
    for (const auto& f : s.frames) {
      if (const auto n = at(f.data, "choices.0.delta.tool_calls.0.function.name"); n != "-") name += n;
      if (const auto a = at(f.data, "choices.0.delta.tool_calls.0.function.arguments"); a != "-") arguments += a;
      if (const auto r = at(f.data, "choices.0.finish_reason"); r != "-" && r != "null") finish = r;
    }
    CHECK(name == "weather");
    CHECK(at(arguments, "city") == "Seoul");
    CHECK(finish == "tool_calls");
    CHECK(s.done());
  }
}
