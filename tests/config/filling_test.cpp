// ${env:...}, ${file:...}, includes, secrets.
#include <catch2/catch.hpp>

#include "config/sources.hpp"
#include "tests/config/support.hpp"

using namespace naru::config;

TEST_CASE("variables and files are filled into values", "[filling]") {
  world w;
  w.variables = {{"N", "7"}, {"HOST", "10.0.0.1"}, {"EMPTY", ""}};
  w.files->texts = {{"/run/secrets/key", "sk-from-file\n"}, {"/etc/naru/near", "kr"}};
  const auto s = good(
      "limits: {attempts: \"${env:N}\", connections: \"1${env:N}0\", deadline: \"${env:NONE:-5m}\"}\n"
      "providers:\n  a: {type: compatible, base_url: \"http://${env:HOST}:8000/v1\", api_key: \"${file:/run/secrets/key}\", region: "
      "\"${file:near}\"}\n"
      "models: {m: {deployments: [a/x], aliases: [\"a$$b$c\", \"${env:EMPTY:-filled}\"]}}\n",
      w);
  CHECK(s->limits.attempts == 7);
  CHECK(s->limits.connections == 170);
  CHECK(s->limits.deadline == std::chrono::minutes(5));
  const provider& p = *s->find_provider("a");
  CHECK(p.to->host == "10.0.0.1");
  CHECK(p.api_keys.at(0).reveal() == "sk-from-file");
  CHECK(p.region == "kr");
  CHECK(s->find_model("m")->aliases == std::vector<std::string>{"a$b$c", "filled"});
}

TEST_CASE("what cannot be filled in is an error with its place", "[filling]") {
  CHECK(errors_of("limits: {attempts: \"${env:N}\"}\n") ==
        "limits.attempts (naru.yaml:1:20): the variable N is not set; ${env:N:-value} gives a default\n");
  CHECK(errors_of("limits: {attempts: \"${file:/none}\"}\n") ==
        "limits.attempts (naru.yaml:1:20): /none cannot be read: No such file or directory\n");
  CHECK(errors_of("limits: {attempts: \"${N}\"}\n") ==
        "limits.attempts (naru.yaml:1:20): want ${env:NAME}, ${env:NAME:-default} or ${file:/path}; $$ is a dollar sign, got ${N}\n");
  CHECK(errors_of("limits: {attempts: \"${env:N\"}\n").find("a ${ without its }") != std::string::npos);
  CHECK(errors_of("limits: {attempts: \"${env:1 2}\"}\n").find("want the name of a variable") != std::string::npos);
}

TEST_CASE("a value that was filled in is never printed", "[filling]") {
  world w;
  w.variables = {{"N", "hunter2"}};
  CHECK(to_lines(w.load("limits: {attempts: \"${env:N}\"}\n").errors) == "limits.attempts (naru.yaml:1:20): want 1..10, got ${env:N}\n");
  CHECK(to_lines(w.load("models: {m: {deployments: [\"${env:N}/x\"], strategy: \"${env:N}\"}}\n").errors)
            .find("strategy (naru.yaml:1:53): want cheapest") != std::string::npos);
}

TEST_CASE("what is filled in is text, whatever it looks like", "[filling]") {
  world w;
  w.variables = {{"X", "a: {b: [c]}\nd: 1"}, {"Y", "${env:Z}"}, {"Z", "inner"}};
  CHECK(to_lines(w.load("providers: {a: {type: compatible, base_url: \"http://h/v1\", region: \"${env:X}\"}}\n").errors)
            .find("no control characters") != std::string::npos);
  CHECK(good("models: {m: {deployments: [local], aliases: [\"${env:Y}\"]}}\n", w)->models[0].aliases[0] == "${env:Z}");
}

TEST_CASE("a secret typed in plain is taken with a warning, an empty one is an error", "[filling]") {
  world w;
  const loaded l = w.load("providers:\n  openai: {api_key: sk-typed-in}\n");
  REQUIRE(l.ok());
  CHECK(to_lines(l.warnings) ==
        "providers.openai.api_key (naru.yaml:2:21): a secret typed in plain: ${env:NAME} or ${file:/path} keeps it out of this file\n");
  CHECK(errors_of("providers:\n  openai: {api_key: \"\"}\n") == "providers.openai.api_key (naru.yaml:2:21): an empty secret\n");
  w.variables = {{"K", ""}};
  CHECK(to_lines(w.load("providers:\n  openai: {api_key: \"${env:K}\"}\n").errors) ==
        "providers.openai.api_key (naru.yaml:2:21): an empty secret, from ${env:K}\n");
  w.variables = {{"K", "two words\r\nx-evil: 1"}};
  CHECK(to_lines(w.load("providers:\n  openai: {api_key: \"${env:K}\"}\n").errors) ==
        "providers.openai.api_key (naru.yaml:2:21): want a secret: visible ASCII without blanks, got ${env:K}\n");
}

TEST_CASE("no error and no print shows a secret", "[filling]") {
  const std::string text =
      "listen: {admin: {token: sk-A A}}\nproviders:\n  openai: {api_keys: sk-B}\n  x: {type: compatible, base_url: \"http://u:sk-C@h/v1\", "
      "proxy: \"https://u:sk-D@h\"}\n"
      "callers: [{name: a, key_sha256: sk-E}, {name: b, key: [sk-F]}]\n";
  world w;
  const loaded l = w.load(text);
  CHECK(l.errors.size() == 6);
  CHECK((to_lines(l.errors) + to_lines(l.warnings)).find("sk-") == std::string::npos);

  world with;
  with.variables = {{"K", "sk-secret"}, {"T", "sk-token"}};
  const auto s = good(
      "listen: {admin: {token: \"${env:T}\"}}\nproviders: {openai: {api_key: \"${env:K}\", proxy: \"http://u:sk-pass@p:1\"}}\ncallers: "
      "[{name: a, key: \"${env:K}\"}]\n",
      with);
  const std::string printed = print_redacted(*s);
  CHECK(printed.find("sk-") == std::string::npos);
  CHECK(printed.find("\"api_keys\":[\"***\"]") != std::string::npos);
  CHECK(printed.find("\"admin_token\":\"***\"") != std::string::npos);
  CHECK(printed.find("http://***@p:1") != std::string::npos);
}

TEST_CASE("every file that was read is known, so that it can be watched", "[filling]") {
  world w;
  w.files->texts = {
      {"/etc/naru/models.d/a.yaml", "models: {b: {deployments: [local]}}\n"}, {"/k", "key"}, {"/etc/naru/ca.pem", "x"}, {"/m.gguf", "x"}};
  const loaded l = w.load(
      "include: [models.d/*.yaml]\nproviders: {openai: {api_key: \"${file:/k}\", tls: {ca: ca.pem}}, local: {model: /m.gguf}}\nmodels: {a: "
      "{deployments: [local]}}\n");
  REQUIRE(l.ok());
  CHECK(l.files == std::vector<std::string>{"/etc/naru/ca.pem", "/etc/naru/models.d/*.yaml", "/etc/naru/models.d/a.yaml",
                                            "/etc/naru/naru.yaml", "/k", "/m.gguf"});
}

TEST_CASE("where a file of a pattern may appear is watched, also while there is none", "[filling]") {
  world w;
  const auto watched = [&](const std::string& pattern) { return w.load("include: [" + pattern + "]\n").files; };
  using files = std::vector<std::string>;
  CHECK(watched("models.d/*.yaml") == files{"/etc/naru/models.d/*.yaml", "/etc/naru/naru.yaml"});
  CHECK(watched("/*.yaml") == files{"/*.yaml", "/etc/naru/naru.yaml"});
  w.files->texts["/etc/team-a"] = {};  // stands for a folder: the pattern's own last step and the folders it has now
  CHECK(watched("/etc/team*/naru.yaml") == files{"/etc/naru/naru.yaml", "/etc/team*", "/etc/team-a/naru.yaml"});
}

TEST_CASE("the hash changes with what stands in a CA file", "[filling]") {
  world w;
  w.variables = {{"OPENAI_API_KEY", "k"}};
  w.files->texts = {{"/ca.pem", "one"}};
  const std::string text = "providers: {openai: {tls: {ca: /ca.pem}}}\n";
  const std::string before = w.load(text).hash;
  CHECK(w.load(text).hash == before);
  w.files->texts["/ca.pem"] = "two";
  CHECK(w.load(text).hash != before);
}

TEST_CASE("the hash changes with the text, an include, a variable and a file", "[filling]") {
  world w;
  w.variables = {{"K", "one"}};
  w.files->texts = {{"/k", "x"}, {"/etc/naru/b.yaml", "shards: 1\n"}};
  const std::string text = "include: [b.yaml]\nproviders: {openai: {api_key: \"${env:K}\"}, anthropic: {api_key: \"${file:/k}\"}}\n";
  const std::string before = w.load(text).hash;
  CHECK(before.size() == 16);
  CHECK(w.load(text).hash == before);
  CHECK(w.load(text + " ").hash != before);
  w.variables["K"] = "two";
  CHECK(w.load(text).hash != before);
  w.variables["K"] = "one";
  w.files->texts["/k"] = "y";
  CHECK(w.load(text).hash != before);
  w.files->texts["/k"] = "x";
  w.files->texts["/etc/naru/b.yaml"] = "shards: 2\n";
  CHECK(w.load(text).hash != before);
}

TEST_CASE("includes append lists and merge maps", "[include]") {
  world w;
  w.files->texts["/etc/naru/models.d/1.yaml"] =
      "models:\n  b: {deployments: [local]}\ncallers:\n  - {name: two, key: \"${env:B}\"}\nlimits: {body: 1MiB}\n";
  w.files->texts["/etc/naru/models.d/2.yaml"] = "include: ../more.yaml\nmodels:\n  c: {deployments: [local]}\n";
  w.files->texts["/etc/naru/models.d/../more.yaml"] = "models:\n  d: {deployments: [local]}\nstream: {ping: 9s}\n";
  w.variables = {{"A", "key-a"}, {"B", "key-b"}};
  const auto s = good(
      "include: [models.d/*.yaml]\nmodels:\n  a: {deployments: [local]}\ncallers:\n  - {name: one, key: \"${env:A}\"}\nlimits: {head: "
      "2KiB}\n",
      w);
  REQUIRE(s->models.size() == 4);
  CHECK((s->models[0].name == "a" && s->models[1].name == "b" && s->models[2].name == "c" && s->models[3].name == "d"));
  REQUIRE(s->callers.size() == 2);
  CHECK(s->callers[1].name == "two");
  CHECK((s->limits.head == 2048 && s->limits.body == 1'048'576));
  CHECK(s->stream.ping == std::chrono::seconds(9));
}

TEST_CASE("a name in two files, a cycle and a missing file are errors", "[include]") {
  world w;
  w.files->texts["/etc/naru/a.yaml"] = "shards: 2\nmodels:\n  chat: {deployments: [local]}\n  bad: {deployments: [zzzzzzz/x]}\n";
  CHECK(to_lines(w.load("include: [a.yaml, none.yaml]\nshards: 1\nmodels:\n  chat: {deployments: [local]}\n").errors) ==
        "include (naru.yaml:1:19): none.yaml cannot be read: No such file or directory\n"
        "shards (a.yaml:1:1): stands in another file too: naru.yaml:2\n"
        "models.chat (a.yaml:3:3): stands in another file too: naru.yaml:4\n"
        "models.bad.deployments[0] (a.yaml:4:23): no provider zzzzzzz\n");
  w.files->texts["/etc/naru/a.yaml"] = "include: [naru.yaml]\n";
  CHECK(to_lines(w.load("include: [a.yaml]\n").errors) == "include (a.yaml:1:11): naru.yaml includes itself\n");
  w.files->texts["/etc/naru/a.yaml"] = "";
  CHECK(to_lines(w.load("include: [a.yaml, a.yaml]\n").errors) == "include (naru.yaml:1:19): a.yaml is included twice\n");
  CHECK(to_lines(w.load("include: [nothing.d/*.yaml]\n").errors).empty());
}

TEST_CASE("a syntax error in an included file leaves the other problems to be told", "[include]") {
  world w;
  w.files->texts["/etc/naru/a.yaml"] = "models: [1\n";
  const loaded l = w.load("include: a.yaml\nshards: 0\n");
  REQUIRE(l.errors.size() == 2);
  CHECK(l.errors[0].to_string() == "shards (naru.yaml:2:9): want auto or 1..1024, got 0");
  CHECK(l.errors[1].file == "a.yaml");
}

TEST_CASE("a main file that cannot be read is an error, not the defaults", "[filling]") {
  const world w;
  const loaded l = load(w.options("/nowhere/naru.yaml"));
  CHECK_FALSE(l.ok());
  CHECK(to_lines(l.errors) == "/nowhere/naru.yaml: cannot be read: No such file or directory\n");
}

TEST_CASE("a draft is read like a file", "[filling]") {
  const world w;
  const loaded l = check_text("shards: 0\n", w.options("/etc/naru/naru.yaml"));
  CHECK(to_lines(l.errors) == "shards (draft:1:9): want auto or 1..1024, got 0\n");
  CHECK(check_text("shards: 3\n", w.options("")).value->shards == 3);
}

TEST_CASE("settings are found at the argument, NARU_CONFIG, here, or in /etc", "[discover]") {
  world w;
  const auto env = w.options("").env;
  CHECK(discover("x.yaml", env, *w.files) == "x.yaml");
  CHECK(discover("", env, *w.files).empty());
  w.files->texts["/etc/naru/naru.yaml"] = "";
  CHECK(discover("", env, *w.files) == "/etc/naru/naru.yaml");
  w.files->texts["naru.yaml"] = "";
  CHECK(discover("", env, *w.files) == "naru.yaml");
  w.variables = {{"NARU_CONFIG", "/else/n.yaml"}};
  CHECK(discover("", w.options("").env, *w.files) == "/else/n.yaml");
  CHECK(discover("arg.yaml", w.options("").env, *w.files) == "arg.yaml");
}
