#include <catch2/catch.hpp>

#include "config/yaml_reader.hpp"
#include "tests/config/support.hpp"

using namespace naru::config;

TEST_CASE("a syntax error stops at the first and says where", "[yaml]") {
  CHECK(errors_of("limits: {head: 64KiB\nshards: 0\n").starts_with("naru.yaml:"));
  world w;
  const loaded l = w.load("limits:\n  attempts: 0\n  body: [1\n");
  REQUIRE(l.errors.size() == 1);
  CHECK(l.errors[0].to_string().starts_with("naru.yaml:"));
  CHECK(l.value == nullptr);
}

TEST_CASE("a key that stands twice is an error, with both lines", "[yaml]") {
  CHECK(errors_of("shards: 1\nlimits:\n  head: 1KiB\n  head: 2KiB\nshards: 2\n") ==
        "head (naru.yaml:4:3): this key stands twice: first in line 3\n"
        "shards (naru.yaml:5:1): this key stands twice: first in line 1\n");
}

TEST_CASE("a tab in the indentation is an error", "[yaml]") {
  CHECK(errors_of("limits:\n\thead: 64KiB\n") == "naru.yaml:2:1: a tab: indent with spaces\n");
  CHECK(errors_of("limits:\n  \thead: 64KiB\n") == "naru.yaml:2:3: a tab: indent with spaces\n");
  CHECK(errors_of("limits:\n  head: 64KiB\t# a tab before a comment is none\n\t\n\t# nor is this\n").empty());
}

TEST_CASE("an octal number is an error that says so", "[yaml]") {
  CHECK(errors_of("limits:\n  attempts: 010\n") ==
        "limits.attempts (naru.yaml:2:13): want 1..10, got 010 (a leading zero makes an octal number elsewhere: take it out)\n");
  CHECK(errors_of("callers: [{name: 010, key_sha256: \"" + std::string(64, 'a') + "\"}]\n") ==
        "callers[0].name (naru.yaml:1:18): want a text, got 010, which YAML may read as an octal number: put it in quotes\n");
}

TEST_CASE("yes and no are errors where a word or a flag is meant", "[yaml]") {
  CHECK(errors_of("sensitivity: {trust_header: yes}\n") == "sensitivity.trust_header (naru.yaml:1:29): want true or false, got yes\n");
  CHECK(errors_of("sensitivity: {trust_header: on}\n") == "sensitivity.trust_header (naru.yaml:1:29): want true or false, got on\n");
  CHECK(errors_of("models: {m: {deployments: [local], aliases: [no]}}\n") ==
        "models.m.aliases[0] (naru.yaml:1:46): want a text, got no, which YAML may read as false: put it in quotes\n");
  CHECK(errors_of("models: {m: {deployments: [local], aliases: [\"no\"]}}\n").empty());
  CHECK(errors_of("log: {level: off}\n") == "log.level (naru.yaml:1:14): want trace, debug, info, warn or error, got off\n");
  CHECK(errors_of("providers: {local: off}\n").empty());  // here off is the word that is meant
  CHECK(errors_of("providers: {local: no}\n") == "providers.local (naru.yaml:1:20): want off or a block, got no\n");
  CHECK(errors_of("log: {access: off}\nsensitivity: {detectors: {email: off}}\n").empty());
}

TEST_CASE("keys are plain texts, tags mean nothing, and one document is enough", "[yaml]") {
  CHECK(errors_of("? [a, b]\n: 1\n") == "naru.yaml:1:3: a key must be a plain text\n");
  CHECK(errors_of("{{a: b}: 1}\n") == "naru.yaml:1:2: a key must be a plain text\n");
  CHECK(errors_of("shards: !!int 3\n").find("tags mean nothing here") != std::string::npos);
  CHECK(errors_of("shards: 1\n---\nshards: 2\n").find("a second document") != std::string::npos);
  CHECK(errors_of("- shards\n") == "naru.yaml:1:1: want keys such as `providers:`, got a list\n");
  CHECK(errors_of("hello\n") == "naru.yaml:1:1: want keys such as `providers:`, got hello\n");
}

TEST_CASE("anchors and merges are unfolded, up to a bound", "[yaml]") {
  const auto s = good(
      "providers:\n  a: &base {type: compatible, base_url: \"http://a:1/v1\", region: kr}\n  b: {<<: *base, base_url: "
      "\"http://b:1/v1\"}\n");
  CHECK(s->find_provider("b")->to->host == "b");
  CHECK(s->find_provider("b")->region == "kr");

  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) bomb += (k == 0 ? "*a" : ", *a") + std::to_string(i - 1);
    bomb += "]\n";
  }
  CHECK(errors_of(bomb).find("too much: a file may hold 100000 values") != std::string::npos);
  CHECK(errors_of("a: &a [*a]\n").find("naru.yaml:1:") == 0);
}

TEST_CASE("text that is not UTF-8, or holds a NUL, is refused with its place", "[yaml]") {
  CHECK(errors_of("shards: 1\n# \xff\n") == "naru.yaml:2:3: want UTF-8 text without NULs\n");
  CHECK(errors_of(std::string("shards: 1\n\0", 11)) == "naru.yaml:2:1: want UTF-8 text without NULs\n");
  for (const char* bad : {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xf8\x88\x80\x80\x80"}) {
    CHECK(errors_of(std::string("# ") + bad).find("want UTF-8") != std::string::npos);
  }
  CHECK(errors_of("# 나루 😀\n").empty());
}

TEST_CASE("columns count characters, not bytes", "[yaml]") {
  CHECK(errors_of("callers: [{name: \"나루\", 팀: x}]\n").find("naru.yaml:1:24") != std::string::npos);
}

TEST_CASE("a file that is too large is refused", "[yaml]") {
  problem_list problems;
  const auto file = problems.add_file("big.yaml");
  CHECK_FALSE(read_yaml(std::string(most_bytes + 1, '#'), file, problems));
  CHECK(problems.take_errors().at(0).message == "larger than 1 MiB");
}

TEST_CASE("deep nesting ends in an error, not in a crash", "[yaml]") {
  CHECK_FALSE(errors_of(std::string(20'000, '[')).empty());
  CHECK_FALSE(errors_of(std::string(20'000, '{')).empty());
  std::string blocks;
  for (int i = 0; i < 3'000; ++i) blocks += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  if (blocks.size() < most_bytes) CHECK_FALSE(errors_of(blocks).empty());
}
