#include <catch2/catch.hpp>

#include "providers/dialects/gemini/gemini.hpp"

using namespace naru;
using namespace std::chrono_literals;

namespace {

failure read(int status, std::string_view body, const std::vector<dialects::header>& headers = {}) {
  return dialects::gemini::upstream().read_failure(status, headers, body);
}
std::string error_body(int code, const std::string& status, const std::string& message, const std::string& details = "[]") {
  return R"({"error":{"code":)" + std::to_string(code) + R"(,"message":")" + message + R"(","status":")" + status + R"(","details":)" +
         details + "}}";
}

}  // namespace

TEST_CASE("each status has its class", "[gemini][failure]") {
  CHECK(read(400, error_body(400, "INVALID_ARGUMENT", "bad")).cls == failure_class::request);
  CHECK(read(400, error_body(400, "FAILED_PRECONDITION", "User location is not supported")).cls == failure_class::account);
  CHECK(read(401, error_body(401, "UNAUTHENTICATED", "no")).cls == failure_class::account);
  CHECK(read(402, error_body(402, "FAILED_PRECONDITION", "pay")).cls == failure_class::account);
  CHECK(read(403, error_body(403, "PERMISSION_DENIED", "no")).cls == failure_class::account);
  CHECK(read(404, error_body(404, "NOT_FOUND", "models/x")).cls == failure_class::settings);
  CHECK(read(429, error_body(429, "RESOURCE_EXHAUSTED", "quota")).cls == failure_class::limited);
  CHECK(read(499, error_body(499, "CANCELLED", "gone")).cls == failure_class::transient);
  CHECK(read(500, error_body(500, "INTERNAL", "oops")).cls == failure_class::transient);
  CHECK(read(503, error_body(503, "UNAVAILABLE", "overloaded")).cls == failure_class::transient);
  CHECK(read(504, error_body(504, "DEADLINE_EXCEEDED", "late")).cls == failure_class::transient);
}

TEST_CASE("x-should-retry: false means not here again, and changes no class", "[gemini][failure]") {
  const auto f = read(500, error_body(500, "INTERNAL", "oops"), {{"x-should-retry", "false"}});
  CHECK(f.not_here_again);
  CHECK(f.cls == failure_class::transient);
  CHECK_FALSE(read(500, error_body(500, "INTERNAL", "oops"), {{"x-should-retry", "true"}}).not_here_again);
  CHECK_FALSE(read(500, error_body(500, "INTERNAL", "oops")).not_here_again);
}

TEST_CASE("RetryInfo says when to come back, before any header", "[gemini][failure]") {
  const std::string details = R"([{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[]},
      {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"17.5s"}])";
  const auto f = read(429, error_body(429, "RESOURCE_EXHAUSTED", "quota", details), {{"retry-after", "3"}});
  REQUIRE(f.retry_after);
  CHECK(*f.retry_after == 17500ms);
  CHECK(f.type == "RESOURCE_EXHAUSTED");
  CHECK(f.message == "quota");
  const auto header_only = read(429, error_body(429, "RESOURCE_EXHAUSTED", "quota"), {{"retry-after", "3"}});
  REQUIRE(header_only.retry_after);
  CHECK(*header_only.retry_after == 3s);
  for (const std::string delay : {"17", "s", "-3s", "soon", "1e9s"}) {
    const auto odd = read(429, error_body(429, "RESOURCE_EXHAUSTED", "q",
                                          R"([{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":")" + delay + "\"}]"));
    CHECK_FALSE(odd.retry_after);
  }
}

TEST_CASE("an invalid key is the account's although it comes as 400", "[gemini][failure]") {
  const auto f = read(400, error_body(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.",
                                      R"([{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}])"));
  CHECK(f.cls == failure_class::account);
  CHECK(f.code == "API_KEY_INVALID");
}

TEST_CASE("a prompt that is too long is too_small, not the request's fault", "[gemini][failure]") {
  CHECK(read(400,
             error_body(400, "INVALID_ARGUMENT", "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."))
            .cls == failure_class::too_small);
}

TEST_CASE("an error wrapped in an array is read, and the field it names", "[gemini][failure]") {
  const auto f = read(400, "[" + error_body(400, "INVALID_ARGUMENT", "bad", R"([{"@type":"type.googleapis.com/google.rpc.BadRequest",
      "fieldViolations":[{"field":"generation_config.top_k","description":"x"}]}])") +
                               "]");
  CHECK(f.cls == failure_class::request);
  CHECK(f.type == "INVALID_ARGUMENT");
  CHECK(f.param == "generation_config.top_k");
}

TEST_CASE("a body that says nothing readable still makes a failure", "[gemini][failure]") {
  for (const std::string_view body : {"", "<html>Bad Gateway</html>", "{\"error\":{", "[]", "[1]", "null", "{\"error\":\"text\"}"}) {
    CAPTURE(body);
    const auto f = read(502, body);
    CHECK(f.cls == failure_class::transient);
    CHECK(f.message == "HTTP 502 without a readable error");
  }
}

TEST_CASE("details of any shape do no harm", "[gemini][failure]") {
  for (const std::string details : {"{}", "[1,null,[]]", R"([{"@type":7}])", R"([{"@type":"type.googleapis.com/google.rpc.BadRequest"}])",
                                    R"([{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[]}])",
                                    R"([{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":{}}])"}) {
    CAPTURE(details);
    const auto f = read(429, error_body(429, "RESOURCE_EXHAUSTED", "q", details));
    CHECK(f.cls == failure_class::limited);
    CHECK_FALSE(f.retry_after);
  }
}
