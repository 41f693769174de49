#include <catch2/catch.hpp>

#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "support.hpp"

using namespace naru;
using namespace naru::test;
using dialects::header;
namespace openai_chat = naru::dialects::openai_chat;

namespace {

failure read(int status, std::string_view body, std::vector<header> headers = {}) {
  return openai_chat::upstream().read_failure(status, headers, body);
}
std::string class_of(int status, std::string_view body, std::vector<header> headers = {}) {
  return std::string{to_string(read(status, body, std::move(headers)).cls)};
}
std::string error_body(std::string_view members) { return R"({"error":{)" + std::string{members} + "}}"; }

}  // namespace

TEST_CASE("recorded failures fall into their classes", "[openai_chat]") {
  struct row {
    int status;
    std::string file, cls;
  };
  const std::vector<row> rows{{400, "openai/error_400_context.json", "too_small"},
                              {400, "openai/error_400_param.json", "request"},
                              {400, "openai/error_400_policy.json", "content_policy"},
                              {401, "openai/error_401.json", "account"},
                              {404, "openai/error_404_model.json", "settings"},
                              {429, "openai/error_429_quota.json", "account"},
                              {429, "openai/error_429_rate.json", "limited"},
                              {400, "azure/error_400_filter.json", "content_policy"},
                              {400, "vllm/error_400_context.json", "too_small"},
                              {404, "vllm/error_404_flat.json", "settings"},
                              {404, "ollama/error_native.json", "settings"},
                              {422, "mistral/error_422.json", "request"},
                              {402, "openrouter/error_402.json", "account"},
                              {503, "openrouter/error_503.json", "transient"},
                              {498, "groq/error_498.json", "transient"}};
  for (const auto& r : rows) {
    INFO(r.file);
    CHECK(class_of(r.status, transcript(r.file)) == r.cls);
    CHECK(read(r.status, transcript(r.file)).status == r.status);
  }
}

TEST_CASE("the code decides before the status", "[openai_chat]") {
  CHECK(class_of(429, error_body(R"("code":"credit_balance_exhausted")")) == "account");
  CHECK(class_of(429, error_body(R"("type":"insufficient_quota","code":null)")) == "account");
  CHECK(class_of(429, error_body(R"("code":"queue_full","message":"busy")")) == "busy");
  CHECK(class_of(400, error_body(R"("code":"model_not_found")")) == "settings");
  CHECK(class_of(400, error_body(R"("code":"content_policy_violation")")) == "content_policy");
  CHECK(class_of(400, error_body(R"("code":"tool_use_failed")")) == "transient");
  CHECK(class_of(402, error_body(R"("code":"in_flight_budget_exhausted")")) == "limited");
  CHECK(class_of(413, error_body(R"("code":"rate_limit_exceeded","message":"Request too large for model")")) == "limited");
  CHECK(class_of(400, error_body(R"("type":"exceed_context_size_error","code":400)")) == "too_small");
}

TEST_CASE("servers that say it in words alone are understood", "[openai_chat]") {
  CHECK(
      class_of(
          400,
          error_body(
              R"("message":"the request exceeds the available context size. try increasing it","type":"invalid_request_error","code":400)")) ==
      "too_small");
  CHECK(class_of(400, R"({"error":"input length exceeds maximum context length"})") == "too_small");
  CHECK(class_of(500, R"({"error":"prompt is too long: 9000 tokens"})") == "too_small");
  CHECK(class_of(403, error_body(R"("message":"Input exceeds the model's context length")")) == "too_small");
  CHECK(class_of(400, error_body(R"("message":"triggering our content management policy")")) == "content_policy");
  CHECK(class_of(401, error_body(R"("message":"wrong key for this context window")")) == "account");
}

TEST_CASE("a body that says nothing leaves it to the status", "[openai_chat]") {
  for (const auto* body : {"", "<html><body>502</body></html>", "{\"error\":", "null", "[]", "\"x\""}) {
    INFO(body);
    CHECK(class_of(502, body) == "transient");
    CHECK(class_of(400, body) == "request");
    CHECK(class_of(401, body) == "account");
    CHECK(class_of(429, body) == "limited");
    CHECK(class_of(529, body) == "transient");
  }
}

TEST_CASE("x-should-retry turns a refusal into a passing one", "[openai_chat]") {
  CHECK(class_of(400, error_body(R"("message":"odd")"), {{"x-should-retry", "true"}}) == "transient");
  CHECK(class_of(401, error_body(R"("message":"odd")"), {{"x-should-retry", "true"}}) == "account");
  CHECK(class_of(409, "", {{"x-should-retry", "false"}}) == "transient");
  const auto not_here_again = [](std::string_view word) { return read(500, "", {{"x-should-retry", std::string(word)}}).not_here_again; };
  CHECK((not_here_again("false") && !not_here_again("true") && !not_here_again("maybe")));
  CHECK_FALSE(read(500, "").not_here_again);
}

TEST_CASE("a wait is read from headers, else from the vendor's words", "[openai_chat]") {
  using std::chrono::milliseconds;
  CHECK(read(429, "", {{"retry-after-ms", "250"}, {"retry-after", "9"}}).retry_after == milliseconds{250});
  CHECK(read(429, "", {{"retry-after", "9"}}).retry_after == milliseconds{9000});
  CHECK(read(429, transcript("openai/error_429_rate.json")).retry_after == milliseconds{2006});
  CHECK(read(429, error_body(R"("message":"Please try again in 20ms.")")).retry_after == milliseconds{20});
  CHECK(read(429, error_body(R"("message":"Please try again in 6m0.5s.")")).retry_after == milliseconds{360500});
  CHECK(read(429, error_body(R"("message":"Please try again in 1h2m3s")")).retry_after == milliseconds{3723000});
  CHECK(read(429, error_body(R"("message":"Please try again in a while")")).retry_after == std::nullopt);
  CHECK(read(503, transcript("openrouter/error_503.json")).retry_after == milliseconds{3000});
  CHECK(read(429, "").retry_after == std::nullopt);
}

TEST_CASE("a vendor's words are made safe to hand on", "[openai_chat]") {
  const auto f = read(400, R"({"error":{"message":"a\u0000b\u001b[31mc","type":"odd\ntype","code":"naïve","param":"messages[0]"}})");
  CHECK(f.message == "a b [31mc");
  CHECK(f.type.empty());
  CHECK(f.code.empty());
  CHECK(f.param == "messages[0]");
  CHECK(read(400, error_body("\"message\":\"" + std::string(9000, 'x') + '"')).message.size() == 2000);
}
