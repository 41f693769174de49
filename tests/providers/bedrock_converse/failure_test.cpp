#include <catch2/catch.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "providers/dialects/bedrock.hpp"
#include "providers/dialects/bedrock_converse/bedrock_converse.hpp"
#include "tests/support/answer_fold.hpp"

using namespace naru;
using namespace naru::dialects;

namespace {

failure read(int status, const std::vector<header>& headers, std::string_view body) {
  return bedrock_converse::upstream().read_failure(status, headers, body);
}
std::string json_message(const std::string& words) { return R"({"message":")" + words + "\"}"; }

failure in_stream(const std::string& name, const std::string& payload) {
  std::vector<event> events;
  bedrock_converse::upstream().make_stream_reader()->read(name, payload, events);
  REQUIRE(events.size() == 1);
  return std::get<answer_failed>(events[0]).failure;
}

}  // namespace

TEST_CASE("every error of the service has its class, as HTTP and in a stream", "[bedrock][failure]") {
  const std::vector<std::tuple<std::string, int, failure_class>> all{
      {"ValidationException", 400, failure_class::request},
      {"ServiceQuotaExceededException", 400, failure_class::account},
      {"ConflictException", 400, failure_class::request},
      {"AccessDeniedException", 403, failure_class::account},
      {"UnrecognizedClientException", 403, failure_class::account},
      {"InvalidSignatureException", 403, failure_class::account},
      {"ExpiredTokenException", 403, failure_class::account},
      {"ResourceNotFoundException", 404, failure_class::settings},
      {"ModelTimeoutException", 408, failure_class::transient},
      {"ModelErrorException", 424, failure_class::transient},
      {"ModelStreamErrorException", 424, failure_class::transient},
      {"ThrottlingException", 429, failure_class::limited},
      {"ModelNotReadyException", 429, failure_class::transient},
      {"InternalServerException", 500, failure_class::transient},
      {"ServiceUnavailableException", 503, failure_class::transient},
  };
  for (const auto& [type, status, cls] : all) {
    CAPTURE(type);
    const auto f = read(status, {{"x-amzn-errortype", type + ":http://internal.amazon.com/coral/com.amazon.bedrock/"}}, json_message("m"));
    CHECK(f.type == type);
    CHECK(f.cls == cls);
    CHECK(f.status == status);
    CHECK(f.message == "m");
    std::string small = type;
    small[0] = static_cast<char>(small[0] - 'A' + 'a');
    const auto inside = in_stream(small, json_message("m"));
    CHECK(inside.type == small);
    CHECK(inside.cls == cls);
    CHECK(inside.status == status);
    CHECK(inside.message == "m");
  }
}

TEST_CASE("the type of an error is found wherever it stands", "[bedrock][failure]") {
  CHECK(read(429, {{"x-amzn-errortype", "com.amazon.coral.availability#ThrottlingException"}}, "").type == "ThrottlingException");
  CHECK(read(400, {}, R"({"__type":"com.amazon.coral.validate#ValidationException","message":"m"})").type == "ValidationException");
  CHECK(read(403, {}, R"({"Message":"Authentication failed"})").message == "Authentication failed");
  CHECK(read(403, {}, R"({"Message":"Authentication failed"})").cls == failure_class::account);
  CHECK(in_stream("error", R"({"__type":"InternalFailure","message":"broke"})").type == "InternalFailure");
  CHECK(in_stream("error", R"({"__type":"InternalFailure","message":"broke"})").cls == failure_class::transient);
}

TEST_CASE("what a validation error means is read from its words", "[bedrock][failure]") {
  const std::vector<std::pair<std::string, failure_class>> sayings{
      {"Input is too long for requested model.", failure_class::too_small},
      {"The model returned the following errors: prompt is too long: 227255 tokens > 200000 maximum", failure_class::too_small},
      {"The model returned the following errors: input length and `max_tokens` exceed context limit: 1 + 2 > 2", failure_class::too_small},
      {"The provided model identifier is invalid.", failure_class::settings},
      {"Invocation of model ID anthropic.claude-opus-4-8 with on-demand throughput isn\\u2019t supported. Retry your request with the ID "
       "or "
       "ARN of an inference profile that contains this model.",
       failure_class::settings},
      {"Operation not allowed", failure_class::account},
      {"This request has been blocked by our content filters.", failure_class::content_policy},
      {"The maximum tokens you requested exceeds the model limit of 8192.", failure_class::request},
      {"Messages must alternate.", failure_class::request},
  };
  for (const auto& [words, cls] : sayings) {
    CAPTURE(words);
    CHECK(read(400, {{"x-amzn-errortype", "ValidationException"}}, json_message(words)).cls == cls);
    CHECK(in_stream("validationException", json_message(words)).cls == cls);
  }
  CHECK(read(503, {}, json_message("prompt is too long")).cls == failure_class::transient);
}

TEST_CASE("a failure without words still says something", "[bedrock][failure]") {
  for (const std::string body : {"", "<html>502</html>", "[]", "{", "{}", R"({"message":7})", "\xFF\xFE"}) {
    CAPTURE(body);
    CHECK(read(502, {}, body).message == "HTTP 502 without a readable error");
    CHECK(read(502, {}, body).cls == failure_class::transient);
    CHECK(in_stream("throttlingException", body).message == "throttlingException in the stream, without a word");
    CHECK(in_stream("brandNewException", body).cls == failure_class::transient);
  }
  CHECK(in_stream("modelStreamErrorException", R"({"originalStatusCode":500,"originalMessage":"worker lost"})").message == "worker lost");
}

TEST_CASE("waits and vetoes are read from the headers", "[bedrock][failure]") {
  CHECK(read(429, {{"retry-after", "2"}}, "").retry_after == std::chrono::milliseconds{2000});
  CHECK(read(403, {{"retry-after", "2"}}, "").retry_after == std::nullopt);
  CHECK(read(500, {{"x-should-retry", "false"}}, "").not_here_again);
}

TEST_CASE("model families are known by the id, whatever stands around it", "[bedrock]") {
  using enum bedrock::family;
  const std::vector<std::pair<std::string, bedrock::family>> ids{
      {"us.anthropic.claude-opus-4-8", claude},
      {"arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-sonnet-5", claude},
      {"amazon.nova-lite-v1:0", nova},
      {"global.amazon.nova-2-lite-v1:0", nova_2},
      {"amazon.nova-2-multimodal-embeddings-v1:0", nova_embed},
      {"amazon.titan-text-express-v1", titan_text},
      {"amazon.titan-embed-text-v1", titan_embed_v1},
      {"amazon.titan-embed-text-v2:0", titan_embed},
      {"openai.gpt-oss-120b-1:0", gpt_oss},
      {"cohere.embed-v4:0", cohere_embed},
      {"meta.llama3-3-70b-instruct-v1:0", other},
      {"arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", other},
      {"", other},
  };
  for (const auto& [id, family] : ids) {
    CAPTURE(id);
    CHECK(bedrock::family_of(id) == family);
  }
}

TEST_CASE("a model's id is one segment of the path", "[bedrock]") {
  CHECK(bedrock::model_path("amazon.nova-lite-v1:0", "converse") == "/model/amazon.nova-lite-v1%3A0/converse");
  CHECK(bedrock::model_path("arn:aws:bedrock:x:1:prompt/P1:2", "invoke") == "/model/arn%3Aaws%3Abedrock%3Ax%3A1%3Aprompt%2FP1%3A2/invoke");
  CHECK(bedrock::model_path("a b/../c?d#e%\r\n", "converse") == "/model/a%20b%2F..%2Fc%3Fd%23e%25%0D%0A/converse");
}

TEST_CASE("tool ids are spelled in the vendor's alphabet and stay apart", "[bedrock]") {
  CHECK(bedrock::tool_id("tooluse_a-1") == "tooluse_a-1");
  CHECK(bedrock::tool_id("call.1:x") == "call_2e1_3ax");
  const std::string one = bedrock::tool_id(std::string(100, 'a') + "1"), two = bedrock::tool_id(std::string(100, 'a') + "2");
  CHECK(one.size() == 64);
  CHECK(one != two);
  CHECK(bedrock::tool_id(std::string(64, 'a')) == std::string(64, 'a'));
}
