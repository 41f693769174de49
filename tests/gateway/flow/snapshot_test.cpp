#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "gateway/flow/steps.hpp"
#include "tests/gateway/flow/snapshots.hpp"

using namespace naru;
using flow::caller;
using flow::caller_table;
using flow::hash_key;
using flow::key_hash;
using flow::test::snapshot_builder;

namespace {

std::shared_ptr<const caller> named(std::string name) {
  auto c = std::make_shared<caller>();
  c->name = std::move(name);
  return c;
}

std::shared_ptr<const flow::snapshot> house() {
  return snapshot_builder()
      .provider("azure", "AZURE_KEY is not set")
      .model("chat", {"openai/gpt-x"}, {"gpt-4"})
      .direct("openai/gpt-y")
      .direct("azure/gpt-z")
      .build();
}

}  // namespace

TEST_CASE("a key is known by its hash", "[flow][callers]") {
  // FIPS 180-2, appendix B.1.
  const key_hash abc = hash_key("abc");
  CHECK(abc[0] == 0xba);
  CHECK(abc[31] == 0xad);
  caller_table t;
  CHECK(t.empty());
  t.add(hash_key("secret-1"), named("one"));
  t.add(hash_key("secret-2"), named("two"));
  CHECK_FALSE(t.empty());
  CHECK(t.find("secret-1")->name == "one");
  CHECK(t.find("secret-2")->name == "two");
  CHECK(t.all().size() == 2);
}

TEST_CASE("what is no key finds nobody", "[flow][callers]") {
  caller_table t;
  t.add(hash_key("secret-1"), named("one"));
  for (const std::string key : {"", "secret", "secret-1 ", " secret-1", "SECRET-1", "secret-10"}) {
    CAPTURE(key);
    CHECK(t.find(key) == nullptr);
  }
  CHECK(t.find(std::string("secret-1\0", 9)) == nullptr);
  // Nor does the hash itself, as text or as bytes.
  const key_hash h = hash_key("secret-1");
  CHECK(t.find({reinterpret_cast<const char*>(h.data()), h.size()}) == nullptr);
}

TEST_CASE("hashes that begin alike are told apart by the rest", "[flow][callers]") {
  key_hash near = hash_key("secret-1");
  near[31] ^= 1;
  key_hash other = hash_key("secret-1");
  other[8] ^= 0x80;
  caller_table t;
  t.add(near, named("near"));
  t.add(other, named("other"));
  CHECK(t.find("secret-1") == nullptr);
  t.add(hash_key("secret-1"), named("itself"));
  REQUIRE(t.find("secret-1") != nullptr);
  CHECK(t.find("secret-1")->name == "itself");
}

TEST_CASE("a model is found by its name and by its aliases", "[flow][models]") {
  const auto s = house();
  REQUIRE(s->find_model("chat"));
  CHECK(s->find_model("gpt-4") == s->find_model("chat"));
  CHECK(s->find_model("gpt-5") == nullptr);
  CHECK(s->find_model("") == nullptr);
  CHECK(s->find_model("Chat") == nullptr);
}

TEST_CASE("a known deployment can be asked for by its id", "[flow][models]") {
  const auto s = house();
  const auto m = s->find_model("openai/gpt-y");
  REQUIRE(m);
  CHECK(m->name == "openai/gpt-y");
  REQUIRE(m->deployments.size() == 1);
  CHECK(m->deployments.front() == s->deployments.at("openai/gpt-y"));  // its own health and price, not a copy's
}

TEST_CASE("a name that nobody configured goes to its provider, with a health of its own", "[flow][models]") {
  const auto s = house();
  const auto m = s->find_model("openai/org/new:model@1");
  REQUIRE(m);
  REQUIRE(m->deployments.size() == 1);
  const auto& d = *m->deployments.front();
  CHECK(d.facts.id == "openai/org/new:model@1");
  CHECK(d.model == "org/new:model@1");
  CHECK(d.live == s->find_model("openai/org/new:model@1")->deployments.front()->live);
  CHECK(d.live != s->find_model("openai/other")->deployments.front()->live);
  CHECK_FALSE(d.facts.price.free);  // unknown is not free
}

TEST_CASE("a provider that is off or unknown has no models to invent", "[flow][models]") {
  const auto s = house();
  CHECK(s->find_model("azure/new") == nullptr);
  CHECK(s->find_model("nobody/new") == nullptr);
  REQUIRE(s->find_model("azure/gpt-z"));  // configured, so that the refusal can say why it is off
  CHECK(s->find_model("azure/gpt-z")->deployments.front()->off);
}

TEST_CASE("an invented name is plain text or it is refused", "[flow][models]") {
  const auto s = house();
  for (const std::string name : {"/gpt", "openai/", "openai/a b", "openai/a\"b", "openai/a\\b", "openai/a\nb", "openai/a\r\nx-key: 1",
                                 "openai/a\tb", "openai/\xED\x95\x9C", "openai/a\x7f", "openai"}) {
    CAPTURE(name);
    CHECK(s->find_model(name) == nullptr);
  }
  CHECK(s->find_model(std::string("openai/a\0b", 10)) == nullptr);
  CHECK(s->find_model("openai/" + std::string(249, 'a')) != nullptr);
  CHECK(s->find_model("openai/" + std::string(250, 'a')) == nullptr);
}

TEST_CASE("a caller may ask for what its list names, by name or alias, and nothing else", "[flow][models]") {
  const auto s = house();
  caller who;
  CHECK(flow::find_allowed_model(*s, nullptr, "chat"));
  CHECK(flow::find_allowed_model(*s, &who, "openai/invented"));
  who.models = {"chat"};
  CHECK(flow::find_allowed_model(*s, &who, "chat"));
  CHECK(flow::find_allowed_model(*s, &who, "gpt-4"));
  for (const char* name : {"openai/gpt-x", "openai/gpt-y", "openai/invented"}) {
    CAPTURE(name);
    const auto refused = flow::find_allowed_model(*s, &who, name);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == error_code::forbidden);
  }
  const auto unknown = flow::find_allowed_model(*s, &who, "gone");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == error_code::not_found);
  CHECK(unknown.error().reason == "model_not_found");
  CHECK(unknown.error().field == "model");
}
