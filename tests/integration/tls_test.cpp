#include <catch2/catch.hpp>

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <mutex>

#include "tests/integration/certificates.hpp"
#include "tests/integration/support.hpp"
#include "tests/integration/tiny_server.hpp"

// TLS on both sides, and the way through a corporate proxy.
using namespace naru::test;

namespace {

std::string https_settings(const mock_upstream& mock, const certificate& c) {
  std::string s = settings_at(mock, "models:\n  chat: {deployments: [oa/a--ok]}\n");
  const std::string plain = "traffic: {address: \"127.0.0.1:0\"}";
  return s.replace(s.find(plain), plain.size(),
                   "traffic: {address: \"127.0.0.1:0\", tls: {certificate: " + c.file + ", key: " + c.key + "}}");
}

/// Settings with one provider at a mock that speaks TLS.
std::string upstream_tls(const mock_upstream& mock, const std::string& ca, std::string_view more = {}) {
  return listening_anywhere() + "providers:\n" +
         provider_line("oa", "openai", mock, (ca.empty() ? "" : ", tls: {ca: " + ca + "}") + std::string(more)) +
         "  local: off\nmodels:\n  chat: {deployments: [oa/a--ok]}\n";
}

mock_upstream::options speaking_tls(const certificate& c) {
  mock_upstream::options o;
  o.certificate = c.file;
  o.private_key = c.key;
  return o;
}

bool takes(unsigned short port, const std::string& ca) {
  try {
    return http_client(port, ca).ask("POST", completions, {}, chat("chat")).status == 200;
  } catch (const std::runtime_error&) {
    return false;  // the certificate is not the one that is trusted
  }
}

/// A proxy that knows CONNECT and nothing else.
class connect_proxy {
 public:
  [[nodiscard]] unsigned short port() const noexcept { return server_.port(); }
  [[nodiscard]] std::vector<std::string> heads() {
    const std::scoped_lock lock(mutex_);
    return heads_;
  }

 private:
  void serve(int fd) {
    const std::string head = read_until(fd, "\r\n\r\n");
    {
      const std::scoped_lock lock(mutex_);
      heads_.push_back(head);
    }
    const auto colon = head.find(':');
    if (!head.starts_with("CONNECT ") || colon == std::string::npos) {
      write_all(fd, "HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const int to = connect_to(static_cast<unsigned short>(std::stoul(head.substr(colon + 1))));
    if (to < 0) {
      write_all(fd, "HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    if (write_all(fd, "HTTP/1.1 200 Connection established\r\n\r\n")) carry(fd, to);
    ::close(to);
  }
  std::mutex mutex_;
  std::vector<std::string> heads_;
  tiny_server server_{[this](int fd) { serve(fd); }};
};

}  // namespace

TEST_CASE("a listener with a certificate serves HTTPS, answers and streams, and not plain HTTP", "[integration][tls]") {
  mock_upstream mock;
  const temp_dir folder;
  const auto own = make_certificate(folder, "own");
  naru_process naru(https_settings(mock, own), lean());
  http_client client(naru.port(), own.file);
  CHECK(client.ask("POST", completions, {}, chat("chat")).status == 200);
  client.send_request("POST", completions, {}, chat_stream("oa/a--sse-200x1000"));
  CHECK(client.read_head().status == 200);
  std::size_t text = 0;
  std::string last;
  for (auto f = client.next_frame(); f; f = client.next_frame()) {
    if (const auto piece = at(f->data, "choices.0.delta.content"); piece != "-") text += piece.size();
    last = f->data;
  }
  CHECK(text == 200'000);
  CHECK(last == "[DONE]");
  http_client plain(naru.port());
  plain.send_request("GET", "/livez");
  CHECK(plain.read_to_end().find("HTTP/1.1 200") == std::string::npos);
}

TEST_CASE("a new certificate is taken over without a restart, and a broken one is not", "[integration][tls]") {
  mock_upstream mock;
  const temp_dir folder;
  const auto own = make_certificate(folder, "own");
  const std::string old_file = folder.write("old.crt", read_file(own.file)).string();
  naru_process naru(https_settings(mock, own), lean());
  http_client before(naru.port(), old_file);
  CHECK(before.ask("GET", "/livez").status == 200);
  make_certificate(folder, "own");
  CHECK(eventually([&] { return takes(naru.port(), own.file); }));
  CHECK_FALSE(takes(naru.port(), old_file));
  CHECK(before.ask("GET", "/livez").status == 200);  // a connection that stands is not cut
  folder.write("own.crt", "no certificate");
  naru.process().signal(SIGHUP);
  naru.process().wait_for_line("stays as it is");
  make_certificate(folder, "trusted");
  CHECK(http_client(naru.port()).descriptor() >= 0);
  CHECK_FALSE(takes(naru.port(), (folder.path() / "trusted.crt").string()));
}

TEST_CASE("a vendor's certificate is checked against the CA file, and the request goes through", "[integration][tls]") {
  const temp_dir folder;
  const auto vendor = make_certificate(folder, "vendor");
  mock_upstream mock(speaking_tls(vendor));
  naru_process naru(upstream_tls(mock, vendor.file), lean());
  const auto a = post(naru.port(), chat("chat"));
  CHECK(a.status == 200);
  CHECK(at(a.body, "choices.0.message.content") == "Hello from the mock.");
  CHECK(post_stream(naru.port(), chat_stream("chat")).done());
}

TEST_CASE("a changed CA file is taken over without a signal", "[integration][tls]") {
  const temp_dir folder;
  const auto vendor = make_certificate(folder, "vendor");
  const auto other = make_certificate(folder, "other");
  const auto place = [&](const std::string& trusted) {
    std::filesystem::rename(folder.write("ca.new", read_file(trusted)), folder.path() / "ca.pem");
    return (folder.path() / "ca.pem").string();
  };
  const std::string ca = place(other.file);
  mock_upstream mock(speaking_tls(vendor));
  naru_process naru(upstream_tls(mock, ca), lean());
  CHECK(post(naru.port(), chat("chat")).status == 502);
  place(vendor.file);
  CHECK(eventually([&] { return post(naru.port(), chat("chat")).status == 200; }));
}

TEST_CASE("a vendor with another certificate sees no byte of a request", "[integration][tls]") {
  const temp_dir folder;
  const auto vendor = make_certificate(folder, "vendor");
  const auto other = make_certificate(folder, "other");
  mock_upstream mock(speaking_tls(vendor));
  for (const std::string& ca : {other.file, std::string{}}) {  // another authority; the system's
    CAPTURE(ca);
    naru_process naru(upstream_tls(mock, ca), lean());
    const auto a = post(naru.port(), chat("chat"));
    CHECK(a.status == 502);
    CHECK(a.header("x-should-retry") == "false");
    CHECK(a.body.find("localhost") == std::string::npos);
  }
  CHECK(mock.stat("requests") == 0);
  CHECK(mock.log().empty());
}

TEST_CASE("through a proxy the vendor is reached by CONNECT, and its certificate is checked all the same", "[integration][tls]") {
  const temp_dir folder;
  const auto vendor = make_certificate(folder, "vendor");
  const auto other = make_certificate(folder, "other");
  mock_upstream mock(speaking_tls(vendor));
  connect_proxy proxy;
  const std::string via = ", proxy: \"http://someone:secret@127.0.0.1:" + std::to_string(proxy.port()) + "\"";
  {
    naru_process naru(upstream_tls(mock, vendor.file, via), lean());
    CHECK(post(naru.port(), chat("chat")).status == 200);
    const auto heads = proxy.heads();
    REQUIRE(heads.size() == 1);
    CHECK(heads[0].starts_with("CONNECT localhost:" + std::to_string(mock.port()) + " HTTP/1.1\r\n"));
    CHECK(heads[0].find("c29tZW9uZTpzZWNyZXQ=") != std::string::npos);  // someone:secret
    CHECK(heads[0].find("sk-mock") == std::string::npos);               // the vendor's key stays inside the tunnel
    CHECK(naru.process().output().find("someone:secret") == std::string::npos);
  }
  mock.reset();
  naru_process naru(upstream_tls(mock, other.file, via), lean());
  CHECK(post(naru.port(), chat("chat")).status == 502);
  CHECK(mock.stat("requests") == 0);
}

TEST_CASE("a proxy that refuses is an upstream that cannot be reached", "[integration][tls]") {
  const temp_dir folder;
  const auto vendor = make_certificate(folder, "vendor");
  mock_upstream mock(speaking_tls(vendor));
  const tiny_server refusing([](int fd) {
    (void)read_until(fd, "\r\n\r\n");
    write_all(fd, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  });
  naru_process naru(upstream_tls(mock, vendor.file, ", proxy: \"http://127.0.0.1:" + std::to_string(refusing.port()) + "\""), lean());
  const auto a = post(naru.port(), chat("chat"));
  CHECK(a.status == 502);
  CHECK(mock.stat("requests") == 0);
}
