#include <rapidcheck.h>
#include <catch2/catch.hpp>
#include <deque>
#include <random>

#include "providers/dialects/openai_chat/openai_chat.hpp"
#include "support.hpp"

using namespace naru;
using namespace naru::test;
namespace openai_chat = naru::dialects::openai_chat;

namespace {

/// Makes a random request; owns all that its views point to.
class maker {
 public:
  explicit maker(std::uint32_t seed) : random_(seed) {}

  chat_request request() {
    chat_request r;
    r.model = "target-model";
    const auto count = 1 + below(4);
    for (std::uint32_t i = 0; i < count; ++i) r.messages.push_back(message_of(static_cast<role>(below(5))));
    for (std::uint32_t i = below(3); i > 0; --i) r.tools.push_back(tool_of());
    if (chance()) r.tool_choice = choice();
    if (chance()) r.parallel_tool_calls = chance();
    r.response_format = format();
    if (chance()) r.max_output_tokens = 1 + below(100000);
    numbers(r);
    for (std::uint32_t i = below(3); i > 0; --i) r.stop.push_back(text());
    if (chance()) r.logprobs = true, r.top_logprobs = below(21);
    if (chance()) r.reasoning_effort = word(), r.verbosity = word();
    if (chance()) r.service_tier = word(), r.user = word();
    if (chance()) r.stream = r.include_usage = true;
    if (chance()) r.extra.push_back({"logit_bias", value(R"({"50256":-100})")});
    if (chance()) r.extra.push_back({"tools[].custom", value(R"({"type":"custom","custom":{"name":"grep"}})")});
    return r;
  }

 private:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  bool chance() { return below(2) == 0; }
  std::string_view keep(std::string s) { return texts_.emplace_back(std::move(s)); }
  json::value value(std::string_view text) { return documents_.emplace_back(parsed(text)).root(); }

  std::string_view text() {
    constexpr std::string_view pieces[] = {"a", "Ω", "나루", "\"", "\\", "\n", "\t", "\x01", "/", " ", "😀", "{}", "end"};
    std::string s = "t";
    for (std::uint32_t i = below(6); i > 0; --i) s += pieces[below(std::size(pieces))];
    return keep(s);
  }
  std::string_view word() { return keep("w" + std::to_string(below(1000))); }

  part user_part() {
    switch (below(6)) {
      case 0: return image_part{"https://example.com/i.png", {}, {}, chance() ? "low" : ""};
      case 1: return image_part{{}, "image/jpeg", "QUJD", {}};
      case 2: return audio_part{"UklG", "wav"};
      case 3: return file_part{word(), {}, {}, {}};
      case 4: return file_part{{}, "f.pdf", "application/pdf", "JVBE"};
      default: return text_part{text()};
    }
  }
  message message_of(role who) {
    message m;
    m.role = who;
    if (who != role::tool && chance()) m.name = word();
    if (who == role::assistant) return assistant(std::move(m));
    if (who == role::tool) m.tool_call_id = word();
    for (std::uint32_t i = below(4); i > 0; --i) m.parts.push_back(who == role::user ? user_part() : part{text_part{text()}});
    return m;
  }
  message assistant(message m) {
    for (std::uint32_t i = below(3); i > 0; --i) {
      m.calls.push_back({word(), word(), keep(R"({"q":")" + std::to_string(below(9)) + "\"}"), chance() ? word() : ""});
    }
    if (!m.calls.empty() && chance()) m.parts.emplace_back(reasoning_part{text(), {}, false});
    for (std::uint32_t i = below(3); i > 0; --i) m.parts.push_back(chance() ? part{text_part{text()}} : part{refusal_part{text()}});
    return m;
  }
  tool tool_of() {
    tool t{word(), chance() ? text() : "", std::nullopt, std::nullopt};
    if (chance()) t.parameters = value(R"({"type":"object","properties":{"a":{"type":"string","enum":["x","y"]}}})");
    if (chance()) t.strict = chance();
    return t;
  }
  tool_choice choice() {
    const auto how = static_cast<tool_choice::mode>(below(5));
    return {how, how == tool_choice::mode::named ? word() : ""};
  }
  response_format format() {
    response_format f;
    f.what = static_cast<response_format::kind>(below(3));
    if (f.what != response_format::kind::json_schema) return f;
    f.name = word();
    if (chance()) f.description = text();
    if (chance()) f.schema = value(R"({"type":"array"})");
    if (chance()) f.strict = chance();
    return f;
  }
  void numbers(chat_request& r) {
    if (chance()) r.temperature = below(21) / 10.0;
    if (chance()) r.top_p = below(11) / 10.0;
    if (chance()) r.top_k = below(100);
    if (chance()) r.min_p = below(11) / 10.0;
    if (chance()) r.frequency_penalty = below(41) / 10.0 - 2;
    if (chance()) r.presence_penalty = below(41) / 10.0 - 2;
    if (chance()) r.repeat_penalty = 1 + below(10) / 10.0;
    if (chance()) r.seed = static_cast<std::int64_t>(below(1000)) - 500;
    if (chance()) r.n = 1 + below(128);
  }

  std::mt19937 random_;
  std::deque<std::string> texts_;
  std::deque<json::document> documents_;
};

}  // namespace

TEST_CASE("a request that is written reads back the same", "[openai_chat][property]") {
  // The words under which everything that this form can say is said.
  const dialects::target everything{.model = "target-model",
                                    .constraints = {"thought_signature_required", "reasoning_content_replay_with_tools"},
                                    .max_output = std::nullopt};
  CHECK(rc::check("read(write(x)) == x", [&](std::uint32_t seed) {
    maker m{seed};
    const auto r = m.request();
    const auto wire = openai_chat::upstream().write_request(r, everything);
    RC_ASSERT(wire.has_value());
    const auto doc = json::document::parse(wire->body);
    RC_ASSERT(doc.has_value());
    auto again = openai_chat::client().read_request(*doc);
    if (!again) RC_FAIL(again.error().message + "\n" + wire->body);
    if (r.stream) again->include_usage = r.include_usage;  // always asked of a vendor
    RC_ASSERT(describe(*again) == describe(r));
  }));
}

TEST_CASE("splicing changes the request in nothing but the model", "[openai_chat][property]") {
  const dialects::target plain{.model = "vendors-name", .constraints = {}, .max_output = std::nullopt};
  CHECK(rc::check("read(splice(write(x))) == x", [&](std::uint32_t seed) {
    maker m{seed};
    const auto r = m.request();
    dialects::target first = plain;
    first.model = "as-asked";
    first.usage_in_stream = false;
    first.constraints = {"thought_signature_required", "reasoning_content_replay_with_tools"};
    const auto body = openai_chat::upstream().write_request(r, first)->body;
    const auto doc = json::document::parse(body);
    RC_ASSERT(doc.has_value());
    const auto asked = openai_chat::client().read_request(*doc);
    RC_ASSERT(asked.has_value());
    const auto wire = openai_chat::upstream().splice_request("openai_chat", body, *asked, plain);
    RC_ASSERT(wire.has_value());
    const auto spliced = json::document::parse(wire->text());
    RC_ASSERT(spliced.has_value());
    auto again = openai_chat::client().read_request(*spliced);
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->model == "vendors-name");
    RC_ASSERT(again->include_usage == r.stream);
    again->model = asked->model;
    again->include_usage = asked->include_usage;
    RC_ASSERT(describe(*again) == describe(*asked));
  }));
}
