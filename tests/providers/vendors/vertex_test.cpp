#include <catch2/catch.hpp>

#include <string>

#include "core/json/document.hpp"
#include "core/json/writer.hpp"
#include "providers/vendors/vendor.hpp"
#include "tests/support/canonical_json.hpp"

using namespace naru;
using namespace naru::vendors;
using naru::test::canonical;

namespace {

const account seoul{.resource = {}, .region = "asia-northeast3", .project = "my-project", .api_version = {}};
const std::string place_of_google = "/v1/projects/my-project/locations/asia-northeast3/publishers/google/models/";
const std::string place_of_anthropic = "/v1/projects/my-project/locations/asia-northeast3/publishers/anthropic/models/";

dialects::wire_request shaped(dialects::wire_request r, std::string_view model, request_kind kind = request_kind::chat,
                              bool stream = false) {
  const vendor* v = find_vendor("vertex");
  REQUIRE(v != nullptr);
  REQUIRE(v->shape != nullptr);
  const dialects::target t{.model = model, .constraints = {}, .max_output = std::nullopt};
  v->shape(r, {.target = t, .account = seoul, .kind = kind, .stream = stream});
  return r;
}
dialects::wire_request request(std::string path, std::string body) {
  return {.path = std::move(path),
          .headers = {{"anthropic-version", "2023-06-01"}, {"anthropic-beta", "b"}},
          .body = std::move(body),
          .spliced = {}};
}
std::string address(std::string_view region, std::string_view project = "p") {
  const auto a = address_of(*find_vendor("vertex"), {.resource = {}, .region = region, .project = project, .api_version = {}});
  return a ? *a : "wants " + a.error().field;
}

}  // namespace

TEST_CASE("Vertex AI's host follows the region", "[vendors][vertex]") {
  CHECK(address("us-central1") == "https://us-central1-aiplatform.googleapis.com");
  CHECK(address("global") == "https://aiplatform.googleapis.com");
  CHECK(address("eu") == "https://aiplatform.eu.rep.googleapis.com");
  CHECK(address("us") == "https://aiplatform.us.rep.googleapis.com");
  CHECK(address("") == "wants region");
  CHECK(address("global", "") == "wants project");
  // Nobody else's address is touched.
  CHECK(address_of(*find_vendor("google"), {.resource = {}, .region = "global", .project = {}, .api_version = {}}) ==
        "https://generativelanguage.googleapis.com");
}

TEST_CASE("Vertex AI asks Claude in Anthropic's form and all others in Google's", "[vendors][vertex]") {
  const vendor& v = *find_vendor("vertex");
  CHECK(dialect_of(v, "gemini-3.8-flash", request_kind::chat) == "gemini");
  CHECK(dialect_of(v, "claude-sonnet-4-5@20250929", request_kind::chat) == "anthropic_messages");
  CHECK(dialect_of(v, "claude-sonnet-4-5@20250929", request_kind::token_count) == "anthropic_messages");
  CHECK(dialect_of(v, "gemini-embedding-001", request_kind::embedding) == "gemini_embed");
  CHECK(v.auth == auth_style::google_oauth);
}

TEST_CASE("Google's models stand in the path of the project", "[vendors][vertex]") {
  CHECK(shaped(request("/v1beta/models/gemini-x:generateContent", "{}"), "gemini-x").path == place_of_google + "gemini-x:generateContent");
  CHECK(shaped(request("/v1beta/models/gemini-x:streamGenerateContent?alt=sse", "{}"), "gemini-x", request_kind::chat, true).path ==
        place_of_google + "gemini-x:streamGenerateContent?alt=sse");
}

TEST_CASE("a count is asked of Vertex AI without the request around it", "[vendors][vertex]") {
  const auto r =
      shaped(request("/v1beta/models/gemini-x:countTokens", R"({"generateContentRequest":{"model":"models/gemini-x","contents":[1]}})"),
             "gemini-x", request_kind::token_count);
  CHECK(r.path == place_of_google + "gemini-x:countTokens");
  CHECK(canonical(r.body) == canonical(R"({"contents":[1]})"));
  CHECK(canonical(
            shaped(request("/v1beta/models/gemini-x:countTokens", R"({"contents":[1]})"), "gemini-x", request_kind::token_count).body) ==
        canonical(R"({"contents":[1]})"));
}

TEST_CASE("Claude's model leaves the body for the path, and the version enters it", "[vendors][vertex]") {
  const std::string body = R"({"model":"claude-x@1","stream":true,"messages":[]})";
  const auto r = shaped(request("/v1/messages", body), "claude-x@1", request_kind::chat, true);
  CHECK(r.path == place_of_anthropic + "claude-x@1:streamRawPredict");
  CHECK(canonical(r.body) == canonical(R"({"anthropic_version":"vertex-2023-10-16","stream":true,"messages":[]})"));
  REQUIRE(r.headers.size() == 1);
  CHECK(r.headers[0].first == "anthropic-beta");
  CHECK(shaped(request("/v1/messages", body), "claude-x@1").path == place_of_anthropic + "claude-x@1:rawPredict");
  const auto count =
      shaped(request("/v1/messages/count_tokens", R"({"model":"a","messages":[]})"), "claude-x@1", request_kind::token_count);
  CHECK(count.path == place_of_anthropic + "count-tokens:rawPredict");
  CHECK(canonical(count.body) == canonical(R"({"anthropic_version":"vertex-2023-10-16","model":"claude-x@1","messages":[]})"));
}

TEST_CASE("a body that was spliced as views is shaped as well", "[vendors][vertex]") {
  const std::string text = R"({"model":"a","messages":[]})";
  dialects::wire_request r = request("/v1/messages", {});
  r.spliced.views = {std::string_view{text}.substr(0, 5), std::string_view{text}.substr(5)};
  const auto done = shaped(std::move(r), "claude-x@1");
  CHECK(done.spliced.views.empty());
  CHECK(canonical(done.text()) == canonical(R"({"anthropic_version":"vertex-2023-10-16","messages":[]})"));
}

TEST_CASE("texts to vectors are instances of a prediction", "[vendors][vertex]") {
  const auto r = shaped(request("/v1beta/models/gemini-embedding-001:batchEmbedContents",
                                R"({"requests":[{"model":"models/m","content":{"parts":[{"text":"a"},{"text":"b"}]},"taskType":"CLUSTERING",
                                     "outputDimensionality":256},{"content":{"parts":[{"text":"c"}]},"title":"T"}]})"),
                        "gemini-embedding-001", request_kind::embedding);
  CHECK(r.path == place_of_google + "gemini-embedding-001:predict");
  CHECK(canonical(r.body) == canonical(R"({"instances":[{"content":"ab","task_type":"CLUSTERING"},{"content":"c","title":"T"}],
                                           "parameters":{"outputDimensionality":256}})"));
  const auto one = shaped(request("/v1beta/models/m:embedContent", R"({"content":{"parts":[{"text":"a"}]},"task_type":"CLUSTERING"})"), "m",
                          request_kind::embedding);
  CHECK(canonical(one.body) == canonical(R"({"instances":[{"content":"a","task_type":"CLUSTERING"}]})"));
}
