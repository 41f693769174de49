#include <catch2/catch.hpp>

#include "providers/dialects/bedrock_embed/bedrock_embed.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/chat_builder.hpp"
#include "tests/support/transcripts.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::bedrock_embed::upstream(); }

constexpr std::string_view titan_v1 = "amazon.titan-embed-text-v1";
constexpr std::string_view titan_v2 = "amazon.titan-embed-text-v2:0";
constexpr std::string_view nova = "amazon.nova-2-multimodal-embeddings-v1:0";
constexpr std::string_view cohere_v3 = "cohere.embed-multilingual-v3";
constexpr std::string_view cohere_v4 = "us.cohere.embed-v4:0";

chat_request texts(std::vector<std::string_view> all, std::optional<std::uint64_t> dimensions = {}, std::string_view purpose = {}) {
  chat_request r;
  r.kind = request_kind::embedding;
  for (const auto text : all) r.messages.push_back(user(text));
  r.embedding.dimensions = dimensions;
  r.embedding.purpose = purpose;
  return r;
}
std::string refused(const chat_request& r, std::string_view model) { return refused_field(form(), r, {model, {}, std::nullopt}); }
std::string body(const chat_request& r, std::string_view model) { return written_body(form(), r, {model, {}, std::nullopt}); }
std::string same(std::string_view text) { return canonical(text); }

std::string told(const std::string& answer) {
  const auto events = form().read_answer(answer);
  if (!events) return std::string{to_string(events.error().code)};
  std::string out;
  for (const auto& e : *events) {
    if (std::holds_alternative<answer_start>(e)) out += "start ";
    if (const auto* v = std::get_if<embedding_made>(&e)) {
      out += std::to_string(v->index) + ":";
      for (const float f : v->vector) out += " " + std::to_string(f).substr(0, 5);
      out += " ";
    }
    if (const auto* u = std::get_if<usage_report>(&e)) out += "usage=" + std::to_string(u->usage.input.value) + " ";
    if (std::holds_alternative<finished>(e)) out += "end";
  }
  return out;
}
std::string told_of(const std::string& name) {
  return told(read_file(contract_folder("bedrock/2023-09-30_2026-11-23") / (name + ".json")));
}

}  // namespace

TEST_CASE("each maker's model is asked for vectors in its own words", "[bedrock_embed][request]") {
  CHECK(form().write_request(texts({"Hi"}), {titan_v2, {}, std::nullopt})->path == "/model/amazon.titan-embed-text-v2%3A0/invoke");
  CHECK(body(texts({"Hi"}, {}, "query"), titan_v1) == same(R"({"inputText":"Hi"})"));
  CHECK(body(texts({"Hi"}, 1536), titan_v1) == same(R"({"inputText":"Hi"})"));
  CHECK(body(texts({"Hi"}, 512), titan_v2) == same(R"({"inputText":"Hi","dimensions":512})"));
  CHECK(body(texts({"Hi"}, 384, "query"), nova) ==
        same(R"({"schemaVersion":"nova-multimodal-embed-v1","taskType":"SINGLE_EMBEDDING","singleEmbeddingParams":{
          "embeddingPurpose":"GENERIC_RETRIEVAL","embeddingDimension":384,"text":{"truncationMode":"NONE","value":"Hi"}}})"));
  CHECK(body(texts({"a", "b"}, 1024), cohere_v3) ==
        same(R"({"input_type":"search_document","texts":["a","b"],"embedding_types":["float"],"truncate":"NONE"})"));
  CHECK(body(texts({"a"}, 256, "clustering"), cohere_v4) ==
        same(R"({"input_type":"clustering","texts":["a"],"embedding_types":["float"],"truncate":"NONE","output_dimension":256})"));
}

TEST_CASE("several texts of a model that takes one are refused with a reason to ask once for each", "[bedrock_embed][carry]") {
  for (const auto model : {titan_v1, titan_v2, nova}) {
    CAPTURE(model);
    CHECK(refused(texts({"a"}), model) == "");
    const auto e = form().cannot_carry(texts({"a", "b"}), {model, {}, std::nullopt});
    REQUIRE(e);
    CHECK(e->field == "input");
    CHECK(e->reason == dialects::bedrock_embed::one_text_a_call);
  }
  CHECK(refused(texts(std::vector<std::string_view>(96, "a")), cohere_v3) == "");
  CHECK(refused(texts(std::vector<std::string_view>(97, "a")), cohere_v3) == "input");
}

TEST_CASE("what an embedding model cannot is named", "[bedrock_embed][carry]") {
  CHECK(refused(texts({"a"}, 512), titan_v1) == "dimensions");
  CHECK(refused(texts({"a"}, 1536), titan_v2) == "dimensions");
  CHECK(refused(texts({"a"}, 512), nova) == "dimensions");
  CHECK(refused(texts({"a"}, 512), cohere_v3) == "dimensions");
  CHECK(refused(texts({"a"}, 1024), cohere_v3) == "");
  CHECK(refused(texts({"a"}, 1024), cohere_v4) == "");
  CHECK(refused(texts({"a"}, 999), cohere_v4) == "dimensions");
  CHECK(refused(texts({}), titan_v2) == "input");
  CHECK(refused(texts({""}), titan_v2) == "input[0]");
  auto picture = texts({"a"});
  picture.messages[0].parts = {image_part{{}, "image/png", "AAAA", {}, {}}};
  CHECK(refused(picture, nova) == "input[0]");
  CHECK(refused(texts({"a"}), "amazon.titan-embed-image-v1") == "model");
  CHECK(refused(chat({user("Hi")}), titan_v2) == "model");
}

TEST_CASE("each maker's vectors are read", "[bedrock_embed][answer]") {
  CHECK(told_of("titan_embed_v2") == "start 0: 0.250 -0.50 1.000 usage=7 end");
  CHECK(told_of("nova_embed") == "start 0: 0.125 2.000 end");
  CHECK(told_of("cohere_embed") == "start 0: 0.500 1.000 1: -1.00 0.000 end");
  CHECK(told_of("cohere_embed_floats") == "start 0: 0.500 1.000 1: -1.00 0.000 end");
}

TEST_CASE("what are no vectors is upstream_failed", "[bedrock_embed][answer]") {
  for (const std::string bad : {"", "<html>", "[]", "{}", R"({"embedding":[]})", R"({"embedding":[1,"2"]})", R"({"embedding":[1e300]})",
                                R"({"embedding":{}})", R"({"embeddings":[]})", R"({"embeddings":[{}]})", R"({"embeddings":[[1],[]]})",
                                R"({"embeddings":{"int8":[[1]]}})", R"({"embeddings":{"float":[]}})"}) {
    CAPTURE(bad);
    CHECK(told(bad) == "upstream_failed");
  }
  CHECK(told(R"({"embedding":[1],"inputTextTokenCount":-1})") == "start 0: 1.000 end");
}

TEST_CASE("vectors that come as a stream are no answer", "[bedrock_embed][stream]") {
  std::vector<event> out;
  const auto reader = form().make_stream_reader();
  reader->read("chunk", "{}", out);
  reader->read("chunk", "{}", out);
  reader->end(out);
  REQUIRE(out.size() == 1);
  CHECK(std::get<answer_failed>(out[0]).failure.type == "unreadable");
  CHECK_FALSE(reader->complete());
}
