#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "core/json/writer.hpp"
#include "policies/sensitivity/labeller.hpp"
#include "policies/sensitivity/permit.hpp"

using namespace naru;
using namespace naru::sensitivity;

namespace {

const label_scheme house;
const label restricted = house.highest();
const label internal = house.default_label();

labeller all_on() {
  std::vector<detector_action> actions;
  for (const auto name : detector_names()) actions.push_back({std::string(name), name == "email" ? internal : restricted});
  return labeller(house, std::move(actions));
}

judgement judge(const std::string& body, label base = label{0}, std::string_view header = {}, bool trust = true) {
  static const labeller l = all_on();
  const auto doc = json::document::parse(body);
  REQUIRE(doc.has_value());
  return l.judge({base, "default", header, trust, doc->root()});
}

}  // namespace

TEST_CASE("a card is found in every text position of a request", "[sensitivity]") {
  const std::string card = "4111 1111 1111 1111";
  struct row {
    std::string body;
    std::string place;
  };
  const std::vector<row> rows{
      {R"({"messages":[{"role":"user","content":"CARD"}]})", "messages[0].content"},
      {R"({"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"text","text":"CARD"}]}]})",
       "messages[0].content[1].text"},
      {R"({"messages":[{"role":"user","name":"CARD","content":"x"}]})", "messages[0].name"},
      {R"({"messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{\"n\":\"CARD\"}"}}]}]})",
       "messages[0].tool_calls[0].function.arguments"},
      {R"({"messages":[{"role":"tool","content":"CARD"}]})", "messages[0].content"},
      {R"({"tools":[{"function":{"description":"CARD"}}]})", "tools[0].function.description"},
      {R"({"tools":[{"function":{"parameters":{"properties":{"CARD":{}}}}}]})", "tools[0].function.parameters.properties (key)"},
      {R"({"metadata":{"k":"CARD"}})", "metadata.k"},
      {R"({"CARD":1})", " (key)"},
      {R"({"model":"CARD"})", "model"},
      {R"({"n":4111111111111111})", "n"},
      {R"({"n":4111111111111111.0})", "n"},
      {R"({"a":"4\u0031\u00311 1111 1111 1111"})", "a"},
      {R"({"arguments":"{\"n\":\"\\u0034111 1111 1111 1111\"}"})", "arguments"},
      {R"({"data":"bXkgY2FyZCBpcyA0MTExIDExMTEgMTExMSAxMTEx"})", "data"},
      {R"({"url":"data:text/plain;base64,bXkgY2FyZCBpcyA0MTExIDExMTEgMTExMSAxMTEx"})", "url"},
  };
  for (auto r : rows) {
    for (std::size_t at = r.body.find("CARD"); at != std::string::npos; at = r.body.find("CARD")) r.body.replace(at, 4, card);
    INFO(r.body);
    const auto j = judge(r.body);
    CHECK(j.label == restricted);
    CHECK(j.set_by == "detector card");
    REQUIRE(j.hits.size() == 1);
    CHECK(j.hits[0].detector == "card");
    CHECK(j.hits[0].place == r.place);
  }
}

TEST_CASE("a place never repeats what a client wrote as a key", "[sensitivity]") {
  const auto j = judge(R"({"4111 1111 1111 1111":{"900101-1234567":"a@b.io"}})");
  for (const auto& h : j.hits) {
    INFO(h.place);
    CHECK(h.place.find_first_of("0123456789") == std::string::npos);
  }
  CHECK(j.hits.size() == 3);
}

TEST_CASE("what stands at a place with a like name hides nothing that two parts say together", "[sensitivity]") {
  const std::string whole = R"([{"text":"4111 1111 1111 1111"}])", halves = R"([{"text":"4111 1111 "},{"text":"1111 1111"}])";
  const auto places = [](const std::string& body) {
    std::vector<std::string> out;
    for (const auto& h : judge(body).hits) out.push_back(h.place);
    return out;
  };
  CHECK(places(R"({"content_more":)" + whole + R"(,"content":)" + halves + "}") ==
        std::vector<std::string>{"content", "content_more[0].text"});
  // Keys that are not shown look alike.
  CHECK(places(R"({"k 1":)" + whole + R"(,"k 2":)" + halves + "}") == std::vector<std::string>{"?", "?[0].text"});
  // What one part says alone is told of once, and what was found before the array is not taken for it.
  CHECK(places(R"({"a":"4111 1111 1111 1111","content":)" + halves + "}") == std::vector<std::string>{"a", "content"});
  CHECK(places(R"({"content":[{"text":"4111 1111 1111 1111"},{"text":"x"}]})") == std::vector<std::string>{"content[0].text"});
  CHECK(places(R"([[)" + whole + "," + halves + "]]") == std::vector<std::string>{"[0][0][0].text", "[0][1]"});
}

TEST_CASE("the header raises a label and never lowers it", "[sensitivity]") {
  CHECK(judge("{}", internal, "restricted").label == restricted);
  CHECK(judge("{}", internal, "restricted").set_by == "header");
  CHECK(judge("{}", restricted, "public").label == restricted);
  CHECK(judge("{}", internal, "restricted", false).label == internal);
}

TEST_CASE("a header that names no label is the highest", "[sensitivity]") {
  const auto j = judge("{}", internal, "top-secret");
  CHECK(j.label == restricted);
  CHECK(j.set_by == "unknown header label");
}

TEST_CASE("a detector that is off finds nothing and the others still do", "[sensitivity]") {
  const labeller only_mail(house, {{"email", internal}});
  const auto doc = json::document::parse(R"({"a":"4111111111111111 a@b.io"})");
  const auto j = only_mail.judge({label{0}, "default", {}, true, doc->root()});
  CHECK(j.label == internal);
  REQUIRE(j.hits.size() == 1);
  CHECK(j.hits[0].detector == "email");
  CHECK_THROWS_AS(labeller(house, {{"no_such", internal}}), std::invalid_argument);
}

TEST_CASE("parts that nobody can read raise to their own label", "[sensitivity][opaque]") {
  const labeller l(house, {}, {.opaque = label{2}});
  const auto hits = [&](const std::string& message) {
    const auto doc = json::document::parse(R"({"messages":[)" + message + "]}");
    REQUIRE(doc.has_value());
    return l.judge({label{0}, "default", {}, true, doc->root()});
  };
  for (const std::string opaque : {
           R"({"content":[{"type":"image_url","image_url":{"url":"https://x/y.png"}}]})",
           R"({"content":[{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]})",
           R"({"content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]})",
           R"({"content":[{"type":"file","file":{"file_id":"f"}}]})",
           R"({"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]})",
           R"({"content":[{"type":"document","source":{"type":"url","url":"https://x/y.pdf"}}]})",
           R"({"content":[{"type":"redacted_thinking","data":"AAAA"}]})",
           R"({"type":"reasoning","encrypted_content":"AAAA"})",
           R"({"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]})",
           R"({"parts":[{"file_data":{"file_uri":"gs://x"}}]})",
       }) {
    INFO(opaque);
    const auto j = hits(opaque);
    CHECK(j.label == label{2});
    CHECK(j.set_by == "opaque");
    REQUIRE_FALSE(j.hits.empty());
    CHECK(j.hits[0].detector == "opaque");
  }
  for (const std::string readable : {
           R"({"content":[{"type":"text","text":"image_url"}]})",
           R"({"content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"plain words"}}]})",
           R"({"parameters":{"properties":{"file":{"type":"string"},"image":{"type":"object"}}}})",
           R"({"type":"reasoning","encrypted_content":""})",
       }) {
    INFO(readable);
    CHECK(hits(readable).hits.empty());
  }
  CHECK(judge(R"({"content":[{"type":"image_url","image_url":{"url":"https://x/y.png"}}]})").hits.empty());  // inherit
}

TEST_CASE("a company's own pattern raises by its own name", "[sensitivity]") {
  const labeller l(house, {}, {.custom = {{"project_x", R"(\bproject x\b)", restricted}}});
  const auto doc = json::document::parse(R"({"a":[{"text":"about pro"},{"text":"ject x now"}],"b":"project&#32;x"})");
  const auto j = l.judge({label{0}, "default", {}, true, doc->root()});
  CHECK(j.label == restricted);
  CHECK(j.set_by == "detector project_x");
  REQUIRE(j.hits.size() == 2);
  CHECK(j.hits[0].place == "a");
  CHECK(j.hits[1].place == "b");
  CHECK_THROWS_AS(labeller(house, {}, {.custom = {{"x", "(", restricted}}}), std::invalid_argument);
}

TEST_CASE("what costs more than the budget is the highest, and says so", "[sensitivity]") {
  const labeller l(house, {{"email", internal}}, {.budget = 1000});
  const auto doc = json::document::parse(R"({"a":")" + std::string(2000, 'x') + R"("})");
  const auto j = l.judge({label{0}, "default", {}, true, doc->root()});
  CHECK(j.label == restricted);
  CHECK(j.set_by == "failure");
  CHECK(j.failed);
  CHECK(j.why_failed == "looking through it costs more than sensitivity.budget");
}

TEST_CASE("texts inside texts cost no more than a few times their size", "[sensitivity]") {
  // Every level of escapes makes one text more, never one for each way to undo them.
  std::string inner = "%41&#65;\\u0041";
  for (int i = 0; i < 2000; ++i) inner += " %41&#65;\\u0041\\\\n\xEF\xBC\xA1";
  std::string body = R"({"a":)";
  json::writer(body).string(inner);
  body += "}";
  const auto doc = json::document::parse(body);
  REQUIRE(doc.has_value());
  const labeller l(house, {{"email", internal}}, {.budget = 8 * body.size()});
  CHECK_FALSE(l.judge({label{0}, "default", {}, true, doc->root()}).failed);
}

TEST_CASE("a value is looked at with the word of its key", "[sensitivity]") {
  const auto j = judge(R"({"input":{"aws_secret_access_key":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEZ"}})");
  CHECK(std::any_of(j.hits.begin(), j.hits.end(), [](const hit& h) { return h.detector == "aws_secret_key"; }));
}

TEST_CASE("only a sink that is cleared gets a permit, and for itself alone", "[sensitivity]") {
  for (std::uint8_t l = 0; l < 4; ++l) {
    for (std::uint8_t c = 0; c < 4; ++c) {
      const auto permit = grant(label{l}, clearance{c}, "openai/x");
      CHECK(permit.has_value() == (l <= c));
      if (permit) {
        CHECK(permit->sink() == "openai/x");
        CHECK(permit->carried() == label{l});
      }
    }
  }
}
