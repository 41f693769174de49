#include <fmt/format.h>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <deque>
#include <random>

#include "client_support.hpp"
#include "tests/providers/writing.hpp"
#include "tests/support/canonical_json.hpp"
#include "tests/support/chat_builder.hpp"

using namespace naru;
using namespace naru::test;

namespace {

const dialects::upstream_dialect& vendors_end() { return dialects::gemini::upstream(); }
const dialects::target older{"gemini-2.5-flash", {}, 65536};
const dialects::target newer{"gemini-3.8-flash", {"thought_signature_required"}, 65536};

std::string spliced(std::string_view body, const dialects::addressed& to = {.model = "asked"}) {
  const auto h = read_chat(body, to);
  const auto wire = vendors_end().splice_request("gemini", body, h.request, older);
  return wire ? wire->path + " " + wire->text() : std::string{"not spliced"};
}

/// A random request that this form can say in full to `newer`. Owns all that its views point to.
class maker {
 public:
  explicit maker(std::uint32_t seed) : random_(seed) {}

  chat_request request() {
    chat_request r;
    r.model = "gemini-x";
    if (chance()) r.messages.push_back(says(role::system));
    for (auto n = 1 + below(3); n > 0; --n) {
      r.messages.push_back(user());
      r.messages.push_back(model(r));
      answer_calls(r);
    }
    for (auto n = below(3); n > 0; --n) r.tools.push_back(tool_of());
    if (!r.tools.empty()) r.tool_choice = choice();
    format(r);
    numbers(r);
    return r;
  }

 private:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  bool chance() { return below(2) == 0; }
  std::string_view keep(std::string s) { return texts_.emplace_back(std::move(s)); }
  std::string_view word() { return keep("w" + std::to_string(below(1000))); }
  std::string_view text() {
    constexpr std::string_view pieces[] = {"a", "Ω", "나루", "\"", "\\", "\n", "\x01", "/", "😀", "{}"};
    std::string s = "t";
    for (auto n = below(6); n > 0; --n) s += pieces[below(std::size(pieces))];
    return keep(s);
  }
  json::value value(std::string_view json) {
    documents_.push_back(*json::document::parse(json));
    return documents_.back().root();
  }

  message says(role who) {
    message m;
    m.role = who;
    for (auto n = 1 + below(2); n > 0; --n) m.parts.emplace_back(text_part{text()});
    return m;
  }
  message user() {
    message m = says(role::user);
    if (chance()) m.parts.emplace_back(image_part{{}, "image/png", "QUJD", {}});
    if (chance()) m.parts.emplace_back(image_part{"https://example.com/i.png", "image/png", {}, {}});
    if (chance()) m.parts.emplace_back(audio_part{"UklG", "wav"});
    if (chance()) m.parts.emplace_back(file_part{{}, {}, "application/pdf", "JVBE"});
    if (chance()) m.parts.emplace_back(file_part{{}, {}, "video/mp4", {}, "https://example.com/v.mp4"});
    return m;
  }
  message model(const chat_request& r) {
    message m = says(role::assistant);
    for (auto n = below(3); n > 0; --n) {
      const auto id = keep(fmt::format("id-{}-{}", r.messages.size(), n));
      m.calls.push_back({id, word(), keep(fmt::format(R"({{"q":{}}})", below(9))), word()});
    }
    return m;
  }
  void answer_calls(chat_request& r) {
    const auto calls = r.messages.back().calls;
    for (const auto& call : calls) {
      message m;
      m.role = role::tool;
      m.tool_call_id = call.id;
      m.name = call.name;
      m.tool_error = chance();
      m.parts.emplace_back(text_part{chance() && !m.tool_error ? std::string_view{R"({"a":1,"b":[]})"} : text()});
      if (chance()) m.parts.emplace_back(image_part{{}, "image/png", "QUJD", {}});
      r.messages.push_back(std::move(m));
    }
  }
  tool tool_of() {
    tool t{word(), chance() ? text() : "", std::nullopt, std::nullopt};
    if (chance()) t.parameters = value(R"({"type":"object","properties":{"a":{"type":"string","enum":["x"]}}})");
    return t;
  }
  tool_choice choice() {
    const auto how = static_cast<tool_choice::mode>(below(5));
    return {how, how == tool_choice::mode::named ? word() : ""};
  }
  void format(chat_request& r) {
    r.response_format.what = static_cast<response_format::kind>(below(3));
    if (r.response_format.what == response_format::kind::json_schema) r.response_format.schema = value(R"({"type":"array"})");
  }
  void numbers(chat_request& r) {
    if (chance()) r.max_output_tokens = 1 + below(1000);
    if (chance()) r.temperature = below(21) / 10.0;
    if (chance()) r.top_p = below(11) / 10.0;
    if (chance()) r.top_k = below(100);
    if (chance()) r.frequency_penalty = 0.5;
    if (chance()) r.presence_penalty = -0.5;
    if (chance()) r.seed = static_cast<std::int64_t>(below(1000)) - 500;
    if (chance()) r.n = 2 + below(7);
    if (chance()) r.logprobs = true, r.top_logprobs = 1 + below(20);
    if (chance()) r.stop = {text()};
    if (chance()) {
      constexpr std::string_view words[] = {"minimal", "low", "medium", "high"};
      r.reasoning_effort = words[below(4)];
      r.thinking.shown = true;
    }
    if (chance()) r.service_tier = "flex";
    if (chance()) r.stream = true;
  }

  std::mt19937 random_;
  std::deque<std::string> texts_;
  std::deque<json::document> documents_;
};

}  // namespace

TEST_CASE("a request that is written reads back the same", "[gemini][client][property]") {
  CHECK(rc::check("read(write(x)) == x", [](std::uint32_t seed) {
    maker m{seed};
    const auto r = m.request();
    if (const auto e = vendors_end().cannot_carry(r, newer)) RC_FAIL(e->message);
    const auto wire = vendors_end().write_request(r, newer);
    RC_ASSERT(wire.has_value());
    const auto doc = json::document::parse(wire->body);
    RC_ASSERT(doc.has_value());
    const auto again = dialects::gemini::client().read_request(*doc, {.model = "gemini-x", .stream = r.stream});
    if (!again) RC_FAIL(again.error().message + "\n" + wire->body);
    if (describe(*again) != describe(r)) RC_FAIL(describe(*again) + "\n---\n" + describe(r) + "\n---\n" + wire->body);
  }));
}

TEST_CASE("the body of a client of the same form goes on as it came", "[gemini][client][splice]") {
  constexpr std::string_view body = R"( {"contents" : [{"parts":[{"text":"Hi \u00e4"}]}], "new": {"a":[1,2]}, "safetySettings":[]} )";
  CHECK(spliced(body) == "/v1beta/models/gemini-2.5-flash:generateContent " + std::string{body});
  CHECK(spliced(body, {.model = "asked", .stream = true}).starts_with("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse "));
  CHECK(spliced(body, {.model = "asked", .stream = true, .as_events = false})
            .starts_with("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse "));
  const auto h = read_chat(body);
  CHECK_FALSE(vendors_end().splice_request("openai_chat", body, h.request, older));
}

TEST_CASE("no second model goes through with the body", "[gemini][client][splice]") {
  const auto named = spliced(R"({"model":"models/other","contents":[{"parts":[{"text":"Hi"}]}]})");
  CHECK(named.find("other") == std::string::npos);
  CHECK(canonical(named.substr(named.find(' '))) == canonical(R"({"contents":[{"parts":[{"text":"Hi"}]}]})"));
  CHECK(spliced(R"({"mod\u0065l":"models/other","contents":[{"parts":[{"text":"Hi"}]}]})") == "not spliced");
  CHECK(spliced(R"({"\u006dodel":"models/other","contents":[{"parts":[{"text":"Hi"}]}]})") == "not spliced");
}

TEST_CASE("what only the own form has is no obstacle there, and is named everywhere else", "[gemini][client][carry]") {
  constexpr std::string_view body = R"({"contents":[{"parts":[{"text":"Hi"},{"fileData":{"fileUri":"gs://b/x"}}]}],"cachedContent":"c/1",
    "tools":[{"googleSearch":{}}],"generationConfig":{"speechConfig":{}},"labels":{"team":"a"}})";
  const auto h = read_chat(body);
  CHECK(refused_field(vendors_end(), h.request, older).empty());
  const auto unknown = read_chat(R"({"contents":[{"parts":[{"text":"Hi"}]}],"logit_bias":{"1":2}})");
  CHECK(refused_field(vendors_end(), unknown.request, older) == "logit_bias");
  // A body that cannot be spliced loses nothing silently.
  const auto wire = vendors_end().write_request(h.request, older);
  REQUIRE_FALSE(wire);
  CHECK(wire.error().code == error_code::unsupported_field);
  CHECK(wire.error().field == "contents[0].parts[1]");
  // What asks for nothing is left out, whoever says it.
  auto foreign = chat({user("Hi")});
  const auto no = json::document::parse("false");
  foreign.extra.push_back({"store", no->root()});
  CHECK(written_body(vendors_end(), foreign, older) == canonical(R"({"contents":[{"role":"user","parts":[{"text":"Hi"}]}]})"));
  const auto writable = read_chat(R"({"contents":[{"parts":[{"text":"Hi"}]}],"cachedContent":"c/1","labels":{"team":"a"}})");
  CHECK(written_body(vendors_end(), writable.request, older) ==
        canonical(R"({"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"cachedContent":"c/1","labels":{"team":"a"}})"));
}

TEST_CASE("thinking is said in the words of the model's generation", "[gemini][request]") {
  const auto config = [](std::string_view thinking, const dialects::target& t) {
    const auto h =
        read_chat(R"({"contents":[{"parts":[{"text":"?"}]}],"generationConfig":{"thinkingConfig":)" + std::string{thinking} + "}}");
    return written_field(vendors_end(), h.request, t, "generationConfig");
  };
  const auto is = [](std::string_view text) { return canonical(R"({"thinkingConfig":)" + std::string{text} + "}"); };
  CHECK(config(R"({"thinkingBudget":0})", older) == is(R"({"thinkingBudget":0})"));
  CHECK(config(R"({"thinkingBudget":0})", newer) == is(R"({"thinkingLevel":"MINIMAL"})"));
  CHECK(config(R"({"thinkingBudget":-1,"includeThoughts":false})", older) == is(R"({"thinkingBudget":-1})"));
  CHECK(config(R"({"thinkingBudget":-1,"includeThoughts":false})", newer).empty());
  CHECK(config(R"({"thinkingBudget":3000,"includeThoughts":true})", older) == is(R"({"thinkingBudget":3000,"includeThoughts":true})"));
  CHECK(config(R"({"thinkingBudget":3000,"includeThoughts":true})", newer) == is(R"({"thinkingLevel":"MEDIUM","includeThoughts":true})"));
  CHECK(config(R"({"thinkingBudget":99999,"includeThoughts":false})", older) == is(R"({"thinkingBudget":24576})"));
  CHECK(config(R"({"thinkingBudget":99999,"includeThoughts":false})", newer) == is(R"({"thinkingLevel":"HIGH"})"));
  CHECK(config(R"({"thinkingLevel":"LOW","includeThoughts":false})", newer) == is(R"({"thinkingLevel":"LOW"})"));
  CHECK(config(R"({"includeThoughts":true})", newer) == is(R"({"includeThoughts":true})"));
  CHECK(config(R"({"includeThoughts":false})", newer).empty());
}
