#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <string>

#include "providers/dialects/registry.hpp"
#include "providers/vendors/vendor.hpp"

using namespace naru::vendors;

TEST_CASE("the vendors are found by name", "[vendors]") {
  for (const auto* name : {"openai",     "anthropic",   "google",    "azure",    "bedrock", "vertex",     "naver", "kakao", "kogpt",
                           "meta",       "huggingface", "stability", "mistral",  "cohere",  "deepseek",   "xai",   "groq",  "together",
                           "openrouter", "ollama",      "vllm",      "llamacpp", "tgi",     "compatible", "local"}) {
    INFO(name);
    REQUIRE(find_vendor(name) != nullptr);
    CHECK(find_vendor(name)->name == name);
  }
  CHECK(find_vendor("nobody") == nullptr);
  CHECK(find_vendor("") == nullptr);
}

TEST_CASE("every wire form that a vendor names exists", "[vendors]") {
  using naru::request_kind;
  for (const auto& v : all_vendors()) {
    INFO(v.name);
    CHECK(naru::dialects::find_upstream(v.dialect) != nullptr);
    for (const auto form : {v.also, v.embeddings, v.images}) CHECK((form.empty() || naru::dialects::find_upstream(form) != nullptr));
  }
}

TEST_CASE("an address means what it means in the vendor's own SDK", "[vendors]") {
  CHECK(find_vendor("openai")->base_url == "https://api.openai.com/v1");
  CHECK(find_vendor("anthropic")->base_url == "https://api.anthropic.com");
  CHECK(find_vendor("google")->base_url == "https://generativelanguage.googleapis.com");
  CHECK(find_vendor("compatible")->base_url.empty());
  for (const auto& v : all_vendors()) {
    INFO(v.name);
    CHECK((v.base_url.empty() || v.base_url.starts_with("https://") || v.base_url.starts_with("http://localhost:")));
    CHECK_FALSE(v.base_url.ends_with('/'));
    CHECK_FALSE(v.clearance_note.empty());
    if (v.name != "kogpt") CHECK((!v.key_required || !v.key_variables.empty()));  // historical: its key is in the settings or nowhere
  }
}

TEST_CASE("Bedrock's address has the account's region, and its models' forms their own", "[vendors]") {
  const vendor& bedrock = *find_vendor("bedrock");
  CHECK(address_of(bedrock, {.resource = {}, .region = "ap-northeast-2", .project = {}, .api_version = {}}) ==
        "https://bedrock-runtime.ap-northeast-2.amazonaws.com");
  const auto nowhere = address_of(bedrock, {});
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().field == "region");
  CHECK(dialect_of(bedrock, "us.anthropic.claude-opus-4-8", naru::request_kind::chat) == "bedrock_converse");
  CHECK(dialect_of(bedrock, "amazon.titan-embed-text-v2:0", naru::request_kind::embedding) == "bedrock_embed");
  CHECK(dialect_of(bedrock, "amazon.nova-canvas-v1:0", naru::request_kind::image).empty());
  CHECK(auth_header(bedrock.auth, "key") == std::nullopt);  // signed, call by call; a Bedrock API key is a bearer's
}

TEST_CASE("a key travels in the vendor's own header", "[vendors]") {
  CHECK(auth_header(auth_style::bearer, "k") == std::pair{std::string{"authorization"}, std::string{"Bearer k"}});
  CHECK(auth_header(auth_style::x_api_key, "k") == std::pair{std::string{"x-api-key"}, std::string{"k"}});
  CHECK(auth_header(auth_style::x_goog_api_key, "k") == std::pair{std::string{"x-goog-api-key"}, std::string{"k"}});
  CHECK(auth_header(auth_style::kakao_ak, "k") == std::pair{std::string{"authorization"}, std::string{"KakaoAK k"}});
  CHECK(auth_header(auth_style::none, "k") == std::nullopt);
  CHECK(auth_header(auth_style::bearer, "") == std::nullopt);
}

TEST_CASE("each vendor has its folder with a README that dates its facts", "[vendors]") {
  for (const auto& v : all_vendors()) {
    const auto folder = std::filesystem::path{NARU_SOURCE_DIR} / "providers/vendors" / std::string{v.name};
    INFO(folder);
    CHECK(std::filesystem::exists(folder / "README.md"));
  }
}

TEST_CASE("an address with an account in it wants that account", "[vendors]") {
  const vendor& azure = *find_vendor("azure");
  CHECK(address_of(azure, {.resource = "acme-kc"}) == "https://acme-kc.openai.azure.com");
  const auto missing = address_of(azure, {});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().field == "resource");
  CHECK(address_of(*find_vendor("openai"), {}) == "https://api.openai.com/v1");
}

TEST_CASE("Azure's two families of paths", "[vendors]") {
  const vendor& azure = *find_vendor("azure");
  const naru::dialects::target target{.model = "gpt four/kc", .constraints = {}, .max_output = {}};
  const auto path = [&](std::string_view written, std::string_view version) {
    naru::dialects::wire_request r{.path = std::string(written), .headers = {}, .body = {}, .spliced = {}};
    const account a{.resource = "acme", .region = {}, .project = {}, .api_version = version};
    azure.shape(r, {.target = target, .account = a});
    return r.path;
  };
  CHECK(path("/chat/completions", "") == "/openai/v1/chat/completions");
  CHECK(path("/chat/completions", "2024-10-21") == "/openai/deployments/gpt%20four%2Fkc/chat/completions?api-version=2024-10-21");
  CHECK(path("/responses", "2025-04-01-preview") == "/openai/responses?api-version=2025-04-01-preview");
}
