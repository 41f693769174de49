#include <rapidcheck.h>

#include <deque>
#include <random>

#include "client_support.hpp"

using namespace naru;
using namespace naru::test;
namespace anthropic = naru::dialects::anthropic_messages;

namespace {

/// Makes random requests and answers that this form can say; owns all that their views point to.
class maker {
 public:
  explicit maker(std::uint32_t seed) : random_(seed) {}

  chat_request request() {
    chat_request r;
    r.form = anthropic::dialect_name;
    r.model = "target-model";
    r.kind = below(4) == 0 ? request_kind::token_count : request_kind::chat;
    if (chance()) r.messages.push_back(system());
    for (std::uint32_t turns = 1 + below(3); turns > 0; --turns) add_turn(r);
    for (std::uint32_t i = below(3); i > 0; --i) r.tools.push_back(tool_of());
    if (!r.tools.empty() && chance()) choose(r);
    think(r);
    if (chance()) {
      r.response_format.what = response_format::kind::json_schema;
      r.response_format.schema = value(R"({"type":"object","properties":{"a":{"enum":["x",1.5]}}})");
    }
    r.headers = {{"anthropic-version", "2023-06-01"}};
    for (std::uint32_t i = below(3); i > 0; --i) r.headers.push_back({"anthropic-beta", word()});
    if (r.kind == request_kind::token_count) return r;
    r.max_output_tokens = 5000 + below(100000);
    if (chance()) r.temperature = below(21) / 20.0;
    if (chance()) r.top_p = below(21) / 20.0;
    if (chance()) r.top_k = below(100);
    for (std::uint32_t i = below(3); i > 0; --i) r.stop.push_back(text());
    if (chance()) r.user = word();
    if (chance()) r.service_tier = chance() ? "auto" : "default";
    r.stream = chance();
    return r;
  }

  /// Events of an answer, as a vendor might send them: calls mixed, texts in pieces.
  std::vector<event> answer() {
    std::vector<event> out{answer_start{std::string{word()}, std::string{word()}, 0}};
    std::uint32_t calls = 0;
    std::vector<std::pair<std::uint32_t, std::string>> owed;  // arguments that are still to come
    for (std::uint32_t blocks = below(6); blocks > 0; --blocks) {
      switch (below(4)) {
        case 0: say(out); break;
        case 1: think_aloud(out); break;
        case 2: out.emplace_back(reasoning_delta{0, {}, std::string{word()}, true}); break;
        default:
          out.emplace_back(tool_call_start{0, calls, std::string{word()}, std::string{word()}, {}});
          if (chance()) owed.emplace_back(calls, std::string{object()});
          ++calls;
      }
      if (chance()) pay(owed, out);
    }
    while (!owed.empty()) pay(owed, out);
    out.push_back(end(calls > 0));
    out.emplace_back(usage_report{used()});
    return out;
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
  std::string_view object() {
    std::string s = R"({"q":[)" + std::to_string(below(9)) + ",{\"}\":" + json::quoted(text()) + "}]}";
    return keep(std::move(s));
  }
  cache_mark mark() {
    constexpr cache_mark marks[] = {"", "", "5m", "1h"};
    return marks[below(4)];
  }

  message system() {
    message m;
    m.role = role::system;
    for (std::uint32_t i = 1 + below(2); i > 0; --i) m.parts.emplace_back(text_part{text(), mark()});
    return m;
  }
  part user_part() {
    switch (below(5)) {
      case 0: return image_part{"https://example.com/i.png", {}, {}, {}, mark()};
      case 1: return image_part{{}, "image/jpeg", "QUJD", {}, mark()};
      case 2:
        return file_part{{},    chance() ? "f.pdf" : "", "application/pdf", "JVBE", {}, chance() ? std::optional{chance()} : std::nullopt,
                         mark()};
      case 3:
        return chance() ? file_part{{}, {}, "text/plain", "7JWI64WV", {}, {}, mark()}
                        : file_part{{}, {}, "application/pdf", {}, "https://x.io/a.pdf", {}, {}};
      default: return text_part{text(), mark()};
    }
  }
  /// Answers to the calls before, what the user says, and mostly what the assistant says to it.
  void add_turn(chat_request& r) {
    const std::vector<tool_call> asked = r.messages.empty() ? std::vector<tool_call>{} : r.messages.back().calls;
    for (const auto& call : asked) r.messages.push_back(result_of(call));
    message user;
    for (std::uint32_t i = (asked.empty() ? 1 : 0) + below(3); i > 0; --i) user.parts.push_back(user_part());
    if (!user.parts.empty()) r.messages.push_back(std::move(user));
    message said;
    said.role = role::assistant;
    if (chance()) said.parts.emplace_back(reasoning_part{text(), word(), false});
    if (chance()) said.parts.emplace_back(reasoning_part{{}, word(), true});
    said.parts.emplace_back(text_part{text(), mark()});
    for (std::uint32_t i = below(3); i > 0; --i) said.calls.push_back({word(), word(), object(), {}, mark()});
    r.messages.push_back(std::move(said));
  }
  message result_of(const tool_call& call) {
    message m;
    m.role = role::tool;
    m.tool_call_id = call.id;
    m.tool_error = chance();
    m.cache = mark();
    for (std::uint32_t i = below(3); i > 0; --i) m.parts.push_back(user_part());
    return m;
  }
  tool tool_of() {
    tool t{word(), chance() ? text() : "", value(R"({"type":"object","properties":{"a":{"type":"string"}}})"), std::nullopt, mark()};
    if (chance()) t.strict = chance();
    return t;
  }
  void choose(chat_request& r) {
    using mode = tool_choice::mode;
    r.tool_choice.how = static_cast<mode>(1 + below(4));
    if (r.tool_choice.how == mode::named) r.tool_choice.name = word();
    if (r.tool_choice.how != mode::none && chance()) r.parallel_tool_calls = false;
  }
  void think(chat_request& r) {
    using mode = thinking_request::mode;
    constexpr std::string_view efforts[] = {"", "low", "high", "max"};
    r.reasoning_effort = efforts[below(4)];
    const bool forced = asks_for_calls(r);
    r.thinking.how = forced ? mode::unsaid : static_cast<mode>(below(4));
    if (r.thinking.how == mode::enabled) r.thinking.budget = 1024 + below(2000);
    if ((r.thinking.how == mode::enabled || r.thinking.how == mode::adaptive) && chance()) r.thinking.shown = chance();
  }
  static bool asks_for_calls(const chat_request& r) {
    return r.tool_choice.how == tool_choice::mode::required || r.tool_choice.how == tool_choice::mode::named;
  }

  static std::uint64_t characters(std::string_view s) {
    return static_cast<std::uint64_t>(
        std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  }
  /// A text in pieces; with citations, it is a block of its own.
  void say(std::vector<event>& out) {
    if (!fresh_text(out)) block_begin_ = told_;
    for (std::uint32_t i = 1 + below(3); i > 0; --i) {
      const auto piece = text();
      told_ += characters(piece);
      out.emplace_back(text_delta{0, std::string{piece}});
    }
    for (std::uint32_t i = below(3); i > 0; --i) {
      citation c;
      c.quoted = text(), c.title = chance() ? text() : "";
      if (chance()) {
        c.url = "https://x.io/" + std::string{word()};
        c.begin = block_begin_, c.end = told_;
      } else {
        c.document = below(5), c.begin = below(50), c.end = c.begin + below(50);
      }
      out.emplace_back(std::move(c));
    }
  }
  /// Whether a text that comes now goes on in the block before.
  static bool fresh_text(const std::vector<event>& out) {
    for (auto e = out.rbegin(); e != out.rend(); ++e) {
      if (std::holds_alternative<tool_arguments_delta>(*e)) continue;
      return std::holds_alternative<text_delta>(*e);
    }
    return false;
  }
  void think_aloud(std::vector<event>& out) {
    for (std::uint32_t i = below(3); i > 0; --i) out.emplace_back(reasoning_delta{0, std::string{text()}, {}});
    out.emplace_back(reasoning_delta{0, {}, std::string{word()}});
  }
  /// One piece of one call's arguments.
  void pay(std::vector<std::pair<std::uint32_t, std::string>>& owed, std::vector<event>& out) {
    if (owed.empty()) return;
    const auto at = owed.begin() + below(static_cast<std::uint32_t>(owed.size()));
    std::size_t length = std::min<std::size_t>(at->second.size(), 1 + below(12));
    // A vendor's piece is a JSON string: it ends where a character does.
    while (length < at->second.size() && (static_cast<unsigned char>(at->second[length]) & 0xC0) == 0x80) ++length;
    out.emplace_back(tool_arguments_delta{0, at->first, at->second.substr(0, length)});
    at->second.erase(0, length);
    if (at->second.empty()) owed.erase(at);
  }
  finished end(bool called) {
    switch (below(5)) {
      case 0: return {0, finish_reason::length, {}, {}};
      case 1: return {0, finish_reason::length, "model_context_window_exceeded", {}};
      case 2: return {0, finish_reason::stop, "pause_turn", {}};
      case 3: return {0, finish_reason::stop, {}, std::string{text()}};
      default: return {0, called ? finish_reason::tool_calls : finish_reason::stop, {}, {}};
    }
  }
  usage used() {
    usage u;
    u.cached = {below(1000)}, u.cache_write = {below(1000)}, u.cache_write_long = {below(1000)};
    u.input = {u.cached.value + u.cache_write.value + u.cache_write_long.value + below(1000)};
    u.reasoning = {below(100)};
    u.output = {u.reasoning.value + below(100)};
    constexpr std::string_view tiers[] = {"", "priority", "fast"};
    u.tier = tiers[below(3)];
    return u;
  }

  std::mt19937 random_;
  std::deque<std::string> texts_;
  std::deque<json::document> documents_;
  std::uint64_t told_ = 0, block_begin_ = 0;
};

const dialects::target plain{.model = "target-model", .constraints = {}, .max_output = std::nullopt};

const dialects::client_dialect& end_for(request_kind kind) {
  return kind == request_kind::token_count ? anthropic::count_tokens_client() : anthropic::client();
}

/// Reads a written request again, with its headers.
held_request read_again(const dialects::wire_request& wire, request_kind kind) {
  std::vector<dialect_header> headers;
  for (const auto& [name, value] : wire.headers) headers.push_back({name, value});
  return read_body(wire.text(), {.model = {}, .headers = headers}, end_for(kind));
}

}  // namespace

TEST_CASE("a request that is written reads back the same", "[anthropic][client][property]") {
  CHECK(rc::check("read(write(x)) == x", [](std::uint32_t seed) {
    maker m{seed};
    const auto r = m.request();
    const auto refused = anthropic::upstream().cannot_carry(r, plain);
    if (refused) RC_FAIL(refused->message);
    const auto wire = anthropic::upstream().write_request(r, plain);
    if (!wire) RC_FAIL(wire.error().message);
    RC_ASSERT(words(read_again(*wire, r.kind).request) == words(r));
  }));
}

TEST_CASE("splicing changes the request in nothing but the model", "[anthropic][client][property]") {
  CHECK(rc::check("read(splice(write(x))) == x", [](std::uint32_t seed) {
    maker m{seed};
    const auto r = m.request();
    const auto first = anthropic::upstream().write_request(r, {.model = "as-asked", .constraints = {}, .max_output = std::nullopt});
    RC_ASSERT(first.has_value());
    const auto asked = read_again(*first, r.kind);
    const auto wire = anthropic::upstream().splice_request("anthropic_messages", first->body, asked.request, plain);
    RC_ASSERT(wire.has_value());
    RC_ASSERT(wire->path == first->path);
    RC_ASSERT(words(read_again(*wire, r.kind).request) == words(r));
  }));
}

TEST_CASE("an answer that is written for a client reads back the same", "[anthropic][client][property]") {
  CHECK(rc::check("read(write(events)) == events", [](std::uint32_t seed) {
    maker m{seed};
    const auto events = m.answer();
    const auto stream = read_pieces(anthropic::upstream(), {streamed(events)});
    RC_ASSERT(stream.complete);
    RC_ASSERT(words(stream.events) == words(events));
    const auto whole = anthropic::upstream().read_answer(answered(events));
    RC_ASSERT(whole.has_value());
    RC_ASSERT(words(*whole) == words(events));
  }));
}
