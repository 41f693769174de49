// sensitivity, callers, rates, listeners: who may what, and where.
#include <openssl/sha.h>

#include <catch2/catch.hpp>

#include "config/sources.hpp"
#include "tests/config/support.hpp"

using namespace naru::config;

namespace {

std::string detector_labels(const naru::settings& s) {
  std::string out;
  for (const auto& d : s.sensitivity.detectors) out += d.detector + "=" + std::string(s.sensitivity.labels.name(d.raises_to)) + " ";
  return out;
}

}  // namespace

TEST_CASE("detectors have their defaults, a group sets its members and a member's own line wins", "[sensitivity]") {
  const auto usual = good("");
  REQUIRE(usual->sensitivity.detectors.size() == naru::sensitivity::detector_names().size());
  for (const auto& d : usual->sensitivity.detectors) {
    const bool contact = d.detector == "email" || d.detector == "phone" || d.detector == "ip" || d.detector == "street_address_kr";
    CAPTURE(d.detector);
    CHECK(usual->sensitivity.labels.name(d.raises_to) == (contact ? "internal" : "restricted"));
  }
  const std::string said = detector_labels(*good(
      "sensitivity: {detectors: {openai_key: internal, secrets: confidential, contact: off, ids: off, kr_rrn: confidential, jwt: off}}\n"));
  for (const char* line : {"private_key=confidential ", "openai_key=internal ", "github_token=confidential ", "kr_rrn=confidential ",
                           "card=restricted ", "iban=restricted "}) {
    CAPTURE(line, said);
    CHECK(said.find(line) != std::string::npos);
  }
  for (const char* off : {"email", "phone", "us_ssn", "passport", "jwt"}) {
    CAPTURE(off);
    CHECK(said.find(std::string(off) + "=") == std::string::npos);
  }
  CHECK(errors_of("sensitivity: {detectors: {jwtt: off}}\n").find("did you mean jwt?") != std::string::npos);
}

TEST_CASE("opaque parts, the budget and a company's own patterns are read", "[sensitivity]") {
  const auto s = good(
      "sensitivity:\n  opaque: confidential\n  budget: 4MiB\n  custom:\n"
      "    - {name: project_x, pattern: '(?i)\\bproject[ -]x\\b', label: restricted, examples: {match: [Project X], no_match: "
      "[projects]}}\n");
  CHECK(s->sensitivity.labels.name(*s->sensitivity.more.opaque) == "confidential");
  CHECK(s->sensitivity.more.budget == 4U << 20U);
  REQUIRE(s->sensitivity.more.custom.size() == 1);
  CHECK(s->sensitivity.more.custom[0].name == "project_x");
  CHECK_FALSE(good("sensitivity: {opaque: inherit}\n")->sensitivity.more.opaque);
}

TEST_CASE("a pattern that cannot be honoured, or does not do what its examples say, is refused with its place", "[sensitivity]") {
  const auto custom = [](const std::string& lines) { return errors_of("sensitivity:\n  custom:\n" + lines); };
  CHECK(custom("    - {name: x, pattern: '(a)\\1', label: internal}\n") ==
        "sensitivity.custom[0].pattern (naru.yaml:3:26): Back-references are unsupported\n");
  CHECK(custom("    - {name: x, pattern: 'a*', label: internal}\n").find("it matches the empty text") != std::string::npos);
  CHECK(custom("    - {name: card, pattern: 'abc', label: internal}\n").find("is the name of another detector or group") !=
        std::string::npos);
  CHECK(custom("    - {name: x, pattern: abc, label: internal}\n    - {name: x, pattern: abd, label: internal}\n")
            .find("sensitivity.custom[1].name (naru.yaml:4") == 0);
  const std::string tried = custom(
      "    - name: x\n      pattern: abc\n      label: internal\n      examples:\n        match: [abc, abd]\n        no_match: [xabcx]\n");
  CHECK(tried.find("sensitivity.custom[0].examples.match[1] (naru.yaml:7") != std::string::npos);
  CHECK(tried.find("the pattern does not match this") != std::string::npos);
  CHECK(tried.find("sensitivity.custom[0].examples.no_match[0] (naru.yaml:8") != std::string::npos);
  CHECK(custom("    - {name: x, pattern: abc}\n").find("sensitivity.custom[0].label") != std::string::npos);
}

TEST_CASE("a company's own words for labels take the places of the usual ones", "[sensitivity]") {
  const auto s = good("sensitivity: {labels: [open, house, closed, vault], default: house}\n");
  CHECK(detector_labels(*s).find("card=vault ") != std::string::npos);
  CHECK(detector_labels(*s).find("email=house ") != std::string::npos);
  CHECK(s->sensitivity.labels.name(s->sensitivity.labels.default_label()) == "house");
  CHECK(s->sensitivity.labels.name(s->find_provider("openai")->clearance) == "house");
  CHECK(s->sensitivity.labels.name(s->find_provider("local")->clearance) == "vault");
  CHECK(errors_of("sensitivity: {labels: [a, b]}\n") ==
        "sensitivity.default (naru.yaml:1:14): is missing: want a or b, because no label is called internal\n");
  CHECK(errors_of("sensitivity: {labels: [a, b, a], default: c}\n") ==
        "sensitivity.labels[2] (naru.yaml:1:30): a stands twice\nsensitivity.default (naru.yaml:1:43): want a or b, got c\n");
  CHECK(errors_of("sensitivity: {labels: []}\n") == "sensitivity.labels (naru.yaml:1:23): want 1..16 labels, got 0\n");
}

TEST_CASE("labels and detectors that do not exist are errors", "[sensitivity]") {
  CHECK(errors_of("sensitivity: {default: intern}\n") ==
        "sensitivity.default (naru.yaml:1:24): want public, internal, confidential or restricted, got intern, did you mean internal?\n");
  CHECK(errors_of("sensitivity: {detectors: {cards: restricted, email: secret}}\n") ==
        "sensitivity.detectors.cards (naru.yaml:1:27): no such detector or group, did you mean card?\n"
        "sensitivity.detectors.email (naru.yaml:1:53): want public, internal, confidential or restricted, got secret\n");
  CHECK_FALSE(good("sensitivity: {trust_header: false}\n")->sensitivity.trust_header);
}

TEST_CASE("a caller's key is hashed while loading", "[callers]") {
  world w;
  w.variables = {{"NARU_KEY_WEB", "abc"}};
  const std::string hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";  // SHA-256 of abc, FIPS 180-2
  const auto s = good(
      "models: {chat: {deployments: [local], aliases: [c]}}\ncallers:\n"
      "  - {name: web, key: \"${env:NARU_KEY_WEB}\", team: shop, user: kim, models: [chat, c, openai/gpt-6-luna], label: internal, "
      "concurrent: 5}\n"
      "  - {name: vault, key_sha256: \"9F86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"}\n",
      w);
  REQUIRE(s->callers.size() == 2);
  const caller& web = s->callers[0];
  CHECK(to_hex({reinterpret_cast<const char*>(web.key_sha256.data()), 32}) == hash);
  CHECK((web.name == "web" && web.team == "shop" && web.user == "kim" && web.models.size() == 3 && web.concurrent == 5U));
  CHECK(s->sensitivity.labels.name(*web.label) == "internal");
  CHECK(to_hex({reinterpret_cast<const char*>(s->callers[1].key_sha256.data()), 32}) ==
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
  CHECK((!s->callers[1].label && !s->callers[1].concurrent && s->callers[1].models.empty()));
}

TEST_CASE("callers must be told apart, have one key, and name what exists", "[callers]") {
  world w;
  w.variables = {{"A", "key-a"}};
  CHECK(to_lines(w.load("callers:\n  - {name: a, key: \"${env:A}\"}\n  - {name: a, key: \"${env:A}\"}\n  - {name: b}\n  - {name: c, key: "
                        "\"${env:B}\"}\n"
                        "  - {name: d, key_sha256: abc}\n  - {name: e, key_sha256: \"" +
                        std::string(64, '1') + "\", models: [chta, openai/x], label: top}\n")
                     .errors) ==
        "callers[1].name (naru.yaml:3:5): a is taken: naru.yaml:2\n"
        "callers[1] (naru.yaml:3:5): has the same key as the caller in naru.yaml:2\n"
        "callers[2] (naru.yaml:4:5): want a key, or its SHA-256 as key_sha256\n"
        "callers[3].key (naru.yaml:5:20): the variable B is not set; ${env:B:-value} gives a default\n"
        "callers[4].key_sha256 (naru.yaml:6:27): want 64 hex digits, got ***\n"
        "callers[5].models[0] (naru.yaml:7:104): no model chta\n"
        "callers[5].label (naru.yaml:7:128): want public, internal, confidential or restricted, got top\n");
}

TEST_CASE("rates limit how much runs at once for a team, a key or a user that exists", "[rates]") {
  const std::string callers = "callers: [{name: web, key_sha256: \"" + std::string(64, '1') + "\", team: shop, user: kim}]\n";
  const auto s = good(callers + "rates: [{team: shop, concurrent: 50}, {key: web, concurrent: 5}, {user: kim, concurrent: 1}]\n");
  REQUIRE(s->concurrency.size() == 3);
  CHECK((s->concurrency[0].of == concurrency_limit::scope::team && s->concurrency[0].name == "shop" && s->concurrency[0].concurrent == 50));
  CHECK((s->concurrency[1].of == concurrency_limit::scope::key && s->concurrency[2].of == concurrency_limit::scope::user));
  CHECK(errors_of(
            callers +
            "rates:\n  - {team: shpo, concurrent: 5}\n  - {team: shop, key: web, concurrent: 5}\n  - {concurrent: 5}\n  - {team: shop}\n"
            "  - {team: shop, requests_per_minute: 600, tokens_per_minute: 2000000, concurrent: 0}\n") ==
        "rates[0].team (naru.yaml:3:12): no caller has the team shpo, did you mean shop?\n"
        "rates[1] (naru.yaml:4:5): want exactly one of team, key and user\n"
        "rates[2] (naru.yaml:5:5): want exactly one of team, key and user\n"
        "rates[3] (naru.yaml:6:5): limits nothing: want concurrent\n"
        "not yet: rates[4].requests_per_minute (naru.yaml:7)\n"
        "not yet: rates[4].tokens_per_minute (naru.yaml:7)\n"
        "rates[4].concurrent (naru.yaml:7:84): want 1..1000000, got 0\n");
}

TEST_CASE("traffic is one block or a list of them", "[listen]") {
  world w;
  w.files->texts = {{"/etc/naru/tls.crt", "c"}, {"/etc/naru/tls.key", "k"}};
  const auto one = good("listen: {traffic: {address: \"127.0.0.1:9000\"}, admin: {address: \"127.0.0.1:9001\"}}\n", w);
  REQUIRE(one->traffic.size() == 1);
  CHECK(one->traffic[0].address() == "127.0.0.1:9000");
  CHECK(one->admin.at.address() == "127.0.0.1:9001");
  const auto two = good(
      "listen: {traffic: [{address: \"127.0.0.1:9000\"}, {address: \"[::1]:9000\", tls: {certificate: tls.crt, key: "
      "/etc/naru/tls.key}}]}\n",
      w);
  REQUIRE(two->traffic.size() == 2);
  CHECK(two->traffic[1].tls->certificate == "/etc/naru/tls.crt");
  CHECK(two->admin.at.address() == "127.0.0.1:8081");
  CHECK(errors_of("listen: {traffic: []}\n") == "listen.traffic (naru.yaml:1:19): want at least one listener, got an empty list\n");
}

TEST_CASE("certificates must be there", "[listen]") {
  CHECK(errors_of("listen:\n  traffic: {tls: {certificate: /c.pem, key: k.pem}}\n") ==
        "listen.traffic.tls.certificate (naru.yaml:2:32): /c.pem cannot be read: No such file or directory\n"
        "listen.traffic.tls.key (naru.yaml:2:45): /etc/naru/k.pem cannot be read: No such file or directory\n");
  CHECK(errors_of("listen:\n  traffic: {tls: {certificate: /c.pem}}\n")
            .find("listen.traffic.tls.key (naru.yaml:2:18): is missing: want a path\n") != std::string::npos);
  CHECK(errors_of("providers: {openai: {tls: {ca: /ca.pem}}}\n") ==
        "providers.openai.tls.ca (naru.yaml:1:32): /ca.pem cannot be read: No such file or directory\n");
}

TEST_CASE("two listeners on one address are an error", "[listen]") {
  CHECK(errors_of("listen: {traffic: {address: \"127.0.0.1:8081\"}}\n") ==
        "listen.admin.address (naru.yaml:1:9): two listeners on one address: 127.0.0.1:8081 and 127.0.0.1:8081\n");
  CHECK(errors_of("listen: {traffic: [{address: \"127.0.0.1:1\"}, {address: \"127.0.0.1:1\"}]}\n").find("two listeners on one address") !=
        std::string::npos);
  CHECK(errors_of("listen: {traffic: [{address: \"127.0.0.1:0\"}, {address: \"127.0.0.1:0\"}]}\n").empty());
  CHECK(errors_of("listen: {traffic: [{address: \"127.0.0.1:1\"}, {address: \"[::1]:1\"}]}\n").empty());
}

TEST_CASE("other machines are served only with callers, and the admin API only with a token", "[listen]") {
  CHECK(errors_of("listen: {traffic: {address: \"0.0.0.0:8080\"}}\n") ==
        "listen.traffic.address (naru.yaml:1:29): want callers, or loopback: 0.0.0.0:8080 can be reached from other machines\n");
  CHECK(errors_of("listen: {admin: {address: \":9090\"}}\n") ==
        "listen.admin.address (naru.yaml:1:27): want a token, or loopback: [::]:9090 can be reached from other machines\n");
  world w;
  w.variables = {{"T", "token"}};
  CHECK(to_lines(w.load("listen: {traffic: {address: \"0.0.0.0:8080\"}, admin: {address: \":9090\", token: \"${env:T}\"}}\n"
                        "callers: [{name: a, key: \"${env:T}\"}]\n")
                     .errors)
            .empty());
}

TEST_CASE("connections that the descriptor limit cannot hold are warned of", "[listen]") {
  world w;
  w.descriptor_limit = 1024;
  CHECK(to_lines(w.load("limits:\n  connections: 600\n").warnings) ==
        "limits.connections (naru.yaml:2:16): 600 connections may take 1264 descriptors (a proxied stream takes two), the limit is 1024\n");
  CHECK(w.load("limits:\n  connections: 480\n").warnings.empty());
}

TEST_CASE("connections that nobody chose give way to the descriptor limit without a word", "[listen]") {
  world w;
  const auto allowed = [&](std::optional<std::uint64_t> limit) {
    w.descriptor_limit = limit;
    const loaded l = w.load("limits: {attempts: 2}\n");
    CHECK(to_lines(l.warnings).find("connections") == std::string::npos);
    return std::pair{l.value->limits.connections, l.value->limits.connections_lowered};
  };
  CHECK(allowed(std::nullopt) == std::pair{20'000U, false});
  CHECK(allowed(40'064) == std::pair{20'000U, false});
  CHECK(allowed(40'063) == std::pair{19'999U, true});
  CHECK(allowed(20'000) == std::pair{9'968U, true});
  CHECK(allowed(10) == std::pair{1U, true});
}
