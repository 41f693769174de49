#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <string>

#include "providers/dialects/registry.hpp"
#include "providers/vendors/vendor.hpp"

using namespace naru::vendors;

TEST_CASE("the vendors that work are found by name", "[vendors]") {
  for (const auto* name : {"openai", "anthropic", "google", "cohere", "naver", "kakao", "kogpt", "stability", "huggingface", "tgi",
                           "ollama", "compatible", "local"}) {
    INFO(name);
    REQUIRE(find_vendor(name) != nullptr);
    CHECK(find_vendor(name)->name == name);
    CHECK_FALSE(is_planned(name));
  }
  CHECK(find_vendor("bedrock") == nullptr);
  CHECK(find_vendor("") == nullptr);
  CHECK(all_vendors().size() == 13);
}

TEST_CASE("a planned vendor is told apart from a misspelled one", "[vendors]") {
  for (const auto* name : {"azure", "bedrock", "meta", "mistral", "deepseek", "xai", "groq", "together", "openrouter", "vllm"}) {
    CHECK(is_planned(name));
  }
  CHECK(planned_vendors().size() == 10);
  CHECK_FALSE(is_planned("opnai"));
  CHECK_FALSE(meanwhile("groq").empty());
  CHECK(meanwhile("bedrock").empty());
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
    const bool on_this_machine = v.base_url.starts_with("http://localhost:");
    CHECK((v.base_url.empty() || v.base_url.starts_with("https://") || on_this_machine));
    // A server on this machine is in use when the settings say so, and never because of a variable.
    if (on_this_machine) CHECK((!v.key_required && v.key_variables.empty()));
    CHECK_FALSE(v.base_url.ends_with('/'));
    CHECK_FALSE(v.clearance_note.empty());
    if (v.name != "kogpt") CHECK((!v.key_required || !v.key_variables.empty()));  // historical: its key is in the settings or nowhere
  }
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

TEST_CASE("each kind of request has its vendor's own form", "[vendors]") {
  using naru::request_kind;
  const auto form = [](std::string_view vendor, request_kind kind) { return dialect_of(*find_vendor(vendor), "m", kind); };
  CHECK(form("cohere", request_kind::chat) == "cohere_chat");
  CHECK(form("cohere", request_kind::embedding) == "cohere_embed");
  CHECK(form("cohere", request_kind::image).empty());
  CHECK(form("naver", request_kind::chat) == "clova");
  CHECK(form("naver", request_kind::embedding) == "clova_embed");
  CHECK(form("kakao", request_kind::embedding) == "openai_embeddings");
  CHECK(form("stability", request_kind::image) == "stability");
  CHECK(form("huggingface", request_kind::embedding) == "hf_feature_extraction");
  CHECK(form("ollama", request_kind::chat) == "ollama_chat");
  CHECK(form("openai", request_kind::embedding) == "openai_embeddings");
  CHECK(form("openai", request_kind::image) == "openai_images");
  CHECK(form("compatible", request_kind::embedding) == "openai_embeddings");
}

TEST_CASE("every form that a vendor names exists", "[vendors]") {
  for (const auto& v : all_vendors()) {
    for (const auto name : {v.dialect, v.also, v.embeddings, v.images}) {
      INFO(v.name << ' ' << name);
      CHECK((name.empty() || naru::dialects::find_upstream(name) != nullptr));
    }
  }
}

TEST_CASE("Hugging Face's chats live below /v1, its embeddings beside it", "[vendors]") {
  const auto* v = find_vendor("huggingface");
  REQUIRE(v->shape != nullptr);
  const naru::dialects::target to{"org/name", {}, std::nullopt};
  const account none;
  const auto shaped = [&](std::string path) {
    naru::dialects::wire_request w;
    w.path = std::move(path);
    v->shape(w, {to, none});
    return w.path;
  };
  CHECK(shaped("/chat/completions") == "/v1/chat/completions");
  CHECK(shaped("/hf-inference/models/a/b/pipeline/feature-extraction") == "/hf-inference/models/a/b/pipeline/feature-extraction");
}
