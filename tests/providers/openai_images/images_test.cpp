#include <catch2/catch.hpp>

#include "providers/dialects/openai_images/openai_images.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/transcripts.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& vendor() { return dialects::openai_images::upstream(); }
const dialects::client_dialect& client() { return dialects::openai_images::client(); }
const dialects::target model{"gpt-image-2", {}, std::nullopt};

std::string file(const std::string& name) { return read_file(contract_folder("openai/images") / name); }
std::string field_refused(std::string_view body) {
  const auto doc = json::document::parse(body);
  REQUIRE(doc);
  const auto r = client().read_request(*doc);
  REQUIRE_FALSE(r);
  return r.error().field;
}

}  // namespace

TEST_CASE("a request for pictures is read field by field, and written the same", "[openai_images]") {
  const std::string body = R"({"model":"gpt-image-2","prompt":"등불","n":2,"size":"1024x1024","quality":"low","background":"transparent",
    "output_format":"webp","output_compression":50,"response_format":"b64_json","style":"vivid","user":"u","moderation":"low"})";
  const auto doc = json::document::parse(body);
  const auto r = client().read_request(*doc);
  REQUIRE(r);
  CHECK(r->kind == request_kind::image);
  CHECK(std::get<text_part>(r->messages.at(0).parts.at(0)).text == "등불");
  CHECK(r->n == 2);
  CHECK(r->image.size == "1024x1024");
  CHECK(r->image.output_compression == 50);
  CHECK(r->image.answer_as == "b64_json");
  CHECK_FALSE(r->image.edit);
  CHECK(written_body(vendor(), *r, model) == canonical(body));
  CHECK(vendor().write_request(*r, model)->path == "/images/generations");
}

TEST_CASE("a fault in a request for pictures is named", "[openai_images]") {
  CHECK(field_refused(R"({"prompt":"x"})") == "model");
  CHECK(field_refused(R"({"model":"m"})") == "prompt");
  CHECK(field_refused(R"({"model":"m","prompt":""})") == "prompt");
  CHECK(field_refused(R"({"model":"m","prompt":["x"]})") == "prompt");
  CHECK(field_refused(R"({"model":"m","prompt":"x","n":0})") == "n");
  CHECK(field_refused(R"({"model":"m","prompt":"x","size":7})") == "size");
  CHECK(field_refused(R"({"model":"m","prompt":"x","output_compression":101})") == "output_compression");
  CHECK(field_refused(R"({"model":"m","prompt":"x","response_format":"png"})") == "response_format");
  CHECK(field_refused(R"({"model":"m","prompt":"x","stream":"yes"})") == "stream");
  CHECK(field_refused(R"({"model":"m","prompt":"x","stream":true})") == "stream");
  CHECK(field_refused("7").empty());
  const auto doc = json::document::parse(R"({"model":"m","prompt":"x","stream":true})");
  CHECK(client().read_request(*doc).error().code == error_code::unsupported_field);
  CHECK(client().place("messages[0].content[0]") == "prompt");
  CHECK(client().place("size") == "size");
}

TEST_CASE("what is not this vendor's goes on as it came, or is refused by name", "[openai_images]") {
  const std::string body = R"({"model":"m","prompt":"x","negative_prompt":"rain","seed":7})";
  const auto doc = json::document::parse(body);
  const auto r = client().read_request(*doc);
  REQUIRE(r);
  CHECK(r->image.negative_prompt == "rain");
  CHECK(r->seed == 7);
  const auto spliced = vendor().splice_request("openai_images", body, *r, model);
  REQUIRE(spliced);
  CHECK(spliced->text() == R"({"model":"gpt-image-2","prompt":"x","negative_prompt":"rain","seed":7})");
  CHECK(spliced->path == "/images/generations");
  CHECK(vendor().write_request(*r, model).error().field == "negative_prompt");
  CHECK_FALSE(vendor().splice_request("openai_images", R"({"mod\u0065l":"a","model":"m"})", *r, model));
  CHECK_FALSE(vendor().splice_request("openai_chat", body, *r, model));
  const auto odd = json::document::parse(R"({"model":"m","prompt":"x","brand_new":1})");
  CHECK(vendor().write_request(*client().read_request(*odd), model).error().field == "brand_new");
  chat_request edit;
  edit.image.edit = true;
  CHECK(refused_field(vendor(), edit, model) == "image");
}

TEST_CASE("pictures are read and written, by content and by address", "[openai_images]") {
  const auto made = vendor().read_answer(file("answer.json"));
  REQUIRE(made);
  REQUIRE(made->size() == 5);
  CHECK(std::get<answer_start>(made->at(0)).created == 1795400000);
  CHECK(std::get<image_made>(made->at(2)).choice == 1);
  CHECK(std::get<image_made>(made->at(2)).media_type == "image/webp");
  CHECK(std::get<usage_report>(made->at(4)).usage.output.value == 272);
  CHECK(canonical(client().write_answer({}, *made, "", 5)) ==
        canonical(R"({"created":1795400000,"data":[{"b64_json":"iVBORw0KGgo="},{"b64_json":"iVBORw0KGgp="}],"output_format":"webp",
          "usage":{"input_tokens":13,"output_tokens":272,"total_tokens":285}})"));
  const auto by_url = vendor().read_answer(file("answer_url.json"));
  REQUIRE(by_url);
  CHECK(canonical(client().write_answer({}, *by_url, "", 5)) == canonical(file("answer_url.json")));
  CHECK(canonical(client().write_answer({}, {answer_start{}, image_made{0, "", "AAAA", "", ""}}, "", 5)) ==
        canonical(R"({"created":5,"data":[{"b64_json":"AAAA"}]})"));
}

TEST_CASE("an answer without pictures is upstream_failed", "[openai_images]") {
  for (const std::string_view body :
       {"", "[]", "{}", R"({"data":[]})", R"({"data":[1]})", R"({"data":[{}]})", R"({"data":[{"b64_json":"A","url":"u"}]})"}) {
    CAPTURE(body);
    const auto r = vendor().read_answer(body);
    REQUIRE_FALSE(r);
    CHECK(r.error().code == error_code::upstream_failed);
  }
  const auto failed = vendor().read_answer(R"({"error":{"message":"no","code":"moderation_blocked"}})");
  REQUIRE(failed);
  CHECK(std::get<answer_failed>(failed->at(0)).failure.cls == failure_class::content_policy);
  CHECK(vendor().read_failure(400, {}, R"({"error":{"message":"no","code":"moderation_blocked"}})").cls == failure_class::content_policy);
}
