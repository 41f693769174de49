#include <catch2/catch.hpp>

#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "support.hpp"
#include "tests/support/canonical_json.hpp"

using namespace naru;
using namespace naru::test;
namespace openai_chat = naru::dialects::openai_chat;

namespace {

const std::vector<event> thoughtful{answer_start{"id", "m", 1},
                                    reasoning_delta{0, "let ", {}, false},
                                    reasoning_delta{0, "me see", {}, false},
                                    reasoning_delta{0, {}, "c2ln", false},
                                    reasoning_delta{0, {}, "redacted_thinking:UkVE", false},
                                    reasoning_delta{0, "sum", "openai_reasoning:rs_1:ENC", false},
                                    text_delta{0, "t"},
                                    finished{0, finish_reason::stop, {}, {}}};

const std::string details = R"([{"type":"reasoning.text","format":"anthropic-claude-v1","index":0,"text":"let me see","signature":"c2ln"},
  {"type":"reasoning.encrypted","format":"anthropic-claude-v1","index":1,"data":"UkVE"},
  {"type":"reasoning.summary","format":"openai-responses-v1","index":2,"summary":"sum"},
  {"type":"reasoning.encrypted","format":"openai-responses-v1","index":3,"id":"rs_1","data":"ENC"}])";

std::string message_with(const std::string& fields) {
  const auto held = read_body(R"({"model":"m","messages":[{"role":"assistant","content":"t",)" + fields + "}]}");
  const std::string all = describe(held.request);
  const auto from = all.find("message");
  return all.substr(from, all.find('\n', from) - from) + (all.find("extra") == std::string::npos ? "" : " extra");
}

}  // namespace

TEST_CASE("what proves reasoning is in the answer, for the client to send back", "[openai_chat][reasoning]") {
  const auto doc = parsed(openai_chat::client().write_answer({}, thoughtful, "f", 1));
  const auto choice = json::get_array(doc.root().get_object().value_unsafe(), "choices")->at(0).get_object().value_unsafe();
  const auto message = *json::get_object(choice, "message");
  CHECK(canonical(*json::find(message, "reasoning_details")) == canonical(details));
  CHECK(json::get_string(message, "reasoning_content") == "let me seesum");
}

TEST_CASE("a stream tells the same elements, each whole", "[openai_chat][reasoning]") {
  const auto w = openai_chat::client().make_stream_writer({}, "f", 1);
  std::string out, all;
  for (const auto& e : thoughtful) w->write(e, out);
  for (const auto& f : frames_of(out)) {
    const auto doc = parsed(f.data);
    const auto choice = json::get_array(doc.root().get_object().value_unsafe(), "choices")->at(0).get_object().value_unsafe();
    const auto told = json::get_array(*json::get_object(choice, "delta"), "reasoning_details");
    if (!told) continue;
    for (const json::value v : *told) all += (all.empty() ? "" : ",") + json::to_text(v);
  }
  CHECK(canonical("[" + all + "]") == canonical(details));
}

TEST_CASE("a stream without signatures has no such elements", "[openai_chat][reasoning]") {
  const auto w = openai_chat::client().make_stream_writer({}, "f", 1);
  std::string out;
  for (const event& e :
       {event{reasoning_delta{0, "a", {}, false}}, event{text_delta{0, "b"}}, event{reasoning_delta{0, "c", "cw", false}}}) {
    w->write(e, out);
  }
  CHECK(out.find(R"("text":"c","signature":"cw")") != std::string::npos);  // not "ac": nobody signed what came before the text
}

TEST_CASE("reasoning that comes back is read, each with its maker", "[openai_chat][reasoning]") {
  CHECK(message_with(R"("reasoning_content":"let me seesum","reasoning_details":)" + details) ==
        "message role=3 name= answers= reasoning(let me see|c2ln|false) reasoning(|redacted_thinking:UkVE|true) reasoning(sum||false) "
        "reasoning(|openai_reasoning:rs_1:ENC|false) text(t)");
  CHECK(message_with(
            R"("thinking_blocks":[{"type":"thinking","thinking":"a","signature":"c2ln"},{"type":"redacted_thinking","data":"UkVE"}])") ==
        "message role=3 name= answers= reasoning(a|c2ln|false) reasoning(|redacted_thinking:UkVE|true) text(t)");
  // Without text in them, the text beside them counts.
  CHECK(message_with(R"("reasoning_content":"x","reasoning_details":[{"type":"reasoning.encrypted","data":"D"}])") ==
        "message role=3 name= answers= reasoning(x||false) reasoning(|unknown:D|false) text(t)");
  CHECK(message_with(R"("reasoning_details":[{"type":"brand_new"}])") == "message role=3 name= answers= text(t) extra");
}

TEST_CASE("details that are not of their form are refused by their place", "[openai_chat][reasoning]") {
  const auto place = [](const std::string& fields) {
    return refused(R"({"model":"m","messages":[{"role":"assistant","content":"t",)" + fields + "}]}").field;
  };
  CHECK(place(R"("reasoning_details":{})") == "messages[0].reasoning_details");
  CHECK(place(R"("reasoning_details":[1])") == "messages[0].reasoning_details[0]");
  CHECK(place(R"("reasoning_details":[{"type":"reasoning.text","text":1}])") == "messages[0].reasoning_details[0].text");
  CHECK(place(R"("thinking_blocks":[{"type":"thinking","thinking":1}])") == "messages[0].thinking_blocks[0].thinking");
}
