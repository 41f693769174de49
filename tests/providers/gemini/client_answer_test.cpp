#include <fmt/format.h>

#include "client_support.hpp"
#include "tests/support/canonical_json.hpp"
#include "tests/support/stream_properties.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::client_dialect& form() { return dialects::gemini::client(); }
std::string body_of(const std::string& name) { return read_file(contract_folder("gemini/v1beta_2026-11-23") / name); }

std::string answer(const std::vector<event>& events) { return form().write_answer({}, events, "fallback", 7); }
std::string field(const std::string& body, std::string_view pointer) {
  const auto doc = json::document::parse(body);
  if (!doc) FAIL(doc.error().message << body);
  json::value v;
  if (doc->root().at_pointer(pointer).get(v) != simdjson::SUCCESS) return {};
  return canonical(v);
}

/// What the writer makes of events; in order, or failed.
std::string stream(const std::vector<event>& events, bool as_array = false, bool whole = true) {
  chat_request asked;
  asked.model = "asked";
  asked.stream_as_array = as_array;
  const auto w = form().make_stream_writer(asked, "fallback", 7);
  CHECK(w->content_type() == (as_array ? "application/json" : "text/event-stream"));
  std::string out{w->ping()};
  for (const auto& e : events) {
    w->write(e, out);
    out += w->ping();
    w->remark("x-naru-cost-usd: 1", out);
  }
  if (whole) {
    w->finish(out);
  } else {
    w->fail({error_code::stream_broken, "cut", {}, {}, std::nullopt}, "req-1", out);
  }
  return out;
}
/// The frames of a stream, however it came: split before byte `cut` for SSE.
std::vector<std::string> frames(const std::string& bytes, bool as_array) {
  std::vector<std::string> all;
  if (!as_array) {
    for (const auto& f : frames_of(bytes)) all.push_back(f.data);
    return all;
  }
  const auto doc = json::document::parse(bytes);
  if (!doc) FAIL(doc.error().message << bytes);
  for (const json::value one : doc->root().get_array().value_unsafe()) all.push_back(json::to_text(one));
  return all;
}
folded_answer read_again(const std::vector<std::string>& frames, bool& complete) {
  reading r;
  const auto reader = dialects::gemini::upstream().make_stream_reader();
  for (const auto& f : frames) reader->read("", f, r.events);
  reader->end(r.events);
  complete = reader->complete();
  return fold(r.events);
}

std::vector<event> everything() {
  usage used;
  used.input = {50}, used.cached = {10}, used.output = {30}, used.reasoning = {20}, used.audio_input = {5};
  used.tier = "flex";
  return {answer_start{"id-1", "model-1", 5},
          reasoning_delta{0, "Hm, ", {}},
          reasoning_delta{0, "yes.", {}},
          reasoning_delta{0, {}, "SIG"},
          reasoning_delta{0, {}, "OPAQUE", true},
          text_delta{0, "나루 "},
          keep_alive{},
          text_delta{0, "\"is\"\n"},
          refusal_delta{0, "no"},
          image_made{0, "image/png", "AAAA", {}, {}},
          audio_delta{0, {}, "UklG", "la", "audio/L16"},
          tool_call_start{0, 0, "c0", "f", "S0"},
          tool_arguments_delta{0, 0, "{\"a\":"},
          tool_call_start{0, 1, {}, "g", {}},
          tool_arguments_delta{0, 0, "\n[1, 2]}"},
          citation{0, "https://example.com/a", "A", {}, 0, 0, 2},
          citation{0, {}, {}, "words", 3, 5, 9},
          logprobs_piece{0, R"({"content":[{"token":"Hi","logprob":-0.25,"top_logprobs":[{"token":"Yo","logprob":-2}]}],"refusal":null})"},
          finished{0, finish_reason::tool_calls},
          usage_report{used}};
}

}  // namespace

TEST_CASE("a whole answer has all that was said, in Google's words", "[gemini][client][answer]") {
  const auto a = answer(everything());
  CHECK(field(a, "/candidates/0/content") ==
        canonical(R"({"role":"model","parts":[{"text":"Hm, yes.","thought":true,"thoughtSignature":"SIG"},
    {"text":"","thought":true,"thoughtSignature":"redacted:OPAQUE"},{"text":"나루 \"is\"\nno"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}},
    {"text":"la"},{"inlineData":{"mimeType":"audio/L16","data":"UklG"}},
    {"functionCall":{"id":"c0","name":"f","args":{"a":[1,2]}},"thoughtSignature":"S0"},{"functionCall":{"name":"g","args":{}}}]})"));
  CHECK(field(a, "/candidates/0/finishReason") == "\"STOP\"");
  CHECK(
      field(a, "/candidates/0/groundingMetadata") ==
      canonical(
          R"({"groundingChunks":[{"web":{"uri":"https://example.com/a","title":"A"}},{"retrievedContext":{"title":"document 3","text":"words"}}],
                      "groundingSupports":[{"segment":{"startIndex":0,"endIndex":6},"groundingChunkIndices":[0]}]})"));
  CHECK(field(a, "/candidates/0/logprobsResult") == canonical(R"({"chosenCandidates":[{"token":"Hi","logProbability":-0.25}],
    "topCandidates":[{"candidates":[{"token":"Yo","logProbability":-2}]}]})"));
  CHECK(field(a, "/usageMetadata") ==
        canonical(R"({"promptTokenCount":50,"cachedContentTokenCount":10,"candidatesTokenCount":10,"thoughtsTokenCount":20,
    "totalTokenCount":80,"promptTokensDetails":[{"modality":"TEXT","tokenCount":45},{"modality":"AUDIO","tokenCount":5}],"serviceTier":"flex"})"));
  CHECK(field(a, "/responseId") == "\"id-1\"");
  CHECK(field(a, "/modelVersion") == "\"model-1\"");
  CHECK(field(answer({finished{}}), "/responseId") == "\"fallback\"");
}

TEST_CASE("an end has Google's word for it", "[gemini][client][answer]") {
  const auto word = [](finish_reason reason, std::string vendors = {}) {
    return field(answer({text_delta{0, "x"}, finished{0, reason, std::move(vendors)}}), "/candidates/0/finishReason");
  };
  CHECK(word(finish_reason::stop) == "\"STOP\"");
  CHECK(word(finish_reason::length) == "\"MAX_TOKENS\"");
  CHECK(word(finish_reason::content_filter) == "\"SAFETY\"");
  CHECK(word(finish_reason::content_filter, "RECITATION") == "\"RECITATION\"");
  CHECK(word(finish_reason::content_filter, "refusal") == "\"SAFETY\"");
  CHECK(word(finish_reason::stop, "pause_turn") == "\"STOP\"");
}

TEST_CASE("a call whose arguments are cut is left out, and the end says so", "[gemini][client][answer]") {
  const auto cut = [](finish_reason reason) {
    return std::vector<event>{answer_start{"i", "m", 0}, tool_call_start{0, 0, "c", "f", {}}, tool_arguments_delta{0, 0, "{\"a\":"},
                              finished{0, reason}};
  };
  CHECK(field(answer(cut(finish_reason::tool_calls)), "/candidates/0/finishReason") == "\"MALFORMED_FUNCTION_CALL\"");
  CHECK(field(answer(cut(finish_reason::tool_calls)), "/candidates/0/content/parts") == "[]");
  CHECK(field(answer(cut(finish_reason::length)), "/candidates/0/finishReason") == "\"MAX_TOKENS\"");
  const auto all = frames(stream(cut(finish_reason::tool_calls)), false);
  REQUIRE(all.size() == 1);
  CHECK(field(all[0], "/candidates/0/finishReason") == "\"MALFORMED_FUNCTION_CALL\"");
}

TEST_CASE("a stream, as events and as an array, is the whole answer in pieces", "[gemini][client][stream]") {
  for (const bool as_array : {false, true}) {
    CAPTURE(as_array);
    const auto bytes = stream(everything(), as_array);
    const auto all = frames(bytes, as_array);
    bool complete = false;
    const auto a = read_again(all, complete);
    CHECK(complete);
    CHECK(a.broken.empty());
    CHECK(a.text == "나루 \"is\"\nnola");
    CHECK(a.reasoning == "Hm, yes.");
    REQUIRE(a.calls.size() == 2);
    CHECK(a.calls[0].arguments == R"({"a":[1,2]})");
    CHECK(a.calls[0].signature == "S0");
    CHECK(a.finish == finish_reason::tool_calls);
    REQUIRE(a.usage);
    CHECK(a.usage->input.value == 50);
    CHECK(a.usage->output.value == 30);
    CHECK(a.usage->reasoning.value == 20);
    CHECK(a.usage->audio_input.value == 5);
    CHECK(a.id == "id-1");
    // Reasons, sources and usage stand in the last frame, whichever came first.
    CHECK_FALSE(field(all.back(), "/candidates/0/finishReason").empty());
    CHECK_FALSE(field(all.back(), "/candidates/0/groundingMetadata").empty());
    for (std::size_t i = 0; i + 1 < all.size(); ++i) CHECK(field(all[i], "/candidates/0/finishReason").empty());
  }
}

TEST_CASE("a stream that broke is never whole, and says what went wrong", "[gemini][client][stream]") {
  auto events = everything();
  for (std::size_t n = 0; n <= events.size(); ++n) {
    CAPTURE(n);
    const std::vector<event> some(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(n));
    for (const bool as_array : {false, true}) {
      const auto all = frames(stream(some, as_array, false), as_array);
      REQUIRE_FALSE(all.empty());
      CHECK(field(all.back(), "/error/message") == "\"cut\"");
      bool complete = true;
      CHECK(read_again(all, complete).failure.has_value());
      CHECK_FALSE(complete);
    }
    // Google's SDK raises for what is left behind the last frame.
    CHECK(stream(some, false, false).ends_with("}\n"));
  }
}

TEST_CASE("an array cut anywhere is no JSON, and whole it is", "[gemini][client][stream][split]") {
  const auto bytes = stream(everything(), true);
  REQUIRE(json::document::parse(bytes));
  const auto end = bytes.rfind(']');
  for (std::size_t n = 1; n <= end; ++n) {
    if (json::document::parse(std::string_view{bytes}.substr(0, n))) FAIL("a cut array parses at " << n);
  }
  CHECK(json::document::parse(stream({}, true)));
}

TEST_CASE("a stream means the same wherever its bytes are split", "[gemini][client][stream][split]") {
  check_every_split(dialects::gemini::upstream(), stream(everything()));
}

TEST_CASE("a vendor's transcripts come out of this end as they went in", "[gemini][client][stream]") {
  for (const auto& file : files_in(contract_folder("gemini/v1beta_2026-11-23"), ".sse")) {
    CAPTURE(file);
    const auto in = read_pieces(dialects::gemini::upstream(), {read_file(file)});
    auto before = fold(in.events);
    if (before.failure || !in.complete) continue;
    bool complete = false;
    auto after = read_again(frames(stream(in.events, true), true), complete);
    before.keep_alives = after.keep_alives = 0;
    CHECK(complete);
    CHECK(to_text(after) == to_text(before));
  }
  for (const auto& file : files_in(contract_folder("gemini/v1beta_2026-11-23"), ".json")) {
    CAPTURE(file);
    const auto in = dialects::gemini::upstream().read_answer(read_file(file));
    if (!in || fold(*in).failure) continue;
    const auto again = dialects::gemini::upstream().read_answer(answer(*in));
    REQUIRE(again);
    for (std::uint32_t choice = 0; choice < 3; ++choice) CHECK(to_text(fold(*again, choice)) == to_text(fold(*in, choice)));
  }
}

TEST_CASE("sources, pictures and sound of an answer are events", "[gemini][answer]") {
  const auto events = dialects::gemini::upstream().read_answer(body_of("grounded.json"));
  REQUIRE(events);
  std::vector<citation> cited;
  std::string images, sounds;
  for (const auto& e : *events) {
    if (const auto* c = std::get_if<citation>(&e)) cited.push_back(*c);
    if (const auto* i = std::get_if<image_made>(&e)) images += i->media_type + ' ' + i->data;
    if (const auto* a = std::get_if<audio_delta>(&e)) sounds += a->media_type + ' ' + a->data;
  }
  REQUIRE(cited.size() == 4);
  CHECK(cited[0].url == "https://example.com/naru");
  CHECK(cited[0].title == "Naru");
  CHECK(cited[0].begin == 0);
  CHECK(cited[0].end == 2);  // characters, where the vendor counts bytes
  CHECK(cited[1].begin == 2);
  CHECK(cited[1].end == 6);
  CHECK(cited[2].url.empty());
  CHECK(cited[2].quoted == "a ferry landing");
  CHECK(cited[2].document == 1);
  CHECK(cited[3].url == "https://example.com/cited");
  CHECK(cited[3].end == 4);
  CHECK(images == "image/png iVBO");
  CHECK(sounds == "audio/L16;rate=24000 AAAA");
}

TEST_CASE("an error is Google's object, with a word for its status and the wait", "[gemini][client][error]") {
  const auto status = [](error_code code) { return field(form().write_error({code, "m", {}, {}, std::nullopt}, "r"), "/error/status"); };
  CHECK(status(error_code::bad_request) == "\"INVALID_ARGUMENT\"");
  CHECK(status(error_code::unsupported_field) == "\"INVALID_ARGUMENT\"");
  CHECK(status(error_code::unauthorized) == "\"UNAUTHENTICATED\"");
  CHECK(status(error_code::forbidden) == "\"PERMISSION_DENIED\"");
  CHECK(status(error_code::not_found) == "\"NOT_FOUND\"");
  CHECK(status(error_code::rate_limited) == "\"RESOURCE_EXHAUSTED\"");
  CHECK(status(error_code::internal) == "\"INTERNAL\"");
  CHECK(status(error_code::nothing_available) == "\"UNAVAILABLE\"");
  CHECK(status(error_code::upstream_timeout) == "\"DEADLINE_EXCEEDED\"");
  CHECK(canonical(form().write_error({error_code::rate_limited, "slow", "contents", "rpm", std::chrono::milliseconds{17050}}, "req-1")) ==
        canonical(R"({"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED","details":[
          {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"rpm","domain":"naru"},
          {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"contents","description":"slow"}]},
          {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"17.050s"},
          {"@type":"type.googleapis.com/google.rpc.RequestInfo","requestId":"req-1"}]}})"));
  // What the own end towards vendors reads of it is what was meant.
  const auto f = dialects::gemini::upstream().read_failure(
      429, {}, form().write_error({error_code::rate_limited, "slow", {}, {}, std::chrono::milliseconds{17050}}, ""));
  CHECK(f.retry_after == std::chrono::milliseconds{17050});
  CHECK(f.cls == failure_class::limited);
  failure vendor;
  vendor.status = 400;
  vendor.type = "FAILED_PRECONDITION";
  vendor.param = "contents[0]";
  CHECK(field(form().write_failure(vendor, "r"), "/error/status") == "\"FAILED_PRECONDITION\"");
  vendor.type = "invalid_request_error";
  CHECK(field(form().write_failure(vendor, "r"), "/error/status") == "\"INVALID_ARGUMENT\"");
  CHECK(field(form().write_failure(vendor, "r"), "/error/details/1/fieldViolations/0/field") == "\"contents[0]\"");
}

TEST_CASE("a refusal does not end like an ordinary answer", "[gemini][client]") {
  const std::vector<event> events{answer_start{"r", "m", 0}, refusal_delta{0, "I will not."}, finished{0, finish_reason::stop}};
  const std::string whole = dialects::gemini::client().write_answer({}, events, "id", 0);
  CHECK(whole.find(R"("finishReason":"SAFETY")") != std::string::npos);
  const auto w = dialects::gemini::client().make_stream_writer({}, "id", 0);
  std::string out;
  for (const auto& e : events) w->write(e, out);
  w->finish(out);
  CHECK(out.find(R"("finishReason":"SAFETY")") != std::string::npos);
}
