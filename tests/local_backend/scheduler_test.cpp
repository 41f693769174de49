#include "local_backend/scheduler.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <map>

using namespace naru;
using namespace naru::local_backend;

namespace {

constexpr token_id end_mark = 0;

/// A model that answers with the tokens of its script: sequence by sequence it counts what it has read, checks that positions have no
/// gaps, and picks `first token of the prompt + position`, so that every answer follows from its own prompt and nothing else.
class scripted_model final : public language_model {
 public:
  model_shape form{.name = "scripted", .sequences = 2, .context = 64, .request = 64, .batch = 16};
  sampling usual;
  std::map<token_id, std::string> texts;
  std::map<std::uint32_t, std::uint32_t> length;  ///< sequence -> tokens until the end mark; absent: never
  std::vector<std::vector<model_input>> decodes;
  std::vector<std::vector<token_id>> held;  ///< what each sequence holds
  std::vector<bool> begun;
  bool broken = false;

  scripted_model() : held(8), begun(8) {}
  const model_shape& shape() const noexcept override { return form; }
  const sampling& recommended() const noexcept override { return usual; }
  result<std::vector<token_id>> read_prompt(const std::vector<turn>&) const override { return std::vector<token_id>{1}; }
  void begin(std::uint32_t s, const sampling&, std::uint32_t) override {
    REQUIRE_FALSE(begun[s]);
    REQUIRE(held[s].empty());
    begun[s] = true;
  }
  void end(std::uint32_t s) override {
    REQUIRE(begun[s]);
    begun[s] = false;
    held[s].clear();
  }
  result<void> decode(std::span<const model_input> inputs) override {
    if (broken) return fail(error_code::internal, "broken");
    REQUIRE(inputs.size() <= form.batch);
    decodes.emplace_back(inputs.begin(), inputs.end());
    std::size_t total = 0;
    for (const auto& i : inputs) {
      REQUIRE(begun[i.sequence]);
      REQUIRE(i.position == held[i.sequence].size());
      held[i.sequence].push_back(i.token);
    }
    for (const auto& h : held) total += h.size();
    REQUIRE(total <= form.context);
    return {};
  }
  token_id pick(std::uint32_t s, std::size_t index) override {
    const auto& input = decodes.back()[index];
    REQUIRE(input.pick);
    REQUIRE(input.sequence == s);
    if (length.contains(s) && held[s].size() >= length[s]) return end_mark;
    return held[s].front() * 100 + static_cast<token_id>(held[s].size());
  }
  bool ends_turn(token_id t) const noexcept override { return t == end_mark; }
  void append_text(token_id t, std::string& out) const override {
    const auto found = texts.find(t);
    out += found != texts.end() ? found->second : "<" + std::to_string(t) + ">";
  }
};

struct seen {
  std::string text;
  std::vector<std::string> pieces;
  std::optional<done> end;
  std::optional<error> failure;
};

std::unique_ptr<job> make_job(std::uint64_t id, std::vector<token_id> prompt, std::uint32_t max_tokens, seen& into,
                              std::vector<std::string> stop = {}) {
  auto j = std::make_unique<job>();
  j->id = id;
  j->prompt = std::move(prompt);
  j->max_tokens = max_tokens;
  j->stop = std::move(stop);
  j->tell = [&into](update u) {
    REQUIRE_FALSE(into.end);  // nothing follows the end
    REQUIRE_FALSE(into.failure);
    if (auto* p = std::get_if<piece>(&u)) {
      REQUIRE_FALSE(p->text.empty());
      into.text += p->text;
      into.pieces.push_back(p->text);
    } else if (auto* d = std::get_if<done>(&u)) {
      into.end = *d;
    } else {
      into.failure = std::get<failed>(u).error;
    }
  };
  return j;
}

void run_out(scheduler& s) {
  for (int i = 0; i < 10000 && !s.idle(); ++i) s.step();
  REQUIRE(s.idle());
}

}  // namespace

TEST_CASE("an answer ends at its limit and counts its tokens", "[scheduler]") {
  scripted_model m;
  scheduler s{m};
  seen a;
  s.add(make_job(1, {5, 6, 7}, 3, a));
  run_out(s);
  CHECK(a.text == "<503><504><505>");
  CHECK(a.end->reason == finish_reason::length);
  CHECK(a.end->input == 3);
  CHECK(a.end->output == 3);
  CHECK(m.held[0].empty());
}

TEST_CASE("the model's end mark ends an answer and is counted, not shown", "[scheduler]") {
  scripted_model m;
  m.length[0] = 5;
  scheduler s{m};
  seen a;
  s.add(make_job(1, {5, 6, 7}, 30, a));
  run_out(s);
  CHECK(a.text == "<503><504>");
  CHECK(a.end->reason == finish_reason::stop);
  CHECK(a.end->output == 3);
}

TEST_CASE("a stop string over token borders ends an answer", "[scheduler]") {
  scripted_model m;
  m.texts = {{501, "hello S"}, {502, "T"}, {503, "OP and more"}};
  scheduler s{m};
  seen a;
  s.add(make_job(1, {5}, 30, a, {"STOP"}));
  run_out(s);
  CHECK(a.text == "hello ");
  CHECK(a.end->reason == finish_reason::stop);
  CHECK(a.end->output == 3);
}

TEST_CASE("what was held back for a stop string is given out at the end", "[scheduler]") {
  scripted_model m;
  m.texts = {{501, "x"}, {502, "ST"}};
  scheduler s{m};
  seen a;
  s.add(make_job(1, {5}, 2, a, {"STOP"}));
  run_out(s);
  CHECK(a.text == "xST");
  CHECK(a.end->reason == finish_reason::length);
}

TEST_CASE("a character of several tokens comes out in one piece, and an unfinished one not at all", "[scheduler]") {
  scripted_model m;
  m.texts = {{501, "a\xF0\x9F"}, {502, "\x9A"}, {503, "\xA2"}, {504, "\xEB\x82"}};
  scheduler s{m};
  seen a;
  s.add(make_job(1, {5}, 4, a));
  run_out(s);
  CHECK(a.pieces == std::vector<std::string>{"a", "\U0001F6A2"});
}

TEST_CASE("a running answer gets a token in every step while a long prompt is read", "[scheduler]") {
  scripted_model m;
  m.form = {.name = "s", .sequences = 2, .context = 4096, .request = 4096, .batch = 512};
  scheduler s{m};
  seen a;
  seen b;
  s.add(make_job(1, {5}, 100, a));
  s.step();
  s.add(make_job(2, std::vector<token_id>(1000, 9), 5, b));
  std::size_t steps = 0;
  while (b.text.empty()) {
    const auto before = a.pieces.size();
    s.step();
    ++steps;
    REQUIRE(a.pieces.size() == before + 1);
    REQUIRE(m.decodes.back().size() <= 1 + m.form.batch / 2);
  }
  CHECK(steps == 1000 / (m.form.batch / 2) + 1);
}

TEST_CASE("prompts that are read together take turns", "[scheduler]") {
  scripted_model m;
  m.form = {.name = "s", .sequences = 3, .context = 4096, .request = 4096, .batch = 64};
  scheduler s{m};
  seen a;
  seen b;
  seen c;
  s.add(make_job(1, std::vector<token_id>(500, 1), 1, a));
  s.add(make_job(2, std::vector<token_id>(500, 2), 1, b));
  s.add(make_job(3, std::vector<token_id>(500, 3), 1, c));
  for (int i = 0; i < 9; ++i) s.step();
  for (std::uint32_t q = 0; q < 3; ++q) CHECK(m.held[q].size() == 3U * 64U);
}

TEST_CASE("a cancelled job leaves its sequence to the next one at the next step", "[scheduler]") {
  scripted_model m;
  m.form.sequences = 1;
  scheduler s{m};
  seen a;
  seen b;
  s.add(make_job(1, {5}, 50, a));
  s.step();
  s.add(make_job(2, {6}, 2, b));
  s.step();
  CHECK(b.text.empty());
  s.cancel(1);
  CHECK(s.running() == 0);
  s.step();
  CHECK(b.text == "<601>");
  CHECK_FALSE(a.end);
  run_out(s);
}

TEST_CASE("a waiting job is cancelled too, and an unknown one is nobody's", "[scheduler]") {
  scripted_model m;
  m.form.sequences = 1;
  scheduler s{m};
  seen a;
  seen b;
  s.add(make_job(1, {5}, 3, a));
  s.add(make_job(2, {6}, 3, b));
  s.step();
  s.cancel(2);
  s.cancel(77);
  CHECK(s.waiting() == 0);
  run_out(s);
  CHECK(a.end);
  CHECK_FALSE(b.end);
  CHECK(b.text.empty());
}

TEST_CASE("a job waits until the context has room for all that it may need, and is not overtaken", "[scheduler]") {
  scripted_model m;  // 64 cells
  m.form.sequences = 3;
  scheduler s{m};
  seen a;
  seen b;
  seen c;
  s.add(make_job(1, {5}, 39, a));
  s.add(make_job(2, {6}, 39, b));
  s.add(make_job(3, {7}, 2, c));
  s.step();
  CHECK(s.running() == 1);
  CHECK(s.waiting() == 2);
  while (!a.end) s.step();
  CHECK_FALSE(c.end);
  run_out(s);
  CHECK(b.end->output == 39);
  CHECK(c.end->output == 2);
}

TEST_CASE("a failed decode fails the jobs in it and nobody else", "[scheduler]") {
  scripted_model m;
  m.form.sequences = 1;
  scheduler s{m};
  seen a;
  seen b;
  s.add(make_job(1, {5}, 3, a));
  s.add(make_job(2, {6}, 3, b));
  m.broken = true;
  s.step();
  CHECK(a.failure->message == "broken");
  m.broken = false;
  run_out(s);
  CHECK(b.text == "<601><602><603>");
}

TEST_CASE("at the end everybody is told", "[scheduler]") {
  scripted_model m;
  m.form.sequences = 1;
  scheduler s{m};
  seen a;
  seen b;
  s.add(make_job(1, {5}, 3, a));
  s.add(make_job(2, {6}, 3, b));
  s.step();
  s.fail_all({error_code::shutting_down, "bye", {}, {}, {}});
  CHECK(a.failure->code == error_code::shutting_down);
  CHECK(b.failure->code == error_code::shutting_down);
  CHECK(s.idle());
}

TEST_CASE("a job's place is free before its end is told", "[scheduler]") {
  scripted_model m;
  scheduler s{m};
  std::atomic<std::uint32_t> taken{1};
  std::optional<std::uint32_t> at_end;
  seen a;
  auto j = make_job(1, {5}, 1, a);
  j->held = std::make_unique<place>(taken);
  j->tell = [&](update u) {
    if (std::holds_alternative<done>(u)) at_end = taken.load();
  };
  s.add(std::move(j));
  run_out(s);
  CHECK(at_end == 0U);
}

TEST_CASE("whatever comes and goes, every answer is what it would be alone, and the context never overflows", "[scheduler][property]") {
  CHECK(rc::check([] {
    scripted_model m;
    m.form.sequences = *rc::gen::inRange<std::uint32_t>(1, 5);
    m.form.batch = *rc::gen::inRange<std::uint32_t>(m.form.sequences, 24);
    scheduler s{m};
    std::map<std::uint64_t, seen> answers;
    std::map<std::uint64_t, std::pair<token_id, std::pair<std::uint32_t, std::uint32_t>>> asked;
    std::uint64_t id = 0;
    for (const auto action : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8))) {
      if (action < 3) {
        const auto size = *rc::gen::inRange<std::uint32_t>(1, 30);
        const auto most = *rc::gen::inRange<std::uint32_t>(1, 65 - size);
        const auto first = static_cast<token_id>(++id);
        std::vector<token_id> prompt(size, 7);
        prompt[0] = first;
        asked[id] = {first, {size, most}};
        s.add(make_job(id, std::move(prompt), most, answers[id]));
      } else if (action == 3 && id > 0) {
        const auto gone = *rc::gen::inRange<std::uint64_t>(1, id + 1);
        s.cancel(gone);
        if (!answers[gone].end) asked.erase(gone);
      } else {
        s.step();
      }
    }
    run_out(s);
    for (const auto& [who, what] : asked) {
      std::string text;
      for (std::uint32_t i = 0; i < what.second.second; ++i)
        text += "<" + std::to_string(what.first * 100 + static_cast<token_id>(what.second.first + i)) + ">";
      RC_ASSERT(answers[who].end.has_value());
      RC_ASSERT(answers[who].text == text);
    }
  }));
}
