#include <catch2/catch.hpp>

#include "core/json/writer.hpp"
#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/bedrock_anthropic/bedrock_anthropic.hpp"
#include "providers/dialects/bedrock_anthropic/envelope.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::bedrock_anthropic::upstream(); }
constexpr std::string_view model = "us.anthropic.claude-opus-4-8-v1:0";
dialects::target claude() { return {model, {}, 64000}; }

std::string field_of(const std::string& body, std::string_view key) {
  const auto doc = json::document::parse(body);
  REQUIRE(doc);
  const auto v = json::find(doc->root().get_object().value_unsafe(), key);
  return v ? json::to_text(*v) : std::string{};
}

}  // namespace

TEST_CASE("what Anthropic's form writes is put into Bedrock's envelope", "[bedrock_anthropic][request]") {
  auto r = chat({says(role::system, "S"), user("Hi")});
  r.temperature = 0.5;
  r.stream = true;
  const auto inner = dialects::anthropic_messages::upstream().write_request(r, claude());
  const auto w = form().write_request(r, claude());
  REQUIRE(inner);
  REQUIRE(w);
  CHECK(w->path == "/model/us.anthropic.claude-opus-4-8-v1%3A0/invoke-with-response-stream");
  CHECK(w->headers.empty());
  CHECK(field_of(w->text(), "anthropic_version") == R"("bedrock-2023-05-31")");
  for (const std::string_view key : {"model", "stream", "anthropic_beta"}) CHECK(field_of(w->text(), key).empty());
  for (const std::string_view key : {"messages", "system", "max_tokens", "temperature"}) {
    CHECK_FALSE(field_of(w->text(), key).empty());
    CHECK(field_of(w->text(), key) == field_of(inner->text(), key));
  }
  r.stream = false;
  CHECK(form().write_request(r, claude())->path == "/model/us.anthropic.claude-opus-4-8-v1%3A0/invoke");
}

TEST_CASE("a client's betas go into the body", "[bedrock_anthropic][request]") {
  auto r = chat({user("Hi")});
  r.headers = {{"anthropic-beta", "context-1m-2025-08-07, interleaved-thinking-2025-05-14"}, {"x-other", "y"}, {"anthropic-beta", "third"}};
  const auto all = dialects::bedrock_anthropic::into_envelope({"/v1/messages", {}, R"({"model":"m","max_tokens":1})", {}}, r, claude());
  CHECK(all.body == R"({"max_tokens":1,"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["context-1m-2025-08-07",)"
                    R"("interleaved-thinking-2025-05-14","third"]})");
  const auto own =
      dialects::bedrock_anthropic::into_envelope({"/v1/messages", {{"anthropic-beta", "one,"}}, R"({"model":"m"})", {}}, r, claude());
  CHECK(field_of(own.body, "anthropic_beta") == R"(["one"])");
}

TEST_CASE("a body that came as pieces keeps what the client wrote", "[bedrock_anthropic][request]") {
  const std::string before = R"({"model":")", after = R"(","novelty":[1.0],"stream":true,"max_tokens":1})";
  dialects::wire_request spliced;
  spliced.spliced.views = {before, "m", after};
  auto r = chat({user("Hi")});
  r.stream = true;
  const auto w = dialects::bedrock_anthropic::into_envelope(std::move(spliced), r, claude());
  CHECK(w.text() == R"({"novelty":[1.0],"max_tokens":1,"anthropic_version":"bedrock-2023-05-31"})");
}

TEST_CASE("Claude alone is asked in this form, and for chats alone", "[bedrock_anthropic][carry]") {
  auto r = chat({user("Hi")});
  CHECK(refused_field(form(), r, claude()) == "");
  CHECK(refused_field(form(), r, {"amazon.nova-lite-v1:0", {}, 64000}) == "model");
  r.seed = 7;
  CHECK(refused_field(form(), r, claude()) == "seed");
  r.kind = request_kind::token_count;
  CHECK(refused_field(form(), r, claude()) == "model");
}
