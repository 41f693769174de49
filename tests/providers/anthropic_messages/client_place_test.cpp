#include "client_support.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::client_dialect& form() { return dialects::anthropic_messages::client(); }

/// messages: 0 system; 1 user; 2 assistant; 3, 4 results; 5 user
constexpr std::string_view body = R"({"model":"m","max_tokens":9,
  "tools":[{"type":"bash_20250124","name":"bash"},{"name":"f","input_schema":{}},{"type":"x","name":"y"},{"name":"g","input_schema":{}}],
  "system":[{"type":"text","text":"One"},{"type":"text","text":"Two"}],
  "messages":[
    {"role":"user","content":"Hi"},
    {"role":"assistant","content":[{"type":"text","text":"a"},{"type":"tool_use","id":"1","name":"f","input":{}},{"type":"new_kind"},
       {"type":"text","text":"b"},{"type":"tool_use","id":"2","name":"f","input":{}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":[{"type":"text","text":"r"},
         {"type":"image","source":{"type":"url","url":"u"}}]},
       {"type":"text","text":"see"},{"type":"tool_result","tool_use_id":"2","content":"s"},
       {"type":"document","source":{"type":"file","file_id":"f"}}]}]})";

}  // namespace

TEST_CASE("places in messages are named as the client cut its conversation", "[anthropic][client][place]") {
  const auto held = read_body(body);
  const std::vector<std::pair<std::string, std::string>> names{
      {"messages[0]", "system"},
      {"messages[0].content[1]", "system[1]"},
      {"messages[1]", "messages[0]"},
      {"messages[1].role", "messages[0].role"},
      {"messages[1].content[0]", "messages[0].content"},
      {"messages[2]", "messages[1]"},
      {"messages[2].content[0]", "messages[1].content[0]"},
      {"messages[2].content[1]", "messages[1].content[3]"},
      {"messages[2].tool_calls[0].function.arguments", "messages[1].content[1].input"},
      {"messages[2].tool_calls[1].function.name", "messages[1].content[4].name"},
      {"messages[2].tool_calls[1].id", "messages[1].content[4].id"},
      {"messages[3]", "messages[2].content[0]"},
      {"messages[3].tool_call_id", "messages[2].content[0].tool_use_id"},
      {"messages[3].content[1].image_url.url", "messages[2].content[0].content[1].source"},
      {"messages[4].content[0]", "messages[2].content[2].content"},
      {"messages[4].content", "messages[2].content[2].content"},
      {"messages[4].role", "messages[2].content[2]"},
      {"messages[5].content[0]", "messages[2].content[1]"},
      {"messages[5].content[1].file.file_id", "messages[2].content[3].source.file_id"},
      {"messages[5].content[9]", "messages[2].content"},
      {"messages[5].name", "messages[2]"},
      {"messages[6].content[0]", "messages[6].content[0]"},
      {"messages[x]", "messages[x]"},
      {"messages[1", "messages[1"},
      {"messages", "messages"},
  };
  for (const auto& [openai, here] : names) {
    CAPTURE(openai);
    CHECK(form().place_in(held.request, held.doc, openai) == here);
  }
  // An extra has the client's own name, also where OpenAI's spelling means something else.
  CHECK(form().place_in(held.request, held.doc, "messages[1].content[2]") == "messages[1].content[2]");
}

TEST_CASE("tools are counted as the client lists them", "[anthropic][client][place]") {
  const auto held = read_body(body);
  CHECK(form().place_in(held.request, held.doc, "tools[0].function") == "tools[1]");
  CHECK(form().place_in(held.request, held.doc, "tools[1]") == "tools[3]");
  CHECK(form().place_in(held.request, held.doc, "tools[1].function.parameters.type") == "tools[3].input_schema.type");
  CHECK(form().place_in(held.request, held.doc, "tools[1].function.name") == "tools[3].name");
  CHECK(form().place_in(held.request, held.doc, "tools[2]") == "tools[2]");  // an extra, which is what forms refuse first
}

TEST_CASE("fields have this form's names", "[anthropic][client][place]") {
  const std::vector<std::pair<std::string, std::string>> names{
      {"max_completion_tokens", "max_tokens"},
      {"stop", "stop_sequences"},
      {"stop[1]", "stop_sequences[1]"},
      {"reasoning_effort", "output_config.effort"},
      {"thinking", "thinking"},
      {"user", "metadata.user_id"},
      {"parallel_tool_calls", "tool_choice.disable_parallel_tool_use"},
      {"tool_choice", "tool_choice"},
      {"response_format", "output_config.format"},
      {"response_format.json_schema.schema", "output_config.format.schema"},
      {"tools[3].function.description", "tools[3].description"},
      {"stopping", "stopping"},
      {"temperature", "temperature"},
      {"", ""},
  };
  for (const auto& [openai, here] : names) {
    CAPTURE(openai);
    CHECK(form().place(openai) == here);
    CHECK(form().place_in(chat_request{}, {}, openai) == here);
  }
}

TEST_CASE("what a vendor's end refuses is named by a place that is there", "[anthropic][client][place]") {
  const auto held = read_body(
      body_with(R"([{"type":"text","text":"x"},{"type":"image","source":{"type":"base64","media_type":"image/tiff","data":"AA"}}])"));
  const auto refused =
      dialects::anthropic_messages::upstream().cannot_carry(held.request, {.model = "m", .constraints = {}, .max_output = std::nullopt});
  REQUIRE(refused);
  CHECK(form().place_in(held.request, held.doc, refused->field) == "messages[0].content[1].source");
}
