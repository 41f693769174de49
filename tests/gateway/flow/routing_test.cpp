// Rules, strategies and measured figures on a request's way: explain and serve decide alike.
#include <catch2/catch.hpp>

#include <random>

#include "core/json/document.hpp"
#include "gateway/flow/explain.hpp"
#include "gateway/flow/steps.hpp"
#include "tests/gateway/flow/house.hpp"
#include "tests/gateway/flow/snapshots.hpp"

using namespace naru;
using namespace std::chrono_literals;
using flow::test::snapshot_builder;

namespace {

routing::rule rule_named(std::string name) {
  routing::rule r;
  r.name = std::move(name);
  return r;
}

/// One state of the house and one request, drawn from a seed: everything that a decision depends on.
struct recorded {
  std::shared_ptr<const flow::snapshot> house;
  std::string body;
  std::string label;
  std::shared_ptr<const flow::caller> who;
  std::vector<std::pair<std::string, std::string>> header_lines;
  std::uint64_t seed = 0;
  steady_time now;
  wall_time wall_now;

  [[nodiscard]] std::vector<net::header> headers() const {
    std::vector<net::header> out;
    for (const auto& [name, value] : header_lines) out.push_back({name, value});
    return out;
  }
};

using generator = std::mt19937_64;
bool one_in(generator& gen, std::uint64_t n) { return gen() % n == 0; }
std::string_view any_of(generator& gen, std::initializer_list<std::string_view> words) { return words.begin()[gen() % words.size()]; }

std::vector<routing::rule> random_rules(generator& gen) {
  std::vector<routing::rule> rules;
  for (std::uint64_t n = gen() % 5; n > 0; --n) {
    routing::rule r = rule_named("rule-" + std::to_string(n));
    if (one_in(gen, 3)) r.when.teams = {std::string(any_of(gen, {"shop", "seoul"}))};
    if (one_in(gen, 4)) r.when.languages = {std::string(any_of(gen, {"ko", "en"}))};
    if (one_in(gen, 4)) r.when.headers = {{0, {"batch"}}};
    if (one_in(gen, 4)) r.when.input_tokens = routing::between<std::uint64_t>{gen() % 50, 10 + gen() % 2000};
    if (one_in(gen, 4)) r.when.hours = routing::hours{9h, 18h, 0x7f, nullptr};
    if (one_in(gen, 4)) r.when.label_ranks = routing::between<std::uint8_t>{static_cast<std::uint8_t>(gen() % 3), 3};
    if (one_in(gen, 2)) r.prefer = {std::string(any_of(gen, {"a", "b/2", "c/3", "d"}))};
    if (one_in(gen, 3)) r.deny = {std::string(any_of(gen, {"a", "b", "c/3", "d/4"}))};
    if (one_in(gen, 4)) r.require.min_quality = static_cast<std::uint32_t>(gen() % 700);
    if (one_in(gen, 5)) r.use = "other";
    rules.push_back(std::move(r));
  }
  return rules;
}

void disturb(generator& gen, const upstream::deployment& d, steady_time now) {
  auto& figures = d.live->figures();
  for (std::uint64_t n = gen() % 6; n > 0; --n) {
    const float first = 0.1F + static_cast<float>(gen() % 3000) / 1000.0F;
    figures.answered(static_cast<routing::size_class>(gen() % 4), {first, first + 2, tokens{gen() % 400}}, {},
                     now - std::chrono::seconds{gen() % 900});
  }
  if (one_in(gen, 3)) figures.told({static_cast<float>(gen() % 30) / 100.0F, 500, one_in(gen, 2) ? 9'000U : 0U, now - 1s, now + 9s});
  if (one_in(gen, 6)) d.live->set_draining(true);
  if (one_in(gen, 4)) {
    auto call = upstream::live_state::admit(d.live, now - 10ms);
    failure f;
    f.cls = one_in(gen, 2) ? failure_class::limited : failure_class::account;
    f.retry_after = 5s;
    if (call) call->failed(f, now - 10ms);
  }
}

recorded record(std::uint64_t seed) {
  generator gen(seed);
  recorded r;
  r.seed = gen();
  r.now = steady_time{1h} + std::chrono::milliseconds{gen() % 1'000'000};
  r.wall_now = wall_time{std::chrono::hours{500'000}} + std::chrono::minutes{gen() % 10'000};
  snapshot_builder b;
  for (const char* id : {"a/1", "b/2", "c/3", "d/4"}) b.clearance(id, static_cast<std::uint8_t>(1 + gen() % 3));
  b.model("chat", {"a/1", "b/2", "c/3", "d/4"}).model("other", {"d/4", "a/1"});
  auto& raw = b.raw();
  for (const char* name : {"chat", "other"}) {
    auto m = std::make_shared<flow::model>(*raw.models.find(name)->second);
    m->strategy = static_cast<routing::strategy>(gen() % 5);
    m->tuning.explore = static_cast<std::uint32_t>(gen() % 501);
    if (one_in(gen, 4)) m->require.max_latency = std::chrono::milliseconds{gen() % 2000};
    raw.models.find(name)->second = std::move(m);
  }
  raw.rules = routing::rule_book(random_rules(gen), {"x-job"});
  r.house = b.build();
  for (const auto& [id, d] : r.house->deployments) disturb(gen, *d, r.now);
  if (one_in(gen, 2)) {
    auto who = std::make_shared<flow::caller>();
    who->name = "web";
    who->team = any_of(gen, {"shop", "seoul", "legal"});
    r.who = std::move(who);
  }
  const std::string_view said = any_of(gen, {"hello", "안녕하세요, 오늘 회의 일정을 정리해서 알려 주세요. 내일 약속도 확인해 주세요.",
                                             "Please summarise the minutes of yesterday's meeting in three short sentences for me."});
  std::string content;
  for (std::uint64_t n = 1 + gen() % 40; n > 0; --n) content += std::string(said) + " ";
  r.body = R"({"model":"chat","messages":[{"role":"user","content":")" + content + R"("}])";
  if (one_in(gen, 3)) r.body += R"(,"max_tokens":)" + std::to_string(1 + gen() % 900);
  r.body += "}";
  r.label = any_of(gen, {"", "public", "confidential", "restricted"});
  if (one_in(gen, 2)) r.header_lines.emplace_back("X-Job", any_of(gen, {"batch", "day"}));
  return r;
}

flow::choice served(const recorded& r, const json::document& document, const chat_request& chat, std::uint64_t seed) {
  const auto m = flow::find_allowed_model(*r.house, r.who.get(), "chat");
  REQUIRE(m.has_value());
  const auto judged = flow::judge(*r.house, r.who.get(), **m, r.label, document.root());
  const auto headers = r.headers();
  return flow::choose(*r.house, {.chat = chat,
                                 .asked = *m,
                                 .who = r.who.get(),
                                 .headers = headers,
                                 .label = judged.label,
                                 .seed = seed,
                                 .now = r.now,
                                 .wall_now = r.wall_now});
}

bool same(const flow::explanation& said, const flow::choice& done) {
  if (said.rule != (done.acted == nullptr ? "" : done.acted->name) || said.planned_model != done.model->name) return false;
  if (said.explored != done.plan.explored || said.refusal.has_value() != done.plan.refusal.has_value()) return false;
  if (said.refusal && said.refusal->message != done.plan.refusal->message) return false;
  if (said.candidates.size() != done.plan.judgements.size()) return false;
  for (std::size_t place = 0; place < done.plan.order.size(); ++place) {
    if (said.candidates[done.plan.order[place]].position != place + 1) return false;
  }
  for (std::size_t i = 0; i < said.candidates.size(); ++i) {
    if (said.candidates[i].verdict != routing::to_string(done.plan.judgements[i].verdict)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("explain says what serve does, over 10,000 recorded states", "[flow][routing][property]") {
  std::size_t with_rule = 0, refused = 0, explored = 0, elsewhere = 0, languages = 0, differ_by_seed = 0;
  for (std::uint64_t seed = 1; seed <= 10'000; ++seed) {
    CAPTURE(seed);
    const recorded r = record(seed);
    const auto document = json::document::parse(r.body);
    REQUIRE(document.has_value());
    const auto chat = dialects::openai_chat::client().read_request(*document);
    REQUIRE(chat.has_value());
    const flow::choice done = served(r, *document, *chat, r.seed);
    const auto headers = r.headers();
    const auto said = flow::explain(
        *r.house,
        {.body = r.body, .label_header = r.label, .who = r.who, .headers = headers, .seed = r.seed, .now = r.now, .wall_now = r.wall_now},
        dialects::openai_chat::client());
    REQUIRE(said.has_value());
    REQUIRE(same(*said, done));
    REQUIRE(same(*said, served(r, *document, *chat, r.seed)));  // and the same again
    with_rule += done.acted != nullptr ? 1 : 0;
    refused += done.plan.refusal ? 1 : 0;
    explored += done.plan.explored ? 1 : 0;
    elsewhere += done.model->name == "other" ? 1 : 0;
    languages += done.language && !done.language->empty() ? 1 : 0;
    differ_by_seed += same(*said, served(r, *document, *chat, r.seed + 1)) ? 0 : 1;
  }
  // The states are such that every part of a decision had its turn, and that a difference would be seen.
  CHECK(with_rule > 1000);
  CHECK(refused > 200);
  CHECK(explored > 100);
  CHECK(elsewhere > 100);
  CHECK(languages > 200);
  CHECK(differ_by_seed > 500);
}

namespace {

using namespace flow::test;

std::shared_ptr<const flow::snapshot> two_vendors(const vendor& a, const vendor& b,
                                                  const std::function<void(flow::model&, flow::snapshot&)>& change) {
  snapshot_builder build;
  build.to("a", a.origin()).to("b", b.origin()).model("chat", {"a/1", "b/2"});
  auto m = std::make_shared<flow::model>(*build.raw().models.find("chat")->second);
  change(*m, build.raw());
  build.raw().models.find("chat")->second = std::move(m);
  return build.build();
}

}  // namespace

TEST_CASE("a rule acts on the way of a request, and is named in the answer, the log and the metrics' record", "[flow][routing]") {
  vendor a({answer_of(200, whole_answer)}), b({answer_of(200, whole_answer)});
  routing::rule batch = rule_named("batch-goes-to-b");
  batch.when.headers = {{0, {"batch"}}};
  batch.prefer = {"b"};
  house h(two_vendors(a, b, [&](flow::model&, flow::snapshot& s) { s.rules = routing::rule_book({batch}, {"x-job"}); }));
  const auto plain = h.ask(question("chat", false));
  CHECK(plain.status == 200);
  CHECK(plain.header("x-naru-deployment") == "a/1");
  CHECK(plain.header("x-naru-rule").empty());
  const auto steered = h.ask(question("chat", false), {{"X-Job", "batch"}});
  CHECK(steered.header("x-naru-deployment") == "b/2");
  CHECK(steered.header("x-naru-rule") == "batch-goes-to-b");
  REQUIRE(eventually([&] { return h.settled().size() == 2; }));
  CHECK(h.settled()[0].rule.empty());
  CHECK(h.settled()[1].rule == "batch-goes-to-b");
}

TEST_CASE("what a rule denies to all is refused with 403 and the rule's name, and nothing is asked", "[flow][routing]") {
  vendor a({answer_of(200, whole_answer)}), b({answer_of(200, whole_answer)});
  routing::rule closed = rule_named("closed");
  closed.deny = {"a", "b"};
  house h(two_vendors(a, b, [&](flow::model&, flow::snapshot& s) { s.rules = routing::rule_book({closed}, {}); }));
  const auto got = h.ask(question("chat", false));
  CHECK(got.status == 403);
  CHECK(got.body.find("denied_by_rule") != std::string::npos);
  CHECK(got.header("x-naru-rule") == "closed");
  CHECK(h.record().outcome == observe::outcome::policy_denied);
  CHECK(a.calls() + b.calls() == 0);
}

TEST_CASE("another model answers where a rule says so", "[flow][routing]") {
  vendor a({answer_of(200, whole_answer)}), b({answer_of(200, whole_answer)});
  snapshot_builder build;
  build.to("a", a.origin()).to("b", b.origin()).model("chat", {"a/1"}).model("other", {"b/2"});
  routing::rule r = rule_named("over-there");
  r.use = "other";
  build.raw().rules = routing::rule_book({r}, {});
  house h(build.build());
  const auto got = h.ask(question("chat", false));
  CHECK(got.header("x-naru-model") == "chat");
  CHECK(got.header("x-naru-deployment") == "b/2");
  CHECK(h.record().model == "chat");
}

TEST_CASE("answers are measured, streams by their first content, and fastest goes by it", "[flow][routing]") {
  const auto slow = stream_of({chunk("a"), last_chunk, usage_chunk, done}, true, 400ms);
  const auto quick = stream_of({chunk("a"), last_chunk, usage_chunk, done}, true, 1ms);
  vendor a({slow}), b({quick});
  const auto s = two_vendors(a, b, [](flow::model& m, flow::snapshot&) {
    m.strategy = routing::strategy::fastest;
    m.tuning.explore = 0;
    m.tuning.prior = {0.05F, 0.00001F};
  });
  house h(s);
  CHECK(h.ask(question("chat", true)).header("x-naru-deployment") == "a/1");  // nothing is known: the first of the list
  CHECK(eventually([&] { return s->deployments.at("a/1")->live->figures().pace(routing::size_class::small).first_token.evidence > 0; }));
  CHECK(s->deployments.at("a/1")->live->figures().pace(routing::size_class::small).first_token.value > 0.1F);
  CHECK(h.ask(question("chat", true)).header("x-naru-deployment") == "b/2");
  CHECK(h.ask(question("chat", true)).header("x-naru-deployment") == "b/2");
}

TEST_CASE("a vendor's word on its limits moves requests before it answers 429", "[flow][routing]") {
  const auto tight = [](const net::request&, net::response& out) -> flow::test::coroutine {
    (void)co_await out.send(200,
                            {{"content-type", "application/json"},
                             {"x-ratelimit-limit-requests", "100"},
                             {"x-ratelimit-remaining-requests", "0"},
                             {"x-ratelimit-reset-requests", "1h0m0s"}},
                            whole_answer);
  };
  vendor a({tight}), b({answer_of(200, whole_answer)});
  house h(two_vendors(a, b, [](flow::model&, flow::snapshot&) {}));
  CHECK(h.ask(question("chat", false)).header("x-naru-deployment") == "a/1");
  for (int i = 0; i < 5; ++i) CHECK(h.ask(question("chat", false)).header("x-naru-deployment") == "b/2");
  CHECK(a.calls() == 1);
}
