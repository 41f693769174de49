#include <catch2/catch.hpp>
#include <string>

#include "policies/sensitivity/derived_text.hpp"
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

TEST_CASE("base64 of pictures is not taken for text", "[sensitivity]") {
  CHECK(derived_texts("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ").empty());
  CHECK(decode_base64("aGVsbG8gd29ybGQgaGVsbG8=") == "hello world hello");
  CHECK(decode_base64("too short").empty());
  CHECK(undo_escapes("plain").empty());
  CHECK(undo_escapes(R"(a\nb\u0041\q)") == "a\nbAq");
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
