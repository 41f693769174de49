#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/json/document.hpp"
#include "gateway/api/models_list.hpp"
#include "gateway/flow/steps.hpp"
#include "tests/gateway/flow/snapshots.hpp"

using namespace naru;
using flow::test::snapshot_builder;

namespace {

constexpr std::uint64_t created = 1'767'225'600;  // 2026-01-01

/// chat (alias gpt-4) at openai/gpt-x and local/small; openai/gpt-y can be asked for directly; azure is off.
std::shared_ptr<const flow::snapshot> house() {
  return snapshot_builder()
      .provider("azure", "AZURE_KEY is not set")
      .model("chat", {"openai/gpt-x", "local/small"}, {"gpt-4"})
      .direct("openai/gpt-y")
      .direct("azure/gpt-z")
      .build();
}

flow::caller caller_for(std::vector<std::string> models) {
  flow::caller c;
  c.name = "web";
  c.models = std::move(models);
  return c;
}

json::document parse(const std::string& text) {
  auto document = json::document::parse(text);
  INFO(text);
  REQUIRE(document.has_value());
  return std::move(*document);
}

std::vector<std::string> ids(const std::string& text) {
  const auto document = parse(text);
  std::vector<std::string> out;
  const json::array data = *json::get_array(document.root().get_object(), "data");
  for (const json::value v : data) out.emplace_back(*json::get_string(v.get_object(), "id"));
  return out;
}

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("the list of models has what both vendors' SDKs read", "[api][models]") {
  const auto document = parse(api::list_models(*house(), nullptr, created, api::reader_of_models::sdk));
  const json::object o = document.root().get_object();
  CHECK(json::get_string(o, "object") == "list");
  CHECK_FALSE(o["has_more"].get_bool().value());
  CHECK(json::get_string(o, "first_id") == "chat");
  const auto data = *json::get_array(o, "data");
  REQUIRE(data.size() > 0);
  const json::object first = data.at(0).get_object();
  CHECK(json::get_string(first, "id") == "chat");
  CHECK(json::get_string(first, "object") == "model");
  CHECK(json::get_uint(first, "created") == created);
  CHECK(json::get_string(first, "owned_by") == "naru");
  CHECK(json::get_string(first, "type") == "model");
  CHECK(json::get_string(first, "display_name") == "chat");
  CHECK(json::get_string(first, "created_at") == "2026-01-01T00:00:00Z");
  const json::object last = data.at(data.size() - 1).get_object();
  CHECK(json::get_string(o, "last_id") == json::get_string(last, "id"));
  CHECK(json::get_string(last, "owned_by") == "openai");
}

TEST_CASE("models and aliases come first, then what can be asked for directly and is on", "[api][models]") {
  CHECK(ids(api::list_models(*house(), nullptr, created, api::reader_of_models::sdk)) ==
        names{"chat", "gpt-4", "local/small", "openai/gpt-x", "openai/gpt-y"});
}

TEST_CASE("a caller sees what it may ask for, and nothing else", "[api][models]") {
  const auto s = house();
  auto everything = caller_for({});
  CHECK(ids(api::list_models(*s, &everything, created, api::reader_of_models::sdk)).size() == 5);
  auto one = caller_for({"openai/gpt-y"});
  CHECK(ids(api::list_models(*s, &one, created, api::reader_of_models::sdk)) == names{"openai/gpt-y"});
  auto by_name = caller_for({"chat"});
  CHECK(ids(api::list_models(*s, &by_name, created, api::reader_of_models::sdk)) ==
        names{"chat", "gpt-4"});  // an alias of what is allowed is allowed
  auto by_alias = caller_for({"gpt-4"});
  CHECK(ids(api::list_models(*s, &by_alias, created, api::reader_of_models::sdk)) == names{"gpt-4"});
}

TEST_CASE("a caller without any model gets a list without ends", "[api][models]") {
  const auto s = house();
  auto none = caller_for({"gone"});
  const auto document = parse(api::list_models(*s, &none, created, api::reader_of_models::sdk));
  const json::object o = document.root().get_object();
  CHECK(json::get_array(o, "data")->size() == 0);
  CHECK(json::is_null(o["first_id"].value()));
  CHECK(json::is_null(o["last_id"].value()));
}

TEST_CASE("the list and the answers about one model agree", "[api][models]") {
  const auto s = house();
  const std::vector<flow::caller> callers{caller_for({}), caller_for({"chat"}), caller_for({"gpt-4"}),
                                          caller_for({"openai/gpt-y", "local/small"}), caller_for({"gone"})};
  for (const auto& who : callers) {
    const auto listed = ids(api::list_models(*s, &who, created, api::reader_of_models::sdk));
    for (const std::string name : {"chat", "gpt-4", "local/small", "openai/gpt-x", "openai/gpt-y", "azure/gpt-z", "gone", ""}) {
      CAPTURE(name);
      const auto shown = api::show_model(*s, &who, name, created, api::reader_of_models::sdk);
      CHECK(shown.has_value() == (std::count(listed.begin(), listed.end(), name) == 1));
      if (shown) CHECK(json::get_string(parse(*shown).root().get_object(), "id") == name);
      // And what is listed can be asked for.
      if (shown) CHECK(flow::find_allowed_model(*s, &who, name).has_value());
    }
  }
}

TEST_CASE("Codex finds its own list beside the usual one, and Google's SDK finds Gemini's", "[api]") {
  const auto codex = parse(api::list_models(*house(), nullptr, created, api::reader_of_models::codex));
  CHECK(json::get_array(codex.root().get_object(), "models")->size() == 0);
  CHECK(json::get_array(codex.root().get_object(), "data")->size() == 5);
  const auto gemini = parse(api::list_models(*house(), nullptr, created, api::reader_of_models::gemini));
  const auto models = json::get_array(gemini.root().get_object(), "models");
  REQUIRE(models);
  CHECK(models->size() == 5);
  CHECK(json::get_string(models->at(0).get_object(), "name") == "models/chat");
  const auto one = api::show_model(*house(), nullptr, "gpt-4", created, api::reader_of_models::gemini);
  REQUIRE(one);
  CHECK(one->find(R"("name":"models/gpt-4")") != std::string::npos);
}
