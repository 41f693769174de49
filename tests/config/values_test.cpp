// Forms, units, ranges, unknown keys: what the table says of single values.
#include <catch2/catch.hpp>

#include "tests/config/support.hpp"

using namespace naru::config;
using namespace std::chrono_literals;

TEST_CASE("a number out of its range says the range and what was seen", "[values]") {
  CHECK(errors_of("limits:\n  attempts: 0\n") == "limits.attempts (naru.yaml:2:13): want 1..10, got 0\n");
  CHECK(errors_of("limits:\n  attempts: 11\n") == "limits.attempts (naru.yaml:2:13): want 1..10, got 11\n");
  CHECK(errors_of("limits: {attempts: 1}\n").empty());
  CHECK(errors_of("limits: {attempts: 10}\n").empty());
  CHECK(errors_of("shards: 1025\n") == "shards (naru.yaml:1:9): want auto or 1..1024, got 1025\n");
  CHECK(errors_of("shards: many\n") == "shards (naru.yaml:1:9): want auto or 1..1024, got many\n");
}

TEST_CASE("all problems of a file come out in one run, in its order", "[values]") {
  CHECK(errors_of("limits:\n  atempts: 3\n  head: 5MiB\n  body_time: 10\nshards: 0\nmodel: {}\nlog: {level: loud}\n") ==
        "limits.atempts (naru.yaml:2:3): unknown key, did you mean attempts?\n"
        "limits.head (naru.yaml:3:9): want a size with its unit, 1KiB..1MiB, got 5MiB\n"
        "limits.body_time (naru.yaml:4:14): want a time with its unit, 100ms..1h, got 10: write 10s or 10m\n"
        "shards (naru.yaml:5:9): want auto or 1..1024, got 0\n"
        "model (naru.yaml:6:1): unknown key, did you mean models?\n"
        "log.level (naru.yaml:7:14): want trace, debug, info, warn or error, got loud\n");
}

TEST_CASE("a bare number where a unit is needed shows the two likely readings", "[values]") {
  CHECK(errors_of("limits: {head: 64}\n") ==
        "limits.head (naru.yaml:1:16): want a size with its unit, 1KiB..1MiB, got 64: write 64KiB or 64B\n");
  CHECK(errors_of("limits: {head: 65536}\n") ==
        "limits.head (naru.yaml:1:16): want a size with its unit, 1KiB..1MiB, got 65536: write 65536B or 65536KiB\n");
  CHECK(errors_of("stream: {ping: 15}\n") ==
        "stream.ping (naru.yaml:1:16): want a time with its unit, 1s..10m, got 15: write 15s or 15m\n");
  CHECK(errors_of("shutdown: {delay: 0}\n").find("write 0") != std::string::npos);
}

TEST_CASE("values with units mean what they say", "[values]") {
  const auto s = good(
      "limits: {head: 128KiB, body: 1.5MiB, head_time: 5s, body_time: 1m, idle_time: 90s, connections: 10, attempts: 2, deadline: 1h}\n"
      "stream: {hold_head: 250ms, ping: 20s}\nshutdown: {delay: 0s, cap: 1d}\nshards: 8\nlog: {access: stderr, level: debug, content: "
      "never}\n");
  CHECK(s->limits.head == 131'072);
  CHECK(s->limits.body == 1'572'864);
  CHECK(s->limits.head_time == 5s);
  CHECK(s->limits.body_time == 1min);
  CHECK(s->limits.idle_time == 90s);
  CHECK(s->limits.connections == 10);
  CHECK(s->limits.attempts == 2);
  CHECK(s->limits.deadline == 1h);
  CHECK(s->stream.hold_head == 250ms);
  CHECK(s->stream.ping == 20s);
  CHECK(s->shutdown.delay == 0s);
  CHECK(s->shutdown.cap == 24h);
  CHECK(s->shards == 8);
  CHECK(s->log.access == "stderr");
  CHECK(s->log.level == log_level::debug);
  CHECK(good("log: {access: access.log}\n")->log.access == "/etc/naru/access.log");
}

TEST_CASE("a wrong shape says what is wanted", "[values]") {
  CHECK(errors_of("limits: 3\n") == "limits (naru.yaml:1:9): want a block, got 3\n");
  CHECK(errors_of("limits: [3]\n") == "limits (naru.yaml:1:9): want a block, got a list\n");
  CHECK(errors_of("limits: {attempts: [3]}\n") == "limits.attempts (naru.yaml:1:20): want 1..10, got a list\n");
  CHECK(errors_of("limits: {attempts: }\n") == "limits.attempts (naru.yaml:1:20): want 1..10, got nothing\n");
  CHECK(errors_of("providers: [openai]\n") == "providers (naru.yaml:1:12): want a block of names, got a list\n");
  CHECK(errors_of("models: {m: {deployments: local}}\n") == "models.m.deployments (naru.yaml:1:27): want a list, got local\n");
}

TEST_CASE("what is required and missing is said at the block", "[values]") {
  CHECK(errors_of("models:\n  m: {strategy: cheapest}\n") == "models.m.deployments (naru.yaml:2:6): is missing: want a list\n");
  CHECK(errors_of("callers: [{key_sha256: \"" + std::string(64, '0') + "\"}]\n") ==
        "callers[0].name (naru.yaml:1:11): is missing: want a text\n");
}

TEST_CASE("what later versions bring is refused with its line", "[values]") {
  CHECK(errors_of("\n\nbudgets:\n  - {team: shop, limit: 500, whatever: 010}\n") == "not yet: budgets (naru.yaml:3)\n");
  CHECK(errors_of("cache: {size: 512MiB}\nstore: {path: /x}\n") == "not yet: cache (naru.yaml:1)\nnot yet: store (naru.yaml:2)\n");
}

TEST_CASE("control characters and endless texts are refused", "[values]") {
  CHECK(errors_of("models: {m: {deployments: [\"local\\u0007\"]}}\n").find("no control characters") != std::string::npos);
  CHECK(errors_of("models: {m: {deployments: [\"" + std::string(5000, 'x') + "\"]}}\n").find("...") != std::string::npos);
}
