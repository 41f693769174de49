#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "providers/dialects/registry.hpp"

// What is wrong with a request is told by its place and by what was wanted: errors reach logs and screens that the request may not.
TEST_CASE("no dialect's reader repeats what it refuses", "[dialects]") {
  const std::string secret = "4111111111111111";
  const std::vector<std::string> bodies{
      R"({"model":"m","max_tokens":1,"messages":[{"role":"S","content":"x"}],"input":[{"role":"S","content":"x"}],"contents":[{"role":"S","parts":[{"text":"x"}]}]})",
      R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"S"}]}],"input":[{"role":"user","content":[{"type":"S"}]}]})",
      R"({"model":"m","max_tokens":S,"max_output_tokens":S,"messages":[{"role":"user","content":"x"}],"input":"x","prompt":"x","dimensions":S,"n":S,"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"maxOutputTokens":S,"topK":S,"candidateCount":S}})",
      R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"input":"x","tool_choice":"S","tools":[{"type":"function","name":"f","function":{"name":"f"},"input_schema":{}}],"contents":[{"parts":[{"text":"x"}]}],"toolConfig":{"functionCallingConfig":{"mode":"S"}}})",
  };
  std::size_t refused = 0;
  for (const auto* form : naru::dialects::all_client()) {
    for (std::string body : bodies) {
      for (std::size_t at = body.find('S'); at != std::string::npos; at = body.find('S', at + secret.size())) body.replace(at, 1, secret);
      const auto doc = naru::json::document::parse(body);
      REQUIRE(doc.has_value());
      const auto read = form->read_request(*doc, {.model = "m"});
      if (read) continue;
      ++refused;
      INFO(form->name() << ": " << read.error().message);
      CHECK(read.error().message.find(secret) == std::string::npos);
      CHECK(read.error().field.find(secret) == std::string::npos);
    }
  }
  CHECK(refused > 12);
}
