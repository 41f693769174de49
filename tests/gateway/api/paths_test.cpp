#include <catch2/catch.hpp>
#include <string>

#include "gateway/api/paths.hpp"

using namespace naru::api;

TEST_CASE("an endpoint is found under each base URL that clients are given", "[api]") {
  for (const std::string prefix : {"", "/v1", "/openai/v1"}) {
    CAPTURE(prefix);
    CHECK(find_route(prefix + "/chat/completions").to == endpoint::request);
    CHECK(find_route(prefix + "/models").to == endpoint::models);
    CHECK(find_route(prefix + "/models/chat").to == endpoint::model);
    CHECK(find_route(prefix + "/models/chat").id == "chat");
  }
}

TEST_CASE("health is at the root alone", "[api]") {
  CHECK(find_route("/livez").to == endpoint::livez);
  CHECK(find_route("/readyz").to == endpoint::readyz);
  CHECK(find_route("/v1/livez").to == endpoint::none);
}

TEST_CASE("what only resembles a path is none", "[api]") {
  for (const char* path :
       {"", "/", "/v1", "/v1/", "/v1/model", "/v1/models/", "/v1/chat/completions/", "/v1//chat/completions", "/V1/models", "/v1/v1/models",
        "/v1chat/completions", "/openai/models", "/openai/v1chat/completions", "/v2/models", "/v1/chat%2Fcompletions", "/admin/config",
        "/v1/../admin/config", "/metrics", "/v1/chat/completions\n"}) {
    CAPTURE(path);
    CHECK(find_route(path).to == endpoint::none);
  }
}

TEST_CASE("a model's id may hold slashes and escapes", "[api]") {
  CHECK(find_route("/v1/models/openai/gpt-x").id == "openai/gpt-x");
  CHECK(find_route("/v1/models/openai%2Fgpt-x").id == "openai/gpt-x");
  CHECK(find_route("/v1/models/openai%2fgpt%3A7b").id == "openai/gpt:7b");
  CHECK(find_route("/v1/models/%ED%95%9C").id == "\xED\x95\x9C");
}

TEST_CASE("what is no escape stays as it is, and nothing is undone twice", "[api]") {
  CHECK(percent_decoded("") == "");
  CHECK(percent_decoded("100%") == "100%");
  CHECK(percent_decoded("%2") == "%2");
  CHECK(percent_decoded("%zz%4") == "%zz%4");
  CHECK(percent_decoded("%252F") == "%2F");
  CHECK(percent_decoded("%00").size() == 1);
  CHECK(percent_decoded("a%2Fb%") == "a/b%");
}

TEST_CASE("each endpoint takes its own methods", "[api]") {
  CHECK(is_allowed(endpoint::request, "POST"));
  CHECK_FALSE(is_allowed(endpoint::request, "GET"));
  CHECK_FALSE(is_allowed(endpoint::request, "post"));
  CHECK(allowed_methods(endpoint::request) == "POST");
  for (const auto e : {endpoint::models, endpoint::model, endpoint::livez, endpoint::readyz}) {
    CHECK(is_allowed(e, "GET"));
    CHECK(is_allowed(e, "HEAD"));
    CHECK_FALSE(is_allowed(e, "POST"));
    CHECK_FALSE(is_allowed(e, "OPTIONS"));
    CHECK(allowed_methods(e) == "GET, HEAD");
  }
}

TEST_CASE("a base URL that was pasted with its path works all the same", "[api]") {
  CHECK(find_route("/v1/chat/completions/chat/completions").to == endpoint::request);
  CHECK(find_route("/v1/chat/completions/models").to == endpoint::models);
  CHECK(find_route("/v1/chat/completions/models/gpt-x").id == "gpt-x");
  CHECK(find_route("/v1/chat/completions/chat").to == endpoint::none);
}

TEST_CASE("each dialect has its paths", "[api]") {
  struct row {
    const char* path;
    const char* dialect;
    const char* api;
  };
  for (const row& r :
       {row{"/v1/messages", "anthropic_messages", "messages"}, row{"/anthropic/v1/messages", "anthropic_messages", "messages"},
        row{"/v1/messages/count_tokens", "anthropic_messages", "count_tokens"}, row{"/v1/responses", "openai_responses", "responses"},
        row{"/openai/v1/responses", "openai_responses", "responses"}, row{"/v1/completions", "openai_completions", "completions"},
        row{"/v1/embeddings", "openai_embeddings", "embeddings"}, row{"/v1/images/generations", "openai_images", "images"}}) {
    CAPTURE(r.path);
    const auto found = find_route(r.path);
    CHECK(found.to == endpoint::request);
    CHECK(found.dialect->name() == r.dialect);
    CHECK(found.api == r.api);
    CHECK(found.id.empty());
  }
}

TEST_CASE("Gemini's paths name the model and what is wanted of it", "[api]") {
  const auto whole = find_route("/v1beta/models/gemini-x:generateContent");
  CHECK(whole.to == endpoint::request);
  CHECK(whole.dialect->name() == "gemini");
  CHECK(whole.id == "gemini-x");
  CHECK_FALSE(whole.stream);
  CHECK(find_route("/v1beta/models/openai%2Fgpt-x:streamGenerateContent").stream);
  CHECK(find_route("/v1beta/models/openai%2Fgpt-x:streamGenerateContent").id == "openai/gpt-x");
  CHECK(find_route("/v1beta/models/farm/qwen3:8b:generateContent").id == "farm/qwen3:8b");
  CHECK(find_route("/v1beta/models/gemini-x:countTokens").api == "count_tokens");
  CHECK(find_route("/v1beta/models/gemini-x:batchEmbedContents").api == "embeddings");
  CHECK(find_route("/v1beta/models").to == endpoint::gemini_models);
  CHECK(find_route("/v1beta/models/chat").to == endpoint::gemini_model);
  CHECK(find_route("/v1beta/models/chat").dialect->name() == "gemini");
  CHECK(find_route("/v1beta/models/:generateContent").to != endpoint::request);
}
