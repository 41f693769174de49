#include <catch2/catch.hpp>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"

using namespace naru;
using namespace std::chrono_literals;

namespace {

failure read(int status, std::string_view body, const std::vector<dialects::header>& headers = {}) {
  return dialects::anthropic_messages::upstream().read_failure(status, headers, body);
}
std::string error_body(const std::string& type, const std::string& message, const std::string& code = {}) {
  const std::string details = code.empty() ? "" : R"(,"details":{"error_code":")" + code + "\"}";
  return R"({"type":"error","error":{"type":")" + type + R"(","message":")" + message + "\"" + details + R"(},"request_id":"req_1"})";
}

}  // namespace

TEST_CASE("each status has its class", "[anthropic][failure]") {
  CHECK(read(400, error_body("invalid_request_error", "max_tokens: want more")).cls == failure_class::request);
  CHECK(read(401, error_body("authentication_error", "invalid x-api-key")).cls == failure_class::account);
  CHECK(read(402, error_body("billing_error", "pay")).cls == failure_class::account);
  CHECK(read(403, error_body("permission_error", "no")).cls == failure_class::account);
  CHECK(read(404, error_body("not_found_error", "model: x")).cls == failure_class::settings);
  CHECK(read(409, error_body("conflict_error", "again")).cls == failure_class::transient);
  CHECK(read(413, error_body("request_too_large", "32 MB")).cls == failure_class::request);
  CHECK(read(429, error_body("rate_limit_error", "slow")).cls == failure_class::limited);
  CHECK(read(500, error_body("api_error", "oops")).cls == failure_class::transient);
  CHECK(read(504, error_body("timeout_error", "late")).cls == failure_class::transient);
  CHECK(read(529, error_body("overloaded_error", "Overloaded")).cls == failure_class::transient);
}

TEST_CASE("x-should-retry: false means not here again, and changes no class", "[anthropic][failure]") {
  const auto f = read(500, error_body("api_error", "oops"), {{"x-should-retry", "false"}});
  CHECK(f.not_here_again);
  CHECK(f.cls == failure_class::transient);
  CHECK_FALSE(read(500, error_body("api_error", "oops"), {{"x-should-retry", "true"}}).not_here_again);
  CHECK_FALSE(read(500, error_body("api_error", "oops")).not_here_again);
}

TEST_CASE("a failure carries the vendor's words", "[anthropic][failure]") {
  const auto f = read(429, error_body("rate_limit_error", "slow down", "ramp_limit_exceeded"), {{"retry-after", "17"}});
  CHECK(f.status == 429);
  CHECK(f.type == "rate_limit_error");
  CHECK(f.code == "ramp_limit_exceeded");
  CHECK(f.message == "slow down");
  REQUIRE(f.retry_after);
  CHECK(*f.retry_after == 17s);
}

TEST_CASE("a spend limit is the account's, and no wait helps", "[anthropic][failure]") {
  for (const std::string code : {"enforced_spend_limit_reached", "contract_spend_limit_reached"}) {
    const auto f = read(429, error_body("rate_limit_error", "limit", code), {{"retry-after", "1"}});
    CHECK(f.cls == failure_class::account);
    CHECK_FALSE(f.retry_after);
  }
  CHECK(read(400, error_body("invalid_request_error", "Your credit balance is too low to access the API.")).cls == failure_class::account);
  CHECK(read(400, error_body("invalid_request_error", "You have reached your specified API usage limits.")).cls == failure_class::account);
}

TEST_CASE("a prompt that is too long is too_small, not the request's fault", "[anthropic][failure]") {
  CHECK(read(400, error_body("invalid_request_error", "prompt is too long: 213000 tokens > 200000 maximum")).cls ==
        failure_class::too_small);
  CHECK(read(400, error_body("invalid_request_error", "input length and `max_tokens` exceed context limit: 1 + 2 > 2")).cls ==
        failure_class::too_small);
}

TEST_CASE("refused content is content_policy", "[anthropic][failure]") {
  CHECK(read(400, error_body("invalid_request_error", "Output blocked by content filtering policy")).cls == failure_class::content_policy);
}

TEST_CASE("a body that says nothing readable still makes a failure", "[anthropic][failure]") {
  for (const std::string_view body : {"", "<html>Bad Gateway</html>", "{\"type\":\"err", "[]", "null", "{\"error\":\"text\"}"}) {
    CAPTURE(body);
    const auto f = read(502, body);
    CHECK(f.cls == failure_class::transient);
    CHECK(f.status == 502);
    CHECK(f.message == "HTTP 502 without a readable error");
    CHECK(f.type.empty());
  }
}

TEST_CASE("odd words of a vendor are cleaned", "[anthropic][failure]") {
  const auto f = read(400, R"({"error":{"type":"bad\u0007type","message":"line\u0000one\nline two"}})");
  CHECK(f.type.empty());
  CHECK(f.message.find('\n') == std::string::npos);
  CHECK(f.message.find('\0') == std::string::npos);
}
