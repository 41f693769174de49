#include <catch2/catch.hpp>

#include "load_tests/selftest/vendors.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naru::test;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

mock_upstream& mock() {
  static mock_upstream one;
  return one;
}

bool has(const std::string& text, std::string_view word) { return text.find(word) != std::string::npos; }

}  // namespace

TEST_CASE("a status comes in the vendor's own error form", "[mock]") {
  struct expected {
    const char* directive;
    int openai, anthropic, gemini;
    const char *openai_word, *anthropic_word, *gemini_word;
  };
  const expected all[] = {
      {"status-401", 401, 401, 401, "invalid_api_key", "authentication_error", "UNAUTHENTICATED"},
      {"status-404", 404, 404, 404, "model_not_found", "not_found_error", "NOT_FOUND"},
      {"status-429", 429, 429, 429, "rate_limit_exceeded", "rate_limit_error", "RESOURCE_EXHAUSTED"},
      {"status-500", 500, 500, 500, "server_error", "api_error", "INTERNAL"},
      {"status-503", 503, 503, 503, "server_is_overloaded", "api_error", "UNAVAILABLE"},
      {"status-529", 529, 529, 529, "server_error", "overloaded_error", "UNKNOWN"},
      {"quota", 429, 402, 429, "insufficient_quota", "billing_error", "PerDay"},
      {"ctx", 400, 400, 400, "context_length_exceeded", "prompt is too long", "maximum number of tokens"},
      {"content-policy", 400, 400, 200, "content_policy_violation", "content filtering policy", "blockReason"},
  };
  for (const auto& e : all) {
    CAPTURE(e.directive);
    const http_answer openai = answer_of(mock(), vendor_named("openai"), e.directive);
    CHECK(openai.status == e.openai);
    CHECK(has(openai.body, e.openai_word));
    const http_answer anthropic = answer_of(mock(), vendor_named("anthropic"), e.directive);
    CHECK(anthropic.status == e.anthropic);
    CHECK(has(anthropic.body, e.anthropic_word));
    const http_answer gemini = answer_of(mock(), vendor_named("gemini"), e.directive);
    CHECK(gemini.status == e.gemini);
    CHECK(has(gemini.body, e.gemini_word));
  }
}

TEST_CASE("a wait is said where each vendor says it", "[mock]") {
  const http_answer openai = answer_of(mock(), vendor_named("openai"), "status-429-retry-2");
  CHECK(openai.header("retry-after") == "2");
  CHECK(openai.header("x-ratelimit-reset-requests") == "2s");
  CHECK(answer_of(mock(), vendor_named("openai"), "status-429-retryms-300").header("retry-after-ms") == "300");
  CHECK(answer_of(mock(), vendor_named("anthropic"), "status-429-retry-2").header("retry-after") == "2");
  const http_answer gemini = answer_of(mock(), vendor_named("gemini"), "status-429-retry-2");
  CHECK(gemini.header("retry-after").empty());
  CHECK(has(gemini.body, R"("retryDelay":"2s")"));
}

TEST_CASE("streams break where and how they were told to", "[mock]") {
  struct expected {
    const char* directive;
    std::size_t content;
    bool complete, finished, errored;
    ended how;
  };
  const expected all[] = {
      {"reset-after-3+sse-9x8", 3, false, false, false, ended::reset},
      {"reset-after-0+sse-9x8", 0, false, false, false, ended::reset},
      {"cut-after-3+sse-9x8", 3, false, false, false, ended::closed},
      {"silent-end-after-3+sse-9x8", 3, true, false, false, ended::open},
      {"silent-end-after-99+sse-9x8", 9, true, false, false, ended::open},
      {"empty", 0, true, false, false, ended::open},
      {"error-frame-after-3+sse-9x8", 3, true, false, true, ended::open},
      {"error-frame-first", 0, true, false, true, ended::open},
      {"bare-error-after-3+sse-9x8", 3, true, false, false, ended::open},
      {"long-length+sse-9x8", 9, false, true, false, ended::closed},
      {"pings+gone-unnoticed", 4, true, true, false, ended::open},
  };
  for (const auto& v : all_vendors()) {
    for (const auto& e : all) {
      CAPTURE(v.name, e.directive);
      const played p = play(mock(), v, e.directive);
      CHECK(p.status == 200);
      CHECK(p.content == e.content);
      CHECK(p.complete == e.complete);
      CHECK(p.finished == e.finished);
      CHECK(p.errored == e.errored);
      CHECK(p.how == e.how);
    }
  }
}

TEST_CASE("an error comes as the very first frame only when told so", "[mock]") {
  for (const auto& v : all_vendors()) {
    CAPTURE(v.name);
    CHECK(play(mock(), v, "error-frame-first").frames.size() == 1);
  }
  CHECK(play(mock(), vendor_named("anthropic"), "error-frame-first").frames[0].event == "error");
  CHECK(play(mock(), vendor_named("anthropic"), "error-frame-after-0").frames[0].event == "message_start");
}

TEST_CASE("a broken frame stands among good ones", "[mock]") {
  for (const auto& v : all_vendors()) {
    CAPTURE(v.name);
    const played p = play(mock(), v, "badsse-after-3+sse-9x8");
    CHECK(p.content == 9);
    std::size_t broken = 0;
    for (const auto& f : p.frames) broken += f.data.ends_with("del") || f.data.ends_with("par") ? 1 : 0;
    CHECK(broken == 1);
  }
}

TEST_CASE("whole answers break as well", "[mock]") {
  for (const auto& v : all_vendors()) {
    CAPTURE(v.name);
    const auto ended_as = [&](const char* directive) {
      http_client client(mock().port());
      send(client, v, directive, false);
      const http_answer a = client.read_answer();
      return std::tuple{a.status, a.complete, client.wait_for_end(milliseconds(a.complete ? 0 : 2000))};
    };
    CHECK(ended_as("reset-after-1") == std::tuple{200, false, ended::reset});
    CHECK(ended_as("cut-after-1") == std::tuple{200, false, ended::closed});
    CHECK(ended_as("long-length") == std::tuple{200, false, ended::closed});
    CHECK(ended_as("reset-before") == std::tuple{0, false, ended::reset});
    CHECK(answer_of(mock(), v, "empty").body.empty());
    CHECK_FALSE(answer_of(mock(), v, "badjson").body.ends_with("}"));
    CHECK(has(answer_of(mock(), v, "error-frame-first").body, R"("error":{)"));
  }
}

TEST_CASE("a short length leaves bytes behind the answer", "[mock]") {
  http_client client(mock().port());
  send(client, vendor_named("openai"), "short-length", false);
  const http_answer a = client.read_answer();
  CHECK(a.complete);
  CHECK_FALSE(a.body.ends_with("}"));
  http_client raw(mock().port());
  send(raw, vendor_named("openai"), "short-length", true);
  CHECK(raw.read_head().status == 200);
  CHECK_THROWS_AS(raw.read_frames(), std::runtime_error);  // a chunk's size is not what its bytes are
}

TEST_CASE("heads can be wrong or huge", "[mock]") {
  http_client client(mock().port());
  send(client, vendor_named("openai"), "badhead", false);
  CHECK(client.read_to_end().starts_with("HTTP/1.1 2OO"));
  CHECK(answer_of(mock(), vendor_named("openai"), "bighead").header("x-filler").size() == 1U << 20);
  const http_answer moved = answer_of(mock(), vendor_named("openai"), "status-307");
  CHECK(moved.status == 307);
  CHECK_FALSE(moved.header("location").empty());
}

TEST_CASE("silence is silent, before and in the middle", "[mock]") {
  for (const auto& v : all_vendors()) {
    CAPTURE(v.name);
    http_client before(mock().port(), milliseconds(150));
    send(before, v, "stall-before", true);
    CHECK_THROWS_AS(before.read_head(), client_timeout);
    for (const auto& [directive, content] : {std::pair{"stall-after-3+sse-9x8", 3}, std::pair{"idle+sse-9x8", 1}}) {
      http_client middle(mock().port(), milliseconds(150));
      send(middle, v, directive, true);
      CHECK(middle.read_head().status == 200);
      int seen = 0;
      CHECK_THROWS_AS(
          [&] {
            while (const auto f = middle.next_frame()) seen += bears_content(*f) ? 1 : 0;
          }(),
          client_timeout);
      CHECK(seen == content);
    }
  }
}

TEST_CASE("slow and dripping answers come whole", "[mock]") {
  const auto begun = steady_clock::now();
  CHECK(answer_of(mock(), vendor_named("openai"), "slow-200").status == 200);
  CHECK(steady_clock::now() - begun >= milliseconds(200));
  const auto dripped = steady_clock::now();
  const http_answer a = answer_of(mock(), vendor_named("gemini"), "drip-1");
  CHECK(has(a.body, "Hello from the mock."));
  CHECK(steady_clock::now() - dripped >= milliseconds(300));
}

TEST_CASE("scripted answers come in their order, then the name decides", "[mock]") {
  mock_upstream own;
  own.script("m", {"status-500", "echo", R"({"raw":"HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n","then":"close"})"});
  const auto& v = vendor_named("openai");
  CHECK(answer_of(own, v, "m").status == 500);
  CHECK(answer_of(own, v, "other").status == 200);
  CHECK(has(answer_of(own, v, "m").body, "hello there"));
  CHECK(answer_of(own, v, "m").status == 418);
  CHECK(has(answer_of(own, v, "m").body, "Hello from the mock."));
  CHECK_THROWS(own.script("m", {"no-such-directive"}));
  own.script("*", {"status-503"});
  own.reset();
  CHECK(answer_of(own, v, "m").status == 200);
  CHECK(own.log().size() == 1);
}

TEST_CASE("the log has every byte and sees the peer leave", "[mock]") {
  temp_dir records;
  mock_upstream::options o;
  o.record_dir = records.path();
  mock_upstream own(o);
  http_client client(own.port());
  send(client, vendor_named("anthropic"), "paced-1000x50", true, R"(,"metadata":{"user_id":"canary-4711"})");
  CHECK(client.read_head().status == 200);
  CHECK(client.next_frame());
  client.close();
  const auto log = own.log_when([](const auto& requests) { return requests.size() == 1 && requests[0].closed_after_ms; });
  CHECK(log[0].target == "/v1/messages?beta=true");
  CHECK(log[0].model == "paced-1000x50");
  CHECK(log[0].header("X-Api-Key") == mock_upstream::default_key);
  CHECK(has(log[0].body, "canary-4711"));
  CHECK_FALSE(log[0].finished);
  CHECK(*log[0].closed_after_ms < 1000);
  CHECK(own.stat("aborted") == 1);
  CHECK(own.stat("open") == 0);
  const std::string recorded = read_file(records.path() / ("connection-" + std::to_string(log[0].connection) + ".bin"));
  CHECK(recorded == log[0].head + log[0].body);
}

TEST_CASE("TLS carries the same", "[mock]") {
  temp_dir folder;
  const std::string certificate = (folder.path() / "tls.crt").string();
  const std::string key = (folder.path() / "tls.key").string();
  spawn_options make;
  make.arguments = {"req",
                    "-x509",
                    "-newkey",
                    "rsa:2048",
                    "-nodes",
                    "-days",
                    "1",
                    "-subj",
                    "/CN=localhost",
                    "-addext",
                    "subjectAltName=DNS:localhost",
                    "-keyout",
                    key,
                    "-out",
                    certificate};
  child_process openssl("/usr/bin/openssl", make);
  REQUIRE(openssl.wait()->code == 0);
  mock_upstream::options o;
  o.certificate = certificate;
  o.private_key = key;
  mock_upstream own(o);
  http_client client(own.port(), certificate);
  send(client, vendor_named("openai"), "sse-200x64", true);
  CHECK(client.read_head().status == 200);
  CHECK(client.read_frames().size() == 203);
  CHECK(client.body_complete());
  CHECK(own.log().size() == 1);
}
