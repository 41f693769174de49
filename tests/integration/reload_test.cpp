#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>

#include "tests/integration/support.hpp"

// Settings are swapped whole or not at all.
using namespace naru::test;

namespace {

std::string going_to(const mock_upstream& mock, std::string_view deployment, std::string_view more = {}) {
  return settings_at(mock, "models:\n  chat: {deployments: [" + std::string(deployment) + "]}\n" + std::string(more));
}

std::string who_answers(unsigned short port) { return post(port, chat("chat")).header("x-naru-deployment"); }

}  // namespace

TEST_CASE("SIGHUP takes new settings over for new requests; one in flight keeps the old", "[integration][reload]") {
  mock_upstream mock;
  naru_process naru(going_to(mock, "oa/old--paced-30x20"), lean());
  http_client running(naru.port());
  running.send_request("POST", completions, {}, chat_stream("chat"));
  const auto head = running.read_head();
  CHECK(head.header("x-naru-deployment") == "oa/old--paced-30x20");
  REQUIRE(running.next_frame());
  const auto before = at(ask(naru.admin_port(), "GET", "/admin/config").body, "hash");
  naru.reload(going_to(mock, "an/new--ok"));
  CHECK(eventually([&] { return who_answers(naru.port()) == "an/new--ok"; }));
  CHECK(at(ask(naru.admin_port(), "GET", "/admin/config").body, "hash") != before);
  const auto frames = running.read_frames();
  REQUIRE(!frames.empty());
  CHECK(frames.back().data == "[DONE]");
  CHECK(running.body_complete());
}

TEST_CASE("a changed file is seen without a signal, also one that is renamed into place", "[integration][reload]") {
  mock_upstream mock;
  naru_process naru(going_to(mock, "oa/one--ok"), lean());
  naru.folder().write("naru.yaml", going_to(mock, "oa/two--ok"));
  CHECK(eventually([&] { return who_answers(naru.port()) == "oa/two--ok"; }));
  const auto fresh = naru.folder().write("other.yaml", going_to(mock, "oa/three--ok"));
  std::filesystem::rename(fresh, naru.folder().path() / "naru.yaml");
  CHECK(eventually([&] { return who_answers(naru.port()) == "oa/three--ok"; }));
}

TEST_CASE("a new file that an include's pattern takes is seen without a signal, also in a folder that was not there",
          "[integration][reload]") {
  mock_upstream mock;
  naru_process naru("include: [models.d/*.yaml]\n" + going_to(mock, "oa/one--ok"), lean());
  const auto folder = naru.folder().path() / "models.d";
  CHECK(post(naru.port(), chat("second")).status == 404);
  std::filesystem::create_directory(folder);
  const auto add = [&](const std::string& name) {
    std::filesystem::rename(naru.folder().write("fresh", "models: {" + name + ": {deployments: [oa/two--ok]}}\n"),
                            folder / (name + ".yaml"));
  };
  add("second");
  CHECK(eventually([&] { return post(naru.port(), chat("second")).status == 200; }));
  add("third");
  CHECK(eventually([&] { return post(naru.port(), chat("third")).status == 200; }));
  std::filesystem::remove(folder / "second.yaml");
  CHECK(eventually([&] { return post(naru.port(), chat("second")).status == 404; }));
}

TEST_CASE("a bad file is refused with its problems in the log and in /admin/config, and the old settings stay", "[integration][reload]") {
  mock_upstream mock;
  const std::string good = going_to(mock, "oa/good--ok");
  naru_process naru(good, lean());
  const auto hash = at(ask(naru.admin_port(), "GET", "/admin/config").body, "hash");
  naru.reload(going_to(mock, "nobody/m", "limits: {attempts: 0}\n"));
  naru.process().wait_for_line("limits.attempts");
  naru.process().wait_for_line("nobody");
  std::string config;
  CHECK(eventually([&] {
    config = ask(naru.admin_port(), "GET", "/admin/config").body;
    return size_at(config, "problems") >= 2;
  }));
  CHECK(at(config, "hash") == hash);
  CHECK(at(config, "problems.0.line") != "0");
  CHECK(metric(naru.admin_port(), "naru_config_reload_failures_total").value_or(0) >= 1);
  CHECK(who_answers(naru.port()) == "oa/good--ok");
  naru.reload("providers: [\n");  // not even YAML
  naru.process().wait_for_line("refused");
  CHECK(who_answers(naru.port()) == "oa/good--ok");
  naru.reload(good);  // put back as it was: there is nothing wrong any more
  CHECK(eventually([&] { return at(ask(naru.admin_port(), "GET", "/admin/config").body, "problems") == "[]"; }));
  CHECK(who_answers(naru.port()) == "oa/good--ok");
}

TEST_CASE("under load no request sees half of a change", "[integration][reload]") {
  mock_upstream mock;
  const std::string first = going_to(mock, "oa/first--ok", "log: {access: off}\n"),
                    second = going_to(mock, "an/second--ok", "log: {access: off}\n");
  naru_process naru(first, lean());
  std::atomic<bool> over{false};
  std::atomic<std::size_t> asked{0}, wrong{0};
  auto load = std::async(std::launch::async, [&] {
    in_parallel(3, 3, [&](std::size_t) {
      while (!over) {
        const auto a = post(naru.port(), chat("chat"));
        const auto who = a.header("x-naru-deployment");
        wrong += a.status == 200 && (who == "oa/first--ok" || who == "an/second--ok") ? 0 : 1;
        ++asked;
      }
    });
  });
  for (int i = 0; i < 6; ++i) {
    naru.reload(i % 2 == 0 ? second : first);
    CHECK(eventually([&] { return who_answers(naru.port()) == (i % 2 == 0 ? "an/second--ok" : "oa/first--ok"); }));
  }
  over = true;
  load.get();
  CHECK(asked > 20);
  CHECK(wrong == 0);
}

TEST_CASE("settings that are wrong at the start are all named, and the exit code says so", "[integration][reload]") {
  mock_upstream mock;
  try {
    const naru_process naru(going_to(mock, "nobody/m", "limits: {attempts: 0}\nmodls: {}\n"), lean());
    FAIL("it has started");
  } catch (const std::runtime_error& e) {
    const std::string said = e.what();
    for (const char* word : {"limits.attempts", "nobody", "modls", "naru.yaml:"}) {
      CAPTURE(word, said);
      CHECK(said.find(word) != std::string::npos);
    }
  }
}

TEST_CASE("a key that is taken away stops serving, and one that comes is served", "[integration][reload]") {
  mock_upstream mock;
  const auto with = [&](std::string_view key) {
    return going_to(mock, "oa/a--ok", "callers:\n  - {name: web, key: " + std::string(key) + "}\n");
  };
  naru_process naru(with("first-key-0123456789"), lean());
  const auto status = [&](const char* key) { return post(naru.port(), chat("chat"), {{"x-api-key", key}}).status; };
  CHECK(status("first-key-0123456789") == 200);
  naru.reload(with("other-key-0123456789"));
  CHECK(eventually([&] { return status("other-key-0123456789") == 200; }));
  CHECK(status("first-key-0123456789") == 401);
}
