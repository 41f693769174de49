// TLS both ways: our server with OpenSSL's own client, and our client with our server.
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "gateway/net/plain_stream.hpp"
#include "gateway/net/tls_stream.hpp"
#include "tests/gateway/net/support.hpp"

using namespace naru;
using namespace naru::net;
using namespace naru::net::test;
using namespace std::chrono_literals;

namespace {

using handled = asio::awaitable<void, executor>;
constexpr std::string_view get = "GET /g HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct certificate {
  scratch_folder folder;
  tls_files files{folder.file("cert.pem"), folder.file("key.pem")};
  long serial = make_certificate(files.certificate, files.key);
  std::shared_ptr<tls_server_context> context = tls_server_context::load(files).value();
};

/// Runs a client's coroutine on a shard of its own and gives what it returns.
template <class Result>
Result on_a_shard(std::function<task<Result>(shard&)> work) {
  shard home{0};
  home.start();
  std::promise<result<Result>> outcome;
  home.post([&] {
    home.spawn([](shard& s, std::function<task<Result>(shard&)>& w, std::promise<result<Result>>& p) -> handled {
      p.set_value(co_await w(s));
    }(home, work, outcome));
  });
  auto r = outcome.get_future().get();
  REQUIRE(eventually([&] { return home.running() == 0; }));
  return r ? std::move(*r) : Result{"error " + r.error().reason + ": " + r.error().message};
}

/// A connected descriptor to the server.
int connected(std::uint16_t port) {
  client c{port};
  const int fd = ::dup(c.fd());
  return fd;
}

task<std::string> ask(shard& home, std::uint16_t port, std::shared_ptr<tls_client_context> context, std::string host) {
  auto s = co_await connect_tls(home, connected(port), context, host, port, deadline{home.time().now() + 5s});
  if (!s) co_return fail(std::move(s.error()));
  if (auto sent = co_await write_all(**s, "GET /ours HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); !sent) {
    co_return fail(std::move(sent.error()));
  }
  std::string all;
  for (;;) {
    auto n = co_await read_some(**s, home.scratch());
    if (!n) co_return fail(std::move(n.error()));
    if (*n == 0) co_return all;
    all.append(home.scratch().data(), *n);
  }
}

std::string ask_with(std::uint16_t port, const std::shared_ptr<tls_client_context>& context, const std::string& host) {
  return on_a_shard<std::string>([&](shard& home) { return ask(home, port, context, host); });
}

}  // namespace

TEST_CASE("requests over TLS are served whatever their records, with both versions", "[tls]") {
  certificate cert;
  running_server s{echo, {}, 1, cert.context};
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    client c{s.port()};
    REQUIRE(c.start_tls(version));
    CHECK(served_serial(c.ssl()) == cert.serial);
    for (std::size_t cut = 0; cut < get.size(); ++cut) {  // each piece is a record of its own
      REQUIRE(c.send(get.substr(0, cut)));
      REQUIRE(c.send(get.substr(cut)));
      REQUIRE(c.read_response().body == "GET /g|");
    }
    std::string ahead;
    for (int i = 0; i < 300; ++i) ahead += get;
    c.send(ahead);
    for (int i = 0; i < 300; ++i) REQUIRE(c.read_response().body == "GET /g|");
  }
}

TEST_CASE("large bodies pass through TLS both ways", "[tls]") {
  certificate cert;
  running_server s{echo, {}, 1, cert.context};
  client c{s.port(), 16 * 1024};
  REQUIRE(c.start_tls());
  std::string body(3'000'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 29);
  REQUIRE(c.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
  const auto r = c.read_response();
  CHECK(r.complete);
  CHECK((r.body == "POST /p|" + body));
}

TEST_CASE("a stream over TLS is held back by a slow client and arrives whole", "[tls]") {
  certificate cert;
  constexpr int pieces = 300;
  std::atomic<std::size_t> sent{0};
  running_server s{[&](std::shared_ptr<request>, response& out) -> handled {
                     auto body = co_await out.start(200, {});
                     for (int i = 0; i < pieces; ++i) {
                       const auto scratch = shard::current()->scratch().first(20'000);
                       std::fill(scratch.begin(), scratch.end(), static_cast<char>('a' + i % 26));
                       if (auto ok = co_await body->send({scratch.data(), scratch.size()}); !ok) co_return;
                       ++sent;
                     }
                     (void)co_await body->finish("end");
                   },
                   {},
                   1,
                   cert.context};
  client c{s.port(), 16 * 1024};
  REQUIRE(c.start_tls());
  c.send(get);
  REQUIRE(comes_to_rest(sent));
  CHECK(sent < pieces);
  std::string wanted;
  for (int i = 0; i < pieces; ++i) wanted.append(20'000, static_cast<char>('a' + i % 26));
  const auto r = c.read_response();
  CHECK(r.complete);
  CHECK((r.body == wanted + "end"));
}

TEST_CASE("old versions and weak ciphers get no handshake", "[tls]") {
  certificate cert;
  running_server s{echo, {}, 1, cert.context};
  client old{s.port()};
  CHECK_FALSE(old.start_tls(TLS1_1_VERSION));
  client c{s.port()};
  REQUIRE(c.start_tls(TLS1_2_VERSION));
  CHECK(std::string{SSL_get_cipher_name(c.ssl())}.starts_with("ECDHE-"));
  CHECK(SSL_renegotiate(c.ssl()) == 1);
  (void)SSL_do_handshake(c.ssl());  // the server answers with an alert "no renegotiation"
  CHECK(SSL_renegotiate_pending(c.ssl()) == 1);
  CHECK(eventually([&] { return s->counts().tls_failed == 1; }));
}

TEST_CASE("a client that never shakes hands is dropped in time; plain text on a TLS port too", "[tls]") {
  certificate cert;
  server_limits limits;
  limits.head_time = 100ms;
  running_server s{echo, limits, 1, cert.context};
  client silent{s.port()};
  client plain{s.port()};
  plain.send(get);
  CHECK(plain.ended());
  CHECK(silent.ended());
  CHECK(eventually([&] { return s->counts().tls_failed == 2 && s->counts().connections == 0; }));
}

TEST_CASE("a reload shows the new certificate to new connections; a bad one changes nothing", "[tls]") {
  certificate cert;
  running_server s{echo, {}, 1, cert.context};
  client before{s.port()};
  REQUIRE(before.start_tls());
  CHECK(cert.context->not_after() > std::chrono::system_clock::now());

  const long second = make_certificate(cert.files.certificate, cert.files.key);
  REQUIRE(cert.context->reload());
  client after{s.port()};
  REQUIRE(after.start_tls());
  CHECK(served_serial(after.ssl()) == second);
  before.send(get);
  CHECK(before.read_response().status == 200);

  std::ofstream{cert.files.key} << "not a key";
  const auto bad = cert.context->reload();
  REQUIRE_FALSE(bad);
  CHECK(bad.error().field == "key");
  CHECK(bad.error().message.find(cert.files.key) != std::string::npos);
  client still{s.port()};
  REQUIRE(still.start_tls());
  CHECK(served_serial(still.ssl()) == second);
}

TEST_CASE("certificate files that do not fit are named, with the reason", "[tls]") {
  certificate cert;
  scratch_folder other;
  const auto missing = tls_server_context::load({other.file("none.pem"), cert.files.key});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().field == "certificate");
  CHECK(missing.error().message.find("No such file") != std::string::npos);
  make_certificate(other.file("c.pem"), other.file("k.pem"));
  const auto mismatch = tls_server_context::load({cert.files.certificate, other.file("k.pem")});
  REQUIRE_FALSE(mismatch);
  CHECK(mismatch.error().message.find("k.pem") != std::string::npos);
  CHECK(mismatch.error().message.find("mismatch") != std::string::npos);
  std::ofstream{other.file("c.pem")} << "junk";
  CHECK_FALSE(tls_server_context::load({other.file("c.pem"), other.file("k.pem")}));
  CHECK_FALSE(tls_client_context::load({other.file("c.pem")}));
  CHECK_FALSE(tls_client_context::load({other.file("none.pem")}));
  CHECK(tls_client_context::load({}));
}

TEST_CASE("our client verifies chain, name and address before it sends anything", "[tls]") {
  certificate cert;
  running_server s{echo, {}, 1, cert.context};
  const auto trusting = tls_client_context::load({cert.files.certificate}).value();
  CHECK(ask_with(s.port(), trusting, "localhost").ends_with("GET /ours|"));
  CHECK(ask_with(s.port(), trusting, "127.0.0.1").ends_with("GET /ours|"));
  CHECK(ask_with(s.port(), trusting, "naru.example").starts_with("error tls_verify: TLS handshake: hostname mismatch"));
  CHECK(ask_with(s.port(), trusting, "127.0.0.2").starts_with("error tls_verify: TLS handshake: IP address mismatch"));
  const auto strict = tls_client_context::load({}).value();
  CHECK(ask_with(s.port(), strict, "localhost").starts_with("error tls_verify: "));
  CHECK(s->counts().requests == 2);
}

TEST_CASE("a second connection to the same host resumes its session, and a reload does not let a wrong name through", "[tls]") {
  certificate cert;
  running_server s{echo, {}, 1, cert.context};
  const auto context = tls_client_context::load({cert.files.certificate}).value();
  REQUIRE(ask_with(s.port(), context, "localhost").ends_with("GET /ours|"));
  SSL* second = context->start("localhost", s.port());
  CHECK(SSL_get_session(second) != nullptr);
  SSL_free(second);
  SSL* other = context->start("other", s.port());
  CHECK(SSL_get_session(other) == nullptr);
  SSL_free(other);
  CHECK(ask_with(s.port(), context, "localhost").ends_with("GET /ours|"));
}

TEST_CASE("an end without close_notify is told from an orderly one", "[tls]") {
  certificate cert;
  running_server s{[](std::shared_ptr<request>, response& out) -> handled {
                     auto body = co_await out.start(200, {}, "half");
                     body->abort();
                   },
                   {},
                   1,
                   cert.context};
  const auto context = tls_client_context::load({cert.files.certificate}).value();
  const auto answer = ask_with(s.port(), context, "localhost");
  CHECK((answer.starts_with("error truncated") || answer.starts_with("error reset")));
}

TEST_CASE("a client's handshake with a silent server ends by its deadline", "[tls]") {
  std::array<int, 2> pair{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) == 0);
  const auto context = tls_client_context::load({}).value();
  const auto outcome = on_a_shard<std::string>([&](shard& home) -> task<std::string> {
    auto s = co_await connect_tls(home, pair[0], context, "localhost", 443, deadline{home.time().now() + 50ms});
    if (!s) co_return fail(std::move(s.error()));
    co_return std::string{"connected"};
  });
  ::close(pair[1]);
  CHECK(outcome.starts_with("error timeout"));
}

TEST_CASE("an idle TLS connection costs little memory", "[tls][memory]") {
  if (sanitized) {
    WARN("not measured: a sanitizer's own memory would be counted; the debug and release builds do measure it");
    return;
  }
  certificate cert;
  running_server s{echo, {}, 1, cert.context};
  constexpr std::size_t count = 500;
  std::vector<std::unique_ptr<client>> clients;
  const auto open_some = [&](std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      clients.push_back(std::make_unique<client>(s.port()));
      REQUIRE(clients.back()->start_tls());
      clients.back()->send(get);
      REQUIRE(clients.back()->read_response().status == 200);
    }
  };
  open_some(100);
  const auto before = resident_bytes();
  open_some(count);
  const auto each = (resident_bytes() - before) / count;
  WARN("an idle TLS connection: " << each << " bytes, both ends together");
  CHECK(each < 50'000);
}
