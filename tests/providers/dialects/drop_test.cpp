#include <catch2/catch.hpp>

#include "providers/dialects/drop.hpp"

using namespace naru;

TEST_CASE("what a field names is taken out, and nothing else", "[dialects]") {
  chat_request r;
  r.seed = 1;
  r.stop = {"a", "b", "c"};
  r.logprobs = true;
  r.top_logprobs = 3;
  message& said = r.messages.emplace_back();
  said.parts = {text_part{"one"}, image_part{}, text_part{"two"}};
  said.name = "ann";
  r.tools.resize(2);
  r.tools[0].name = "first";
  r.tools[1].name = "second";
  r.extra.push_back({"messages[0].content[1]", {}});

  CHECK(dialects::drop(r, "seed"));
  CHECK_FALSE(r.seed);
  CHECK(dialects::drop(r, "stop[1]"));
  CHECK(r.stop == std::vector<std::string_view>{"a", "c"});
  CHECK(dialects::drop(r, "logprobs"));
  CHECK_FALSE((r.logprobs || r.top_logprobs));
  CHECK(dialects::drop(r, "messages[0].content[1]"));  // the extra of that name comes first
  CHECK(r.messages[0].parts.size() == 3);
  CHECK(dialects::drop(r, "messages[0].content[1].image_url.url"));
  CHECK(r.messages[0].parts.size() == 2);
  CHECK(dialects::drop(r, "messages[0].name"));
  CHECK(r.messages[0].name.empty());
  CHECK(dialects::drop(r, "tools[0].function.strict"));
  REQUIRE(r.tools.size() == 1);
  CHECK(r.tools[0].name == "second");
}

TEST_CASE("what is not there, or cannot go, stays", "[dialects]") {
  chat_request r;
  r.messages.resize(1);
  for (const char* field : {"messages", "messages[0].role", "messages[1].content[0]", "messages[0].content[0]", "messages[x]", "tools[0]",
                            "stop[0]", "model", "nonsense", "", "tools[99999999999999999999]"}) {
    CAPTURE(field);
    CHECK_FALSE(dialects::drop(r, field));
  }
}
