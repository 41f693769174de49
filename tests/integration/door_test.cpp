#include <sys/socket.h>
#include <catch2/catch.hpp>

#include <regex>

#include "tests/integration/support.hpp"

using namespace naru::test;

namespace {

constexpr std::string_view callers =
    "models:\n"
    "  chat: {deployments: [oa/gpt--ok]}\n"
    "  secret: {deployments: [an/claude--ok]}\n"
    "callers:\n"
    "  - {name: web, key: web-key-0123456789, models: [chat]}\n"
    "  - {name: all, key: all-key-0123456789}\n";

header_lines bearer(const std::string& key) { return {{"Authorization", "Bearer " + key}}; }

/// How many answers there are in these bytes.
std::ptrdiff_t answers_in(const std::string& bytes) {
  const std::regex line("HTTP/1\\.1 [0-9]{3} ");
  return std::distance(std::sregex_iterator(bytes.begin(), bytes.end(), line), {});
}

void check_error(const http_answer& a, int status, std::string_view code) {
  CHECK(a.status == status);
  CHECK(at(a.body, "error.code") == code);
  CHECK(at(a.body, "error.message").size() > 5);
  CHECK(at(a.body, "error.type") != "-");
  CHECK(a.header("x-request-id").starts_with("req_"));
}

}  // namespace

TEST_CASE("who has no key or a wrong one is refused before the body is read", "[integration][door]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, callers), lean());
  check_error(post(naru.port(), chat("chat")), 401, "invalid_api_key");
  check_error(post(naru.port(), chat("chat"), bearer("web-key-0123456780")), 401, "invalid_api_key");
  check_error(post(naru.port(), "{", bearer("wrong")), 401, "invalid_api_key");
  check_error(ask(naru.port(), "GET", "/v1/models"), 401, "invalid_api_key");
  const auto refused = post(naru.port(), chat("chat"), bearer("wrong"));
  CHECK(refused.header("x-should-retry") == "false");
  CHECK(refused.body.find("wrong") == std::string::npos);
  CHECK(mock.stat("requests") == 0);
}

TEST_CASE("a key is taken from each of the headers that clients send it in", "[integration][door]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, callers), lean());
  for (const char* name : {"x-api-key", "api-key", "x-goog-api-key"}) {
    CAPTURE(name);
    CHECK(post(naru.port(), chat("chat"), {{name, "web-key-0123456789"}}).status == 200);
  }
  CHECK(post(naru.port(), chat("chat"), {{"authorization", "bearer web-key-0123456789"}}).status == 200);
  for (const auto& r : mock.log()) CHECK(r.head.find("web-key") == std::string::npos);  // ours never goes to a vendor
}

TEST_CASE("a key that may not ask for a model gets 403, and a list without it", "[integration][door]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, callers), lean());
  check_error(post(naru.port(), chat("secret"), bearer("web-key-0123456789")), 403, "model_not_allowed");
  check_error(post(naru.port(), chat("an/claude--ok"), bearer("web-key-0123456789")), 403, "model_not_allowed");
  CHECK(mock.stat("requests") == 0);
  CHECK(post(naru.port(), chat("secret"), bearer("all-key-0123456789")).status == 200);
  CHECK(size_at(ask(naru.port(), "GET", "/v1/models", bearer("web-key-0123456789")).body, "data") == 1);
  check_error(ask(naru.port(), "GET", "/v1/models/secret", bearer("web-key-0123456789")), 404, "model_not_found");
}

TEST_CASE("a body that is no good is refused with the place of its fault", "[integration][door]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "models:\n  chat: {deployments: [oa/gpt--ok]}\n"), lean());
  const auto refused = [&](std::string_view body, std::string_view param, std::string_view said) {
    CAPTURE(body.substr(0, 80), param, said);
    const auto a = post(naru.port(), body);
    CHECK(a.status == 400);
    CHECK(at(a.body, "error.type") == "invalid_request_error");
    if (!param.empty()) CHECK(at(a.body, "error.param") == param);
    CAPTURE(a.body);
    CHECK(at(a.body, "error.message").find(said) != std::string::npos);
  };
  refused(R"({"model":"chat","messages":[}]})", "", "28");  // the offset of the brace
  refused(R"({"model":"chat","messages":[{"role":"user","content":"a","role":"system"}]})", "messages[0].role", "");
  refused(R"({"model":"chat","model":"other","messages":[]})", "model", "");
  refused(R"({"model":"chat"})", "messages", "");
  refused(R"({"messages":[{"role":"user","content":"a"}]})", "model", "");
  refused(R"([1,2])", "", "object");
  refused("", "", "");
  refused("\xEF\xBB\xBF{}", "", "");
  refused("{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"\xFF\"}]}", "", "UTF-8");
  refused(std::string(5000, '[') + std::string(5000, ']'), "", "");
  refused(R"({"model":"chat","messages":[{"role":"user","content":"\ud800"}]})", "", "");
  CHECK(mock.stat("requests") == 0);
  check_error(post(naru.port(), chat("nobody")), 404, "model_not_found");
}

TEST_CASE("a string of 10 MB is carried whole", "[integration][door]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock), lean());
  const auto a = post(naru.port(), chat("oa/x--ok", {}, std::string(10'000'000, 'x')));
  CHECK(a.status == 200);
  CHECK(at(a.body, "usage.prompt_tokens") == "2500000");
}

TEST_CASE("what is too large, of another kind or at another place is refused with its own status", "[integration][door]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "limits: {head: 4KiB, body: 100KiB, head_time: 300ms, body_time: 300ms}\n"), lean());
  check_error(post(naru.port(), chat("oa/x--ok", {}, std::string(200'000, 'x'))), 413, "payload_too_large");
  http_client chunked(naru.port());
  chunked.send_request("POST", completions, {{"Transfer-Encoding", "chunked"}});
  chunked.send("19001\r\n" + std::string(0x19001, 'x') + "\r\n");  // one byte past the limit, with no length said before
  check_error(chunked.read_answer(), 413, "payload_too_large");
  check_error(ask(naru.port(), "GET", "/v1/models", {{"x-long", std::string(5000, 'x')}}), 431, "head_too_large");
  check_error(post(naru.port(), chat("oa/x--ok"), {{"Content-Type", "text/plain"}}), 415, "unsupported_media_type");
  check_error(post(naru.port(), chat("oa/x--ok"), {{"Content-Encoding", "gzip"}}), 415, "unsupported_media_type");
  const auto get = ask(naru.port(), "GET", completions);
  check_error(get, 405, "method_not_allowed");
  CHECK(get.header("allow") == "POST");
  check_error(ask(naru.port(), "POST", "/v1/models", {}, "{}"), 405, "method_not_allowed");
  check_error(ask(naru.port(), "POST", "/v1/audio/speech", {}, "{}"), 404, "not_found");
}

TEST_CASE("a head or a body that comes too slowly is told so and the connection closed", "[integration][door]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "limits: {head_time: 300ms, body_time: 300ms}\n"), lean());
  http_client head(naru.port());
  head.send("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  CHECK(head.read_answer().status == 408);
  CHECK(head.wait_for_end(std::chrono::seconds(5)) != ended::open);
  http_client body(naru.port());
  body.send("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{");
  CHECK(body.read_answer().status == 408);
}

TEST_CASE("framing that two servers could read differently is refused and the connection closed", "[integration][door]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock), lean());
  const std::string body = chat("oa/x--ok");
  const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
  const std::string inner = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  const auto attempt = [&](const std::string& lines, const std::string& payload,
                           std::string_view first = "POST /v1/chat/completions HTTP/1.1\r\n",
                           std::string_view host = "Host: 127.0.0.1\r\n") {
    CAPTURE(lines, first, host);
    http_client client(naru.port());
    client.send(std::string(first) + std::string(host) + "Content-Type: application/json\r\n" + lines + "\r\n" + payload + inner);
    const std::string all = client.read_to_end();
    CHECK((all.starts_with("HTTP/1.1 400") || all.starts_with("HTTP/1.1 501") || all.starts_with("HTTP/1.1 505")));
    CHECK(answers_in(all) == 1);  // one answer, and what followed was not read as a request
  };
  attempt(length + "Transfer-Encoding: chunked\r\n", "0\r\n\r\n");
  attempt(length + "Content-Length: 3\r\n", body);
  attempt("Content-Length: +" + std::to_string(body.size()) + "\r\n", body);
  attempt("Content-Length: 0x10\r\n", body);
  attempt("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n");
  attempt("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n");
  attempt("Transfer-Encoding : chunked\r\n", "0\r\n\r\n");
  attempt("Transfer-Encoding: chunked\r\n", "1 \r\nx\r\n0\r\n\r\n");
  attempt("Transfer-Encoding: chunked\r\n", "1\nx\n0\n\n");
  attempt("Transfer-Encoding: chunked\r\n", "ffffffffffffffff1\r\nx\r\n0\r\n\r\n");
  attempt(length + "x-folded: a\r\n b\r\n", body);
  attempt(length + "x-bare: a\nx-other: b\r\n", body);
  attempt(length + "Host: other\r\n", body);
  attempt(length + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n", body);
  attempt(length, body, "POST http://elsewhere.example/v1/chat/completions HTTP/1.1\r\n");
  attempt(length, body, "POST /v1/chat/completions HTTP/2.0\r\n");
  attempt(length, body, "POST /v1/chat/completions HTTP/1.1\r\n", "");
  attempt(length, body, "CONNECT 127.0.0.1:80 HTTP/1.1\r\n");
  CHECK(mock.stat("requests") == 0);
  CHECK(post(naru.port(), body).status == 200);
}

TEST_CASE("an early refusal never leaves its body to be read as a request", "[integration][door]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, callers), lean());
  const std::string inner = "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  for (const char* line : {"POST /v1/chat/completions", "POST /nowhere", "DELETE /v1/models"}) {
    CAPTURE(line);
    http_client client(naru.port());
    client.send(std::string(line) + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
                std::to_string(inner.size()) + "\r\n\r\n" + inner);
    const std::string all = client.read_to_end();
    CHECK(all.starts_with("HTTP/1.1 4"));
    CHECK(answers_in(all) == 1);
  }
}

TEST_CASE("without callers only this machine's own programs are served, not web pages", "[integration][door]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "models:\n  chat: {deployments: [oa/gpt--ok]}\n"), lean());
  check_error(post(naru.port(), chat("chat"), {{"Host", "rebound.example"}}), 403, "loopback_only");
  check_error(post(naru.port(), chat("chat"), {{"Origin", "https://evil.example"}}), 403, "cross_site");
  check_error(post(naru.port(), chat("chat"), {{"Origin", "null"}}), 403, "cross_site");
  check_error(post(naru.port(), chat("chat"), {{"Sec-Fetch-Site", "cross-site"}}), 403, "cross_site");
  check_error(ask(naru.port(), "GET", "/v1/models", {{"Host", "rebound.example"}}), 403, "loopback_only");
  CHECK(mock.stat("requests") == 0);
  for (const char* host : {"localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:80"})
    CHECK(post(naru.port(), chat("chat"), {{"Host", host}}).status == 200);
  CHECK(post(naru.port(), chat("chat"), {{"Origin", "http://localhost:3000"}}).status == 200);
}

TEST_CASE("who waits for 100 Continue is told to go on, or why not", "[integration][door]") {
  mock_upstream mock;
  naru_process naru(settings_at(mock, "limits: {body: 100KiB}\n"), lean());
  const std::string body = chat("oa/x--ok");
  http_client client(naru.port());
  client.send(
      "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
      "Host-Is-Checked: no\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n");
  CHECK(client.read_answer().status == 413);
  http_client good(naru.port());
  good.send(
      "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: "
      "100-continue\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n");
  std::string interim(25, '\0');
  for (std::size_t got = 0; got < interim.size();) {
    const ssize_t n = ::recv(good.descriptor(), interim.data() + got, interim.size() - got, 0);
    REQUIRE(n > 0);
    got += static_cast<std::size_t>(n);
  }
  CHECK(interim == "HTTP/1.1 100 Continue\r\n\r\n");
  good.send(body);
  CHECK(good.read_answer().status == 200);
}
