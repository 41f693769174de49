#include <catch2/catch.hpp>

#include "core/json/document.hpp"
#include "load_tests/loadgen/response_reader.hpp"
#include "load_tests/loadgen/target.hpp"
#include "load_tests/selftest/vendors.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naru::test;
using naru::load::response_reader;
using progress = response_reader::progress;

namespace {

struct loaded {
  int code = -1;
  std::string output;

  [[nodiscard]] std::uint64_t number(std::string_view name) const {
    const auto doc = naru::json::document::parse(output);
    return doc ? naru::json::get_uint(doc->root().get_object().value_unsafe(), name).value_or(~0ULL) : ~0ULL;
  }
};

loaded load(std::vector<std::string> arguments) {
  spawn_options o;
  o.arguments = std::move(arguments);
  child_process program(built_program("naru-load"), o);
  const auto ended = program.wait();
  return {ended ? ended->code : -1, program.output()};
}

std::string key_header() { return "Authorization: Bearer " + std::string(mock_upstream::default_key); }

}  // namespace

TEST_CASE("load goes to this machine only", "[load]") {
  using naru::load::read_target;
  CHECK(read_target("http://127.0.0.1:80/x").path == "/x");
  CHECK(read_target("https://localhost:443").tls);
  for (const char* url : {"http://8.8.8.8:80/", "http://example.com:80/", "http://10.0.0.1:80/", "http://128.0.0.1:80/",
                          "ftp://127.0.0.1:80/", "http://127.0.0.1/", "127.0.0.1:80"}) {
    CAPTURE(url);
    CHECK_THROWS_AS(read_target(url), std::invalid_argument);
  }
}

TEST_CASE("an answer is followed however its bytes come", "[load]") {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\nc\r\ndata: b\n\ndat\r\n6\r\na: c\n\n\r\n0\r\n\r\n";
  const std::string whole = "HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello world";
  for (const auto& [bytes, events] : {std::pair{chunked, 3}, std::pair{whole, 0}}) {
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      CAPTURE(bytes, cut);
      response_reader r;
      if (cut > 0) CHECK(r.feed(std::string_view(bytes).substr(0, cut)) == progress::more);
      CHECK(r.feed(std::string_view(bytes).substr(cut)) == progress::done);
      CHECK(r.status() == 200);
      CHECK(r.events() == static_cast<std::uint64_t>(events));
    }
    response_reader r;
    progress last = progress::more;
    for (const char c : bytes) last = r.feed({&c, 1});
    CHECK(last == progress::done);
    CHECK(r.events() == static_cast<std::uint64_t>(events));
  }
  response_reader broken;
  CHECK(broken.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n") == progress::broken);
}

TEST_CASE("requests, events, errors and held streams are counted", "[load]") {
  mock_upstream mock;
  temp_dir folder;
  const auto body = [&](const char* model, bool stream) {
    return folder.write(
        std::string(model) + ".json",
        std::string(R"({"model":")") + model + R"(","messages":[{"role":"user","content":"x"}])" + (stream ? R"(,"stream":true})" : "}"));
  };
  const std::string url = mock.url("/v1/chat/completions");
  const loaded whole = load({url, "--body", body("ok", false), "--header", key_header(), "--connections", "3", "--requests", "30"});
  CHECK(whole.code == 0);
  CHECK(whole.number("requests") >= 30);
  CHECK(whole.number("requests") < 33);
  CHECK(whole.number("errors") == 0);
  const loaded stream = load({url, "--body", body("sse-20x8", true), "--header", key_header(), "--requests", "2"});
  CHECK(stream.number("events") == 2 * 23);  // the role, 20 pieces, the finish, [DONE]
  const loaded refused = load({url, "--body", body("status-500", false), "--header", key_header(), "--seconds", "0.2"});
  CHECK(refused.code == 1);
  const loaded reset = load({url, "--body", body("reset-before", false), "--header", key_header(), "--seconds", "0.2"});
  CHECK(reset.code == 1);
  const loaded idle =
      load({url, "--body", body("idle", true), "--header", key_header(), "--seconds", "0.5", "--idle", "--connections", "50"});
  CHECK(idle.number("held") == 50);
  CHECK(load({"http://8.8.8.8:80/", "--body", body("ok", false)}).code == 1);
}
