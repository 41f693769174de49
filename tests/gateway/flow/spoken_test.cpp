#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "gateway/flow/spoken.hpp"
#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "providers/dialects/openai_responses/openai_responses.hpp"

using namespace naru;

namespace {

/// A chat as a client of OpenAI's form sends it, with the body that it views.
struct held {
  json::document body;
  chat_request chat;
};

held read(const std::string& text) {
  auto doc = json::document::parse(text);
  REQUIRE(doc.has_value());
  held out{std::move(*doc), {}};
  auto chat = dialects::openai_chat::client().read_request(out.body);
  REQUIRE(chat.has_value());
  out.chat = std::move(*chat);
  out.chat.form = dialects::openai_chat::client().name();
  return out;
}

upstream::deployment deployment(const dialects::upstream_dialect& form, std::vector<std::string> constraints = {}) {
  upstream::deployment d;
  d.facts.id = "vendor/model";
  d.model = "model";
  d.forms = {&form};
  d.constraints = std::move(constraints);
  return d;
}

const std::string hello = R"("messages":[{"role":"user","content":"hello"}])";
const std::string tools = R"("tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}])";

}  // namespace

TEST_CASE("a deployment is asked in the client's own form, and in its second where that alone can carry the request", "[flow]") {
  upstream::deployment d = deployment(dialects::openai_chat::upstream(), {"chat_tools_require_responses_api"});
  d.also = &dialects::openai_responses::upstream();
  const auto sealed = upstream::sealed(std::move(d));
  const auto plain = flow::speak(*sealed, read("{\"model\":\"m\"," + hello + "}").chat);
  REQUIRE(plain.form != nullptr);
  CHECK(plain.form->name() == "openai_chat");
  CHECK_FALSE(plain.obstacle);
  const auto with_tools = flow::speak(*sealed, read("{\"model\":\"m\"," + hello + "," + tools + "}").chat);
  CHECK(with_tools.form->name() == "openai_responses");
  CHECK_FALSE(with_tools.obstacle);
}

TEST_CASE("a deployment has a form for what it is for alone", "[flow]") {
  const auto sealed = upstream::sealed(deployment(dialects::openai_chat::upstream()));
  held asked = read("{\"model\":\"m\"," + hello + "}");
  asked.chat.kind = request_kind::embedding;
  CHECK(flow::speak(*sealed, asked.chat).form == nullptr);
}

TEST_CASE("lenient translation leaves out what stands in the way, and no more", "[flow]") {
  const auto claude = upstream::sealed(deployment(dialects::anthropic_messages::upstream()));
  const held asked = read(R"({"model":"m","seed":7,"temperature":1.5,"max_tokens":20,"logit_bias":{"1":2},)" + hello + "}");
  const auto strict = flow::speak(*claude, asked.chat);
  REQUIRE(strict.obstacle);
  const auto less = flow::trim(*claude, asked.chat);
  REQUIRE(less);
  auto names = less->dropped;
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"logit_bias", "seed", "temperature"});
  CHECK(less->chat.max_output_tokens == 20);
  CHECK(less->chat.messages.size() == 1);
  CHECK_FALSE(flow::speak(*claude, less->chat).obstacle);
  CHECK(asked.chat.seed == 7);  // the request itself keeps them, for whoever can carry them
}

TEST_CASE("what would make it another request is not left out", "[flow]") {
  const auto claude = upstream::sealed(deployment(dialects::anthropic_messages::upstream()));
  CHECK_FALSE(flow::trim(*claude, read(R"({"model":"m","messages":[{"role":"assistant","content":"I begin"}]})").chat));
}
