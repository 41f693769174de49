#include <catch2/catch.hpp>

#include "gateway/api/door.hpp"
#include "tests/gateway/api/requests.hpp"

using namespace naru;
using namespace naru::api;
using naru::api::test::fill;

namespace {

std::optional<error> open_door(std::initializer_list<net::header> headers, std::string_view host = "localhost:8080", bool loopback = true) {
  net::request r;
  fill(r, "POST", "/v1/chat/completions", headers, host, loopback);
  return check_open_door(r);
}

std::optional<error> body(std::initializer_list<net::header> headers) {
  net::request r;
  fill(r, "POST", "/v1/chat/completions", headers);
  return check_json_body(r);
}

}  // namespace

TEST_CASE("a loopback host is a name or an address of this machine", "[api][door]") {
  for (const char* host : {"localhost", "LocalHost:80", "127.0.0.1", "127.0.0.1:8080", "127.8.9.10", "[::1]", "[::1]:8080"}) {
    CAPTURE(host);
    CHECK(is_loopback_host(host));
  }
  for (const char* host :
       {"", ":80", "example.com", "localhost.example.com", "127.0.0.1.example.com", "127.example.com:80", "127.0.0.1.5", "127.0.0",
        "10.0.0.1", "::1", "[::1", "[::2]", "[::1].example.com", "[::1]x:80", "0.0.0.0", "evil@localhost", "localhostx"}) {
    CAPTURE(host);
    CHECK_FALSE(is_loopback_host(host));
  }
}

TEST_CASE("without callers this machine alone is served", "[api][door]") {
  CHECK_FALSE(open_door({}));
  CHECK_FALSE(open_door({}, ""));  // HTTP/1.0 needs no Host
  const auto refused = open_door({}, "localhost", false);
  REQUIRE(refused);
  CHECK(refused->code == error_code::forbidden);
  CHECK(refused->reason == "loopback_only");
}

TEST_CASE("a name that was bent to this machine is refused", "[api][door]") {
  const auto refused = open_door({}, "attacker.example:8080");
  REQUIRE(refused);
  CHECK(refused->code == error_code::forbidden);
  CHECK(refused->reason == "loopback_only");
}

TEST_CASE("a web page of this machine may, one from elsewhere may not", "[api][door]") {
  for (const char* origin : {"http://localhost:3000", "https://localhost", "http://127.0.0.1:5173", "http://[::1]:80"}) {
    CAPTURE(origin);
    CHECK_FALSE(open_door({{"Origin", origin}}));
  }
  for (const char* origin : {"https://evil.example", "null", "", "http://localhost.evil.example", "chrome-extension://abcdef", "file://",
                             "localhost", "http://[::1].evil.example", "HTTP://evil.example"}) {
    CAPTURE(origin);
    const auto refused = open_door({{"origin", origin}});
    REQUIRE(refused);
    CHECK(refused->code == error_code::forbidden);
    CHECK(refused->reason == "cross_site");
  }
}

TEST_CASE("what a browser says about the site of a request is believed", "[api][door]") {
  CHECK(open_door({{"Sec-Fetch-Site", "cross-site"}}));
  CHECK_FALSE(open_door({{"Sec-Fetch-Site", "same-origin"}}));
  CHECK_FALSE(open_door({{"Sec-Fetch-Site", "none"}}));
  CHECK(open_door({{"Origin", "http://localhost"}, {"Sec-Fetch-Site", "cross-site"}}));
}

TEST_CASE("JSON is taken in every spelling of its content type", "[api][door]") {
  for (const char* type :
       {"application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=UTF-8",
        "application/json; charset=\"utf-8\"", "application/json ; charset = utf-8", "application/json; charset=utf-8; profile=x",
        "application/json; profile=\"a\"", "application/json; x-charset=latin1", "application/json;"}) {
    CAPTURE(type);
    CHECK_FALSE(body({{"Content-Type", type}}));
  }
}

TEST_CASE("anything else is 415", "[api][door]") {
  for (const char* type :
       {"", "text/plain", "text/plain; application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/jsonx", "application/json-patch+json", "text/json", "application/json, text/plain", "application/json; charset=latin1",
        "application/json; Charset=utf-16", "application/json; profile=x; charset=\"iso-8859-1\""}) {
    CAPTURE(type);
    const auto refused = body({{"Content-Type", type}});
    REQUIRE(refused);
    CHECK(refused->code == error_code::unsupported_media);
    CHECK(refused->field == "content-type");
  }
  CHECK(body({}));  // a form without a type
}

TEST_CASE("a body that is encoded is refused, by the field that says so", "[api][door]") {
  CHECK_FALSE(body({{"Content-Type", "application/json"}, {"Content-Encoding", "Identity"}}));
  for (const char* encoding : {"gzip", "br", "identity, gzip", ""}) {
    CAPTURE(encoding);
    const auto refused = body({{"Content-Type", "application/json"}, {"Content-Encoding", encoding}});
    REQUIRE(refused);
    CHECK(refused->code == error_code::unsupported_media);
    CHECK(refused->field == "content-encoding");
  }
}
