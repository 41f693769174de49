#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <future>
#include <string>

#include "tests/gateway/net/client_support.hpp"

using namespace client_test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<client::origin> secure(const scripted_server& s, const std::string& host = "localhost") {
  auto o = s.origin(host);
  o->tls = *net::tls_client_context::load({own_certificates().ca_file});
  return o;
}

}  // namespace

TEST_CASE("over TLS an answer comes through, by name and by address, and the connection serves again", "[client][tls]") {
  scripted_server server{{[](peer& p) {
    if (!p.start_tls(own_certificates())) return;
    while (!p.read_request().empty()) p.say(hello);
  }}};
  for (const char* host : {"localhost", "127.0.0.1"}) {
    bench b;
    const auto origin = secure(server, host);
    CHECK(fetch(b, origin).told == "200:hello");
    const outcome again = fetch(b, origin);  // the session tickets that lie there are no reason to drop it
    CHECK(again.told == "200:hello");
    CHECK(again.reused);
  }
  CHECK(server.connections() == 2);
}

TEST_CASE("a certificate that does not fit ends the call before any byte of the request", "[client][tls]") {
  for (const certificates* shown : {&foreign_certificates(), &other_name_certificates()}) {
    std::promise<std::string> received;
    scripted_server server{{[&](peer& p) {
      const bool done = p.start_tls(*shown);
      received.set_value(done ? p.read_request() : "");
    }}};
    bench b;
    const outcome o = fetch(b, secure(server));
    CHECK(o.told == "error:tls");
    CHECK_THAT(o.message, Catch::Contains("certificate") || Catch::Contains("mismatch"));
    CHECK(received.get_future().get() == "");
    CHECK(b.counts().opened == 0);
  }
}

TEST_CASE("the server name of the settings is what the certificate must show", "[client][tls]") {
  scripted_server server{{[](peer& p) {
    if (!p.start_tls(other_name_certificates())) return;
    p.read_request();
    p.say(hello);
  }}};
  bench b;
  auto origin = secure(server);
  origin->server_name = "other.example";
  CHECK(fetch(b, origin).told == "200:hello");
}

TEST_CASE("a handshake that fails or stalls is told as such", "[client][tls]") {
  bench b;
  scripted_server plain{{[](peer& p) { p.say("HTTP/1.1 400 Bad Request\r\n\r\n"); }}};
  CHECK(fetch(b, secure(plain)).told == "error:tls");
  scripted_server resets{{[](peer& p) {
    char hello_byte = 0;
    (void)::recv(p.fd(), &hello_byte, 1, 0);
    p.reset();
  }}};
  CHECK(fetch(b, secure(resets)).told == "error:tls");
  scripted_server silent{{[](peer& p) { p.client_closes(); }}};
  client::timeouts limits;
  limits.connect = 200ms;
  CHECK(fetch(b, secure(silent), limits).told == "error:connect_timeout");
}

TEST_CASE("a TLS stream that ends without saying so is a cut one, even when its end is its only mark", "[client][tls]") {
  for (const bool orderly : {true, false}) {
    scripted_server server{{[&](peer& p) {
      if (!p.start_tls(own_certificates())) return;
      p.read_request();
      p.say("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello");
      p.client_has_read();  // so that the end comes by itself
      if (orderly) {
        p.close();
      } else {
        ::shutdown(p.fd(), SHUT_WR);
        p.client_closes();
      }
    }}};
    bench b;
    CHECK(fetch(b, secure(server)).told == (orderly ? "200:hello" : "200:hello|error:cut"));
  }
}
