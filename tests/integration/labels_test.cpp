#include <catch2/catch.hpp>
#include <regex>

#include "tests/integration/support.hpp"
#include "tests/support/program.hpp"
#include "tests/support/seeded_random.hpp"

// Clearance: what a request is labelled, who may have it, and that explain says what serve does.
using namespace naru::test;

namespace {

/// Three deployments, cleared for more and more; priority, the least cleared first.
std::string cleared(const mock_upstream& mock, std::string_view more = {}) {
  std::string out = listening_anywhere() + "providers:\n";
  out += provider_line("low", "openai", mock, ", clearance: internal, price: {input: 1, output: 1}");
  out += provider_line("mid", "anthropic", mock, ", clearance: confidential, price: {input: 2, output: 2}");
  out += provider_line("high", "google", mock, ", clearance: restricted, price: {input: 3, output: 3}");
  out +=
      "  local: off\nmodels:\n"
      "  chat: {strategy: priority, deployments: [low/a--ok, mid/b--ok, high/c--ok]}\n"
      "  cheap: {strategy: cheapest, deployments: [high/c--ok, mid/b--ok, low/a--ok]}\n"
      "  narrow: {strategy: priority, deployments: [low/a--ok, mid/b--ok]}\n"
      "  marked: {strategy: priority, label: confidential, deployments: [low/a--ok, mid/b--ok]}\n";
  return out.append(more);
}

constexpr std::string_view card = "My card is 4111 1111 1111 1111, please book.";
constexpr std::string_view mail = "Write to kim@example.com please.";

}  // namespace

TEST_CASE("a label is raised by header and by detectors, and decides who may have the request", "[integration][labels]") {
  mock_upstream mock;
  naru_process naru(cleared(mock), lean());
  const auto check = [&](const http_answer& a, std::string_view label, std::string_view deployment) {
    CAPTURE(label, deployment);
    CHECK(a.status == 200);
    CHECK(a.header("x-naru-label") == label);
    CHECK(a.header("x-naru-deployment") == deployment);
  };
  check(post(naru.port(), chat("chat")), "internal", "low/a--ok");
  check(post(naru.port(), chat("chat", {}, mail)), "internal", "low/a--ok");
  check(post(naru.port(), chat("chat"), {{"x-naru-label", "confidential"}}), "confidential", "mid/b--ok");
  check(post(naru.port(), chat("chat"), {{"x-naru-label", "restricted"}}), "restricted", "high/c--ok");
  check(post(naru.port(), chat("chat"), {{"x-naru-label", "public"}}), "internal", "low/a--ok");       // never lowers
  check(post(naru.port(), chat("chat"), {{"x-naru-label", "whatever"}}), "restricted", "high/c--ok");  // unknown: the highest
  check(post(naru.port(), chat("chat"), {{"x-naru-label", "public"}, {"X-Naru-Label", "confidential"}}), "restricted",
        "high/c--ok");  // a list: no label
  check(post(naru.port(), chat("chat", {}, card)), "restricted", "high/c--ok");
  check(post(naru.port(), chat("chat", {}, card), {{"x-naru-label", "public"}}), "restricted", "high/c--ok");
  check(post(naru.port(), chat("marked")), "confidential", "mid/b--ok");
  // A secret that hides: escaped in JSON, in the system's words.
  check(post(naru.port(), R"({"model":"chat","messages":[{"role":"user","content":"card 4111\u00201111\u00201111\u00201111"}]})"),
        "restricted", "high/c--ok");
  check(post(naru.port(), R"({"model":"chat","messages":[{"role":"system","content":"4111111111111111"},{"role":"user","content":"hi"}]})"),
        "restricted", "high/c--ok");
  for (const auto& r : mock.log()) {
    if (r.body.find("4111") != std::string::npos) CHECK(r.target.find("c--ok") != std::string::npos);
  }
}

TEST_CASE("what nobody is cleared for is refused with a remedy, and no call is made", "[integration][labels]") {
  mock_upstream mock;
  naru_process naru(cleared(mock), lean());
  for (const std::string& body : {chat("narrow", {}, card), chat_stream("narrow", {}, card)}) {
    const auto a = post(naru.port(), body);
    CHECK(a.status == 503);
    CHECK(a.header("content-type").starts_with("application/json"));
    CHECK(a.header("x-should-retry") == "false");
    CHECK(a.header("x-naru-label") == "restricted");
    CHECK(at(a.body, "error.code") == "nothing_cleared");
    CHECK(at(a.body, "error.message").find("clear a deployment for restricted") != std::string::npos);
    CHECK(a.body.find("4111") == std::string::npos);
  }
  CHECK(mock.stat("requests") == 0);
}

TEST_CASE("falling over never crosses a clearance", "[integration][labels]") {
  mock_upstream mock;
  naru_process naru(cleared(mock), lean());
  mock.script("c--ok", {"status-503", "status-503", "status-503"});
  const auto a = post(naru.port(), chat("chat", {}, card));
  CHECK(a.status == 502);
  CHECK(calls_of(mock, "c--ok") == 3);
  CHECK(calls_of(mock, "a--ok") == 0);
  CHECK(calls_of(mock, "b--ok") == 0);
}

TEST_CASE("a caller's own label is the base of all that it asks", "[integration][labels]") {
  mock_upstream mock;
  naru_process naru(cleared(mock,
                            "callers:\n  - {name: vault, key: vault-key-0123456789, label: restricted}\n  - {name: web, key: "
                            "web-key-0123456789, label: public}\n"),
                    lean());
  const auto as = [&](const char* key) { return post(naru.port(), chat("chat"), {{"Authorization", key}}); };
  CHECK(as("Bearer vault-key-0123456789").header("x-naru-deployment") == "high/c--ok");
  CHECK(as("Bearer web-key-0123456789").header("x-naru-label") == "public");
}

TEST_CASE("explain says of 50 random requests what serve then does", "[integration][labels]") {
  mock_upstream mock;
  naru_process naru(cleared(mock), lean());
  auto random = seeded_random(50);
  const auto one_of = [&](std::initializer_list<std::string> all) {
    return *(all.begin() + static_cast<std::ptrdiff_t>(random() % all.size()));
  };
  for (int i = 0; i < 50; ++i) {
    const std::string label = one_of({"", "", "public", "internal", "confidential", "restricted", "nonsense"});
    const std::string body =
        chat(one_of({"chat", "cheap", "narrow", "marked", "low/a--ok", "high/c--ok"}),
             one_of({"", R"(,"max_tokens":50)", R"(,"temperature":0.5)"}),
             one_of({"Say hello.", std::string(mail), std::string(card), "token ghp_" + std::string(36, 'a'), std::string(3000, 'w')}));
    const header_lines headers = label.empty() ? header_lines{} : header_lines{{"x-naru-label", label}};
    CAPTURE(i, body.substr(0, 200), label);
    const auto told = ask(naru.admin_port(), "POST", "/admin/explain", headers, body);
    REQUIRE(told.status == 200);
    std::string first = "-";
    for (std::size_t c = 0; c < size_at(told.body, "candidates"); ++c) {
      const std::string item = "candidates." + std::to_string(c) + ".";
      if (at(told.body, item + "position") == "1") first = at(told.body, item + "deployment");
    }
    const auto served = post(naru.port(), body, headers);
    CHECK(at(told.body, "label.value") == served.header("x-naru-label"));
    if (first != "-") {
      CHECK(served.status == 200);
      CHECK(served.header("x-naru-deployment") == first);
    } else {
      CHECK(std::to_string(served.status) == at(told.body, "refusal.status"));
    }
    if (i % 10 != 0) continue;
    naru.folder().write("request.json", body);
    spawn_options run;
    run.arguments = {
        "explain", "--config", (naru.folder().path() / "naru.yaml").string(), "--file", (naru.folder().path() / "request.json").string(),
        "--json"};
    if (!label.empty()) run.arguments.insert(run.arguments.end(), {"--label", label});
    child_process line(built_program("naru"), run);
    REQUIRE(line.wait()->code == 0);
    REQUIRE(eventually([&] { return line.output().ends_with("}\n"); }));
    const std::string printed = line.output();
    const std::string last = printed.substr(printed.find("{\"model\""));
    // The command has measured nothing yet; the gateway has. None of the strategies here goes by it.
    static const std::regex measured(R"(,"predicted_first_token_ms":\d+,"predicted_total_ms":\d+,"measured":\w+)");
    CHECK(std::regex_replace(at(last, "candidates"), measured, "") == std::regex_replace(at(told.body, "candidates"), measured, ""));
    CHECK(at(last, "label") == at(told.body, "label"));
  }
}

TEST_CASE("patterns of one's own, opaque parts and the budget raise labels, and explain says what would have to change",
          "[integration][labels]") {
  mock_upstream mock;
  naru_process naru(cleared(mock,
                            "sensitivity:\n  opaque: confidential\n  budget: 1MiB\n  custom:\n"
                            "    - {name: project_x, pattern: '(?i)\\bproject x\\b', label: restricted}\n"),
                    lean());
  CHECK(post(naru.port(), chat("chat", {}, "about Project X today")).header("x-naru-deployment") == "high/c--ok");
  CHECK(post(naru.port(), chat("chat", {}, "about projects today")).header("x-naru-deployment") == "low/a--ok");
  const std::string picture =
      R"({"model":"chat","messages":[{"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]})";
  const auto seen = ask(naru.admin_port(), "POST", "/admin/explain", {}, picture);
  REQUIRE(seen.status == 200);
  CHECK(at(seen.body, "label.value") == "confidential");
  CHECK(at(seen.body, "label.set_by") == "opaque");
  CHECK(at(seen.body, "label.hits.0.detector") == "opaque");
  CHECK(at(seen.body, "label.hits.0.place").starts_with("messages[0].content[1]"));
  CHECK(at(seen.body, "candidates.0.verdict") == "not_cleared");
  CHECK(
      at(seen.body, "candidates.0.to_allow") ==
      "set `clearance: confidential` on low/a--ok under models.chat.deployments, or providers.low.clearance where it has none of its own");
  const auto large = post(naru.port(), chat("chat", {}, std::string(2U << 20U, 'x')));
  CHECK(large.header("x-naru-label") == "restricted");
  CHECK(large.header("x-naru-deployment") == "high/c--ok");
}
