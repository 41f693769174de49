#include <catch2/catch.hpp>

#include "providers/dialects/openai_embeddings/openai_embeddings.hpp"
#include "tests/support/canonical_json.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::client_dialect& form() { return dialects::openai_embeddings::client(); }

std::string json_of(std::string_view text) { return canonical(text); }

error refused(std::string_view body) {
  const auto doc = json::document::parse(body);
  REQUIRE(doc);
  const auto r = form().read_request(*doc);
  REQUIRE_FALSE(r);
  CHECK(r.error().code == error_code::bad_request);
  CHECK(r.error().message.find("want") != std::string::npos);
  return r.error();
}
std::string field_refused(std::string_view body) { return refused(body).field; }

std::string text_of(const message& m) { return std::string{std::get<text_part>(m.parts.at(0)).text}; }

}  // namespace

TEST_CASE("a text or several become messages, one text part each", "[openai_embeddings]") {
  const auto one = json::document::parse(R"({"model":"e","input":"안녕","user":"u-1","dimensions":256})");
  const auto r = form().read_request(*one);
  REQUIRE(r);
  CHECK(r->kind == request_kind::embedding);
  CHECK(r->model == "e");
  CHECK(r->user == "u-1");
  CHECK(r->embedding.dimensions == 256);
  CHECK_FALSE(r->embedding.base64);
  CHECK_FALSE(r->stream);
  REQUIRE(r->messages.size() == 1);
  CHECK(text_of(r->messages[0]) == "안녕");
  const auto several = json::document::parse(R"({"model":"e","input":["a","","c"],"encoding_format":"base64","dimensions":null})");
  const auto many = form().read_request(*several);
  REQUIRE(many);
  REQUIRE(many->messages.size() == 3);
  CHECK(text_of(many->messages[1]).empty());
  CHECK(text_of(many->messages[2]) == "c");
  CHECK(many->embedding.base64);
  CHECK(many->extra.empty());
}

TEST_CASE("token numbers are kept for this form alone", "[openai_embeddings]") {
  for (const std::string input : {"[1,2,3]", "[[1,2],[3]]", "[0]"}) {
    CAPTURE(input);
    const std::string body = R"({"model":"e","input":)" + input + "}";
    const auto doc = json::document::parse(body);
    const auto r = form().read_request(*doc);
    REQUIRE(r);
    CHECK(r->messages.empty());
    REQUIRE(r->extra.size() == 1);
    CHECK(r->extra[0].name == "input");
    CHECK(json::to_text(r->extra[0].value) == input);
  }
}

TEST_CASE("what the vectors are for is read from the field that vendors of this form use", "[openai_embeddings]") {
  const auto purpose = [](std::string_view word) {
    const std::string body = R"({"model":"e","input":"x","input_type":")" + std::string{word} + "\"}";
    const auto doc = json::document::parse(body);
    const auto r = form().read_request(*doc);
    REQUIRE(r);
    CHECK(r->extra.size() == 1);
    return std::string{r->embedding.purpose};
  };
  CHECK(purpose("search_query") == "query");
  CHECK(purpose("query") == "query");
  CHECK(purpose("search_document") == "document");
  CHECK(purpose("passage") == "document");
  CHECK(purpose("classification") == "classification");
  CHECK(purpose("clustering") == "clustering");
  CHECK(purpose("brand_new").empty());
}

TEST_CASE("a fault in the body is named by its place", "[openai_embeddings]") {
  CHECK(field_refused(R"({"input":"x"})") == "model");
  CHECK(field_refused(R"({"model":"","input":"x"})") == "model");
  CHECK(field_refused(R"({"model":"e"})") == "input");
  CHECK(field_refused(R"({"model":"e","input":null})") == "input");
  CHECK(field_refused(R"({"model":"e","input":7})") == "input");
  CHECK(field_refused(R"({"model":"e","input":[]})") == "input");
  CHECK(field_refused(R"({"model":"e","input":["a",7]})") == "input[1]");
  CHECK(field_refused(R"({"model":"e","input":["a",null]})") == "input[1]");
  CHECK(field_refused(R"({"model":"e","input":[1,"a"]})") == "input[1]");
  CHECK(field_refused(R"({"model":"e","input":[1,-1]})") == "input[1]");
  CHECK(field_refused(R"({"model":"e","input":[[1],[2,2.5]]})") == "input[1][1]");
  CHECK(field_refused(R"({"model":"e","input":[[1],2]})") == "input[1]");
  CHECK(field_refused(R"({"model":"e","input":[[1],[]]})") == "input[1]");
  CHECK(field_refused(R"({"model":"e","input":[{"text":"x"}]})") == "input[0]");
  CHECK(field_refused(R"({"model":"e","input":"x","encoding_format":"int8"})") == "encoding_format");
  CHECK(field_refused(R"({"model":"e","input":"x","dimensions":0})") == "dimensions");
  CHECK(field_refused(R"({"model":"e","input":"x","user":1})") == "user");
  CHECK(field_refused("[]").empty());
}

TEST_CASE("a place in the chat's spelling is told as the text's", "[openai_embeddings]") {
  CHECK(form().place("messages[2].content[0]") == "input[2]");
  CHECK(form().place("messages[96]") == "input[96]");
  CHECK(form().place("messages") == "input");
  CHECK(form().place("dimensions") == "dimensions");
}

TEST_CASE("an answer is a list in the order of the texts, floats in the shortest form", "[openai_embeddings]") {
  chat_request asked;
  asked.kind = request_kind::embedding;
  asked.model = "asked";
  usage used;
  used.input = {7};
  const std::vector<event> events{answer_start{"", "e-1", 0}, embedding_made{1, {0.1F, 16777216.F}}, embedding_made{0, {-2e-5F, 0.F}},
                                  finished{}, usage_report{used}};
  CHECK(json_of(form().write_answer(asked, events, "id", 5)) == json_of(R"({"object":"list","data":[
    {"object":"embedding","index":0,"embedding":[-2e-05,0]},{"object":"embedding","index":1,"embedding":[0.1,16777216]}],
    "model":"e-1","usage":{"prompt_tokens":7,"total_tokens":7}})"));
  CHECK(form().write_answer(asked, events, "id", 5).find("[0.1,16777216]") != std::string::npos);
  asked.embedding.base64 = true;
  const std::vector<event> bare{answer_start{}, embedding_made{0, {0.5F, -0.25F, 3.F}}};
  CHECK(json_of(form().write_answer(asked, bare, "id", 5)) == json_of(R"({"object":"list","data":[
    {"object":"embedding","index":0,"embedding":"AAAAPwAAgL4AAEBA"}],"model":"asked","usage":{"prompt_tokens":0,"total_tokens":0}})"));
}

TEST_CASE("a stream of a form without one is the whole answer at its end", "[openai_embeddings]") {
  chat_request asked;
  asked.model = "asked";
  const auto w = form().make_stream_writer(asked, "id", 5);
  std::string out;
  w->write(answer_start{"", "e", 0}, out);
  w->write(embedding_made{0, {1.F}}, out);
  w->remark("x-naru: 1", out);
  CHECK(out.empty());
  CHECK(w->ping().empty());
  CHECK(w->content_type() == "application/json");
  w->finish(out);
  CHECK(json_of(out) == json_of(R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[1]}],"model":"e",
    "usage":{"prompt_tokens":0,"total_tokens":0}})"));
  std::string failed;
  form().make_stream_writer(asked, "id", 5)->fail({error_code::upstream_timeout, "late", {}, {}, {}}, "r-1", failed);
  CHECK(failed.find(R"("request_id":"r-1")") != std::string::npos);
}
