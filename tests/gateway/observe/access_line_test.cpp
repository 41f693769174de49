#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "gateway/observe/access_log.hpp"
#include "tests/gateway/observe/records.hpp"
#include "tests/support/read_json.hpp"

using namespace naru;
using naru::test::keys_of;
using naru::test::parsed;
using observe::access_line;
using observe::test::full_record;

TEST_CASE("a line of the access log holds every field", "[observe]") {
  observe::exchange_record r = full_record();
  r.error = error_code::stream_broken;
  const auto document = parsed(access_line(r));
  const json::object o = document.root().get_object();
  CHECK(keys_of(o) == std::set<std::string>{"at",
                                            "request_id",
                                            "api",
                                            "key",
                                            "team",
                                            "user",
                                            "model",
                                            "label",
                                            "label_set_by",
                                            "rule",
                                            "strategy",
                                            "deployment",
                                            "status",
                                            "outcome",
                                            "error",
                                            "finish",
                                            "stream",
                                            "input_tokens",
                                            "cached_tokens",
                                            "cache_write_tokens",
                                            "output_tokens",
                                            "reasoning_tokens",
                                            "estimated",
                                            "cost_nano_usd",
                                            "cost_known",
                                            "latency_ms",
                                            "ttft_ms",
                                            "overhead_ms",
                                            "bytes_in",
                                            "bytes_out",
                                            "fallback_reason",
                                            "attempts"});
  CHECK(json::get_string(o, "at") == "2026-01-01T00:00:00.042Z");
  CHECK(json::get_string(o, "request_id") == "req_0123");
  CHECK(json::get_string(o, "key") == "web");
  CHECK(json::get_string(o, "team") == "shop");
  CHECK(json::get_string(o, "user") == "kim");
  CHECK(json::get_string(o, "model") == "chat");
  CHECK(json::get_string(o, "label") == "internal");
  CHECK(json::get_string(o, "label_set_by") == "key");
  CHECK(json::get_string(o, "rule") == "night");
  CHECK(json::get_string(o, "strategy") == "cheapest");
  CHECK(json::get_string(o, "deployment") == "openai/gpt-x");
  CHECK(json::get_uint(o, "status") == 200);
  CHECK(json::get_string(o, "error") == "stream_broken");
  CHECK(json::get_uint(o, "input_tokens") == 100);
  CHECK(json::get_uint(o, "cached_tokens") == 40);
  CHECK(json::get_uint(o, "cache_write_tokens") == 9);
  CHECK(json::get_uint(o, "output_tokens") == 11);
  CHECK(json::get_uint(o, "reasoning_tokens") == 5);
  CHECK(json::get_uint(o, "cost_nano_usd") == 1'500'000);
  CHECK(o["latency_ms"].get_double().value() == 1200);
  CHECK(o["ttft_ms"].get_double().value() == 200);
  CHECK(o["overhead_ms"].get_double().value() == 0.35);
  CHECK(json::get_uint(o, "bytes_in") == 321);
  CHECK(json::get_uint(o, "bytes_out") == 654);
}

TEST_CASE("each attempt is told with its own result", "[observe]") {
  const auto document = parsed(access_line(full_record()));
  const auto attempts = json::get_array(document.root().get_object(), "attempts");
  REQUIRE(attempts);
  REQUIRE(attempts->size() == 2);
  const json::object failed = attempts->at(0).get_object();
  CHECK(json::get_string(failed, "deployment") == "anthropic/claude-y");
  CHECK(json::get_string(failed, "result") == "5xx");
  CHECK(json::get_string(failed, "class") == "transient");
  CHECK(json::get_uint(failed, "status") == 529);
  const json::object answered = attempts->at(1).get_object();
  CHECK(json::get_string(answered, "result") == "ok");
  CHECK_FALSE(json::find(answered, "class"));
  CHECK(json::get_uint(answered, "cost_nano_usd") == 1'500'000);
}

TEST_CASE("what is not known is left out rather than said to be nothing", "[observe]") {
  const auto document = parsed(access_line({}));
  const json::object o = document.root().get_object();
  for (const std::string_view absent : {"error", "finish", "ttft_ms", "fallback_reason"}) {
    CAPTURE(absent);
    CHECK_FALSE(json::find(o, absent));
  }
  CHECK(json::get_string(o, "deployment") == "");
}

TEST_CASE("a name with a line end or odd bytes stays one line of JSON", "[observe]") {
  observe::exchange_record r = full_record();
  r.user = "kim\n{\"status\":200}\r\t\"\\\x01\xff";
  r.deployment = "openai/\xED\xA0\x80";
  const std::string line = access_line(r);
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.find('\r') == std::string::npos);
  const auto document = parsed(line);
  CHECK(json::get_uint(document.root().get_object(), "status") == 200);
}
