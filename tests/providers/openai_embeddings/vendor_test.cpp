#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <sstream>

#include "providers/dialects/openai_embeddings/openai_embeddings.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/transcripts.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& form() { return dialects::openai_embeddings::upstream(); }
const dialects::client_dialect& client() { return dialects::openai_embeddings::client(); }
const dialects::target model{"vendor-model", {}, std::nullopt};

std::string body_of(const std::string& name) { return read_file(contract_folder("openai/embeddings") / (name + ".json")); }

std::string to_text(const std::vector<event>& events) {
  std::ostringstream out;
  for (const event& e : events) {
    if (const auto* s = std::get_if<answer_start>(&e)) out << "model=" << s->model;
    if (const auto* v = std::get_if<embedding_made>(&e)) {
      out << "\n" << v->index << ":";
      for (const float f : v->vector) out << ' ' << f;
    }
    if (std::holds_alternative<finished>(e)) out << "\nfinished";
    if (const auto* u = std::get_if<usage_report>(&e)) out << "\nusage=" << u->usage.input.value << '/' << u->usage.output.value;
    if (const auto* f = std::get_if<answer_failed>(&e)) out << "\nfailure=" << naru::to_string(f->failure.cls) << ' ' << f->failure.message;
  }
  return out.str();
}

}  // namespace

TEST_CASE("a whole answer is its vectors, by index", "[openai_embeddings]") {
  const auto numbers = form().read_answer(body_of("answer"));
  REQUIRE(numbers);
  CHECK(to_text(*numbers) == "model=text-embedding-3-small\n1: 0.5 -0.25 3\n0: 0.1 -2e-05 1e-38\nfinished\nusage=9/0");
  const auto base64 = form().read_answer(body_of("answer_base64"));
  REQUIRE(base64);
  CHECK(to_text(*base64) == "model=text-embedding-3-large\n0: 0.5 -0.25 3\nfinished\nusage=4/0");
  const auto failed = form().read_answer(R"({"error":{"message":"no","type":"server_error"}})");
  REQUIRE(failed);
  CHECK(to_text(*failed) == "\nfailure=transient no");
}

TEST_CASE("an answer that is not one is upstream_failed", "[openai_embeddings]") {
  for (const std::string body :
       {"", "[]", "{}", R"({"data":[]})", R"({"data":[1]})", R"({"data":[{"embedding":[]}]})", R"({"data":[{"embedding":["a"]}]})",
        R"({"data":[{"embedding":[1e300]}]})", R"({"data":[{"embedding":"A*=="}]})", R"({"data":[{"embedding":"AAAA"}]})",
        R"({"data":[{"embedding":"AADAfw=="}]})", R"({"data":[{"index":99999999,"embedding":[1]}]})", R"({"data":[{"embedding":{}}]})"}) {
    CAPTURE(body);
    const auto r = form().read_answer(body);
    REQUIRE_FALSE(r);
    CHECK(r.error().code == error_code::upstream_failed);
  }
}

TEST_CASE("vectors are the same after they were written and read, in numbers and in base64", "[openai_embeddings][property]") {
  const std::uint32_t seed = 20261124;
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 500; ++round) {
    std::vector<float> vector(1 + random() % 40);
    for (float& f : vector) {
      do {
        const std::uint32_t bits = static_cast<std::uint32_t>(random());
        std::memcpy(&f, &bits, sizeof f);
      } while (!std::isfinite(f));
    }
    vector.push_back(round % 2 == 0 ? std::numeric_limits<float>::max() : std::numeric_limits<float>::denorm_min());
    for (const bool base64 : {false, true}) {
      chat_request asked;
      asked.embedding.base64 = base64;
      const auto events = form().read_answer(client().write_answer(asked, {embedding_made{0, vector}}, "", 0));
      REQUIRE(events);
      const auto* made = std::get_if<embedding_made>(&events->at(1));
      REQUIRE(made != nullptr);
      REQUIRE(made->vector == vector);
    }
  }
}

TEST_CASE("a damaged answer is refused or read, never worse", "[openai_embeddings][property]") {
  const std::uint32_t seed = 7;
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 3000; ++i) {
    const auto events = form().read_answer(damaged(body_of(i % 2 == 0 ? "answer" : "answer_base64"), random));
    if (!events) continue;
    for (const event& e : *events) {
      if (const auto* v = std::get_if<embedding_made>(&e)) REQUIRE_FALSE(v->vector.empty());
    }
  }
}

TEST_CASE("the client's body goes on with another model and nothing else", "[openai_embeddings][splice]") {
  const auto splice = [](std::string_view body) {
    const auto w = form().splice_request("openai_embeddings", body, {}, model);
    return w ? w->text() : std::string{"none"};
  };
  CHECK(splice(R"({ "input" : [1,2], "model":"e", "brand_new": {"a":1} })") ==
        R"({ "input" : [1,2], "model":"vendor-model", "brand_new": {"a":1} })");
  CHECK(splice(R"({"mod\u0065l":"other","model":"e","input":"x"})") == "none");
  CHECK_FALSE(form().splice_request("openai_chat", R"({"model":"e","input":"x"})", {}, model));
  CHECK(form().splice_request("openai_embeddings", R"({"model":"e"})", {}, model)->path == "/embeddings");
}

TEST_CASE("a body written anew asks for numbers and keeps what the form knows", "[openai_embeddings]") {
  const auto written = [](std::string_view body) {
    const auto doc = json::document::parse(body);
    const auto r = client().read_request(*doc);
    REQUIRE(r);
    return written_body(form(), *r, model);
  };
  CHECK(written(R"({"model":"e","input":"x","encoding_format":"base64","dimensions":8,"user":"u"})") ==
        canonical(R"({"model":"vendor-model","input":"x","dimensions":8,"encoding_format":"float","user":"u"})"));
  CHECK(written(R"({"model":"e","input":["x","y"],"input_type":"query"})") ==
        canonical(R"({"model":"vendor-model","input":["x","y"],"encoding_format":"float","input_type":"query"})"));
  CHECK(written(R"({"model":"e","input":[[1],[2]]})") ==
        canonical(R"({"model":"vendor-model","input":[[1],[2]],"encoding_format":"float"})"));
  const auto doc = json::document::parse(R"({"model":"e","input":"x","brand_new":1})");
  const auto w = form().write_request(*client().read_request(*doc), model);
  REQUIRE_FALSE(w);
  CHECK(w.error().code == error_code::unsupported_field);
  CHECK(w.error().field == "brand_new");
}

TEST_CASE("a purpose of another form, and a length where there is one alone, are named", "[openai_embeddings][carry]") {
  chat_request r;
  r.kind = request_kind::embedding;
  CHECK(refused_field(form(), r, model).empty());
  r.embedding.dimensions = 4;
  CHECK(refused_field(form(), r, model).empty());
  CHECK(refused_field(form(), r, {"m", {"no_dimensions"}, std::nullopt}) == "dimensions");
  r.embedding.purpose = "query";
  CHECK(refused_field(form(), r, model) == "input_type");
}

TEST_CASE("failures are read as in this vendor's other forms, and nothing streams", "[openai_embeddings]") {
  const auto f = form().read_failure(429, {{"retry-after", "2"}}, R"({"error":{"message":"slow","type":"rate_limit_error","code":null}})");
  CHECK(f.cls == failure_class::limited);
  const auto reader = form().make_stream_reader();
  std::vector<event> events;
  reader->read("", R"({"object":"list"})", events);
  REQUIRE(events.size() == 1);
  CHECK(std::holds_alternative<answer_failed>(events[0]));
  CHECK_FALSE(reader->complete());
}
