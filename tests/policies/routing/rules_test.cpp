#include "policies/routing/rules.hpp"

#include <catch2/catch.hpp>

#include "policies/routing/language.hpp"
#include "tests/policies/routing/fixture.hpp"

using namespace naru;
using namespace naru::routing;
using namespace naru::routing::testing;

namespace {

using order = few<std::uint32_t>;

rule_book book_of(std::vector<condition> conditions, std::vector<std::string> headers = {}) {
  std::vector<rule> rules;
  for (auto& c : conditions) {
    rule& r = rules.emplace_back();
    r.name = std::to_string(rules.size() - 1);
    r.when = std::move(c);
  }
  return {std::move(rules), std::move(headers)};
}
/// The number of the rule that acts; -1: none.
int acting(const rule_book& book, const traits& t) {
  const auto found = book.find(t);
  return found.acted == nullptr ? -1 : std::stoi(found.acted->name);
}

}  // namespace

TEST_CASE("the first rule that matches acts; one without a condition always does", "[rules]") {
  const rule_book book = book_of({{.teams = {"a"}}, {.teams = {"b", "a"}}, {}});
  CHECK(acting(book, {.team = "a"}) == 0);
  CHECK(acting(book, {.team = "b"}) == 1);
  CHECK(acting(book, {}) == 2);
  CHECK(acting(rule_book{}, {.team = "a"}) == -1);
}

TEST_CASE("every trait of a condition must hold", "[rules]") {
  condition all;
  all.teams = {"t"};
  all.keys = {"k"};
  all.users = {"u"};
  all.models = {"m"};
  all.apis = {"chat"};
  all.headers = {{0, {"batch", "night"}}};
  all.label_ranks = between<std::uint8_t>{1, 2};
  all.input_tokens = between<std::uint64_t>{100, 200};
  all.hours = naru::routing::hours{9h, 18h, 0x7f, nullptr};
  const rule_book book = book_of({all}, {"x-job"});
  const std::vector<std::string_view> job{"night"}, other{"day"}, none;
  const traits good{"t", "k", "u", "m", "chat", label{2}, tokens{150}, wall_now, job, std::nullopt};
  CHECK(acting(book, good) == 0);
  const auto but = [&](auto change) {
    traits t = good;
    change(t);
    return acting(book, t);
  };
  CHECK(but([](traits& t) { t.team = "x"; }) == -1);
  CHECK(but([](traits& t) { t.key = {}; }) == -1);
  CHECK(but([](traits& t) { t.user = "x"; }) == -1);
  CHECK(but([](traits& t) { t.model = "x"; }) == -1);
  CHECK(but([](traits& t) { t.api = "messages"; }) == -1);
  CHECK(but([](traits& t) { t.label = label{3}; }) == -1);
  CHECK(but([](traits& t) { t.label = label{0}; }) == -1);
  CHECK(but([](traits& t) { t.input = tokens{99}; }) == -1);
  CHECK(but([](traits& t) { t.input = tokens{201}; }) == -1);
  CHECK(but([](traits& t) { t.input = tokens{200}; }) == 0);
  CHECK(but([](traits& t) { t.at += 6h; }) == -1);
  CHECK(but([&](traits& t) { t.headers = other; }) == -1);
  CHECK(but([&](traits& t) { t.headers = none; }) == -1);
}

TEST_CASE("the language is asked for only when all else of a rule holds", "[rules]") {
  const rule_book book = book_of({{.teams = {"seoul"}, .languages = {"ko"}}, {.languages = {"zh"}}, {}});
  CHECK_FALSE(book_of({{.teams = {"seoul"}, .languages = {"ko"}}, {.teams = {"x"}}}).find({.team = "shop"}).wants_language);
  CHECK(book.find({.team = "seoul"}).wants_language);
  CHECK(acting(book, {.team = "seoul", .language = "ko"}) == 0);
  CHECK(acting(book, {.team = "shop", .language = "ko"}) == 2);
  CHECK(acting(book, {.language = "zh-Hant"}) == 1);
  CHECK(acting(book, {.language = "zha"}) == 2);
  CHECK(acting(book, {.language = ""}) == 2);
}

TEST_CASE("a rule prefers, denies and requires; deployments are named alone or by their provider", "[rules]") {
  scene s;
  s.add("a/1");
  s.add("b/2");
  s.add("c/3");
  s.add("ab/4").quality = 300;
  rule r;
  r.name = "r";
  s.acted = &r;
  SECTION("prefer moves to the front, in its own order") {
    r.prefer = {"c/3", "ab", "gone/x"};
    CHECK(s.plan().order == order{2, 3, 0, 1});
    s.candidates[2].draining = true;  // of what is allowed
    CHECK(s.plan().order == order{3, 0, 1});
  }
  SECTION("deny excludes, and says which rule") {
    r.deny = {"a", "b/2"};
    const plan p = s.plan();
    CHECK(p.order == order{2, 3});
    CHECK(p.judgements[0].verdict == verdict::denied);
    CHECK(describe(p.judgements[0], s.labels, now) == "denied by the rule r");
    r.deny = {"a", "b", "c", "ab"};
    REQUIRE(s.plan().refusal);
    CHECK(s.plan().refusal->code == error_code::forbidden);
    CHECK(s.plan().refusal->reason == "denied_by_rule");
    CHECK(s.plan().refusal->message.find("the rule r denies") != std::string::npos);
  }
  SECTION("a prefix of a name is another name") {
    r.deny = {"a/", "b/", "c/33"};
    CHECK(s.plan().order == order{0, 1, 2, 3});
  }
  SECTION("of two limits the tighter holds") {
    r.require.min_quality = 400;
    CHECK(s.plan().order == order{0, 1, 2});
    s.require.min_quality = 600;
    CHECK(s.plan().order.empty());
    CHECK(s.plan().refusal->message.find("0.60 is required") != std::string::npos);
    r.require.min_quality = 900;
    CHECK(s.plan().refusal->message.find("0.90 is required") != std::string::npos);
    s.require = {};
    r.require = {};
    s.require.regions = {"kr"};
    r.require.regions = {"us"};
    CHECK(s.plan().order.empty());
    CHECK(s.plan().refusal->message.find("in kr, and in us") != std::string::npos);
  }
}

TEST_CASE("what is not known of retention and training satisfies no limit", "[rules]") {
  scene s;
  s.add("a/unknown");
  deployment& b = s.add("b/keeps");
  b.retention = std::chrono::days{30};
  b.trains_on_data = ability::yes;
  deployment& c = s.add("c/forgets");
  c.retention = 0ms;
  c.trains_on_data = ability::no;
  s.require.retention = std::chrono::days{30};
  CHECK(s.plan().order == order{1, 2});
  s.require.retention = std::chrono::days{29};
  CHECK(s.plan().order == order{2});
  CHECK(describe(s.plan().judgements[1], s.labels, now) == "keeps what it saw for 30 days, retention is 29 days");
  s.require.retention.reset();
  s.require.no_training = true;
  CHECK(s.plan().order == order{2});
  CHECK(describe(s.plan().judgements[0], s.labels, now).find("is unknown") != std::string::npos);
  c.trains_on_data = ability::unknown;
  CHECK(s.plan().refusal->field == "require.trains_on_data");
}

TEST_CASE("max_latency excludes by fresh measurements alone", "[rules]") {
  scene s;
  s.add("a/1");
  s.require.max_latency = 2s;
  s.tuning.prior.first_token = 10;
  CHECK(s.plan().order == order{0});  // never measured: tried
  s.candidates[0].pace = {{5, 9, 0}, {0.01F, 9, 0}, now};
  const plan slow = s.plan();
  CHECK(slow.judgements[0].verdict == verdict::too_slow);
  CHECK(slow.refusal->reason == "too_slow");
  CHECK(slow.refusal->message.find("max_latency is 2.0 s") != std::string::npos);
  s.candidates[0].pace.at = now - 5 * half_life;  // stale: tried again
  CHECK(s.plan().order == order{0});
  s.candidates[0].pace = {{0.5F, 9, 0}, {0.01F, 9, 0}, now};
  CHECK(s.plan().order == order{0});
}

TEST_CASE("hours of a day, over midnight too, on the days on which they begin", "[calendar]") {
  using namespace std::chrono;
  const auto at = [](unsigned day, int hour, int minute = 0) {
    return sys_days{year{2026} / November / std::chrono::day{day}} + std::chrono::hours{hour} + minutes{minute};
  };
  // 23 November 2026 is a Monday.
  const naru::routing::hours office{9h, 18h, 0b0011111, nullptr};
  CHECK(office.contains(at(23, 9)));
  CHECK_FALSE(office.contains(at(23, 8, 59)));
  CHECK(office.contains(at(27, 17, 59)));
  CHECK_FALSE(office.contains(at(27, 18)));
  CHECK_FALSE(office.contains(at(28, 12)));
  const naru::routing::hours friday_night{22h, 6h, 0b0010000, nullptr};
  CHECK(friday_night.contains(at(27, 22)));
  CHECK(friday_night.contains(at(28, 5, 59)));
  CHECK_FALSE(friday_night.contains(at(28, 6)));
  CHECK_FALSE(friday_night.contains(at(27, 5)));
  CHECK_FALSE(friday_night.contains(at(28, 22)));
  auto seoul = std::make_shared<time_zone>();
  seoul->first = 9 * 3600;
  const naru::routing::hours there{9h, 18h, 0b0011111, seoul};
  CHECK(there.contains(at(23, 0)));
  CHECK_FALSE(there.contains(at(22, 23)));  // Monday 8:00 there
  CHECK_FALSE(there.contains(at(27, 9)));
  auto moving = std::make_shared<time_zone>();
  moving->changes = {{sys_days{year{2026} / 11 / 23}.time_since_epoch().count() * 86'400LL + 12 * 3600, 3600}};
  const naru::routing::hours noon{12h, 13h, 0x7f, moving};
  CHECK_FALSE(noon.contains(at(23, 12)));
  CHECK(noon.contains(at(24, 11)));
}

TEST_CASE("languages are known from a sentence or two", "[language]") {
  CHECK(language_of("안녕하세요, 오늘 회의 일정을 정리해서 알려 주세요. 그리고 내일 점심 약속도 확인해 주세요.") == "ko");
  CHECK(language_of("Please summarise the minutes of yesterday's meeting in three sentences and name who is to do what.") == "en");
  CHECK(language_of("昨日の会議の議事録を三行でまとめて、担当者の名前も教えてください。") == "ja");
  CHECK(language_of("Bitte fasse das Protokoll der gestrigen Besprechung in drei Sätzen zusammen und nenne die Zuständigen.") == "de");
  CHECK(language_of("שלום, אנא סכם את פרוטוקול הפגישה של אתמול בשלושה משפטים וציין מי אחראי.") == "he");
  CHECK(language_of("").empty());
  CHECK(language_of("42").empty());
  CHECK(language_of("ok").empty());
}

TEST_CASE("only the beginning of a long text is looked at, and no character is cut", "[language]") {
  std::string text;
  while (text.size() < language_bytes - 1) text += "한글";
  CHECK(language_of(text + std::string(100'000, 'x')) == "ko");
  for (std::size_t shift = 0; shift < 6; ++shift) CHECK(language_of(std::string(shift, ' ') + text + text) == "ko");
  CHECK_NOTHROW(language_of(std::string(5000, '\xff')));
  CHECK_NOTHROW(language_of(std::string(5000, '\x80')));
}
