#include "gateway/net/client/proxy.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "gateway/net/client/origin.hpp"
#include "tests/gateway/net/client_support.hpp"

using namespace client_test;

namespace {}

TEST_CASE("a proxy's URL is read, with its credentials", "[client][proxy]") {
  struct row {
    std::string url, host;
    unsigned port;
    std::string authorization;
  };
  for (const row& r : {row{"http://proxy.acme:3128", "proxy.acme", 3128, ""}, row{"http://proxy.acme/", "proxy.acme", 80, ""},
                       row{"proxy.acme", "proxy.acme", 3128, ""}, row{"HTTP://[::1]:8080", "::1", 8080, ""},
                       row{"http://user:pass@proxy:1", "proxy", 1, "Basic dXNlcjpwYXNz"},
                       row{"http://us%3aer:p%40s:s@proxy:1", "proxy", 1, "Basic dXM6ZXI6cEBzOnM="},
                       row{"http://token@proxy:1", "proxy", 1, "Basic dG9rZW46"}}) {
    INFO(r.url);
    const auto p = client::parse_proxy(r.url);
    REQUIRE(p);
    CHECK(p->host == r.host);
    CHECK(p->port == r.port);
    CHECK(p->authorization == r.authorization);
  }
  for (const char* bad : {"", "http://", "https://proxy:1", "socks5://proxy:1", "http://proxy:0", "http://proxy:99999",
                          "http://secret%4@proxy:1", "http://secret%zz@proxy", "http://proxy:1/path", "http://a b:1"}) {
    INFO(bad);
    const auto p = client::parse_proxy(bad);
    REQUIRE_FALSE(p);
    CHECK_THAT(p.error().message, !Catch::Contains("secret"));
  }
}

TEST_CASE("NO_PROXY names hosts, domains and ports", "[client][proxy]") {
  const client::no_proxy list{"localhost, acme.internal,.corp *.lab:8080,10.0.0.1,[::1]:80,::2, 192.168.0.0/16"};
  CHECK(list.matches("localhost", 1));
  CHECK(list.matches("LocalHost.", 1));
  CHECK(list.matches("acme.internal", 443));
  CHECK(list.matches("api.acme.internal", 443));
  CHECK_FALSE(list.matches("notacme.internal", 443));
  CHECK_FALSE(list.matches("acme.internal.evil.example", 443));
  CHECK(list.matches("corp", 1));
  CHECK(list.matches("a.b.CORP", 1));
  CHECK(list.matches("x.lab", 8080));
  CHECK_FALSE(list.matches("x.lab", 80));
  CHECK(list.matches("10.0.0.1", 5));
  CHECK_FALSE(list.matches("110.0.0.1", 5));
  CHECK(list.matches("::1", 80));
  CHECK_FALSE(list.matches("::1", 81));
  CHECK(list.matches("::2", 81));
  CHECK_FALSE(list.matches("192.168.1.1", 80));  // CIDR is not understood
  CHECK(client::no_proxy{"*"}.matches("anything", 1));
  CHECK_FALSE(client::no_proxy{""}.matches("anything", 1));
  CHECK_FALSE(client::no_proxy{" , ,."}.matches("anything", 1));
}

TEST_CASE("a base URL is taken apart, and odd ones are refused", "[client]") {
  const auto u = client::parse_base_url("https://API.example.com/v1//");
  REQUIRE(u);
  CHECK((u->https && u->host == "API.example.com" && u->port == 443 && u->path == "/v1"));
  const auto v = client::parse_base_url("http://[::1]:8000");
  REQUIRE(v);
  CHECK((!v->https && v->host == "::1" && v->port == 8000 && v->path.empty()));
  const auto w = client::parse_base_url("http://[fe80::1]/x");
  CHECK((w && w->host == "fe80::1" && w->port == 80 && w->path == "/x"));
  for (const char* bad : {"", "api.example.com", "ftp://a", "http://", "http:///x", "http://u:p@a", "http://a?x", "http://a/x?y",
                          "http://a/#f", "http://a:0", "http://a:70000", "http://a b"}) {
    INFO(bad);
    CHECK_FALSE(client::parse_base_url(bad));
  }
  client::origin o;
  o.host = "::1";
  CHECK(o.authority() == "[::1]");
  CHECK(o.host_and_port() == "[::1]:80");
  o.port = 8000;
  CHECK(o.authority() == "[::1]:8000");
}

TEST_CASE("through a proxy: a tunnel by CONNECT, plain and with TLS checked inside", "[client][proxy]") {
  for (const bool tls : {false, true}) {
    std::string asked;
    const script proxy = [&](peer& p) {
      asked = p.read_head();
      p.say("HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n");
      if (tls && !p.start_tls(other_name_certificates())) return;
      while (!p.read_request().empty()) p.say(hello);
    };
    scripted_server server{{proxy}};
    auto origin = std::make_shared<client::origin>();
    origin->host = "other.example";  // resolved by nobody here: the proxy's business
    origin->port = tls ? 443 : 80;
    origin->via = client::proxy{"127.0.0.1", server.port(), "Basic c2VjcmV0"};
    if (tls) origin->tls = *net::tls_client_context::load({own_certificates().ca_file});
    bench b;
    CHECK(fetch(b, origin).told == "200:hello");
    CHECK(fetch(b, origin).reused);
    const std::string target = tls ? "other.example:443" : "other.example:80";
    CHECK(asked == "CONNECT " + target + " HTTP/1.1\r\nhost: " + target + "\r\nproxy-authorization: Basic c2VjcmV0\r\n\r\n");

    if (tls) {
      auto wrong = std::make_shared<client::origin>(*origin);
      wrong->host = "third.example";
      CHECK(fetch(b, wrong).told == "error:tls");
    }
  }
}

TEST_CASE("a proxy that refuses, breaks, babbles or is not there is told as the proxy", "[client][proxy]") {
  struct row {
    script does;
    std::string message;
  };
  const auto says = [](std::string bytes) {
    return [bytes](peer& p) {
      p.read_head();
      p.say(bytes);
      p.client_closes();
    };
  };
  const std::vector<row> rows{
      {says("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"), "407"},
      {says("HTTP/1.1 403 Forbidden\r\n\r\nno"), "403"},
      {says("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n"), "before the tunnel"},
      {says("nonsense\r\n"), "answer"},
      {[](peer& p) { p.read_head(); }, "closed"},
      {[](peer& p) {
         p.read_head();
         p.reset();
       },
       "lost"},
  };
  for (const row& r : rows) {
    INFO(r.message);
    scripted_server server{{r.does}};
    auto origin = std::make_shared<client::origin>();
    origin->host = "target.example";
    origin->via = client::proxy{"127.0.0.1", server.port(), "Basic c2VjcmV0"};
    bench b;
    const outcome o = fetch(b, origin);
    CHECK(o.told == "error:proxy");
    CHECK_THAT(o.message, Catch::Contains(r.message) && !Catch::Contains("c2VjcmV0") && !Catch::Contains("target.example"));
  }
  auto origin = std::make_shared<client::origin>();
  origin->host = "target.example";
  origin->via = client::proxy{"127.0.0.1", 1, ""};
  bench b;
  CHECK(fetch(b, origin).told == "error:proxy");
}
