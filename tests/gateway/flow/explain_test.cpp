#include <catch2/catch.hpp>
#include <string>

#include "core/json/document.hpp"
#include "gateway/flow/explain.hpp"
#include "gateway/flow/steps.hpp"
#include "tests/gateway/flow/snapshots.hpp"

using namespace naru;
using flow::test::snapshot_builder;

namespace {

constexpr std::string_view hello = R"({"model":"chat","messages":[{"role":"user","content":"hello"}]})";

std::shared_ptr<const flow::snapshot> house() {
  return snapshot_builder()
      .provider("azure", "AZURE_KEY is not set")
      .clearance("openai/gpt-x", 1)
      .clearance("local/small", 3)
      .clearance("azure/gpt-z", 3)
      .model("chat", {"openai/gpt-x", "azure/gpt-z", "local/small"})
      .build();
}

flow::explanation explained(const flow::snapshot& s, flow::explain_input in) {
  in.now = steady_time{std::chrono::hours{1}};
  in.wall_now = wall_time{std::chrono::hours{500'000}};
  auto e = flow::explain(s, in, dialects::openai_chat::client());
  if (!e) FAIL(e.error().message);
  return std::move(*e);
}

}  // namespace

TEST_CASE("explain says where a request would go and why not elsewhere", "[flow][explain]") {
  const auto s = house();
  const auto e = explained(*s, {.body = hello, .label_header = {}, .who = nullptr, .headers = {}, .seed = 0, .now = {}, .wall_now = {}});
  CHECK(e.model == "chat");
  CHECK(e.label == "internal");
  CHECK(e.label_set_by == "default");
  REQUIRE(e.candidates.size() == 3);
  CHECK(e.candidates[0].deployment == "openai/gpt-x");
  CHECK(e.candidates[0].allowed);
  CHECK(e.candidates[0].position == 1);
  CHECK_FALSE(e.candidates[1].allowed);
  CHECK(e.candidates[1].verdict == "off");
  CHECK(e.candidates[1].why.find("AZURE_KEY is not set") != std::string::npos);
  CHECK(e.candidates[2].position == 2);
  CHECK_FALSE(e.refusal);
}

TEST_CASE("a label keeps out whatever is not cleared for it", "[flow][explain]") {
  const auto s = house();
  const auto e =
      explained(*s, {.body = hello, .label_header = "restricted", .who = nullptr, .headers = {}, .seed = 0, .now = {}, .wall_now = {}});
  CHECK(e.label == "restricted");
  CHECK(e.label_set_by == "header");
  CHECK(e.candidates[0].verdict == "not_cleared");
  CHECK(e.candidates[2].position == 1);
}

TEST_CASE("explain and serve make the same plan", "[flow][explain]") {
  const auto s = house();
  const auto document = json::document::parse(hello);
  REQUIRE(document.has_value());
  const auto chat = dialects::openai_chat::client().read_request(*document);
  REQUIRE(chat.has_value());
  const auto m = flow::find_allowed_model(*s, nullptr, "chat");
  REQUIRE(m.has_value());
  for (const std::string_view header : {"", "public", "confidential", "no such label"}) {
    CAPTURE(header);
    const auto judged = flow::judge(*s, nullptr, **m, header, document->root());
    const auto choice = flow::choose(*s, {.chat = *chat,
                                          .asked = *m,
                                          .who = nullptr,
                                          .headers = {},
                                          .label = judged.label,
                                          .seed = 0,
                                          .now = steady_time{std::chrono::hours{1}},
                                          .wall_now = wall_time{std::chrono::hours{500'000}}});
    const auto e =
        explained(*s, {.body = hello, .label_header = header, .who = nullptr, .headers = {}, .seed = 0, .now = {}, .wall_now = {}});
    CHECK(e.label == s->labels.name(judged.label));
    for (std::size_t i = 0; i < choice.plan.order.size(); ++i) CHECK(e.candidates[choice.plan.order[i]].position == i + 1);
    CHECK(e.refusal.has_value() == choice.plan.order.empty());
  }
}

TEST_CASE("an explanation is JSON for programs and a table for people, both without the request's text", "[flow][explain]") {
  const auto s = house();
  const auto body = R"({"model":"chat","messages":[{"role":"user","content":"my-very-own-words"}]})";
  const auto e = explained(*s, {.body = body, .label_header = {}, .who = nullptr, .headers = {}, .seed = 0, .now = {}, .wall_now = {}});
  const std::string text = flow::to_text(e, s->labels), as_json = flow::to_json(e, s->labels);
  const auto document = json::document::parse(as_json);
  REQUIRE(document.has_value());
  const json::object o = document->root().get_object();
  CHECK(json::get_string(o, "model") == "chat");
  CHECK(json::get_string(*json::get_object(o, "label"), "value") == "internal");
  CHECK(json::get_array(o, "candidates")->size() == 3);
  CHECK(json::is_null(o["refusal"].value()));
  for (const std::string& out : {text, as_json}) {
    CHECK(out.find("openai/gpt-x") != std::string::npos);
    CHECK(out.find("my-very-own-words") == std::string::npos);
  }
}

TEST_CASE("a request that would be refused is explained with its status", "[flow][explain]") {
  const auto s = snapshot_builder().clearance("openai/gpt-x", 0).model("chat", {"openai/gpt-x"}).build();
  const auto e = explained(*s, {.body = hello, .label_header = {}, .who = nullptr, .headers = {}, .seed = 0, .now = {}, .wall_now = {}});
  REQUIRE(e.refusal);
  CHECK(e.refusal->code == error_code::nothing_cleared);
  const auto document = json::document::parse(flow::to_json(e, s->labels));
  REQUIRE(document.has_value());
  CHECK(json::get_uint(*json::get_object(document->root().get_object(), "refusal"), "status") == 503);
  CHECK(flow::to_text(e, s->labels).find("refused with 503") != std::string::npos);
}

TEST_CASE("a caller's own label and list hold in an explanation too", "[flow][explain]") {
  const auto s = house();
  auto who = std::make_shared<flow::caller>();
  who->base = label{2};
  auto e = explained(*s, {.body = hello, .label_header = {}, .who = who, .headers = {}, .seed = 0, .now = {}, .wall_now = {}});
  CHECK(e.label == "confidential");
  CHECK(e.label_set_by == "key");
  who->models = {"other"};
  const auto refused =
      flow::explain(*s, {.body = hello, .label_header = {}, .who = who, .headers = {}, .seed = 0, .now = {}, .wall_now = {}},
                    dialects::openai_chat::client());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == error_code::forbidden);
}

TEST_CASE("what cannot be read is refused as serve would", "[flow][explain]") {
  const auto s = house();
  for (const std::string_view body :
       {"", "{", "[]", R"({"model":"gone","messages":[{"role":"user","content":"x"}]})", R"({"model":"chat"})"}) {
    CAPTURE(body);
    CHECK_FALSE(flow::explain(*s, {.body = body, .label_header = {}, .who = nullptr, .headers = {}, .seed = 0, .now = {}, .wall_now = {}},
                              dialects::openai_chat::client())
                    .has_value());
  }
}
