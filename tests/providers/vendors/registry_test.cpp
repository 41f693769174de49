#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <string>

#include "providers/vendors/vendor.hpp"

using namespace naru::vendors;

TEST_CASE("the vendors that work are found by name", "[vendors]") {
  for (const auto* name : {"openai", "anthropic", "google", "bedrock", "compatible", "local"}) {
    INFO(name);
    REQUIRE(find_vendor(name) != nullptr);
    CHECK(find_vendor(name)->name == name);
    CHECK_FALSE(is_planned(name));
  }
  CHECK(find_vendor("azure") == nullptr);
  CHECK(find_vendor("") == nullptr);
  CHECK(all_vendors().size() == 6);
}

TEST_CASE("a planned vendor is told apart from a misspelled one", "[vendors]") {
  for (const auto* name : {"azure", "naver", "kakao", "meta", "huggingface", "stability", "mistral", "cohere", "deepseek", "xai", "groq",
                           "together", "openrouter", "ollama", "vllm"}) {
    CHECK(is_planned(name));
  }
  CHECK(planned_vendors().size() == 15);
  CHECK_FALSE(is_planned("opnai"));
  CHECK_FALSE(meanwhile("groq").empty());
  CHECK(meanwhile("stability").empty());
  for (const auto name : planned_vendors()) {
    const auto text = meanwhile(name);
    if (!text.empty()) CHECK(text.find("base_url: http") != std::string_view::npos);
  }
}

TEST_CASE("an address means what it means in the vendor's own SDK", "[vendors]") {
  CHECK(find_vendor("openai")->base_url == "https://api.openai.com/v1");
  CHECK(find_vendor("anthropic")->base_url == "https://api.anthropic.com");
  CHECK(find_vendor("google")->base_url == "https://generativelanguage.googleapis.com");
  CHECK(find_vendor("compatible")->base_url.empty());
  for (const auto& v : all_vendors()) {
    INFO(v.name);
    CHECK((v.base_url.empty() || v.base_url.starts_with("https://")));
    CHECK_FALSE(v.base_url.ends_with('/'));
    CHECK_FALSE(v.clearance_note.empty());
    CHECK((!v.key_required || !v.key_variables.empty()));
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
