#include <catch2/catch.hpp>

#include "tests/config/support.hpp"

using namespace naru::config;
using namespace std::chrono_literals;

namespace {

const std::string house = R"(providers:
  openai: {}
  gpu: {type: compatible, base_url: "http://gpu/v1"}
models:
  chat: {deployments: [openai/gpt-6-luna, local], aliases: [talk]}
  code: {deployments: [openai/gpt-6-sol]}
callers:
  - {name: web, key: "${env:K1}", team: shop, user: kim}
  - {name: batch, key: "${env:K2}", team: back-office}
)";

world with_keys() {
  world w;
  w.variables = {{"OPENAI_API_KEY", "sk-o"}, {"K1", "key-1"}, {"K2", "key-2"}};
  return w;
}
naru::routing::rule one_rule(const std::string& rule) {
  const auto s = good(house + "rules:\n  - " + rule + "\n", with_keys());
  REQUIRE(s->rules.size() == 1);
  return s->rules[0];
}
/// Errors of a rule without the place in front.
std::string errors(const std::string& rule) {
  world w = with_keys();
  std::string lines = to_lines(w.load(house + "rules:\n  - " + rule + "\n").errors);
  return lines;
}
bool refused(const std::string& rule, std::string_view saying) {
  const std::string lines = errors(rule);
  INFO(lines);
  return lines.find(saying) != std::string::npos;
}
using words = std::vector<std::string>;

}  // namespace

TEST_CASE("a rule says when it acts, and what it does", "[rules]") {
  const auto r = one_rule(R"({name: all, when: {team: [shop, back-office], key: web, user: kim, model: [talk, openai/gpt-6-sol], api: chat,
       header: {X-Job: [batch, nightly], x-kind: "1"}, label: ">=internal", input_tokens: 1000..5000, language: [ko, zh-Hant]},
       prefer: [gpu/any, local], deny: openai, require: {max_cost: 0.005, region: kr, quality: 0.2}, use: talk})");
  CHECK(r.when.teams == words{"shop", "back-office"});
  CHECK((r.when.keys == words{"web"} && r.when.users == words{"kim"}));
  CHECK(r.when.models == words{"chat", "openai/gpt-6-sol"});
  CHECK((r.when.apis == words{"chat"} && r.when.languages == words{"ko", "zh-Hant"}));
  REQUIRE(r.when.headers.size() == 2);
  CHECK((r.when.headers[0].name == 0 && r.when.headers[0].values == words{"batch", "nightly"}));
  CHECK((r.when.headers[1].name == 1 && r.when.headers[1].values == words{"1"}));
  CHECK((r.when.label_ranks->from == 1 && r.when.label_ranks->to == 3));
  CHECK((r.when.input_tokens->from == 1000 && r.when.input_tokens->to == 5000));
  CHECK((r.prefer == words{"gpu/any", "local"} && r.deny == words{"openai"} && r.use == "chat"));
  CHECK((r.require.max_cost == naru::nano_usd{5'000'000} && r.require.regions == words{"kr"} && r.require.min_quality == 200));
}

TEST_CASE("rules share the names of headers", "[rules]") {
  const auto s = good(house + R"(rules:
  - {name: a, when: {header: {x-job: batch}}, deny: local}
  - {name: b, when: {header: {x-other: 1, X-JOB: day}}, deny: local}
)",
                      with_keys());
  CHECK(s->rule_headers == words{"x-job", "x-other"});
  CHECK(s->rules[1].when.headers[1].name == 0);
}

TEST_CASE("labels and token counts are compared", "[rules]") {
  const auto labels = [](const std::string& text) {
    const auto range = *one_rule("{name: r, when: {label: \"" + text + "\"}, deny: local}").when.label_ranks;
    return std::pair<int, int>{range.from, range.to};
  };
  CHECK(labels("confidential") == std::pair{2, 2});
  CHECK(labels(">=confidential") == std::pair{2, 3});
  CHECK(labels("> internal") == std::pair{2, 3});
  CHECK(labels("<confidential") == std::pair{0, 1});
  CHECK(labels("<=public") == std::pair{0, 0});
  const auto tokens = [](const std::string& text) {
    const auto range = *one_rule("{name: r, when: {input_tokens: \"" + text + "\"}, deny: local}").when.input_tokens;
    return std::pair{range.from, range.to};
  };
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  CHECK(tokens(">50000") == std::pair<std::uint64_t, std::uint64_t>{50'001, most});
  CHECK(tokens(">= 50000") == std::pair<std::uint64_t, std::uint64_t>{50'000, most});
  CHECK(tokens("<=1000") == std::pair<std::uint64_t, std::uint64_t>{0, 1000});
  CHECK(tokens("<1000") == std::pair<std::uint64_t, std::uint64_t>{0, 999});
  CHECK(tokens("1000..1000") == std::pair<std::uint64_t, std::uint64_t>{1000, 1000});
  for (const char* bad : {"50000", "5000..1000", ">", "..", "1..", ">1k", "> -1", "ten"}) {
    CAPTURE(bad);
    CHECK(
        refused("{name: r, when: {input_tokens: \"" + std::string(bad) + "\"}, deny: local}", "want \">50000\", \"<=1000\" or 1000..5000"));
  }
  CHECK(refused("{name: r, when: {input_tokens: \"<0\"}, deny: local}", "never holds"));
  CHECK(refused("{name: r, when: {label: \">restricted\"}, deny: local}", "never holds"));
  CHECK(refused("{name: r, when: {label: \"<public\"}, deny: local}", "never holds"));
  CHECK(refused("{name: r, when: {label: secret}, deny: local}", "want public, internal, confidential or restricted, alone or behind"));
}

TEST_CASE("hours are of a zone that is read while settings load", "[rules]") {
  const auto plain = one_rule("{name: r, when: {time: \"22:00-06:00\"}, deny: local}").when.hours;
  CHECK((plain->from == 22h && plain->to == 6h && plain->days == 0x7f && plain->zone == nullptr));
  const auto fixed =
      one_rule("{name: r, when: {time: {between: \"09:00-18:00\", days: [mon, fri], zone: \"+09:00\"}}, deny: local}").when.hours;
  CHECK((fixed->days == 0b10001 && fixed->zone->first == 9 * 3600));
  CHECK(refused("{name: r, when: {time: \"9-18\"}, deny: local}", "want hours such as \"09:00-18:00\", got 9-18"));
  CHECK(refused("{name: r, when: {time: {between: \"09:00-18:00\", zone: Asia/Seoul}}, deny: local}",
                "no time zone Asia/Seoul in /usr/share/zoneinfo/: No such file or directory"));
  CHECK(refused("{name: r, when: {time: {between: \"09:00-18:00\", zone: ../../etc/passwd}}, deny: local}", "want UTC, an offset"));
  world w = with_keys();
  w.files->texts["/usr/share/zoneinfo/Asia/Seoul"] = "not one";
  CHECK(to_lines(w.load(house + "rules: [{name: r, when: {time: {between: \"09:00-18:00\", zone: Asia/Seoul}}, deny: local}]\n").errors)
            .find("the file of the time zone Asia/Seoul is no compiled zone") != std::string::npos);
}

TEST_CASE("every name that a rule uses must exist", "[rules]") {
  CHECK(refused("{name: r, when: {team: shpo}, deny: local}", "no caller has the team shpo, did you mean shop?"));
  CHECK(refused("{name: r, when: {key: wbe}, deny: local}", "no caller has the name wbe, did you mean web?"));
  CHECK(refused("{name: r, when: {user: lee}, deny: local}", "no caller has the user lee"));
  CHECK(refused("{name: r, when: {model: chta}, deny: local}", "no model chta, did you mean chat?"));
  CHECK(refused("{name: r, use: cdoe}", "no model cdoe, did you mean code?"));
  CHECK(refused("{name: r, prefer: [opnai/gpt-6-luna]}", "no provider opnai, did you mean openai?"));
  CHECK(refused("{name: r, deny: [openai/gpt-6-lnua]}", "no deployment openai/gpt-6-lnua, did you mean openai/gpt-6-luna?"));
  CHECK(refused("{name: r, deny: []}", "want at least one name, got an empty list"));
  CHECK(refused("{name: r, deny: local, when: {language: korean}}", "want a code of ISO 639"));
  CHECK(refused("{name: r, deny: local, when: {api: chatty}}", "want chat, got chatty"));
  CHECK(refused("{name: \"a b\", deny: local}", "it stands in a header"));
  CHECK(refused("{deny: local}", "is missing"));
  CHECK(refused("{name: r, when: {team: shop}}", "does nothing: want prefer, deny, require or use"));
  CHECK(refused("{name: r, deny: local}\n  - {name: r, deny: local}", "r is taken: naru.yaml:11"));
  CHECK(errors("{name: r, deny: [gpu/whatever, local, openai]}").empty());
}

TEST_CASE("a rule behind one that always matches is warned of", "[rules]") {
  world w = with_keys();
  const loaded l = w.load(house + "rules:\n  - {name: a, deny: local}\n  - {name: b, when: {team: shop}, deny: openai}\n");
  REQUIRE(l.ok());
  CHECK(to_lines(l.warnings).find("rules[1] (naru.yaml:12:5): is never reached: the rule in naru.yaml:11 always matches") !=
        std::string::npos);
}
