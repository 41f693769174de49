#include <fmt/format.h>

#include "client_support.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/answer_fold.hpp"
#include "tests/support/canonical_json.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;
namespace gemini = naru::dialects::gemini;

namespace {

const dialects::target model{"gemini-2.5-flash", {}, 65536};
const dialects::target vectors{"gemini-embedding-001", {}, {}};

chat_request texts(std::vector<message> all) {
  auto r = chat(std::move(all));
  r.kind = request_kind::embedding;
  return r;
}
std::string spliced(const dialects::client_dialect& form, const dialects::upstream_dialect& vendor, std::string_view body,
                    const dialects::target& t) {
  const auto h = read_as(form, body);
  const auto wire = vendor.splice_request(form.name(), body, h.request, t);
  return wire ? wire->path + " " + wire->text() : std::string{"not spliced"};
}

}  // namespace

TEST_CASE("a count is asked for with or without a whole request around it", "[gemini][count]") {
  const auto plain = read_as(gemini::count_tokens_client(), R"({"contents":[{"parts":[{"text":"Hi"}]}]})");
  CHECK(plain.request.kind == request_kind::token_count);
  const auto whole = read_as(gemini::count_tokens_client(),
                             R"({"generateContentRequest":{"model":"models/other","contents":[{"parts":[{"text":"Hi"}]}],
                                 "systemInstruction":{"parts":[{"text":"s"}]},"safetySettings":[{"category":"x","threshold":"BLOCK_ONLY_HIGH"}]}})");
  CHECK(whole.request.model == "gemini-x");
  CHECK(whole.request.messages.size() == 2);
  CHECK(extras_of(whole.request) == "generateContentRequest.safetySettings");
  CHECK(refused_by(gemini::count_tokens_client(), R"({"generateContentRequest":{"contents":[]}})") == "generateContentRequest.contents");
  CHECK(refused_by(gemini::count_tokens_client(), R"({"generateContentRequest":{"contents":[{"parts":[{"text":"x"}]}]},"contents":[]})") ==
        "contents");
  CHECK(refused_by(gemini::count_tokens_client(), "{}") == "contents");
  const auto doc = json::document::parse(R"({"generateContentRequest":{"contents":[{"parts":[{"text":"x"}]}]}})");
  CHECK(gemini::count_tokens_client().place_in({}, *doc, "messages[0].content[0]") == "generateContentRequest.contents[0].parts[0]");
}

TEST_CASE("a count is written with the system's words and the tools", "[gemini][count]") {
  auto r = chat({says(role::system, "s"), user("Hi")});
  r.kind = request_kind::token_count;
  r.tools = {{"f", {}, std::nullopt, std::nullopt}};
  const auto wire = gemini::upstream().write_request(r, model);
  REQUIRE(wire);
  CHECK(wire->path == "/v1beta/models/gemini-2.5-flash:countTokens");
  CHECK(canonical(wire->body) ==
        canonical(R"({"generateContentRequest":{"model":"models/gemini-2.5-flash","systemInstruction":{"parts":[{"text":"s"}]},
    "contents":[{"role":"user","parts":[{"text":"Hi"}]}],"tools":[{"functionDeclarations":[{"name":"f"}]}]}})"));
}

TEST_CASE("a count goes on as it came, under the target's model", "[gemini][count][splice]") {
  const auto& form = gemini::count_tokens_client();
  CHECK(spliced(form, gemini::upstream(), R"({"contents":[{"parts":[{"text":"Hi"}]}],"new":1})", model) ==
        R"(/v1beta/models/gemini-2.5-flash:countTokens {"contents":[{"parts":[{"text":"Hi"}]}],"new":1})");
  const auto whole = spliced(form, gemini::upstream(),
                             R"({"generate_content_request": {"model":"models/a","contents":[{"parts":[{"text":"Hi"}]}]}})", model);
  CHECK(whole.find("models/a") == std::string::npos);
  CHECK(whole.find(R"("model":"models/gemini-2.5-flash")") != std::string::npos);
  CHECK(spliced(form, gemini::upstream(), R"({"generateContentRequest":{"mod\u0065l":"models/a","contents":[{"parts":[{"text":"Hi"}]}]}})",
                model) == "not spliced");
}

TEST_CASE("the answer to a count is usage, and written as a count again", "[gemini][count]") {
  const auto events = gemini::upstream().read_answer(
      R"({"totalTokens":31,"cachedContentTokenCount":4,"promptTokensDetails":[{"modality":"TEXT","tokenCount":29},{"modality":"AUDIO","tokenCount":2}]})");
  REQUIRE(events);
  const auto a = fold(*events);
  REQUIRE(a.usage);
  CHECK(a.usage->input.value == 31);
  CHECK(a.usage->cached.value == 4);
  CHECK(a.finish);
  CHECK(canonical(gemini::count_tokens_client().write_answer({}, *events, "id", 0)) ==
        canonical(R"({"totalTokens":31,"cachedContentTokenCount":4,"promptTokensDetails":[{"modality":"TEXT","tokenCount":29},
                      {"modality":"AUDIO","tokenCount":2}]})"));
}

TEST_CASE("texts to embed are read one by one and in batches", "[gemini][embed]") {
  const auto one = read_as(gemini::embed_client(), R"({"content":{"parts":[{"text":"a"},{"text":"b"}]},"taskType":"RETRIEVAL_QUERY",
    "output_dimensionality":768,"title":"T"})");
  CHECK(one.request.kind == request_kind::embedding);
  REQUIRE(one.request.messages.size() == 1);
  CHECK(std::get<text_part>(one.request.messages[0].parts.at(0)).text == "ab");
  CHECK(one.request.embedding.purpose == "query");
  CHECK(one.request.embedding.dimensions == 768);
  CHECK(extras_of(one.request) == "title");
  const auto many = read_as(gemini::batch_embed_client(), R"({"requests":[
    {"model":"models/m","content":{"parts":[{"text":"a"}]},"taskType":"CLUSTERING","outputDimensionality":8},
    {"model":"models/m","content":{"parts":[{"text":"b"}]},"taskType":"FACT_VERIFICATION","outputDimensionality":9},
    {"model":"models/m","content":{"parts":[{"text":"c"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},"taskType":"CLUSTERING",
     "outputDimensionality":8}]})");
  CHECK(many.request.model == "gemini-x");
  CHECK(many.request.messages.size() == 3);
  CHECK(extras_of(many.request) == "requests[1].taskType requests[1].outputDimensionality requests[2].content.parts[1]");
  // The own form is no obstacle: its body goes on as it came. Written anew they would be lost, and are named.
  CHECK(refused_field(gemini::embed_upstream(), many.request, vectors).empty());
  CHECK(gemini::embed_upstream().write_request(many.request, vectors).error().field == "requests[1].taskType");
  CHECK(gemini::embed_upstream().write_request(one.request, vectors).error().field == "title");
  CHECK(refused_by(gemini::embed_client(), "{}") == "content");
  CHECK(refused_by(gemini::embed_client(), R"({"content":{}})") == "content.parts");
  CHECK(refused_by(gemini::embed_client(), R"({"content":{"parts":[{"text":1}]}})") == "content.parts[0].text");
  CHECK(refused_by(gemini::batch_embed_client(), "{}") == "requests");
  CHECK(refused_by(gemini::batch_embed_client(), R"({"requests":[]})") == "requests");
  CHECK(refused_by(gemini::batch_embed_client(), R"({"requests":[{"content":{"parts":[{"text":"a"}]},"taskType":"CLUSTERING"},
    {"content":{"parts":[{"text":"a"}]}}]})") == "requests[1].taskType");
  CHECK(gemini::batch_embed_client().place("messages[2]") == "requests[2].content");
  CHECK(gemini::embed_client().place("dimensions") == "outputDimensionality");
}

TEST_CASE("texts to embed are written as a batch, and what has no place is named", "[gemini][embed]") {
  auto r = texts({user("a"), user("b")});
  r.embedding = {256, "document", false};
  const auto wire = gemini::embed_upstream().write_request(r, vectors);
  REQUIRE(wire);
  CHECK(wire->path == "/v1beta/models/gemini-embedding-001:batchEmbedContents");
  CHECK(canonical(wire->body) == canonical(R"({"requests":[
    {"model":"models/gemini-embedding-001","content":{"parts":[{"text":"a"}]},"taskType":"RETRIEVAL_DOCUMENT","outputDimensionality":256},
    {"model":"models/gemini-embedding-001","content":{"parts":[{"text":"b"}]},"taskType":"RETRIEVAL_DOCUMENT","outputDimensionality":256}]})"));
  CHECK(refused_field(gemini::embed_upstream(), r, vectors).empty());
  r.embedding.purpose = "poetry";
  CHECK(refused_field(gemini::embed_upstream(), r, vectors) == "input_type");
  r.embedding.purpose = {};
  r.messages[1] = with(r.messages[1], image_part{{}, "image/png", "AAAA", {}});
  CHECK(refused_field(gemini::embed_upstream(), r, vectors) == "messages[1]");
  CHECK(refused_field(gemini::embed_upstream(), chat({user("a")}), vectors) == "messages");
  CHECK(refused_field(gemini::upstream(), texts({user("a")}), model) == "messages");
}

TEST_CASE("a batch goes on as it came, each text under the target's model", "[gemini][embed][splice]") {
  const auto many =
      spliced(gemini::batch_embed_client(), gemini::embed_upstream(),
              R"({"requests" : [ {"model":"models/a","content":{"parts":[{"text":"x, ] } \" y"}]},"title":"T"} , {"model":"models/b",
                                "content":{"parts":[{"text":"z"}]}}]})",
              vectors);
  CHECK(many.starts_with("/v1beta/models/gemini-embedding-001:batchEmbedContents "));
  CHECK(canonical(many.substr(many.find(' '))) == canonical(R"({"requests":[
    {"model":"models/gemini-embedding-001","content":{"parts":[{"text":"x, ] } \" y"}]},"title":"T"},
    {"model":"models/gemini-embedding-001","content":{"parts":[{"text":"z"}]}}]})"));
  CHECK(spliced(gemini::batch_embed_client(), gemini::embed_upstream(),
                R"({"requests":[{"mod\u0065l":"models/a","content":{"parts":[{"text":"z"}]}}]})", vectors) == "not spliced");
  CHECK(
      spliced(gemini::embed_client(), gemini::embed_upstream(), R"({"model":"models/a","content":{"parts":[{"text":"z"}]},"title":"T"})",
              vectors) ==
      R"(/v1beta/models/gemini-embedding-001:embedContent {"model":"models/gemini-embedding-001","content":{"parts":[{"text":"z"}]},"title":"T"})");
}

TEST_CASE("vectors are read from each of Google's answers and written in both shapes", "[gemini][embed]") {
  const auto read = [](std::string_view body) {
    const auto events = gemini::embed_upstream().read_answer(body);
    if (!events) FAIL(events.error().message);
    return *events;
  };
  const auto many = read(R"({"embeddings":[{"values":[0.5,-1]},{"values":[1e-3,2]}],"usageMetadata":{"promptTokenCount":9}})");
  CHECK(fold(many).usage->input.value == 9);
  CHECK(canonical(gemini::batch_embed_client().write_answer({}, many, "", 0)) ==
        canonical(R"({"embeddings":[{"values":[0.5,-1]},{"values":[0.001,2]}],"usageMetadata":{"promptTokenCount":9}})"));
  const auto one = read(R"({"embedding":{"values":[0.1]}})");
  CHECK_FALSE(fold(one).usage);
  CHECK(canonical(gemini::embed_client().write_answer({}, one, "", 0)) == canonical(R"({"embedding":{"values":[0.1]}})"));
  const auto predicted = read(R"({"predictions":[{"embeddings":{"values":[1.5],"statistics":{"token_count":3,"truncated":false}}},
    {"embeddings":{"values":[2.5],"statistics":{"token_count":4}}}]})");
  CHECK(fold(predicted).usage->input.value == 7);
  for (const std::string_view bad : {"", "{}", "[]", R"({"embedding":{}})", R"({"embeddings":[1]})", R"({"embeddings":[{"values":["x"]}]})",
                                     R"({"embeddings":[{"values":[1e300]}]})", R"({"embedding":{"values":[]}})"}) {
    CAPTURE(bad);
    CHECK_FALSE(gemini::embed_upstream().read_answer(bad));
  }
}
